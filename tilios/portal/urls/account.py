from django.urls import path

from tilios.portal.views import account, push

urlpatterns = [
    path("compte/", account.profile, name="account"),
    path("compte/securite/", account.security, name="account_security"),
    path("compte/appareils/<int:pk>/fermer/", account.end_session, name="account_end_session"),
    path("compte/mots-de-passe-application/", account.app_password_list, name="account_app_passwords"),
    path("compte/mots-de-passe-application/nouveau/", account.app_password_create, name="account_new_app_password"),
    path(
        "compte/mots-de-passe-application/<int:pk>/revoquer/",
        account.app_password_revoke,
        name="account_revoke_app_password",
    ),
    path("compte/notifications/abonnement/", push.subscription, name="push_subscription"),
    path("compte/donnees/", account.data, name="account_data"),
    path("compte/donnees/tilios-compte.json", account.export, name="account_export"),
    path("compte/supprimer/", account.close, name="account_close"),
    path("langue/", account.set_language, name="set_language"),
]

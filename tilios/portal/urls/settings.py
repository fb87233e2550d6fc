from django.urls import path

from tilios.portal.views import settings

urlpatterns = [
    path("reglages/", settings.identity, name="settings"),
    path("reglages/apparence/", settings.look, name="settings_look"),
    path("reglages/apparence/apercu/", settings.colour_preview, name="settings_colour_preview"),
    path("reglages/outils/", settings.tools, name="settings_tools"),
    path("reglages/courriel/", settings.mail, name="settings_mail"),
    path("reglages/droits/", settings.rights, name="settings_rights"),
    path("reglages/droits/donnes/", settings.grants, name="settings_grants"),
    path("reglages/droits/donnes/<int:grant_pk>/reprendre/", settings.take_back, name="settings_take_back"),
]

"""Addresses of joining online, below /s/<structure>/adhesions/."""

from django.urls import path

from tilios.tools.members.views import applications, join_forms, joining

urlpatterns = [
    path("rejoindre/", joining.forms_open, name="forms_open"),
    path("rejoindre/<slug:slug>/", joining.join, name="join"),
    path("rejoindre/<slug:slug>/statuts/", joining.statutes, name="join_statutes"),
    path("rejoindre/<slug:slug>/envoye/<str:token>/", joining.sent, name="join_sent"),
    path("rejoindre/<slug:slug>/demande/<str:token>/", joining.confirmed, name="join_confirm"),
    path("rejoindre/<slug:slug>/demande/<str:token>/retirer/", joining.withdrawn, name="join_withdraw"),
    path("demandes/", applications.applications, name="applications"),
    path("demandes/<int:application_pk>/", applications.application, name="application"),
    path("demandes/<int:application_pk>/accepter/", applications.accept_application, name="accept_application"),
    path("demandes/<int:application_pk>/refuser/", applications.refuse_application, name="refuse_application"),
    path("reglages/adhesion-en-ligne/", join_forms.join_forms, name="join_forms"),
    path("reglages/adhesion-en-ligne/nouveau/", join_forms.add_join_form, name="add_join_form"),
    path("reglages/adhesion-en-ligne/<int:form_pk>/", join_forms.join_form, name="join_form"),
    path("reglages/adhesion-en-ligne/<int:form_pk>/modifier/", join_forms.change_join_form, name="change_join_form"),
    path("reglages/adhesion-en-ligne/<int:form_pk>/apercu/", join_forms.preview, name="join_preview"),
    path("reglages/adhesion-en-ligne/<int:form_pk>/retirer/", join_forms.remove_form, name="remove_join_form"),
]

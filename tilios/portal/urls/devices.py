"""Addresses open to anybody: what installs the application on a device, and the end of mails."""

from django.urls import path

from tilios.portal.views import installable, notices

urlpatterns = [
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("sw.js", installable.service_worker, name="service_worker"),
    path("hors-ligne/", installable.offline, name="offline"),
    path("desabonnement/<str:token>/", notices.stop_mail, name="stop_mail"),
]

"""Addresses outside any structure: front door, account, host, share links, health."""

from django.urls import path

from tilios.portal.urls import account, devices, host, people
from tilios.portal.views import about, doors, home, styleguide

urlpatterns = [
    path("", home.front_door, name="front_door"),
    path("structures/", home.my_structures, name="my_structures"),
    path("health", doors.health, name="health"),
    path("l/<str:token>/", doors.share, name="share"),
    path("l/<str:token>/<slug:step>/", doors.share, name="share_step"),
    path("source/", about.source, name="source"),
    path("source/tilios.tar.gz", about.source_archive, name="source_archive"),
    path("accessibilite/", about.accessibility, name="accessibility"),
    path("couleur/<str:colour>.css", home.colour, name="colour"),
    path("styleguide", styleguide.page, name="styleguide"),
    *people.public_urlpatterns,
    *devices.urlpatterns,
    *account.urlpatterns,
    *host.urlpatterns,
]

"""Addresses outside any structure: front door, account, host, share links, health."""

from django.urls import path

from tilios.portal.urls import account, devices, host, people
from tilios.portal.views import about, connecting, documents, doors, home, styleguide

urlpatterns = [
    path("", home.front_door, name="front_door"),
    path("structures/", home.my_structures, name="my_structures"),
    path("new", home.new_text, name="new_text"),
    path("health", doors.health, name="health"),
    path("l/<str:token>/", doors.share, name="share"),
    path("l/<str:token>/<slug:step>/", doors.share, name="share_step"),
    path("l/<str:token>/<path:step>", doors.share, name="share_part"),
    # The addresses are those that the programs of Nextcloud ask.
    path("index.php/login/v2", connecting.begin, name="device_begin"),
    path("index.php/login/v2/poll", connecting.poll, name="device_poll"),
    path("index.php/login/v2/flow/<str:key>", connecting.grant, name="device_grant"),
    path("index.php/login/flow", connecting.direct, name="device_direct"),
    path("source/", about.source, name="source"),
    path("source/tilios.tar.gz", about.source_archive, name="source_archive"),
    path("accessibilite/", about.accessibility, name="accessibility"),
    path("couleur/<str:colour>.css", home.colour, name="colour"),
    path("visionneuse/", documents.viewer, name="reading_viewer"),
    path("styleguide", styleguide.page, name="styleguide"),
    *people.public_urlpatterns,
    *devices.urlpatterns,
    *account.urlpatterns,
    *host.urlpatterns,
]

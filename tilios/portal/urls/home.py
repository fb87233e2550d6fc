from django.urls import path

from tilios.portal.views import home, installable

urlpatterns = [
    path("", home.dashboard, name="home"),
    path("accueil/", home.arrange, name="arrange"),
    path("aide/", home.help_index, name="help"),
    path("aide/<slug:tool>/", home.help_page, name="help_page"),
    path("logo/", home.logo, name="logo"),
    path("manifest.webmanifest", installable.structure_manifest, name="manifest"),
]

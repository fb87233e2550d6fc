from django.urls import path

from tilios.portal.views import home

urlpatterns = [
    path("", home.dashboard, name="home"),
    path("aide/", home.help_index, name="help"),
    path("logo/", home.logo, name="logo"),
    path("couleur/<str:colour>.css", home.colour, name="colour"),
]

from django.urls import path

from tilios.portal.views import host

urlpatterns = [
    path("premiers-pas/", host.first_run, name="first_run"),
    path("hebergeur/", host.index, name="host"),
]

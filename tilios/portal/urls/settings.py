from django.urls import path

from tilios.portal.views import settings

urlpatterns = [
    path("reglages/", settings.index, name="settings"),
]

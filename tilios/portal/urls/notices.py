from django.urls import path

from tilios.portal.views import notices

urlpatterns = [
    path("recherche/", notices.search, name="search"),
    path("notifications/", notices.notifications, name="notifications"),
]

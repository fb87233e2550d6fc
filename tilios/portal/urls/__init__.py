"""The portal's pages of one structure (/s/<structure>/…), one module a subject."""

from tilios.portal.urls import home, notices, people, settings, transfer

app_name = "portal"
urlpatterns = [
    *home.urlpatterns,
    *people.urlpatterns,
    *notices.urlpatterns,
    *settings.urlpatterns,
    *transfer.urlpatterns,
]

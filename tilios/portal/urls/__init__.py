"""The portal's pages of one structure (/s/<structure>/…), one module a subject."""

from tilios.portal.urls import comments, home, notices, people, settings, sharing, transfer

app_name = "portal"
urlpatterns = [
    *home.urlpatterns,
    *people.urlpatterns,
    *notices.urlpatterns,
    *comments.urlpatterns,
    *sharing.urlpatterns,
    *settings.urlpatterns,
    *transfer.urlpatterns,
]

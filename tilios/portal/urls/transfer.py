from django.urls import path

from tilios.portal.views import transfer

urlpatterns = [
    path("journal/", transfer.journal, name="journal"),
]

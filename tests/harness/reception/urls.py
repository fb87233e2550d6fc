from django.urls import path

from tests.harness.reception import views
from tilios.config.urls import handler400, handler404, handler500
from tilios.config.urls import urlpatterns as ours

urlpatterns = [
    path("s/<slug:structure>/reception/", views.page, name="reception"),
    path("s/<slug:structure>/reception/files/", views.listing, name="reception_files"),
    *ours,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

from django.urls import path

from tilios.core.uploads import views

app_name = "uploads"
urlpatterns = [
    path("", views.create, name="create"),
    path("<str:token>/", views.upload, name="upload"),
]

from django.urls import path

from tilios.portal.views import people

urlpatterns = [
    path("personnes/", people.index, name="people"),
    path("personnes/<int:pk>/", people.person, name="person"),
]

from django.urls import path

from tilios.portal.views import account

urlpatterns = [
    path("compte/", account.index, name="account"),
    path("langue/", account.set_language, name="set_language"),
]

"""Addresses of the letters sent by mail, below adhesions/envois/."""

from django.urls import path

from tilios.tools.members.views import mailings

urlpatterns = [
    path("", mailings.mailings, name="mailings"),
    path("nouveau/", mailings.add_mailing, name="add_mailing"),
    path("<int:mailing_pk>/", mailings.mailing, name="mailing"),
    path("<int:mailing_pk>/modifier/", mailings.change_mailing, name="change_mailing"),
    path("<int:mailing_pk>/essai/", mailings.test_mailing, name="test_mailing"),
    path("<int:mailing_pk>/envoyer/", mailings.start_mailing, name="start_mailing"),
    path("<int:mailing_pk>/copier/", mailings.copy_mailing, name="copy_mailing"),
    path("<int:mailing_pk>/oublier/", mailings.remove_mailing, name="remove_mailing"),
    path("<int:mailing_pk>/<slug:step>/", mailings.move_mailing, name="move_mailing"),
    path("adresses/<int:delivery_pk>/reprendre/", mailings.forgive, name="forgive"),
    path("desinscription/<str:token>/", mailings.unsubscribe, name="unsubscribe"),
]

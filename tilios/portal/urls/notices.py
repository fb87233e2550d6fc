from django.urls import path

from tilios.portal.views import notices, push, search

urlpatterns = [
    path("recherche/", search.page, name="search"),
    path("recherche/vite/", search.quick, name="quick_search"),
    path("notifications/", notices.index, name="notifications"),
    path("notifications/lire/", notices.read_all, name="notices_read_all"),
    path("notifications/<int:pk>/", notices.open_one, name="notice"),
    path("notifications/<int:pk>/lue/", notices.mark, name="notice_mark"),
    path("notifications/reglages/", notices.choices, name="notice_choices"),
    path("notifications/appareils/<int:pk>/retirer/", push.forget, name="push_forget"),
    path("notifications/appareils/<int:pk>/essai/", push.trial, name="push_trial"),
    path("annuler/", notices.undo_last, name="undo"),
]

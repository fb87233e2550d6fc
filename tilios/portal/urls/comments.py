from django.urls import path

from tilios.portal.views import comments

urlpatterns = [
    path("commentaires/<str:kind>/<int:target>/", comments.conversation, name="conversation"),
    path("commentaires/<str:kind>/<int:target>/noms/", comments.names, name="comment_names"),
    path("commentaire/<int:pk>/modifier/", comments.change, name="comment_change"),
    path("commentaire/<int:pk>/retirer/", comments.remove, name="comment_remove"),
    path("commentaire/<int:pk>/signe/", comments.react, name="comment_react"),
]

from django.urls import path

from tilios.portal.views import sharing

urlpatterns = [
    path("partage/<str:kind>/<int:target>/", sharing.links, name="share_links"),
    path("partage/<str:kind>/<int:target>/<int:pk>/", sharing.change, name="share_change"),
    path("partage/<str:kind>/<int:target>/<int:pk>/affiche/", sharing.poster, name="share_poster"),
    path("partage/<str:kind>/<int:target>/<int:pk>/revoquer/", sharing.revoke, name="share_revoke"),
]

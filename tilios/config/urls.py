"""Every address of the instance. Tools bring theirs; the portal's own are in its modules."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from tilios.core.dav.door import door
from tilios.core.toolbox import registry
from tilios.portal.urls import instance


def _tool_routes() -> list[URLPattern | URLResolver]:
    return [
        path(f"s/<slug:structure>/{tool.path}/", include((f"tilios.tools.{tool.slug}.urls", tool.slug)))
        for tool in registry.tools()
    ]


urlpatterns = [
    *instance.urlpatterns,
    re_path(r"^dav(?:/.*)?$", door, name="dav"),
    path("compte/", include("allauth.urls")),
    *_tool_routes(),
    path("s/<slug:structure>/envois/", include("tilios.core.uploads.urls")),
    path("s/<slug:structure>/", include("tilios.portal.urls")),
]

handler400 = "tilios.portal.views.errors.bad_request"
handler404 = "tilios.portal.views.errors.not_found"
handler500 = "tilios.portal.views.errors.server_error"

"""What makes a structure's Tilios an application on a phone: manifest and service worker. The portal serves both."""

from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static


def manifest(
    *,
    name: str,
    start_url: str,
    scope: str = "/",
    short_name: str = "",
    language: str = "fr",
    theme_colour: str = "#f8f4ea",
    shortcuts: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """The web application manifest, ready for JSON (W3C Application Manifest).

    `shortcuts` are {"name", "url"}: what a long press on the icon offers.
    """
    return {
        "id": start_url,
        "name": name,
        "short_name": short_name or name[:14],
        "lang": language,
        "start_url": start_url,
        "scope": scope,
        "display": "standalone",
        "background_color": "#f8f4ea",
        "theme_color": theme_colour,
        "icons": [
            {"src": static("ui/brand/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("ui/brand/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {
                "src": static("ui/brand/icon-maskable-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
            {"src": static("ui/brand/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": shortcuts or [],
    }


def service_worker(*, offline_url: str, subscription_url: str) -> str:
    """The service worker: it keeps the offline page and the style, and no page of any person; it shows what the server
    tells (Push API), and takes a new subscription to `subscription_url` when the browser changes its own.

    Serve it from the root (`/sw.js`, text/javascript, no-cache) so that its scope is the whole site.
    """
    context = {"offline_url": offline_url, "subscription_url": subscription_url}
    return render_to_string("ui/service-worker.js", context)

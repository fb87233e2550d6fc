"""{% load devices %}: a browser's own name made readable."""

import re
from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()

BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"Android", "Android", "smartphone"),
    (r"iPhone", "iPhone", "smartphone"),
    (r"iPad", "iPad", "tablet"),
    (r"Windows", "Windows", "monitor"),
    (r"Macintosh", "Mac", "monitor"),
    (r"CrOS", "ChromeOS", "laptop"),
    (r"Linux|X11", "GNU/Linux", "monitor"),
)


@register.simple_tag
def device(user_agent: str) -> dict[str, Any]:
    """{% device session.user_agent as kind %}: {"words": "Firefox, Android", "icon": "smartphone"}."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), "")
    system, icon = next(
        ((name, icon) for pattern, name, icon in SYSTEMS if re.search(pattern, user_agent)), ("", "monitor")
    )
    words = ", ".join(part for part in (browser, system) if part)
    return {"words": words or _("Unknown device"), "icon": icon}

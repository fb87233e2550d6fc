"""The icons of the sprite, listed in frontend/icons.txt and drawn by Lucide."""

import json
from functools import cache
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "ui/build/icons.svg"


@cache
def names() -> frozenset[str]:
    """Every name that `{% icon %}` and the declaration of a tool may use."""
    return frozenset(json.loads((Path(__file__).parent / "icons.json").read_text()))


def icon(name: str, *, label: str = "", size: str = "") -> SafeString:
    """The SVG of an icon, hidden from screen readers unless it has a `label`. `size`: "" or "l".

    Raises ValueError for a name that is not in the sprite: nothing would be drawn.
    """
    if name not in names():
        raise ValueError(f"unknown icon {name!r}: add it to frontend/icons.txt and run `npm run build`")
    css = f"icon icon--{size}" if size else "icon"
    address = f"{static(SPRITE)}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, address)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, address)

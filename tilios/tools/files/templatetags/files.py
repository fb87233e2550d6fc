"""How files look in lists."""

from django import template
from django.utils.safestring import SafeString

from tilios.tools.files.models import Item
from tilios.ui.templatetags.ui import icon

register = template.Library()

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"})
#: By the beginning of the media type; the first that fits.
ICONS = {
    "image/": "file-image",
    "audio/": "file-audio",
    "video/": "file-video",
    "application/pdf": "file-text",
    "application/vnd.oasis.opendocument.spreadsheet": "file-spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml": "file-spreadsheet",
    "application/vnd.ms-excel": "file-spreadsheet",
    "text/csv": "file-spreadsheet",
    "application/vnd.oasis.opendocument.presentation": "presentation",
    "application/vnd.openxmlformats-officedocument.presentationml": "presentation",
    "application/zip": "file-archive",
    "application/x-tar": "file-archive",
    "application/gzip": "file-archive",
    "text/calendar": "calendar",
    "text/vcard": "contact",
    "message/rfc822": "mail",
    "application/json": "file-code",
    "text/html": "file-code",
    "text/x-": "file-code",
    "text/": "file-text",
    "application/vnd.oasis.opendocument.text": "file-text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml": "file-text",
    "application/msword": "file-text",
}


def icon_of(item: Item) -> str:
    """The name of the icon that says what an item is."""
    if item.is_folder:
        return {"group": "users", "personal": "circle-user-round"}.get(item.space, "folder")
    return next((name for start, name in ICONS.items() if item.media_type.startswith(start)), "file")


@register.simple_tag
def file_icon(item: Item, size: str = "") -> SafeString:
    return icon(icon_of(item), size=size)


@register.filter
def has_thumbnail(item: Item) -> bool:
    """Whether a small image of it can be made, or of its first page."""
    return getattr(item, "has_cover", False) or item.media_type in IMAGES

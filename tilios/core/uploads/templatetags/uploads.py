"""`{% load uploads %}`: the form that sends files."""

import json
from typing import Any

from django import template
from django.template import Context

from tilios.core.access.links import link
from tilios.core.uploads import shared, targets
from tilios.core.uploads.models import Choice

register = template.Library()


@register.inclusion_tag("uploads/uploader.html", takes_context=True)
def uploader(
    context: Context, tool: str, action: str, target: Any = None, name: str = "files", folders: bool = True
) -> dict[str, Any]:
    """An ordinary form that posts `name` to `action` (multipart), which a script makes resumable: bytes then go to
    `tool`, `target` (JSON) saying where. On the page of a share link, `target` is the share view's affair.

    Says `uploads:finished` (it bubbles) when all that was given is there: `hx-trigger="uploads:finished from:body"`.
    """
    request = context["request"]
    share = getattr(request, "share", None)
    return {
        "action": action,
        "endpoint": shared.address(share) if share else link("uploads:create"),
        "tool": tool,
        "target": "" if share else targets.seal(request.person, tool, json.loads(json.dumps(target))),
        "name": name,
        "folders": folders,
        "choices": Choice,
        "csrf_token": context.get("csrf_token"),
    }

"""The mails of notifications: one at once, or the digest of the day; plain text and simple HTML, one click to stop."""

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from tilios.core.access.links import absolute, link
from tilios.core.notify.models import Notification
from tilios.core.notify.readers import language_of
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.core.toolbox import registry

SALT = "tilios.stop-mail"
STOP_AGE_S = 60 * 60 * 24 * 400


DIGEST = "digest"  # stands for a tool in the token that stops the digest


def stop_token(person: Person, tool: str) -> str:
    """The key of "no more mail about this tool" (or no more digest), for one person."""
    return signing.dumps([person.structure_id, person.pk, tool], salt=SALT, compress=True)


def read_stop_token(token: str) -> tuple[int, int, str] | None:
    """(structure pk, person pk, tool or DIGEST) of a token, or None if it is not ours or too old."""
    try:
        structure, person, tool = signing.loads(token, salt=SALT, max_age=STOP_AGE_S)
    except (signing.BadSignature, ValueError):
        return None
    return structure, person, tool


def at_once(person: Person, notice: str, text: str, url: str) -> EmailMultiAlternatives:
    """The mail of one notice. Called for people with an account."""
    tool = registry.tool(notice.partition(".")[0])
    with translation.override(language_of(person)):
        context = {"text": text, "url": absolute(url), "tool": tool}
        return _letter(person, text, "notify/at_once", context, tool.slug if tool else "")


def digest(person: Person, rows: Sequence[Notification]) -> EmailMultiAlternatives:
    """The mail of a day: `rows` by tool, in the order they came."""
    by_tool: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_tool.setdefault(row.notice.partition(".")[0], []).append({"text": row.text, "url": absolute(row.url)})
    with translation.override(language_of(person)):
        parts = [{"tool": registry.tool(slug), "rows": said} for slug, said in by_tool.items()]
        subject = ngettext("%(count)s thing to know", "%(count)s things to know", len(rows)) % {"count": len(rows)}
        return _letter(person, subject, "notify/digest", {"parts": parts}, DIGEST)


def _letter(person: Person, subject: str, template: str, context: dict[str, Any], stop: str) -> EmailMultiAlternatives:
    structure = current_structure()
    context |= {
        "structure": structure,
        "person": person,
        "choices_url": absolute(link("portal:notice_choices")),
        "home_url": absolute(link("portal:home")),
        "language": translation.get_language(),
    }
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    context["stop_url"] = ""
    if stop:
        url = absolute(reverse("stop_mail", args=[stop_token(person, stop)]))
        context["stop_url"] = url
        headers |= {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # RFC 8058
    assert person.account is not None
    letter = EmailMultiAlternatives(
        subject=gettext("[%(structure)s] %(subject)s") % {"structure": structure.name, "subject": subject},
        body=render_to_string(f"{template}.txt", context),
        to=[person.account.email],
        headers=headers,
    )
    letter.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return letter


def send(letters: Sequence[EmailMultiAlternatives]) -> int:
    """Put the letters in the outbox, in the caller's transaction. Two queries."""
    return get_connection().send_messages(list(letters)) or 0

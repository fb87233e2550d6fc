"""The mail that leaves, as the host sees it: to whom, when, whether it left; what is written in it only when there is
no other way to hand it over.
"""

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, require
from tilios.core.journal.actions import publish
from tilios.core.notify import outbox
from tilios.core.notify.models import Mail

STATES = {
    "kept": (_("Kept here"), "info"),
    "waiting": (_("Waiting"), "info"),
    "failed": (_("Not accepted"), "danger"),
    "sent": (_("Sent"), "success"),
}


def has_server() -> bool:
    return settings.TILIOS_MAIL_SERVER is not None


def state_of(mail: Mail) -> str:
    """One of STATES."""
    if mail.sent_at:
        return "sent"
    if not has_server():
        return "kept"
    return "failed" if mail.tries else "waiting"


def messages(state: str = "") -> QuerySet[Mail]:
    """The messages in `state` (all of them without), newest first."""
    rows = Mail.objects.select_related("structure")
    if state == "sent":
        return rows.exclude(sent_at=None)
    if state == "failed":
        return rows.filter(sent_at=None, tries__gt=0)
    if state in {"waiting", "kept"}:
        return rows.filter(sent_at=None, tries=0)
    return rows


def content(mail: Mail) -> EmailMessage:
    return email.message_from_bytes(bytes(mail.message), policy=email.policy.default)


def is_notice(parsed: EmailMessage) -> bool:
    """Whether this is news of a structure's life, which is not the host's to read."""
    return "List-Unsubscribe" in parsed or parsed.get("Auto-Submitted", "no") != "no"


def subject_of(mail: Mail) -> str:
    """The subject, or what stands for it when it tells of a structure's life (it quotes names and titles)."""
    return gettext("News of the structure") if is_notice(content(mail)) else mail.subject


def may_read(parsed: EmailMessage) -> bool:
    """SECURITY: a reset link opens an account. It is shown where nobody could receive it otherwise, and only there."""
    return not has_server() and not is_notice(parsed)


def read(*, by: Any, mail: Mail) -> str:
    """What is written in `mail`, as text. Publishes "portal.host_read_mail" in the structure's journal (or in the
    instance's); raises NotAllowed for what the host may not read.
    """
    parsed = content(mail)
    require(may_read(parsed), _("The host does not read what people write to each other."))
    publish("portal.host_read_mail", account=by, structure=mail.structure, mail=mail.pk)
    body = parsed.get_body(preferencelist=("plain", "html"))
    return body.get_content() if body is not None else ""


def retry(mail: Mail) -> None:
    """Try at once to hand over what was refused. Raises Conflict without a mail server, or when there is nothing to do:
    a message not tried yet leaves by itself, and may be leaving now.
    """
    if not has_server():
        raise Conflict(_("No mail server is set: there is nothing to hand the message to."))
    refused = Mail.objects.filter(pk=mail.pk, sent_at=None, tries__gt=0)
    if not refused.update(tries=0, next_try_at=timezone.now(), problem=""):
        raise Conflict(_("This message has left, or is about to."))
    outbox.deliver.enqueue()

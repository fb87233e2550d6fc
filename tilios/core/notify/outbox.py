"""Mail goes out in two steps: a row in the caller's transaction, then a job that hands it to the mail server.

So a page never waits for a mail server (and takes the same time whether or not an address exists), a crash loses no
message, and without TILIOS_SMTP_URL the host's administrator reads the messages on a page.
"""

import logging
import smtplib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from tilios.core.jobs import job
from tilios.core.notify.models import Mail
from tilios.core.structures.scope import current_structure_or_none

logger = logging.getLogger("tilios.mail")
LEASE = timedelta(minutes=10)
MAX_TRIES = 12  # waiting 2, 4, 8… minutes: about three days


class Backend(BaseEmailBackend):
    """Django's e-mail backend: everything sent by Django or allauth lands in the outbox."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        return len(put(email_messages))


@transaction.atomic
def put(messages: Iterable[EmailMessage]) -> list[Mail]:
    """Put the messages that have a recipient in the outbox: their rows, in the same order. Two queries.

    A message whose header "From" is set leaves with `from_email` as its return path: there what fails comes back.
    """
    rows = [
        Mail(
            structure=current_structure_or_none(),
            sender=message.from_email,
            recipients=message.recipients(),
            subject=message.subject.replace("\n", " ")[:300],
            message=message.message().as_bytes(linesep="\r\n"),  # type: ignore[call-arg]
        )
        for message in messages
        if message.recipients()
    ]
    Mail.objects.bulk_create(rows)
    if rows and settings.TILIOS_MAIL_SERVER:
        deliver.enqueue()
    return rows


@job
def deliver() -> int:
    """Hand every message that is due to the mail server. Number of messages sent."""
    if settings.TILIOS_MAIL_SERVER is None:
        return 0
    due = Mail.objects.filter(sent_at=None, tries__lt=MAX_TRIES, next_try_at__lte=timezone.now()).order_by("pk")
    count = 0
    for mail in due[:500]:
        # Two workers share the box: whoever moves the next try has the message for ten minutes.
        lease = timezone.now() + LEASE
        if Mail.objects.filter(pk=mail.pk, sent_at=None, next_try_at=mail.next_try_at).update(next_try_at=lease):
            count += _send(mail, settings.TILIOS_MAIL_SERVER)
    return count


def deliver_due() -> None:
    """Periodic: try again what the server did not take."""
    deliver.call()


def _send(mail: Mail, server: Any) -> bool:
    try:
        connect = smtplib.SMTP_SSL if server.implicit_tls else smtplib.SMTP
        with connect(server.host, server.port, timeout=30) as smtp:
            if server.starttls:
                smtp.starttls()
            if server.user:
                smtp.login(server.user, server.password)
            smtp.sendmail(_address(mail.sender), mail.recipients, bytes(mail.message))
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("mail not sent", extra={"mail": mail.pk, "problem": str(error)[:200]})
        later = timezone.now() + timedelta(minutes=2 ** (mail.tries + 1))
        Mail.objects.filter(pk=mail.pk).update(tries=mail.tries + 1, next_try_at=later, problem=str(error)[:1000])
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), tries=mail.tries + 1, problem="")
    return True


def _address(sender: str) -> str:
    from email.utils import parseaddr

    return parseaddr(sender)[1] or sender

"""What people who ask to join are told by mail. The letters leave by the outbox, in the caller's transaction."""

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.access.links import absolute, link
from tilios.core.structures.scope import current_structure
from tilios.tools.members.models import Application


def ask_confirmation(application: Application, path: str) -> None:
    """Have them show that the address is theirs: nothing is in the register before."""
    with _language(application):
        subject = _("Confirm that you join %(structure)s") % {"structure": current_structure().name}
        _send(application, subject, "confirm", {"url": absolute(path)})


def say_already_member(application: Application) -> None:
    """The address is a member's: they alone read so, and how to renew."""
    with _language(application):
        subject = _("You are already a member of %(structure)s") % {"structure": current_structure().name}
        _send(application, subject, "already", {"url": absolute(link("members:own_dues"))})


def say_waiting(application: Application, path: str) -> None:
    with _language(application):
        subject = _("%(structure)s has received your application") % {"structure": current_structure().name}
        _send(application, subject, "waiting", {"url": absolute(path)})


def welcome(application: Application, context: dict[str, Any]) -> None:
    """They are members: how to pay (queries/paying.py: how_to_pay)."""
    with _language(application):
        subject = _("Welcome to %(structure)s") % {"structure": current_structure().name}
        _send(application, subject, "welcome", context)


def say_refused(application: Application) -> None:
    with _language(application):
        subject = _("Your application to %(structure)s") % {"structure": current_structure().name}
        _send(application, subject, "refused", {})


def _language(application: Application) -> Any:
    return override(application.language or current_structure().language)


def _send(application: Application, subject: str, template: str, context: dict[str, Any]) -> None:
    structure = current_structure()
    people = list(application.applicants.select_related("rate__kind"))
    said = {"application": application, "people": people, "first": people[0], "structure": structure}
    EmailMessage(
        # A name that holds a line break would be refused as a header: nothing of it reaches one.
        subject=" ".join(subject.split()),
        body=render_to_string(f"members/joining/letters/{template}.txt", said | context),
        to=[application.email],
        reply_to=[structure.email] if structure.email else None,
    ).send()

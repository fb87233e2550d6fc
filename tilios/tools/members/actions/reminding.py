"""Remind members whose dues end: by mail, or on a list to print for those without an address. Never twice an end."""

from datetime import date, timedelta

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from tilios.core.access.links import absolute, link
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.kit.money import format_cents
from tilios.tools.members import queries
from tilios.tools.members.filling.notation import filled
from tilios.tools.members.filling.values import called, in_words
from tilios.tools.members.filling.vocabulary import for_reminders
from tilios.tools.members.models import Channel, Contribution, ReminderRule, ReminderSent
from tilios.tools.members.queries.late import LATEST


def remind(*, today: date | None = None) -> int:
    """Periodic: send the reminders whose day has come; how many. Each in a transaction of its own, so that a crash
    neither loses one nor sends it twice. Publishes one "members.reminded" for all.
    """
    today = today or timezone.localdate()
    sent = 0
    for rule in ReminderRule.objects.filter(is_active=True, kind__is_archived=False).select_related("kind"):
        first = today - timedelta(days=rule.days)
        for contribution in queries.to_remind(rule, first - LATEST, first):
            sent += _remind(rule, contribution, today)
    if sent:
        publish("members.reminded", by=None, count=sent)
    return sent


def _remind(rule: ReminderRule, contribution: Contribution, today: date) -> bool:
    """Send one; False where another process has sent it, or a reminder nearer to today takes its place."""
    assert contribution.last is not None
    if queries.nearer_reminder(rule, contribution.last, today):
        return False
    person = contribution.payer or contribution.record.person
    channel = Channel.to(person)
    try:
        with transaction.atomic():
            ReminderSent.objects.create(rule=rule, contribution=contribution, days=rule.days, channel=channel)
            if channel == Channel.MAIL:
                letter(rule.subject, rule.body, contribution, person).send()
    except IntegrityError:
        return False
    return True


def letter(subject: str, body: str, contribution: Contribution, person: Person) -> EmailMessage:
    """The reminder of `contribution` to `person`, its words between braces filled."""
    with translation.override(contribution.record.language or "fr"):
        title = " ".join(said(subject, contribution).split())
        return EmailMessage(title, said(body, contribution), to=[person.email])


def said(text: str, contribution: Contribution) -> str:
    """The text of a reminder with its words filled, plain; those that are none stay as they are."""
    return filled(text, for_reminders(), _values(contribution))


def _values(contribution: Contribution) -> dict[str, str]:
    record = contribution.record
    return {
        "civility": record.title,
        "name": record.person.display_name,
        "given_name": called(record),
        "family_name": record.person.family_name,
        "kind": contribution.kind.name,
        "end": in_words(contribution.last),
        "amount": format_cents(contribution.amount_cents, translation.get_language() or "fr"),
        "link": absolute(link("members:own_dues")),
        "today": in_words(timezone.localdate()),
        "structure": current_structure().name,
    }


@transaction.atomic
def mark_printed(*, by: Person, reminders: list[ReminderSent]) -> None:
    """Say that the letters on paper were printed. Publishes "members.reminders_printed"."""
    numbers = [one.pk for one in reminders]
    ReminderSent.objects.filter(pk__in=numbers, channel=Channel.PAPER).update(printed_at=timezone.now())
    publish("members.reminders_printed", by=by, count=len(numbers))

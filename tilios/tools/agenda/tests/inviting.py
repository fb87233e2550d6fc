"""Invitations made for tests, and what left by mail."""

import email
import email.policy
from datetime import datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

from django.test import Client

from tests.cast import Cast
from tilios.core.access.sharing import links_to
from tilios.core.jobs.worker import run_all
from tilios.core.notify.models import Mail
from tilios.core.people.models import Person
from tilios.core.structures.scope import no_scope, scope
from tilios.kit import ical
from tilios.tools.agenda.actions import writing
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Attendee, Entry, Item, Nature

ADA = "ada@example.org"


def mails() -> list[EmailMessage]:
    """What left since the last look, oldest first."""
    rows = list(Mail.objects.order_by("pk"))
    Mail.objects.all().delete()
    return [email.message_from_bytes(bytes(row.message), policy=email.policy.default) for row in rows]  # type: ignore[misc]


def jobs() -> None:
    with no_scope():
        run_all()


def calendar_part(mail: EmailMessage) -> tuple[str, str]:
    """METHOD as the part says it, and the calendar, its lines whole."""
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    text = part.get_content().replace("\r\n", "\n").replace("\n ", "")
    return str(part["Content-Type"].params["method"]), text


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def draft(*guests: str, by: Person, days: int = 7, **fields: Any) -> ical.Draft:
    start = (datetime.now() + timedelta(days=days)).replace(hour=18, minute=30, second=0, microsecond=0)
    return ical.Draft(
        uid=writing.new_uid(),
        start=start,
        end=start + timedelta(hours=1),
        tzid="Europe/Paris",
        organizer=by.email,
        organizer_name=by.display_name,
        attendees=tuple(ical.Attendee(one, is_rsvp=True) for one in guests),
        **({"summary": "Réunion", "location": "Salle bleue"} | fields),
    )


def own_calendar(person: Person) -> Item:
    open_spaces(person)
    return Item.objects.get(parent__owner=person, nature=Nature.CALENDAR)


def invite(by: Person, *guests: str, into: Item | None = None, **fields: Any) -> Entry:
    rights = open_spaces(by)
    into = into or own_calendar(by)
    return writing.add_event(by=by, rights=rights, calendar=into, draft=draft(*guests, by=by, **fields), tells=True)


def change(by: Person, entry: Entry, scope: Any = "all", recurrence_id: str = "", **fields: Any) -> Entry:
    return writing.change_event(
        by=by, rights=open_spaces(by), entry=Entry.objects.get(pk=entry.pk), fields=fields, scope=scope,
        recurrence_id=recurrence_id, tells=True,
    )  # fmt: skip


def remove(by: Person, entry: Entry, scope: Any = "all", recurrence_id: str = "") -> None:
    writing.remove_event(
        by=by, rights=open_spaces(by), entry=entry, scope=scope, recurrence_id=recurrence_id, tells=True
    )


def guest(entry: Entry, address: str = ADA) -> Attendee:
    return Attendee.objects.get(entry=entry, email=address)


def later(entry: Entry, hours: int) -> dict[str, Any]:
    assert entry.first
    start = entry.first + timedelta(hours=hours)
    return {"start": start, "end": start + timedelta(hours=1), "tzid": "Europe/Paris", "is_all_day": False}


def address_of(cast: Cast, entry: Entry, address: str = ADA) -> str:
    with scope(cast.fabrique):
        link = links_to(entry).get()
        return f"/l/{link.token}/{guest(entry, address).token}/"


def status_of(cast: Cast, entry: Entry, address: str = ADA) -> str:
    with no_scope(), scope(cast.fabrique):
        return guest(entry, address).status


def made_door(cast: Cast, **fields: Any) -> SimpleNamespace:
    with scope(cast.fabrique):
        entry = invite(cast.bob, ADA, **fields)
        mails()
    return SimpleNamespace(entry=entry, url=address_of(cast, entry), client=Client())

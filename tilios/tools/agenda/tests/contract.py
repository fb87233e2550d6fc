"""Values for the URLs of the tool, for the isolation matrix and the contract suite."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tilios.core.access import app_passwords
from tilios.core.people.models import Account, Person
from tilios.core.shelves.actions import rights
from tilios.core.shelves.levels import Level, Space
from tilios.kit import ical
from tilios.tools.agenda.actions import trash
from tilios.tools.agenda.actions.cards import put_card, remove_card
from tilios.tools.agenda.actions.collections import make_in
from tilios.tools.agenda.actions.entries import fill as fill_entry
from tilios.tools.agenda.actions.entries import put_entry
from tilios.tools.agenda.actions.feeds import make_feed
from tilios.tools.agenda.actions.groups import add_group
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import (
    Attendee,
    Card,
    Coming,
    ComingCollection,
    ComingObject,
    Entry,
    Feed,
    Gone,
    HiddenLayer,
    Item,
    Nature,
    NotSame,
    Proposal,
    ProposalState,
    Publication,
    Showing,
    Subscription,
    ThrownCard,
)
from tilios.tools.agenda.models.servers import ComingState
from tilios.tools.agenda.tests import writing
from tilios.tools.agenda.zones import zone_of

#: Pages whose number of queries may not grow with the rows.
PAGES = (
    "agenda:home",
    "agenda:month",
    "agenda:week",
    "agenda:day",
    "agenda:list",
    "agenda:year",
    "agenda:colours",
    "agenda:new",
    "agenda:entry",
    "agenda:change",
    "agenda:calendars",
    "agenda:item",
    "agenda:rights",
    "agenda:phone",
    "agenda:feeds",
    "agenda:publication",
    "agenda:proposals",
    "agenda:proposal",
    "agenda:public",
    "agenda:public_month",
    "agenda:public_event",
    "agenda:public_embed",
    "agenda:contacts",
    "agenda:card",
    "agenda:organisations",
    "agenda:duplicates",
    "agenda:duplicates_pair",
    "agenda:contacts_trash",
    "agenda:change_card",
    "agenda:bring",
    "agenda:coming_begin",
    "agenda:coming",
)


def calendar(by: Person, nature: Nature = Nature.CALENDAR) -> Item:
    """The calendar, or the address book, that everybody's space begins with."""
    open_spaces(by)
    return Item.objects.filter(parent__space=Space.COMMON, nature=nature).earliest("pk")


def event(by: Person, summary: str = "Réunion", start: str = "", more: str = "", into: Item | None = None) -> Entry:
    """An event of one hour; tomorrow at nine (UTC) when `start` is not said."""
    moment = start or f"{timezone.now() + timedelta(days=1):%Y%m%d}T090000Z"
    into = into or calendar(by)
    uid = f"e{Entry.objects.count()}@contract"
    data = writing.event(uid, summary, moment, more=more).encode()
    return put_entry(by=by, rights=open_spaces(by), calendar=into, name=f"{uid}.ics", data=data)[0]


def card(by: Person, name: str = "Zoé Durand", more: str = "") -> Card:
    uid = f"c{Card.objects.count()}@contract"
    data = writing.card(uid, name, more).encode()
    return put_card(by=by, rights=open_spaces(by), book=calendar(by, Nature.BOOK), name=f"{uid}.vcf", data=data)[0]


def another(by: Person, name: str = "Ateliers") -> Item:
    """A calendar more in everybody's space."""
    space = calendar(by).folder
    return make_in(by=by, rights=open_spaces(by), space=space, nature=Nature.CALENDAR, name=name)


def coming(by: Person, n: int = 1) -> Coming:
    """What is brought in from a server, read and not yet confirmed: `n` calendars, each with an event."""
    made = Coming.objects.create(person=by, address="https://nuage.example/", login="a", state=ComingState.LOOKED)
    for number in range(n):
        one = ComingCollection.objects.create(
            coming=made, nature=Nature.CALENDAR, address=f"https://nuage.example/{number}/", name=f"Agenda {number}"
        )
        ComingObject.objects.create(
            collection=one, address=f"/{number}/1.ics", uid=f"{number}", data=writing.event("1")
        )
    return made


def account_of(person: Person) -> Account:
    assert person.account is not None
    return person.account


def proposal(into: Item, title: str = "Bal", state: str = ProposalState.WAITING) -> Proposal:
    """What a visitor proposes for a calendar, in ten days."""
    start = timezone.now() + timedelta(days=10)
    return Proposal.objects.create(
        calendar=into, title=title, start=start, end=start + timedelta(hours=2), name="Ada", email="ada@example.org",
        state=state,
    )  # fmt: skip


def followed(by: Person, name: str = "Fédération") -> Item:
    """A calendar that comes from elsewhere, from where the server never goes."""
    made = another(by, name)
    Item.objects.filter(pk=made.pk).update(is_followed=True)
    Subscription.objects.create(calendar=made, url="http://127.0.0.1:9/agenda.ics", fetched_at=timezone.now())
    made.refresh_from_db()
    return made


def objects(by: Person) -> dict[str, Any]:
    """An event that comes back, a contact, a calendar with a list of its own, one in the trash."""
    made = event(by, more=f"RRULE:FREQ=WEEKLY\r\nATTENDEE;CN=Ada:mailto:ada@example.org\r\n{PIECE}")
    own, closed, thrown = another(by), another(by, "Fermé"), another(by, "Vieux")
    for one in (own, closed):
        rights.give_own_list(by=by, rights=open_spaces(by), folder=one)
    line = rights.set_line(by=by, rights=open_spaces(by), folder=own, to=by, level=Level.MANAGE)
    trash.throw_away(by=by, rights=open_spaces(by), item=thrown)
    space = Item.objects.get(space=Space.COMMON)
    contact = card(by, more=f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}\r\n")
    thrown_card = remove_card(by=by, rights=open_spaces(by), card=card(by, "Partie Loin"))
    assert thrown_card is not None
    group = add_group(by=by, rights=open_spaces(by), book=contact.book, name="Fanfare", members=[contact])
    return {
        "pk": own.pk,
        "line_pk": line.pk,
        "event_pk": made.pk,
        "piece": ical.attachments(made.data.encode())[0].key,
        "guest_pk": made.attendees.get().pk,
        "card_pk": contact.pk,
        "other_pk": card(by, "Zoé Durand-Sow").pk,
        "members:card_pk": group.pk,
        "thrown_pk": thrown_card.pk,
        "coming": coming(by).pk,
        "password_pk": app_passwords.create(account=account_of(by), scope="phone", label="Contrat")[0].pk,
        "new_collection:pk": space.pk,
        "own_list:pk": calendar(by).pk,
        "inherit:pk": closed.pk,
        "restore:pk": thrown.pk,
        "feed_pk": make_feed(by=by, label="Téléphone", busy_only=False).pk,
        "proposal_pk": proposal(own).pk,
        "follow:pk": space.pk,
        "look_again:pk": followed(by).pk,
    }


def fill(by: Person, n: int) -> dict[str, Any]:
    """`n` events in one calendar, every tenth coming back, and `n` contacts; something in every table."""
    into = another(by, f"Plein {Item.objects.count()}")
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = []
    for number in range(n):
        start = today + timedelta(hours=number % 240)
        more = "RRULE:FREQ=WEEKLY\r\n" if number % 10 == 0 else ""
        text = writing.event(f"p{into.pk}-{number}", f"Plein {number}", f"{start:%Y%m%dT%H%M%SZ}", more=more)
        row = Entry(calendar=into, name=f"p{number}.ics", author=by, editor=by)
        fill_entry(row, ical.facts(text.encode(), zone=zone_of(into)), text)
        rows.append(row)
    Entry.objects.bulk_create(rows, 200)
    book = calendar(by, Nature.BOOK)
    names = [f"Contact {number} {into.pk}" for number in range(n)]
    Card.objects.bulk_create(
        [
            Card(
                book=book,
                name=f"{name}.vcf",
                uid=name,
                data=writing.card(name, name),
                full_name=name,
                sort_name=name,
                organisation=f"Coopérative {number}",
                emails=[f"boite{number // 2}.{into.pk}@example.org"],  # two by two, they may be the same
                categories=[f"étiquette {number % 7}"],
            )
            for number, name in enumerate(names)
        ],
        200,
    )
    ThrownCard.objects.bulk_create(
        ThrownCard(book=book, name=f"{name}.vcf", uid=name, data=writing.card(name, name), author=by, thrown_by=by)
        for name in names
    )
    alike = list(Card.objects.filter(book=book).order_by("pk")[:2])
    NotSame.objects.get_or_create(first=alike[0], second=alike[-1], defaults={"said_by": by})
    made = event(by, into=into, more="ATTENDEE;CN=Ada:mailto:ada@example.org\r\n")
    Attendee.objects.filter(entry=made).update(person=by)
    Gone.objects.create(collection=into, name="parti.ics", number=1)
    Showing.objects.create(person=by, calendar=into, colour="#123456")
    last = Card.objects.order_by("-pk")
    server = coming(by, n)
    HiddenLayer.objects.get_or_create(person=by, name="polls.dates")
    Feed.objects.create(person=by, label="Téléphone")
    followed(by, f"Suivi {into.pk}")
    for number in range(min(n, 50)):
        proposed = proposal(into, f"Bal {number}")
    Publication.objects.create(calendar=into, slug=f"plein-{into.pk}")
    return {
        "calendar": f"plein-{into.pk}",
        "event": made.pk,
        "proposal_pk": proposed.pk,
        "pk": into.pk,
        "event_pk": made.pk,
        "card_pk": last[0].pk,
        "other_pk": last[1].pk,
        "coming": server.pk,
    }


#: Bytes that stand in an event.
PIECE = "ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY;FILENAME=note.txt:Qm9uam91cg==\r\n"
#: A PNG of one pixel.
PHOTO = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

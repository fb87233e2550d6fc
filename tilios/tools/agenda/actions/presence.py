"""Who is where: each says it in one calendar of the structure, which phones show like the others."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level, Space
from tilios.core.structures.scope import current_structure
from tilios.kit import ical
from tilios.tools.agenda.actions.entries import put_entry, remove_entry
from tilios.tools.agenda.actions.spaces import make
from tilios.tools.agenda.models import Entry, Item, Nature
from tilios.tools.agenda.queries import presence
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.shelf import SHELF

LONGEST_NOTE = 100


@transaction.atomic
def start(*, by: Person, rights: Rights) -> Item:
    """Open the calendar in which the members say where they are. Publishes "agenda.made".

    Raises NotAllowed for who does not look after everybody's calendars, Conflict where there is one.
    """
    with SHELF.writing():
        space = Item.objects.get(space=Space.COMMON)
        require(rights.level(space) >= Level.MANAGE and rights.may("write"))
        if presence.calendar() is not None:
            raise Conflict(_("The members say already where they are."))
        with override(current_structure().language):
            name = pgettext("name of a calendar", "Who is where")
        made = make(space, Nature.CALENDAR, name, "presences", author=by)
        made.is_presence = made.takes_no_time = True
        made.save(update_fields=["is_presence", "takes_no_time"])
        publish("agenda.made", by=by, target=made)
    lists.give_own_list(by=by, rights=rights, folder=made)
    lists.set_line(by=by, rights=Rights(by), folder=made, to=Role.MEMBER, level=Level.ADD, is_sure=True)
    return made


@transaction.atomic
def say_week(*, by: Person, rights: Rights, first: date, said: Sequence[presence.Said], is_habit: bool = False) -> None:
    """Where one is on the seven days from `first` on (a Monday); every week from then on when `is_habit`.

    A day that says the same as the habit keeps no line of its own. Publishes "agenda.added", "agenda.changed" and
    "agenda.removed". Raises NotAllowed, Invalid, Conflict where no calendar was opened for it.
    """
    calendar = presence.calendar()
    if calendar is None:
        raise Conflict(_("Nobody says yet where they are"))
    require(rights.may_put(calendar, None, is_new=True))
    for one in said:
        if one.where and one.where not in presence.PLACES:
            raise Invalid("where", _("Choose where you are."))
    habits = presence.habits_of(by, calendar, first)
    for number, one in enumerate(said[:7]):
        day = first + timedelta(days=number)
        now = presence.Said(one.where, " ".join(one.note.split())[:LONGEST_NOTE] if one.where else "")
        if is_habit:
            _keep_habit(by, rights, calendar, day, habits.get(day), now)
        usual = now if is_habit else presence.said_in(habits[day]) if day in habits else presence.Said()
        _keep_day(by, rights, calendar, day, now if now != usual else presence.Said())


def _keep_day(by: Person, rights: Rights, calendar: Item, day: date, said: presence.Said) -> None:
    name = f"presence-{by.pk}-{day}.ics"
    known = Entry.objects.filter(calendar=calendar, name=name).select_related("calendar").first()
    if said.where and (known is None or presence.said_in(known) != said):
        _put(by, rights, calendar, name, day, said, "")
    elif not said.where and known is not None:
        remove_entry(by=by, rights=rights, entry=known)


def _keep_habit(
    by: Person, rights: Rights, calendar: Item, day: date, known: Entry | None, said: presence.Said
) -> None:
    """From `day` on, each week: what was said before ends the week before, and stays as it was until then."""
    if known is not None:
        if presence.said_in(known) == said:
            return
        left = ical.without(known.data.encode(), f"{day:%Y%m%d}", "following", timezone.now())
        if left is None:
            remove_entry(by=by, rights=rights, entry=known)
        else:
            put_entry(by=by, rights=rights, calendar=calendar, name=known.name, data=left)
    if said.where:
        _put(by, rights, calendar, f"presence-{by.pk}-chaque-{day}.ics", day, said, "FREQ=WEEKLY")


def _put(by: Person, rights: Rights, calendar: Item, name: str, day: date, said: presence.Said, rrule: str) -> None:
    with override(current_structure().language):
        words = f"{by.display_name} : {presence.PLACES[said.where]}"
    draft = ical.Draft(
        uid=f"{name.removesuffix('.ics')}@{current_structure().slug}",
        summary=words,
        location=said.note,
        start=datetime.combine(day, time(0)),
        end=datetime.combine(day + timedelta(days=1), time(0)),
        is_all_day=True,
        is_transparent=True,
        categories=(said.where,),
        rrule=rrule,
    )
    put_entry(by=by, rights=rights, calendar=calendar, name=name, data=ical.new(draft, timezone.now()))

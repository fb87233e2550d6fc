"""What people write on the pages: events made of their form, changed for one date or for all, and removed."""

from collections.abc import Container, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, Invalid, NotAllowed, require
from tilios.core.people.models import Person
from tilios.kit import ical
from tilios.tools.agenda.actions import inviting
from tilios.tools.agenda.actions.collections import COLOUR
from tilios.tools.agenda.actions.entries import move_entry, put_entry, remove_entry, unchecked
from tilios.tools.agenda.models import Entry, Item, Showing
from tilios.tools.agenda.queries import guests
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.zones import zone_of

Scope = ical.Scope


class Changed(Conflict):
    """Somebody else changed the event since the form was shown; `entry` is what it is now."""

    def __init__(self, entry: Entry) -> None:
        who = entry.editor.display_name if entry.editor else _("Somebody")
        super().__init__(
            _("%(name)s changed this event while you were writing. Save again to keep what you typed.") % {"name": who}
        )
        self.entry = entry


def new_uid() -> str:
    return str(uuid4())


@transaction.atomic
def add_event(*, by: Person, rights: Rights, calendar: Item, draft: ical.Draft, tells: bool = False) -> Entry:
    """A new event; with `tells`, its guests are written to. Publishes "agenda.added". Raises NotAllowed, Unreadable."""
    data = ical.new(draft, timezone.now())
    entry, _is_new = put_entry(by=by, rights=rights, calendar=calendar, name=f"{draft.uid}.ics", data=data)
    if tells:
        inviting.invite(by=by, entry=entry)
    return entry


@transaction.atomic
def change_event(
    *,
    by: Person,
    rights: Rights,
    entry: Entry,
    fields: Mapping[str, Any],
    scope: Scope = "all",
    recurrence_id: str = "",
    etag: str = "",
    to: Item | None = None,
    tells: bool = False,
) -> Entry:
    """Change what `fields` say, for one date ("this"), it and those that follow ("following") or all; the event.

    Cutting a series in two makes a second event, which is given. `to` is another calendar. With `tells`, guests are
    written to when something that concerns them changed. What was answered to another time is asked again. Publishes
    "agenda.changed". Raises NotAllowed, Unreadable, Invalid, and Changed when `etag` is not that of the event.
    """
    moves = to is not None and to.pk != entry.calendar_id
    if moves and scope != "all":
        raise Invalid("calendar", _("One date cannot be put in another calendar: choose every date."))
    made = [entry]
    before = inviting.as_it_was(entry) if tells else entry
    if fields:
        parts = ical.changed(
            entry.data.encode(), dict(fields), scope=scope, recurrence_id=recurrence_id, now=timezone.now()
        )
        if inviting.TIMES & fields.keys() and guests.is_organized_here(entry, by):
            # The last part holds the dates that move: of a series cut in two, the first keeps its own.
            parts[-1] = ical.asked_again(parts[-1], recurrence_id if scope == "this" else "")
        made[0], _new = put_entry(
            by=by, rights=rights, calendar=entry.calendar, name=entry.name, data=parts[0], check=same(etag)
        )
        for data in parts[1:]:
            uid = ical.facts(data, zone=zone_of(entry.calendar)).uid
            made.append(put_entry(by=by, rights=rights, calendar=entry.calendar, name=f"{uid}.ics", data=data)[0])
    if tells and fields:
        _tell(by, before, made, fields, recurrence_id if scope == "this" else "")
    if moves:
        assert to is not None
        require(rights.may_put(entry.calendar, entry.author_id, is_new=False))
        check = unchecked if fields else same(etag, of=entry)
        is_taken = Entry.objects.filter(calendar=to, name=entry.name).exists()
        name = f"{new_uid()}.ics" if is_taken else entry.name
        moved, _new = move_entry(by=by, rights=rights, entry=made[0], to=to, name=name, check=check)
        return moved
    return made[-1]


def _tell(by: Person, before: Entry, made: Sequence[Entry], fields: Mapping[str, Any], recurrence_id: str) -> None:
    """Write to the guests of what changed: of a series cut in two, of its end and of what follows."""
    if len(made) == 1:
        inviting.tell_change(by=by, before=before, entry=made[0], fields=fields, recurrence_id=recurrence_id)
        return
    inviting.tell_change(by=by, before=before, entry=made[0], fields={"rrule": ""})
    inviting.invite(by=by, entry=made[1])


@transaction.atomic
def remove_event(
    *,
    by: Person,
    rights: Rights,
    entry: Entry,
    scope: Scope = "all",
    recurrence_id: str = "",
    etag: str = "",
    tells: bool = False,
) -> Entry | None:
    """Remove one date, those that follow too, or all; what is left of the event, or None. `tells`: guests are written
    to.

    Publishes "agenda.removed", or "agenda.changed" when dates are left. Raises NotAllowed, Changed.
    """
    left, before = None, inviting.as_it_was(entry) if tells else entry
    if scope != "all":
        left = ical.without(entry.data.encode(), recurrence_id, scope, timezone.now())
    if left is None:
        if tells and entry.status != "CANCELLED":
            inviting.cancel(by=by, entry=entry)
        remove_entry(by=by, rights=rights, entry=entry, check=same(etag))
        return None
    changed, _new = put_entry(
        by=by, rights=rights, calendar=entry.calendar, name=entry.name, data=left, check=same(etag)
    )
    if tells and scope == "this":
        inviting.cancel(by=by, entry=before, recurrence_id=recurrence_id)
    elif tells:
        inviting.tell_change(by=by, before=before, entry=changed, fields={"rrule": ""})
    return changed


def same(etag: str, of: Entry | None = None) -> Any:
    """The check that an event is still what the form showed; none without an etag."""

    def check(entry: Entry | None) -> None:
        found = of or entry
        if etag and found is None:
            raise Conflict(_("This event was removed while you were writing."))
        if etag and found is not None and found.etag != etag:
            raise Changed(found)

    return check


@transaction.atomic
def show_calendars(*, rights: Rights, calendars: Sequence[Item], wanted: Container[int]) -> None:
    """Show those of `calendars` that are wanted to this person, and hide the others."""
    known = {one.calendar_id: one for one in Showing.objects.filter(person=rights.person)}
    for calendar in calendars:
        is_hidden, choice = calendar.pk not in wanted, known.get(calendar.pk)
        if choice is None and is_hidden != calendar.is_presence:
            Showing.objects.create(person=rights.person, calendar=calendar, is_hidden=is_hidden)
        elif choice is not None and choice.is_hidden != is_hidden:
            choice.is_hidden = is_hidden
            choice.save(update_fields=["is_hidden"])


def colour_calendar(*, rights: Rights, calendar: Item, colour: str) -> None:
    """Give a calendar a colour of this person's own; "" goes back to the calendar's. Raises NotAllowed, Invalid."""
    if not rights.level(calendar):
        raise NotAllowed
    if colour and not COLOUR.fullmatch(colour.lower()):
        raise Invalid("colour", _("Choose a colour."))
    chosen = {"colour": colour.lower()}
    Showing.objects.update_or_create(
        person=rights.person,
        calendar=calendar,
        defaults=chosen,
        create_defaults=chosen | {"is_hidden": calendar.is_presence},
    )


def renewed(typed: Any, etag: str) -> Any:
    """What was typed in a form that came too late, to be sent again over what the other wrote."""
    again = typed.copy()
    again["etag"] = etag
    return again

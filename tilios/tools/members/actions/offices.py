"""Statuses, offices, and the terms of those who hold them.

A running term puts its holder in the group of its office and gives them its rights by name; both are taken back with
the term, unless another running term gives them too. What somebody has by other ways stays.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access import grants
from tilios.core.access.models import ActionGrant
from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people import actions as people
from tilios.core.people.models import Group, Membership, Person
from tilios.tools.members.actions.records import lock
from tilios.tools.members.models import Office, Record, Status, Term


@transaction.atomic
def save_status(*, by: Person, name: str, is_exempt: bool = False, status: Status | None = None) -> Status:
    """A new status, or `status` changed. Publishes "members.status_saved"; raises NotAllowed, Invalid("name")."""
    require(may(by, "members.settings"))
    status = status or Status(order=Status.objects.count())
    status.name, status.is_exempt = _checked_name(name, status), is_exempt
    status.save()
    publish("members.status_saved", by=by, target=status)
    return status


@transaction.atomic
def remove_status(*, by: Person, status: Status) -> None:
    """Publishes "members.status_removed"; raises NotAllowed, Conflict while somebody has it."""
    require(may(by, "members.settings"))
    if Record.objects.filter(status=status).exists():
        raise Conflict(_("Members have this status: give them another one first."))
    publish("members.status_removed", by=by, target=status)
    Status.objects.filter(pk=status.pk).delete()


@transaction.atomic
def save_office(
    *, by: Person, name: str, actions: list[str], group: Group | None = None, office: Office | None = None
) -> Office:
    """A new office, or `office` changed. Publishes "members.office_saved".

    The terms that run follow: their holders get what is new and lose what is gone. Raises NotAllowed for rights that
    `by` does not hold, Invalid("name", "actions").
    """
    require(may(by, "members.settings"))
    if set(actions) - {action.name for action in grants.offered(by.structure)}:
        raise Invalid("actions", _("Choose among the rights proposed."))
    running = list(_running(office)) if office else []
    # SECURITY: an office hands its rights to whoever holds it: nobody writes in it more than they hold.
    _require_rights(by, [*actions, *(office.actions if office else [])])
    for term in running:
        _take_back(by, term)
    office = office or Office(order=Office.objects.count())
    office.name, office.actions, office.group = _checked_name(name, office), sorted(set(actions)), group
    office.save()
    for term in running:
        term.office = office
        _give(by, term)
    publish("members.office_saved", by=by, target=office)
    return office


@transaction.atomic
def remove_office(*, by: Person, office: Office) -> None:
    """Publishes "members.office_removed"; raises NotAllowed, Conflict for one that somebody holds or held."""
    require(may(by, "members.settings"))
    if Term.objects.filter(office=office).exists():
        raise Conflict(_("Somebody holds or has held this office: its history is kept."))
    publish("members.office_removed", by=by, target=office)
    Office.objects.filter(pk=office.pk).delete()


@transaction.atomic
def start_term(
    *, by: Person, office: Office, record: Record, starts_on: date, ends_on: date | None = None, note: str = ""
) -> Term:
    """Say that a member holds an office from a day to another, included. Publishes "members.term_started".

    A term that has ended is kept as history, and gives nothing. Raises NotAllowed for rights that `by` does not hold,
    Invalid("starts_on") for a first day to come, Invalid("ends_on"), Conflict for a term that overlaps.
    """
    require(may(by, "members.settings"))
    record = lock(record)
    if starts_on > timezone.localdate():
        # Rights are given by somebody who holds them that day.
        raise Invalid("starts_on", _("This day is to come: write the term when it begins."))
    if ends_on and ends_on < starts_on:
        raise Invalid("ends_on", _("This day is before the first one."))
    _require_rights(by, office.actions)
    others = Term.objects.filter(office=office, record=record).exclude(ends_on__lt=starts_on)
    if (others.filter(starts_on__lte=ends_on) if ends_on else others).exists():
        raise Conflict(_("This member holds this office in these days already."))
    term = Term.objects.create(
        office=office, record=record, starts_on=starts_on, ends_on=ends_on, note=note.strip()[:200]
    )
    if _runs(term, timezone.localdate()):
        _give(by, term)
    publish("members.term_started", by=by, target=term, subject=record.person)
    return term


@transaction.atomic
def end_term(*, by: Person, term: Term, on: date) -> Term:
    """Say which day was, or will be, the last of a term. Publishes "members.term_ended".

    Raises NotAllowed, Invalid("on") for a day before the first.
    """
    require(may(by, "members.settings"))
    record = lock(term.record)
    term = Term.objects.select_related("office__group").get(pk=term.pk)
    term.record = record
    _require_rights(by, term.office.actions)
    if on < term.starts_on:
        raise Invalid("on", _("This day is before the first one."))
    today = timezone.localdate()
    if _runs(term, today):
        _take_back(by, term)
    term.ends_on = on
    term.save(update_fields=["ends_on"])
    for other in _running(record=record):
        _give(by, other)
    publish("members.term_ended", by=by, target=term, subject=record.person)
    return term


def end_terms() -> None:
    """Periodic: take out of groups those whose term has ended. Their rights ended by themselves, on the same day."""
    ended = Term.objects.filter(ends_on__lt=timezone.localdate(), in_group=True)
    for pk, record in list(ended.values_list("pk", "record")):
        with transaction.atomic():
            lock(Record.objects.get(pk=record))
            _leave_group(None, Term.objects.select_related("office__group", "record__person").get(pk=pk))


def _runs(term: Term, today: date) -> bool:
    return term.starts_on <= today and (term.ends_on is None or term.ends_on >= today)


def _running(office: Office | None = None, record: Record | None = None) -> QuerySet[Term]:
    """The terms that run today, of an office or of a record."""
    today = timezone.localdate()
    rows = Term.objects.filter(starts_on__lte=today).exclude(ends_on__lt=today)
    rows = rows.filter(office=office) if office else rows.filter(record=record)
    return rows.select_related("office__group", "record__person")


def _require_rights(by: Person, actions: Iterable[str]) -> None:
    # SECURITY: nobody hands out, nor takes back, more than they hold.
    require(all(may(by, action) for action in actions), _("You can only give the rights that you have yourself."))


def _give(by: Person, term: Term) -> None:
    """Give what the office gives and its holder lacks, until the end of the term; note it in the term."""
    person, group = term.record.person, term.office.group
    if group is not None and not Membership.objects.filter(person=person, group=group).exists():
        people.add_to_group(by=by, person=person, group=group)
        term.in_group = True
    had = dict(ActionGrant.objects.filter(person=person).values_list("action", "until"))
    for action in term.office.actions:
        if action not in had or (had[action] and (term.ends_on is None or had[action] < term.ends_on)):
            grants.give(by=by, person=person, action=action, until=term.ends_on)
            term.gave = sorted({*term.gave, action})
    term.save(update_fields=["in_group", "gave"])


def _take_back(by: Person, term: Term) -> None:
    """Take back what the term gave. Other running terms are for the caller to have their due again."""
    for grant in ActionGrant.objects.filter(person=term.record.person, action__in=term.gave).select_related("person"):
        grants.take_back(by=by, grant=grant)
    term.gave = []
    term.save(update_fields=["gave"])
    _leave_group(by, term)


def _leave_group(by: Person | None, term: Term) -> None:
    """Take the holder out of the group the term put them in, unless another running term is for that group too."""
    if not term.in_group:
        return
    term.in_group = False
    term.save(update_fields=["in_group"])
    group = term.office.group
    heir = _running(record=term.record).exclude(pk=term.pk).filter(office__group=group).first()
    if heir is not None:
        heir.in_group = True
        heir.save(update_fields=["in_group"])
    elif group is not None:
        people.remove_from_group(by=by, person=term.record.person, group=group)


def _checked_name(name: str, kept: Status | Office) -> str:
    name = " ".join(name.split())[:80]
    if not name:
        raise Invalid("name", _("Please give a name."))
    if type(kept).objects.filter(name__iexact=name).exclude(pk=kept.pk).exists():
        raise Invalid("name", _("This name is taken."))
    return name

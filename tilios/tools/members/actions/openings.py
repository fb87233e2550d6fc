"""What dues open and close: places in groups, a role, and "paid until" in the register. Always brought back to what the
dues say, so that it may be done again at any time.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tilios.core.people import actions as people
from tilios.core.people.models import Membership, Person
from tilios.core.people.roles import Role
from tilios.tools.members import queries
from tilios.tools.members.actions.records import lock
from tilios.tools.members.models import Contribution, Opened, Opening, Record

FOR_LIFE = date(9999, 12, 31)


@transaction.atomic
def follow(record: Record, *, today: date | None = None) -> None:
    """Bring the record, which is locked, up to date with its dues: until when they are paid, what they open."""
    today = today or timezone.localdate()
    held = queries.held_contributions(record)
    due_on = max((one.last or FOR_LIFE for one in held if one.kind.is_membership), default=None)
    if due_on != record.due_on:
        record.due_on = due_on
        record.save(update_fields=["due_on"])
    running = [one for one in held if _runs(one, today)] if record.left_on is None or record.left_on > today else []
    _open(record, running)


def _runs(contribution: Contribution, today: date) -> bool:
    """Whether what it opens is open: from its first day to the end of its days of grace."""
    if contribution.first > today:
        return False
    return contribution.last is None or today <= contribution.last + timedelta(days=contribution.kind.grace_days)


def _open(record: Record, running: list[Contribution]) -> None:
    """Open what `running` opens, close what it does not open any more."""
    by_kind = {one.kind_id: one for one in reversed(running)}
    wanted = {row.pk: row for row in Opening.objects.filter(kind__in=by_kind).select_related("group")}
    opened = {
        row.opening_id: row
        for row in Opened.objects.filter(contribution__record=record).select_related("opening__group", "contribution")
    }
    for pk, row in opened.items():
        if pk in wanted:
            # Renewed: it stays open, by the new dues.
            _carry(row, by_kind[wanted[pk].kind_id])
    closing = [row for pk, row in opened.items() if pk not in wanted]
    for pk, opening in wanted.items():
        if pk not in opened:
            _open_one(record, opening, by_kind[opening.kind_id], closing)
    for row in closing:
        _close_one(record.person, row, wanted)


def _carry(row: Opened, contribution: Contribution) -> None:
    if row.contribution_id != contribution.pk:
        row.contribution = contribution
        row.save(update_fields=["contribution"])


def _open_one(record: Record, opening: Opening, contribution: Contribution, closing: list[Opened]) -> None:
    """Open it unless they have it by other ways than dues: then it is not for dues to take back."""
    person = record.person
    if opening.group is not None:
        there = Membership.objects.filter(person=person, group=opening.group).exists()
        if there and not any(row.opening.group_id == opening.group_id for row in closing):
            return
        people.add_to_group(by=None, person=person, group=opening.group)
        Opened.objects.create(contribution=contribution, opening=opening)
    elif opening.role and person.role < min(opening.role, Role.MEMBER):
        before = person.role
        # SECURITY: dues never make a manager or an administrator.
        record.person = people.change_role(by=None, person=person, role=min(opening.role, Role.MEMBER))
        Opened.objects.create(contribution=contribution, opening=opening, role_before=before)


def _close_one(person: Person, row: Opened, wanted: dict[int, Opening]) -> None:
    group = row.opening.group
    if group is not None and not any(opening.group_id == group.pk for opening in wanted.values()):
        people.remove_from_group(by=None, person=person, group=group)
    elif row.role_before is not None and person.role == Role.MEMBER:
        people.change_role(by=None, person=person, role=row.role_before)
    Opened.objects.filter(pk=row.pk).delete()


def follow_days() -> None:
    """Periodic: open what begins and close what ends with the days, each record in a transaction of its own."""
    today = timezone.localdate()
    ends = Q(contribution__last__lt=today) | Q(contribution__record__left_on__lte=today)
    ended = Opened.objects.filter(ends).values_list("contribution__record", flat=True)
    begun = queries.begun_without_opening(today).values_list("record", flat=True)
    for pk in sorted({*ended, *begun}):
        with transaction.atomic():
            follow(lock(Record.objects.get(pk=pk)), today=today)

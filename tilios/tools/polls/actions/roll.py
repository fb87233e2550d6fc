"""The roll of a formal vote: frozen at the opening, changed by hand before the first vote, ticked at the door."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.kit.text import fold
from tilios.tools.polls import queries, rules
from tilios.tools.polls.models import College, Poll, Voter
from tilios.tools.polls.roll_lines import Line

Colleges = Sequence[tuple[str, Decimal | None]]


def freeze_roll(poll: Poll) -> None:
    """Write on the roll of a poll being opened those whom its settings name today. Part of open_poll."""
    Voter.objects.bulk_create(Voter(poll=poll, person=person) for person in queries.electorate_of(poll).distinct())


@transaction.atomic
def set_roll(*, by: Person, poll: Poll, lines: Sequence[Line], colleges: Colleges = ()) -> None:
    """Make the roll exactly these lines, and the colleges these. Publishes "polls.roll_changed" with how many.

    Who stays on the roll keeps their ticks and the proxies given among those who stay. Raises NotAllowed for who does
    not run the poll, Conflict once somebody has voted or in an ordinary poll, Invalid("lines") for an empty roll,
    somebody of elsewhere or a class in which a secret ballot would be recognised, Invalid("colleges") for shares that
    do not make 100.
    """
    poll = _lock(by, poll)
    if queries.has_begun(poll):
        raise Conflict(_("Somebody has voted: the roll no longer changes."))
    if not lines:
        raise Invalid("lines", _("A roll needs at least one voter."))
    _check_shares(poll, lines, colleges)
    made = _write_colleges(poll, colleges)
    old = list(poll.roll.all())
    by_person = {row.person_id: row for row in old if row.person_id}
    by_name = {row.name_key: row for row in old if row.name_key}
    known = set(Person.objects.filter(pk__in=[line.person for line in lines]).values_list("pk", flat=True))
    kept: list[Voter] = []
    fresh: list[Voter] = []
    for line in lines:
        if line.person is not None and line.person not in known:
            raise Invalid("lines", _("Somebody of the roll is not in your structure."))
        row = by_person.get(line.person) if line.person else by_name.get(fold(line.name))
        (kept if row else fresh).append(row := row or Voter(poll=poll, person_id=line.person))
        row.name, row.name_key = line.name, fold(line.name)
        row.college, row.weight = made.get(line.college), line.weight
    gone = {row.pk for row in old} - {row.pk for row in kept}
    poll.roll.filter(pk__in=gone).delete()
    for row in kept:
        row.delegate_id = None if row.delegate_id in gone else row.delegate_id
    Voter.objects.bulk_update(kept, ["name", "name_key", "college", "weight", "delegate"], batch_size=500)
    Voter.objects.bulk_create(fresh, batch_size=500)
    refuse_lonely(poll)
    publish("polls.roll_changed", by=by, target=poll, added=len(fresh), removed=len(gone), voters=len(lines))
    index.update(poll)


@transaction.atomic
def tick_voter(*, by: Person, poll: Poll, voter: Voter, present: bool, on_paper: bool) -> None:
    """Tick a line of the roll: present, and handed a paper ballot. Publishes "polls.roll_ticked" when it changes.

    Whoever is ticked for paper no longer votes online, and whoever has voted online is not ticked. Raises NotAllowed
    for who does not run the poll, Conflict once it is closed, when the person has voted online, or when the tick of a
    sheet already counted in a batch is taken back.
    """
    poll = _lock(by, poll)
    row = Voter.objects.select_for_update(of=("self",)).get(pk=voter.pk, poll=poll)
    if (row.present, row.on_paper) == (present, on_paper):
        return
    if on_paper != row.on_paper:
        if on_paper and row.voted:
            raise Conflict(_("%(name)s has already voted.") % {"name": row.display_name})
        if not on_paper and queries.sheets_left(poll, row.college, row.weight) < 1:
            raise Conflict(_("A batch of paper ballots already counts this sheet."))
        row.on_paper = row.voted = on_paper
    row.present = present or (on_paper and row.delegate_id is None)  # else the holder brought the sheet
    row.save(update_fields=["present", "on_paper", "voted"])
    publish("polls.roll_ticked", by=by, target=poll, subject=row.person, voter=row.pk, paper=on_paper)


def refuse_lonely(poll: Poll) -> None:
    """Raise Invalid("lines") when a class of a secret vote is so small that a ballot would name its voter."""
    if poll.secret and (lonely := queries.lonely_class(queries.classes_of(poll))):
        raise Invalid("lines", lonely_sentence(poll, lonely))


def lonely_sentence(poll: Poll, lonely: tuple[int | None, int]) -> str:
    college, weight = lonely
    name = poll.colleges.get(pk=college).name if college else gettext("no college")
    return gettext(
        "In a secret vote, at least %(least)d people must have the same college and the same voices: those of "
        "“%(name)s, %(weight)d” are fewer, and their ballot would be recognised."
    ) % {"least": queries.LEAST_IN_A_CLASS, "name": name, "weight": weight}


def _lock(by: Person, poll: Poll) -> Poll:
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    if not poll.formal:
        raise Conflict(_("Only a formal vote has a roll."))
    if not poll.is_open:
        raise Conflict(_("This poll is closed."))
    return poll


def _check_shares(poll: Poll, lines: Sequence[Line], colleges: Colleges) -> None:
    shares = [share for _name, share in colleges if share is not None]
    if not shares:
        return
    if len(shares) != len(colleges) or sum(shares) != 100:
        raise Invalid("colleges", _("Give a share to every college, 100 in all; or to none."))
    if any(not line.college for line in lines):
        raise Invalid("lines", _("Colleges have shares: every voter needs a college."))
    if poll.guests:
        raise Invalid("colleges", _("Guests who come by a link have no college: keep them out, or leave shares empty."))


def _write_colleges(poll: Poll, colleges: Colleges) -> dict[str, College]:
    poll.colleges.exclude(name__in=[name for name, _share in colleges]).delete()
    return {
        name: College.objects.update_or_create(poll=poll, name=name, defaults={"share": share, "position": place})[0]
        for place, (name, share) in enumerate(colleges)
    }

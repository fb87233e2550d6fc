"""Vote, change one's vote, withdraw it, key in somebody else's."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access.models import Visitor
from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, NotAllowed, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.text import fold
from tilios.tools.polls import ballots, queries, rules
from tilios.tools.polls.actions.proxies import drop_proxy
from tilios.tools.polls.models import Ballot, Mark, Origin, Poll, Voter

CLOSED = _("This poll is closed: votes can no longer be cast or changed.")


@transaction.atomic
def cast_ballot(*, by: Person, poll: Poll, marks: Mapping[int, int], remark: str = "", blank: bool = False) -> Ballot:
    """Record the vote of `by`, in place of an earlier one. Publishes "polls.voted" or "polls.vote_changed".

    In a formal vote it ticks the roll, takes a proxy back, and may be `blank`. Raises NotAllowed for somebody the poll
    does not ask, Conflict once it is closed, when an option is full or for somebody who has voted on paper,
    Invalid("marks") for an answer it cannot take.
    """
    poll = queries.lock(poll.pk)
    require(may(by, "polls.vote") and rules.is_entitled(by, poll, listed=queries.is_listed(by, poll)))
    _require_open(poll)
    refuse_secret(poll)
    voter = queries.voter_of(poll, person=by)
    ballot = Ballot.objects.filter(poll=poll, person=by).first() or Ballot(poll=poll, person=by)
    ballot.origin, ballot.keyed_by, ballot.acted_by = Origin.OWN, None, by.acted_by
    if voter is not None:
        ballot.voter = speak(voter, by=by)
    return _record(ballot, poll, marks, remark, blank=blank, by=by)


@transaction.atomic
def cast_guest_ballot(
    *,
    visitor: Visitor,
    poll: Poll,
    marks: Mapping[int, int],
    remark: str = "",
    sheet: str = "",
    blank: bool = False,
) -> Ballot:
    """Record the vote of a visitor of a share link, in place of an earlier one.

    `sheet` names the form sent: a form sent twice by an impatient finger, before the device was known, is one ballot.
    Publishes "polls.voted" or "polls.vote_changed". Raises NotAllowed if the poll takes no guests, and as cast_ballot.
    """
    poll = queries.lock(poll.pk)
    require(poll.guests, _("This poll takes no votes from guests."))
    _require_open(poll)
    refuse_secret(poll)
    ballot = Ballot.objects.filter(poll=poll, visitor=visitor).first()
    if ballot is None and sheet:
        ballot = Ballot.objects.filter(poll=poll, sheet=sheet[:40]).first()
    if ballot is None:
        ballot = Ballot(poll=poll, sheet=sheet[:40])
    ballot.visitor, ballot.name, ballot.origin = visitor, visitor.name, Origin.LINK
    if poll.formal:
        ballot.voter = _guest_line(poll, ballot, visitor)
    return _record(ballot, poll, marks, remark, blank=blank, visitor=visitor)


@transaction.atomic
def key_in_ballot(
    *,
    by: Person,
    poll: Poll,
    marks: Mapping[int, int],
    person: Person | None = None,
    name: str = "",
    remark: str = "",
    ballot: Ballot | None = None,
    blank: bool = False,
) -> Ballot:
    """Record a vote given on paper or by voice, under the name of who gave it; the ballot says who keyed it in.

    `person` is somebody the poll asks; `name` anybody else. With `ballot`, one keyed in before is corrected. Somebody
    who has voted themselves is never overwritten. Publishes "polls.keyed_in".

    Raises NotAllowed for who does not run the poll, Conflict if the person has voted or the name is taken, Invalid
    ("person", "name", "marks").
    """
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    _require_open(poll)
    refuse_secret(poll)
    if ballot is not None:
        ballot = Ballot.objects.get(pk=ballot.pk, poll=poll)
        if ballot.origin != Origin.KEYED:
            raise NotAllowed(_("Only a vote that was keyed in can be corrected here."))
    elif person is not None:
        if not queries.entitled_people(poll).filter(pk=person.pk).exists():
            raise Invalid("person", _("This poll does not ask this person."))
        ballot = Ballot.objects.filter(poll=poll, person=person).first() or Ballot(poll=poll, person=person)
        if ballot.pk and ballot.origin != Origin.KEYED:
            raise Conflict(_("%(name)s has already voted.") % {"name": person.display_name})
    else:
        name = " ".join(name.split())[:120]
        if not name:
            raise Invalid("name", _("Please say whose vote this is."))
        if Ballot.objects.filter(poll=poll, name_key=fold(name)).exists():
            raise Conflict(_("There is already a vote under the name %(name)s.") % {"name": name})
        ballot = Ballot(poll=poll, name=name, name_key=fold(name))
    if poll.formal and ballot.voter is None:
        ballot.voter = speak(_keyed_line(poll, ballot), by=by)
    ballot.origin, ballot.keyed_by = Origin.KEYED, by.acted_by or by
    return _record(ballot, poll, marks, remark, blank=blank, by=by, keyed=True)


@transaction.atomic
def withdraw_ballot(*, poll: Poll, by: Person | None = None, visitor: Visitor | None = None) -> None:
    """Take back the vote of `by` or of `visitor`. Publishes "polls.withdrew"; Conflict once the poll is closed."""
    poll = queries.lock(poll.pk)
    _require_open(poll)
    found = Ballot.objects.filter(poll=poll, person=by) if by else Ballot.objects.filter(poll=poll, visitor=visitor)
    require(by is not None or visitor is not None)
    refuse_secret(poll)
    _untick(found)
    if found.delete()[0]:
        publish("polls.withdrew", by=by, visitor=visitor, target=poll)


@transaction.atomic
def remove_ballot(*, by: Person, poll: Poll, ballot: Ballot) -> None:
    """Remove a vote that should not be there (a joker, a double). Publishes "polls.ballot_removed".

    Raises NotAllowed for who does not run the poll, Conflict once it is closed.
    """
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    _require_open(poll)
    found = Ballot.objects.filter(pk=ballot.pk, poll=poll)
    if found.filter(origin=Origin.PAPER).exists():
        raise Conflict(_("A paper ballot without a name is never removed alone."))
    _untick(found)
    found.delete()
    publish("polls.ballot_removed", by=by, target=poll, ballot=ballot.pk)


def _require_open(poll: Poll) -> None:
    if not poll.is_open:
        raise Conflict(CLOSED)


def refuse_secret(poll: Poll) -> None:
    """Raise Conflict for what a secret vote never does: a ballot with a name, changed or taken back."""
    if poll.secret:
        raise Conflict(_("This vote is secret: a ballot has no name, and is neither changed nor taken back."))


def speak(voter: Voter, *, by: Person | None) -> Voter:
    """Tick a line of a locked poll as having voted, in its own name: a proxy given is taken back.

    Raises Conflict for somebody ticked as having voted on paper.
    """
    if voter.on_paper:
        raise Conflict(_("%(name)s has voted on paper.") % {"name": voter.display_name})
    if voter.delegate_id:
        drop_proxy(by=by, poll=voter.poll, giver=voter)
    if not voter.voted:
        voter.voted = True
        voter.save(update_fields=["voted"])
    return voter


def check_marks(poll: Poll, marks: Mapping[int, int], options: list[int], *, blank: bool) -> None:
    """Raise Invalid("marks") for marks this poll cannot take. A formal vote may be blank, when that is said."""
    if blank and poll.formal:
        if marks:
            raise Invalid("marks", _("A blank vote says nothing else: choose one or the other."))
        return
    ballots.of(poll.ballot).check(marks, options, poll.ballot_rules)


def _guest_line(poll: Poll, ballot: Ballot, visitor: Visitor) -> Voter:
    """The line of a visitor on the roll of a locked poll: a vote open to guests lets them in as they vote."""
    line = ballot.voter or Voter.objects.filter(poll=poll, visitor=visitor).first() or Voter(poll=poll)
    line.visitor, line.name, line.voted = visitor, visitor.name, True
    line.save()
    return line


def _keyed_line(poll: Poll, ballot: Ballot) -> Voter:
    """The line of somebody whose vote is keyed in; Invalid("name") for who is not on the roll."""
    rows = poll.roll.select_related("person", "delegate", "delegate__person")
    line = rows.filter(person=ballot.person) if ballot.person else rows.filter(name_key=ballot.name_key)
    found = line.first()
    if found is None:
        raise Invalid("name", _("This person is not on the roll."))
    if found.voted and not found.on_paper:
        raise Conflict(_("%(name)s has already voted.") % {"name": found.display_name})
    return found


def _untick(found: Any) -> None:
    """The lines of ballots about to go have not voted any more."""
    Voter.objects.filter(pk__in=found.exclude(voter=None).values("voter")).update(voted=False)


def _record(
    ballot: Ballot, poll: Poll, marks: Mapping[int, int], remark: str, *, blank: bool = False, **who: Any
) -> Ballot:
    """Check and store the marks of a ballot of a locked poll; `who` goes to the journal."""
    options = list(poll.options.all())
    check_marks(poll, marks, [option.pk for option in options], blank=blank)
    _require_places(poll, options, marks, ballot)
    keyed, changed = who.pop("keyed", False), ballot.pk is not None
    ballot.remark = " ".join(remark.split())[:300]
    ballot.changed_at = timezone.now() if changed else None
    ballot.save()
    if changed:
        ballot.marks.all().delete()
    reasons = ballots.reasons_of(marks)
    Mark.objects.bulk_create(
        Mark(ballot=ballot, option_id=option, value=value, reason=reasons.get(option, "")[:300])
        for option, value in marks.items()
    )
    verb = "polls.keyed_in" if keyed else "polls.vote_changed" if changed else "polls.voted"
    publish(verb, target=poll, ballot=ballot.pk, **who)
    return ballot


def _require_places(poll: Poll, options: list[Any], marks: Mapping[int, int], ballot: Ballot) -> None:
    kind = ballots.of(poll.ballot)
    left = queries.places_left(poll, options, besides=ballot if ballot.pk else None)
    for option in options:
        if option.pk in left and kind.takes_place(marks.get(option.pk, 0)) and not left[option.pk]:
            raise Conflict(_("“%(option)s” has no place left.") % {"option": option.name_in(poll.tz)})

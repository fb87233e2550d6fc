"""Paper ballots keyed in by two people: they enter the box when both have read the same on every sheet."""

import hashlib
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.polls import queries, rules
from tilios.tools.polls.actions.ballots import check_marks
from tilios.tools.polls.actions.secret import drop_in
from tilios.tools.polls.models import (
    Ballot,
    College,
    Mark,
    Origin,
    PaperBatch,
    PaperSheet,
    Poll,
    SecretBallot,
)

MOST_SHEETS = 500


@transaction.atomic
def open_batch(
    *, by: Person, poll: Poll, label: str, sheets: int, college: College | None = None, weight: int = 1
) -> PaperBatch:
    """Announce a pile of `sheets` of one college and weight. Publishes "polls.batch_opened".

    Raises NotAllowed for who does not run the poll, Conflict once it is closed or in an ordinary poll, Invalid
    ("label"), Invalid("sheets") for more sheets than voters of this class ticked on the roll and not used yet, or for
    so few in a secret vote that a ballot would be recognised.
    """
    poll = _lock(by, poll)
    label = " ".join(label.split())[:80]
    if not label:
        raise Invalid("label", _("Say which pile this is."))
    if college is not None and college.poll_id != poll.pk:
        raise Invalid("college", _("This college is not one of this vote's."))
    if not 1 <= sheets <= MOST_SHEETS:
        raise Invalid("sheets", _("A pile has from 1 to %d sheets: make several piles.") % MOST_SHEETS)
    left = max(0, queries.sheets_left(poll, college, weight))
    if sheets > left:
        raise Invalid(
            "sheets",
            _("Only %(left)d people of this class are ticked on the roll for a sheet not counted yet.")
            % {"left": left},
        )
    if poll.secret and sheets < queries.LEAST_IN_A_CLASS:
        raise Invalid(
            "sheets",
            _("In a secret vote a pile has at least %d sheets: with fewer, a ballot would be recognised.")
            % queries.LEAST_IN_A_CLASS,
        )
    batch = PaperBatch.objects.create(poll=poll, label=label, sheets=sheets, college=college, weight=weight)
    publish("polls.batch_opened", by=by, target=poll, batch=batch.pk, sheets=sheets)
    return batch


@transaction.atomic
def key_sheets(*, by: Person, batch: PaperBatch, sheets: Mapping[int, Mapping[int, int]]) -> int:
    """Write down what `by` reads: sheet number -> marks, none for a blank one. Which reading it was: 1 or 2.

    The first person who keys is the first reader, the next one the second; each corrects their own reading alone.
    Publishes "polls.batch_keyed". Raises NotAllowed for who does not run the poll, Conflict for a third person, a batch
    already entered or a closed poll, Invalid("sheet-N") for a sheet the poll cannot take.
    """
    poll = _lock(by, batch.poll)
    batch = _still_open(batch)
    human = by.acted_by or by
    reading = reading_of(batch, human) or (1 if batch.first_by_id is None else 2 if batch.second_by_id is None else 0)
    if not reading:
        raise Conflict(_("Two people already key in this pile: a third one does not."))
    options = list(poll.options.values_list("pk", flat=True))
    for number, marks in sheets.items():
        if not 1 <= number <= batch.sheets:
            raise Invalid(f"sheet-{number}", _("There is no sheet %d in this pile.") % number)
        try:
            check_marks(poll, marks, options, blank=not marks)
        except Invalid as error:
            about = {"number": number, "message": error.message}
            raise Invalid(f"sheet-{number}", _("Sheet %(number)d: %(message)s") % about) from error
        values = {"marks": queries.by_position(marks, options)}
        PaperSheet.objects.update_or_create(batch=batch, number=number, reading=reading, defaults=values)
    if reading == 1:
        batch.first_by = human
    else:
        batch.second_by = human
    batch.save(update_fields=["first_by", "second_by"])
    publish("polls.batch_keyed", by=by, target=poll, batch=batch.pk, reading=reading)
    return reading


def reading_of(batch: PaperBatch, person: Person) -> int | None:
    """1 or 2 for somebody who keys this batch in, else None."""
    return {batch.first_by_id: 1, batch.second_by_id: 2}.get(person.pk)


def differences(batch: PaperBatch) -> list[int]:
    """The numbers of the sheets that the two have not read, or not read alike."""
    read: dict[int, dict[int, list[int | None]]] = {}
    for number, reading, marks in batch.readings.values_list("number", "reading", "marks"):
        read.setdefault(number, {})[reading] = marks
    numbers = range(1, batch.sheets + 1)
    return [number for number in numbers if len(of := read.get(number, {})) < 2 or of[1] != of[2]]


@transaction.atomic
def enter_batch(*, by: Person, batch: PaperBatch) -> int:
    """Put the ballots of a batch that both read alike into the box, without a name. How many.

    In a secret vote the sheets are then forgotten, and their ballots look like any other. Publishes
    "polls.batch_entered". Raises NotAllowed for who does not run the poll, Conflict while a sheet differs, once it has
    entered or when the poll is closed.
    """
    poll = _lock(by, batch.poll)
    batch = _still_open(batch)
    if differing := differences(batch):
        numbers = ", ".join(map(str, differing[:20]))
        raise Conflict(_("The two readings are not complete and alike yet: sheets %s.") % numbers)
    piles = list(batch.readings.filter(reading=1).order_by("number").values_list("marks", flat=True))
    if poll.secret:
        drop_in(poll, [_secret(poll, batch, marks) for marks in piles])
        # SECURITY: the order of the pile, and who read what, go with the sheets.
        batch.readings.all().delete()
    else:
        _named(poll, batch, piles)
    batch.entered = True
    batch.save(update_fields=["entered"])
    publish("polls.batch_entered", by=by, target=poll, batch=batch.pk, sheets=len(piles))
    return len(piles)


@transaction.atomic
def drop_batch(*, by: Person, batch: PaperBatch) -> None:
    """Forget a batch that has not entered. Publishes "polls.batch_dropped"; NotAllowed, Conflict as enter_batch."""
    poll = _lock(by, batch.poll)
    batch = _still_open(batch)
    publish("polls.batch_dropped", by=by, target=poll, batch=batch.pk)
    batch.delete()


# Parts --------------------------------------------------------------------------------------------------------------


def _lock(by: Person, poll: Poll) -> Poll:
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    if not poll.formal:
        raise Conflict(_("Only a formal vote has a roll."))
    if not poll.is_open:
        raise Conflict(_("This poll is closed."))
    return poll


def _still_open(batch: PaperBatch) -> PaperBatch:
    found = PaperBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if found is None or found.entered:
        raise Conflict(_("This pile has already entered, or was forgotten."))
    return found


def _secret(poll: Poll, batch: PaperBatch, marks: list[int | None]) -> SecretBallot:
    nobody_knows = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
    return SecretBallot(poll=poll, marks=marks, weight=batch.weight, college_id=batch.college_id, receipt=nobody_knows)


def _named(poll: Poll, batch: PaperBatch, piles: list[list[int | None]]) -> None:
    options = list(poll.options.values_list("pk", flat=True))
    made = Ballot.objects.bulk_create(
        Ballot(poll=poll, origin=Origin.PAPER, weight=batch.weight, college_id=batch.college_id) for _marks in piles
    )
    Mark.objects.bulk_create(
        Mark(ballot=ballot, option_id=option, value=value)
        for ballot, marks in zip(made, piles, strict=True)
        for option, value in queries.at_options(marks, options).items()
    )

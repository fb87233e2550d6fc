"""Bring in a poll made elsewhere."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.text import fold
from tilios.tools.polls.actions.life import close_poll
from tilios.tools.polls.actions.polls import open_poll
from tilios.tools.polls.framadate import Reading
from tilios.tools.polls.models import Ballot, Mark, Origin, Poll, PollKind


@transaction.atomic
def import_poll(
    *, by: Person, reading: Reading, title: str, timezone: str, closed: bool = False, anyway: bool = False
) -> Poll:
    """A poll with the options and votes of a Framadate file. Publishes "polls.imported".

    Nobody is told. With `anyway`, lines with a fault are left out; without, they refuse the whole. Undone by deleting
    the poll. Raises NotAllowed without the right to make polls, Invalid("file").
    """
    if reading.faults and not anyway:
        raise Invalid("file", _("Some lines of the file cannot be read."))
    drafts = [draft for draft in reading.drafts if not reading.is_dates or draft.day]
    places = [place for place, draft in enumerate(reading.drafts) if not reading.is_dates or draft.day]
    poll = open_poll(
        by=by,
        drafts=drafts,
        tell=False,
        title=title,
        kind=PollKind.DATES if reading.is_dates else PollKind.CHOICE,
        ballot="yesno",
        timezone=timezone,
        least_role=10,
    )
    option_at = _options_by_place(poll, reading, places)
    ballots = Ballot.objects.bulk_create(
        Ballot(
            poll=poll, name=voter.name, name_key=fold(voter.name), origin=Origin.IMPORTED, keyed_by=by.acted_by or by
        )
        for voter in reading.voters
    )
    Mark.objects.bulk_create(
        Mark(ballot=ballot, option_id=option_at[place], value=value)
        for ballot, voter in zip(ballots, reading.voters, strict=True)
        for place, value in _once(voter.marks, option_at)
    )
    publish("polls.imported", by=by, target=poll, ballots=len(ballots), left_out=len(reading.faults))
    return close_poll(by=by, poll=poll) if closed else poll


def _options_by_place(poll: Poll, reading: Reading, places: list[int]) -> dict[int, int]:
    """The option each column became: columns that say the same are one option."""
    found: dict[tuple, int] = {}
    for option in poll.options.all():
        found[(option.day, option.starts_at, option.ends_at, fold(option.label))] = option.pk
    by_place = {}
    for place in places:
        fields = reading.drafts[place].fields(poll.tz)
        key = (fields["day"], fields["starts_at"], fields["ends_at"], fold(fields["label"]))
        by_place[place] = found[key]
    return by_place


def _once(marks: dict[int, int], option_at: dict[int, int]) -> list[tuple[int, int]]:
    """The marks to keep, one an option: of two columns that became one, the first."""
    kept: dict[int, tuple[int, int]] = {}
    for place, value in marks.items():
        if place in option_at:
            kept.setdefault(option_at[place], (place, value))
    return list(kept.values())

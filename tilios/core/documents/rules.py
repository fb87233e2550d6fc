"""Pure rules of live texts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONG_PAUSE = timedelta(minutes=5)
SHORT_PAUSE = timedelta(minutes=1)  # enough of one when the hand changes
STEADY = timedelta(minutes=30)
SITTING = timedelta(minutes=30)  # without a word of somebody, what they write next is another sitting
MERGED_WITHIN = timedelta(minutes=1)  # what history shows as one step, once it is put together


@dataclass(frozen=True)
class Last:
    """The last writing of a text: when, by whom; and when its last revision was kept."""

    written_at: datetime
    by: str
    kept_at: datetime


def keeps_revision(last: Last | None, *, by: str, now: datetime) -> bool:
    """Whether the text as it stood before `by` writes at `now` is a moment to keep."""
    if last is None:
        return False
    pause = now - last.written_at
    return pause >= LONG_PAUSE or (by != last.by and pause >= SHORT_PAUSE) or now - last.kept_at >= STEADY


def goes_with(first_at: datetime, at: datetime, *, same_writer: bool, kept_between: bool) -> bool:
    """Whether an update of `at` may be put together with the ones before it, the first of which came at `first_at`."""
    return same_writer and not kept_between and at - first_at <= MERGED_WITHIN

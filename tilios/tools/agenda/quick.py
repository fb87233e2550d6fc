"""An event in one line, as people say it: "réunion jeudi 14h-16h salle bleue", "meeting thursday 2-4pm blue room"."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from tilios.kit.ical import spoken
from tilios.kit.ical.recurrence import between
from tilios.kit.ical.rules import parse
from tilios.kit.refusals import Refusal, _
from tilios.kit.text import fold

ROOMS = ("salle", "amphi", "amphitheatre")
ROOMS_AFTER = ("room", "hall", "office")
PLACE_WORDS = {"au", "aux", "chez", "at", "in", "@"}
ARTICLES = {"la", "le", "les", "the"}
LINKS = {"le", "la", "les", "de", "du", "a", "à", "on", "at", "the", "from", "pour", "for", "-", "–", ":"}
DEFAULT_LENGTH = timedelta(hours=1)


class Quick(NamedTuple):
    """What one line says. Times are wall-clock times; the end of whole days is the day after the last."""

    summary: str
    start: datetime
    end: datetime
    is_all_day: bool
    place: str
    rrule: str


def read(text: str, *, now: datetime, language: str = "fr") -> Quick:
    """The event that `text` says, seen from `now`, aware, in the zone of the place. No year: the next one.

    An hour without an end lasts one hour; a day without an hour is a whole day; an hour without a day is today, or
    tomorrow when it is past. Raises Refusal("when") when the line says neither, Refusal("title") when nothing else.
    """
    line = spoken.Line(text)
    here = now.replace(tzinfo=None)
    rule = spoken.recurrence(line)
    until = spoken.until(line, here.date(), language)
    days = spoken.days(line, here.date(), language)
    hours = spoken.hours(line)
    length = spoken.length(line)
    if not (days or rule or hours):
        raise Refusal("when", _("Say when: for example “tomorrow 2pm meeting”."))
    begin, last = days or (here.date(), here.date())
    if days is None and hours is not None and hours[0] <= here.time():
        begin = last = begin + timedelta(days=1)
    if "BYDAY" in rule:
        begin = last = _first(rule, begin)
    summary, place = _title_and_place(line)
    if not summary:
        raise Refusal("title", _("Say what it is: for example “tomorrow 2pm meeting”."))
    if rule and until:
        rule += f";UNTIL={_until(until, now.tzinfo) if hours else f'{until:%Y%m%d}'}"
    if hours is None:
        return Quick(summary, _at(begin), _at(last + timedelta(days=1)), True, place, rule)
    start = _at(begin, hours[0])
    end = _at(last, hours[1]) if hours[1] is not None else start + (length or DEFAULT_LENGTH)
    if end <= start:
        end += timedelta(days=1)
    return Quick(summary, start, end, False, place, rule)


def _first(rule: str, day: date) -> date:
    """The first day of `rule` from `day` on; every other week begins with it."""
    every_time = parse(rule)._replace(interval=1)
    return next(between(every_time, _at(day), _at(day), _at(day) + timedelta(days=400))).date()


def _until(day: date, zone: tzinfo | None) -> str:
    """The end of `day` as UNTIL says it of something that has an hour (RFC 5545 §3.3.10)."""
    end = _at(day, time(23, 59, 59)).replace(tzinfo=zone)
    return f"{end.astimezone(UTC):%Y%m%dT%H%M%SZ}" if zone else f"{end:%Y%m%dT%H%M%S}"


def _at(day: date, clock: time = time(0)) -> datetime:
    return datetime.combine(day, clock)


def _title_and_place(line: spoken.Line) -> tuple[str, str]:
    """The title and the place: runs of words that nothing took."""
    runs: list[list[str]] = [[]]
    for word in line.words:
        if word is None:
            runs.append([])
        else:
            runs[-1].append(word)
    titles, place = [], ""
    found = [run for run in map(_trimmed, runs) if run]
    for run in found:
        cut = _place_of(run, is_alone=len(found) == 1)
        if cut < len(run) and not place:
            place = " ".join(_without_marker(run[cut:]))
            run = _trimmed(run[:cut])
        if run:
            titles.append(" ".join(run))
    return " ".join(titles), place


def _trimmed(run: list[str]) -> list[str]:
    """A run without the small words that hung on what was taken."""
    while run and (fold(run[0]).strip(",;:.") in LINKS - ARTICLES or not run[0].strip(",;:.-–")):
        if fold(run[0]) in PLACE_WORDS or run[0] == "à":
            break
        run = run[1:]
    while run and (fold(run[-1]).strip(",;:.") in LINKS or not run[-1].strip(",;:.-–")):
        run = run[:-1]
    return [*run[:-1], run[-1].rstrip(",;")] if run else []


def _place_of(run: list[str], *, is_alone: bool) -> int:
    """Where in a run the place begins; its length when it says none."""
    folded = [fold(word).strip(",;:.") for word in run]
    for number, word in enumerate(folded):
        has_more = number + 1 < len(run)
        follows = folded[number + 1] if has_more else ""
        is_at = run[number].lower() == "à" or (word == "a" and (follows == "la" or follows.startswith("l'")))
        if has_more and (word in PLACE_WORDS or is_at):
            return number
        if word.startswith("@") or (word in ROOMS and (number > 0 or not is_alone)):
            return number
    if folded[-1] in ROOMS_AFTER and (len(run) > 2 or not is_alone):
        return max(0, len(run) - 2)
    return len(run)


def _without_marker(run: list[str]) -> list[str]:
    word = fold(run[0])
    if word.startswith("@") and len(word) > 1:
        return [run[0][1:], *run[1:]]
    if word in PLACE_WORDS or word in ("a", "à"):
        run = run[1:]
        if len(run) > 1 and fold(run[0]) in ARTICLES:
            run = run[1:]
        elif fold(run[0]).startswith("l'"):
            run = [run[0][2:], *run[1:]]
    return run

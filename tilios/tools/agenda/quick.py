"""An event in one line, as people say it: "réunion jeudi 14h-16h salle bleue", "meeting thursday 2-4pm blue room".

Words are folded one by one; each pattern that is found takes its words away, and what is left is the title and place.
French and English are both understood; the language only tells how to read 3/4.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from tilios.kit.dates import MONTH, MONTHS
from tilios.kit.refusals import Refusal, _
from tilios.kit.text import fold

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = {
    name: number
    for number, names in enumerate(
        (
            "lundi lun monday mon",
            "mardi tuesday tue",
            "mercredi mer wednesday wed",
            "jeudi jeu thursday thu",
            "vendredi ven friday fri",
            "samedi sam saturday sat",
            "dimanche dim sunday sun",
        )
    )
    for name in names.split()
}
DAY = "|".join(sorted(DAYS, key=len, reverse=True))
ORDINALS = {
    name: number
    for number, names in (
        (1, "premier 1er first 1st"),
        (2, "deuxieme second 2e 2eme 2nd"),
        (3, "troisieme third 3e 3eme 3rd"),
        (4, "quatrieme fourth 4e 4eme 4th"),
        (5, "cinquieme fifth 5e 5eme 5th"),
        (-1, "dernier last"),
    )
    for name in names.split()
}
ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
UNITS = {"jour": "DAILY", "day": "DAILY", "semaine": "WEEKLY", "week": "WEEKLY", "mois": "MONTHLY", "month": "MONTHLY"}
UNITS |= {"an": "YEARLY", "annee": "YEARLY", "year": "YEARLY"}
UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
NUMBERS = {"deux": 2, "two": 2, "other": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "six": 6}
NUMBER = rf"\d{{1,2}}|{'|'.join(NUMBERS)}"
YEAR = r"(?: (?P<year>\d{4}))?"
CLOCK = r"\d{1,2}(?: ?h(?: ?\d{2})?|:\d{2}| ?heures?)?(?: ?[ap]\.?m\.?)?|midi|minuit|noon|midnight"
SURE_CLOCK = (
    r"\d{1,2}(?: ?h(?: ?\d{2})?|:\d{2}| heures?)(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?|midi|minuit|noon|midnight"
)
PARTS_OF_DAY = {
    "matin": time(9), "morning": time(9), "apres-midi": time(14), "afternoon": time(14), "soir": time(20),
    "soiree": time(20), "evening": time(20), "tonight": time(20),
}  # fmt: skip
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
    """The event that `text` says, seen from `now` (a time of the place). A day without a year is the next one.

    An hour without an end lasts one hour; a day without an hour is a whole day; an hour without a day is today, or
    tomorrow when it is past. Raises Refusal("when") when the line says neither, Refusal("title") when nothing else.
    """
    line = _Line(text)
    today = now.date()
    rule, first = _recurrence(line, today)
    until = _until(line, today, language)
    days = _days(line, today, language)
    hours = _hours(line)
    length = _length(line)
    if days is None and first is None and hours is None:
        raise Refusal("when", _("Say when: for example “tomorrow 2pm meeting”."))
    begin, last = days or (first or today,) * 2
    if days is None and first is None and hours is not None and hours[0] <= now.time():
        begin = last = today + timedelta(days=1)
    if rule and first is not None and days is not None:
        first = None
    summary, place = line.rest()
    if not summary:
        raise Refusal("title", _("Say what it is: for example “tomorrow 2pm meeting”."))
    if rule and until:
        rule += f";UNTIL={until:%Y%m%d}" + ("T235959" if hours else "")
    if hours is None:
        return Quick(summary, _at(begin), _at(last + timedelta(days=1)), True, place, rule)
    start = _at(begin, hours[0])
    end = _at(last, hours[1]) if hours[1] is not None else start + (length or DEFAULT_LENGTH)
    if end <= start:
        end += timedelta(days=1)
    return Quick(summary, start, end, False, place, rule)


def _at(day: date, clock: time = time(0)) -> datetime:
    return datetime.combine(day, clock)


class _Line:
    """The words of a line; patterns look at them folded and take them away."""

    def __init__(self, text: str) -> None:
        self.words: list[str | None] = list(text.replace("’", "'").split())
        self.folded = [fold(word or "").strip(",;.") or "," for word in self.words]

    def has(self, pattern: str) -> bool:
        return self._found(pattern)[0] is not None

    def take(self, pattern: str) -> re.Match[str] | None:
        """The first match of `pattern` over whole words that are still there; they go."""
        match, starts = self._found(pattern)
        if match is not None:
            for number, start in enumerate(starts):
                if match.start() <= start < match.end():
                    self.words[number] = None
        return match

    def _found(self, pattern: str) -> tuple[re.Match[str] | None, list[int]]:
        """The match, and where each word begins in what is searched."""
        joined, starts = "", []
        for word, folded in zip(self.words, self.folded, strict=True):
            starts.append(len(joined))
            joined += ("\0" * len(folded) if word is None else folded) + " "
        return re.search(rf"(?<!\S)(?:{pattern})(?!\S)", joined), starts

    def rest(self) -> tuple[str, str]:
        """The title and the place: runs of words that nothing took."""
        runs: list[list[str]] = [[]]
        for word in self.words:
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


def _recurrence(line: _Line, today: date) -> tuple[str, date | None]:
    """The RRULE that the line says, "" without, and the first day it names."""
    every = r"(?:tous|toutes) les|chaque|every"
    of_month = r"(?:du|de chaque|of the|of every) (?:mois|month)"
    if match := line.take(rf"(?:(?:{every}|le|the) )?(?P<nth>{ORDINAL}) (?P<day>{DAY})s? {of_month}"):
        rule = f"FREQ=MONTHLY;BYDAY={ORDINALS[match['nth']]}{CODES[DAYS[match['day']]]}"
        return rule, _first_of_month(ORDINALS[match["nth"]], DAYS[match["day"]], today)
    if match := line.take(rf"(?:un|une) (?P<day>{DAY}) sur (?P<number>{NUMBER})|every other (?P<other>{DAY})"):
        day = DAYS[match["day"] or match["other"]]
        return f"FREQ=WEEKLY;INTERVAL={_number(match['number'] or '2')};BYDAY={CODES[day]}", _next(day, today)
    if match := line.take(rf"(?:{every}) (?P<days>(?:{DAY})s?(?:(?:,| ,| et| and)? (?:les )?(?:{DAY})s?)*)"):
        days = sorted({DAYS[name] for name in re.findall(DAY, match["days"])})
        first = min(_next(day, today, is_today_fine=True) for day in days)
        return f"FREQ=WEEKLY;BYDAY={','.join(CODES[day] for day in days)}", first
    if match := line.take(rf"(?:{every}) (?:(?P<number>{NUMBER}) )?(?P<unit>{UNIT})s?"):
        number = _number(match["number"] or "1")
        rule = f"FREQ={UNITS[match['unit']]}"
        return (f"{rule};INTERVAL={number}" if number > 1 else rule), None
    if match := line.take("daily|weekly|monthly|yearly|quotidien|hebdomadaire|mensuel|annuel"):
        names = {"quotidien": "DAILY", "hebdomadaire": "WEEKLY", "mensuel": "MONTHLY", "annuel": "YEARLY"}
        return f"FREQ={names.get(match[0], match[0].upper())}", None
    return "", None


def _number(text: str) -> int:
    return NUMBERS.get(text) or max(1, int(text))


def _next(day: int, today: date, *, is_today_fine: bool = False) -> date:
    """The next such day of the week after today, or today."""
    ahead = (day - today.weekday()) % 7
    return today + timedelta(days=ahead if ahead or is_today_fine else 7)


def _first_of_month(nth: int, day: int, today: date) -> date:
    """The first day from today on that is the `nth` such day of its month."""
    candidate = _next(day, today, is_today_fine=True)
    while True:
        is_last = (candidate + timedelta(days=7)).month != candidate.month
        if (nth > 0 and (candidate.day - 1) // 7 + 1 == nth) or (nth < 0 and is_last):
            return candidate
        candidate += timedelta(days=7)


def _until(line: _Line, today: date, language: str) -> date | None:
    """The last day of a repetition."""
    if match := line.take(rf"(?:jusqu'au|jusqu'a|until|till) (?:le )?(?P<rest>{_named_day()})"):
        return _day_of_match(match, today)
    if match := line.take(rf"(?:jusqu'au|until|till) (?P<rest>{NUMERIC})"):
        return _numeric(match, today, language)
    return None


NUMERIC = r"(?P<iso>\d{4}-\d\d-\d\d)|(?P<one>\d{1,2})[/.](?P<two>\d{1,2})(?:[/.](?P<full>\d{4}|\d{2}))?"


def _named_day(prefix: str = "") -> str:
    """ "3 décembre 2025", "december 3rd 2025"."""
    return (
        rf"(?P<{prefix}d>\d{{1,2}})(?:er|st|nd|rd|th)?(?: of)? (?P<{prefix}m>{MONTH})\.?(?: (?P<{prefix}y>\d{{4}}))?"
        rf"|(?P<{prefix}me>{MONTH})\.? (?P<{prefix}de>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<{prefix}ye>\d{{4}}))?(?![h:])"
    )


def _day_of_match(match: re.Match[str], today: date) -> date | None:
    day, month = match["d"] or match["de"], match["m"] or match["me"]
    return _dated(int(day), MONTHS[month], match["y"] or match["ye"], today)


def _dated(day: int, month: int, year: str | None, today: date) -> date | None:
    """That day, the next one from today on when no year is said. None for one that does not exist."""
    years = [int(year)] if year else range(today.year, today.year + 9)
    for each in years:
        try:
            found = date(each if each > 99 else 2000 + each, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    return None


def _numeric(match: re.Match[str], today: date, language: str) -> date | None:
    if match["iso"]:
        try:
            return date.fromisoformat(match["iso"])
        except ValueError:
            return None
    day, month = int(match["one"]), int(match["two"])
    if language.startswith("en-us"):
        day, month = month, day
    return _dated(day, month, match["full"], today) if 1 <= month <= 12 else None


def _days(line: _Line, today: date, language: str) -> tuple[date, date] | None:
    """The first and the last day that the line says."""
    for reading in (_range, _relative, _single):
        if found := reading(line, today, language):
            return found
    return None


def _range(line: _Line, today: date, _language: str) -> tuple[date, date] | None:
    one = r"(?P<first>\d{1,2})(?:er|st|nd|rd|th)?"
    two = r"(?P<last>\d{1,2})(?:er|st|nd|rd|th)?"
    months = rf"(?: (?P<fm>{MONTH}))?"
    patterns = (
        rf"(?:du |from )(?:(?:{DAY}) )?{one}{months} (?:au|to) (?:(?:{DAY}) )?{two} (?P<lm>{MONTH})\.?{YEAR}",
        rf"(?:du )?{one} ?- ?{two} (?P<lm>{MONTH})\.?{YEAR}",
        rf"(?:from )?(?P<lm>{MONTH})\.? {one} ?(?:-|to) ?{two}{YEAR}",
    )
    for pattern in patterns:
        if match := line.take(pattern):
            said = match.groupdict()
            last = _dated(int(said["last"]), MONTHS[said["lm"]], said["year"], today)
            if last is None:
                continue
            month = MONTHS[said["fm"]] if said.get("fm") else last.month
            first = _dated(int(said["first"]), month, str(last.year - (month > last.month)), today)
            if first is not None and first <= last:
                return first, last
    return None


def _relative(line: _Line, today: date, _language: str) -> tuple[date, date] | None:
    words: tuple[tuple[str, Callable[[re.Match[str]], date]], ...] = (
        (r"apres-demain|(?:the )?day after tomorrow", lambda _match: today + timedelta(days=2)),
        (r"demain|tomorrow", lambda _match: today + timedelta(days=1)),
        (r"aujourd'hui|today", lambda _match: today),
        (
            r"(?:dans|in) (?P<number>\d{1,2}) (?:jours?|days?)",
            lambda match: today + timedelta(days=int(match["number"])),
        ),
        (
            r"(?:dans|in) (?P<number>\d{1,2}) (?:semaines?|weeks?)",
            lambda match: today + timedelta(weeks=int(match["number"])),
        ),
    )
    for pattern, day in words:
        if match := line.take(pattern):
            return day(match), day(match)
    part = r"(?:soir|apres-midi|matin|morning|afternoon|evening)"
    is_timed = line.has(SURE_CLOCK)  # else the part of the day says when
    if line.take(rf"(?:ce|cet|this) {part}|tonight" if is_timed else rf"(?:ce|cet|this)(?= {part})"):
        return today, today
    return (today, today) if line.has("tonight") else None


def _single(line: _Line, today: date, language: str) -> tuple[date, date] | None:
    weekday = rf"(?:(?:le |on )?(?:{DAY}),? )?(?:le |on )?(?:the )?"
    if match := line.take(weekday + f"(?:{_named_day()})"):
        day = _day_of_match(match, today)
    elif match := line.take(weekday + f"(?:{NUMERIC})"):
        day = _numeric(match, today, language)
    elif match := line.take(rf"(?:le |on |ce |this |next )?(?P<day>{DAY})(?: prochain| qui vient)?"):
        day = _next(DAYS[match["day"]], today)
    elif match := line.take(r"(?:le |on the )(?P<number>\d{1,2})(?:er|st|nd|rd|th)?(?! ?(?:heures|[ap]m))"):
        number = int(match["number"])
        day = next((each for n in range(62) if (each := today + timedelta(days=n)).day == number), None)
    else:
        return None
    return (day, day) if day else None


def _hours(line: _Line) -> tuple[time, time | None] | None:
    """The time it begins, and the time it ends when that is said."""
    between = r" ?(?:-|a|to|until|jusqu'a|et|and) ?"
    for pattern in (
        rf"(?:de |from |entre |between |at |a )?(?P<one>{SURE_CLOCK}){between}(?P<two>{CLOCK})",
        rf"(?:de |from |entre |between |at |a )?(?P<one>{CLOCK}){between}(?P<two>{SURE_CLOCK})",
    ):
        if match := line.take(pattern):
            two = _clock(match["two"])
            one = _clock(match["one"], like=match["two"])
            if one is not None and two is not None:
                return one, two
    if match := line.take(rf"(?:a |at |vers |des )?(?P<one>{SURE_CLOCK})(?: precises| pile)?(?: du (?:matin|soir))?"):
        one = _clock(match["one"])
        return (one, None) if one is not None else None
    if match := line.take(rf"(?:le |in the |en )?(?P<part>{'|'.join(PARTS_OF_DAY)})"):
        return PARTS_OF_DAY[match["part"]], None
    return None


def _clock(text: str, like: str = "") -> time | None:
    """A time of day. "2" in "2-4pm" is in the afternoon as the time it goes with, unless that puts it after."""
    if text in ("midi", "noon"):
        return time(12)
    if text in ("minuit", "midnight"):
        return time(0)
    text = text.replace(" ", "")
    match = re.match(r"(\d{1,2})(?:[h:](\d{2})?)?", text)
    assert match is not None
    hour, minute = int(match[1]), int(match[2] or 0)
    half = re.search(r"([ap])\.?m", text) or (re.search(r"([ap])\.?m", like) if hour <= 12 else None)
    if half and hour <= 12:
        is_inherited = not re.search(r"[ap]\.?m", text)
        other = re.match(r"\d{1,2}", like)
        if is_inherited and other and hour > int(other[0]) and int(other[0]) != 12:
            return time(hour % 24, minute) if minute < 60 else None
        hour = hour % 12 + (12 if half[1] == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _length(line: _Line) -> timedelta | None:
    match = line.take(r"(?:pendant |for |duree )(?P<hours>\d{1,2}) ?(?:h|heures?|hours?)(?P<minutes>\d{2})?")
    if match:
        return timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    if match := line.take(r"(?:pendant |for |duree )(?P<minutes>\d{1,3}) ?(?:mn|min|minutes?)"):
        return timedelta(minutes=int(match["minutes"]))
    return None

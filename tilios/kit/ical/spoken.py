"""Days, hours and repetitions as people say them in a line, in French and in English.

Words are folded one by one; each pattern that is found takes its words away, and what is left is for the caller. Both
languages are understood at once; the language only tells how to read 3/4.
"""

import re
from collections.abc import Callable
from datetime import date, time, timedelta

from tilios.kit.dates import MONTH, MONTHS
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
ADVERBS = {"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "yearly": "YEARLY", "quotidien": "DAILY"}
ADVERBS |= {"hebdomadaire": "WEEKLY", "mensuel": "MONTHLY", "annuel": "YEARLY"}
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
NUMERIC = r"(?P<iso>\d{4}-\d\d-\d\d)|(?P<one>\d{1,2})[/.](?P<two>\d{1,2})(?:[/.](?P<full>\d{4}|\d{2}))?"


class Line:
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


def recurrence(line: Line) -> str:
    """The RRULE that the line says, "" without."""
    every = r"(?:tous|toutes) les|chaque|every"
    of_month = r"(?:du|de chaque|of the|of every) (?:mois|month)"
    if match := line.take(rf"(?:(?:{every}|le|the) )?(?P<nth>{ORDINAL}) (?P<day>{DAY})s? {of_month}"):
        return f"FREQ=MONTHLY;BYDAY={ORDINALS[match['nth']]}{CODES[DAYS[match['day']]]}"
    if match := line.take(rf"(?:un|une) (?P<day>{DAY}) sur (?P<number>{NUMBER})|every other (?P<other>{DAY})"):
        day = CODES[DAYS[match["day"] or match["other"]]]
        return f"FREQ=WEEKLY;INTERVAL={_number(match['number'] or '2')};BYDAY={day}"
    if match := line.take(rf"(?:{every}) (?P<days>(?:{DAY})s?(?:(?:,| ,| et| and)? (?:les )?(?:{DAY})s?)*)"):
        days = sorted({DAYS[name] for name in re.findall(DAY, match["days"])})
        return f"FREQ=WEEKLY;BYDAY={','.join(CODES[day] for day in days)}"
    if match := line.take(rf"(?:{every}) (?:(?P<number>{NUMBER}) )?(?P<unit>{UNIT})s?"):
        number = _number(match["number"] or "1")
        return f"FREQ={UNITS[match['unit']]}" + (f";INTERVAL={number}" if number > 1 else "")
    if match := line.take("|".join(ADVERBS)):
        return f"FREQ={ADVERBS[match[0]]}"
    return ""


def _number(text: str) -> int:
    return NUMBERS.get(text) or max(1, int(text))


def _next(day: int, today: date) -> date:
    """The next such day of the week, after today."""
    return today + timedelta(days=(day - today.weekday() - 1) % 7 + 1)


def until(line: Line, today: date, language: str) -> date | None:
    """The last day of a repetition."""
    if match := line.take(rf"(?:jusqu'au|jusqu'a|until|till) (?:le )?(?P<rest>{_named_day()})"):
        return _day_of_match(match, today)
    if match := line.take(rf"(?:jusqu'au|until|till) (?P<rest>{NUMERIC})"):
        return _numeric(match, today, language)
    return None


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


def days(line: Line, today: date, language: str) -> tuple[date, date] | None:
    """The first and the last day that the line says."""
    for reading in (_range, _relative, _single):
        if found := reading(line, today, language):
            return found
    return None


def _range(line: Line, today: date, _language: str) -> tuple[date, date] | None:
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


def _relative(line: Line, today: date, _language: str) -> tuple[date, date] | None:
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


def _single(line: Line, today: date, language: str) -> tuple[date, date] | None:
    after = "(?:a partir d[eu] |des |starting |from )?"
    weekday = rf"{after}(?:(?:le |on )?(?:{DAY}),? )?(?:le |on )?(?:the )?"
    if match := line.take(weekday + f"(?:{_named_day()})"):
        day = _day_of_match(match, today)
    elif match := line.take(weekday + f"(?:{NUMERIC})"):
        day = _numeric(match, today, language)
    elif match := line.take(rf"{after}(?:le |on |ce |this |next )?(?P<day>{DAY})(?: prochain| qui vient)?"):
        day = _next(DAYS[match["day"]], today)
    elif match := line.take(r"(?:le |on the )(?P<number>\d{1,2})(?:er|st|nd|rd|th)?(?! ?(?:heures|[ap]m))"):
        number = int(match["number"])
        day = next((each for n in range(62) if (each := today + timedelta(days=n)).day == number), None)
    else:
        return None
    return (day, day) if day else None


def hours(line: Line) -> tuple[time, time | None] | None:
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


def length(line: Line) -> timedelta | None:
    match = line.take(r"(?:pendant |for |duree )(?P<hours>\d{1,2}) ?(?:h|heures?|hours?)(?P<minutes>\d{2})?")
    if match:
        return timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    if match := line.take(r"(?:pendant |for |duree )(?P<minutes>\d{1,3}) ?(?:mn|min|minutes?)"):
        return timedelta(minutes=int(match["minutes"]))
    return None

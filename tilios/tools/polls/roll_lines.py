"""The roll and its colleges as pasted lines: read whole, with every fault told by its line, and nothing written.

Alice Moreau ; Salariat ; 2          a person of the structure, by name or address; college and voices may be left
bob@example.org                      out
Pierre, du club de vélo ; Usagers    anybody else, by name
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.kit.text import fold
from tilios.tools.polls import queries
from tilios.tools.polls.models import Poll

MOST_LINES = 20_000
MOST_VOICES = 1_000_000


@dataclass(frozen=True)
class Line:
    """One voter: `person` is a number, or None for a bare `name`; `college` a name, "" for none."""

    person: int | None
    name: str
    college: str = ""
    weight: int = 1


@dataclass(frozen=True)
class Fault:
    line: int
    message: str

    def __str__(self) -> str:
        return _("Line %(line)d: %(message)s") % {"line": self.line, "message": self.message}


def read_colleges(text: str) -> tuple[list[tuple[str, Decimal | None]], list[Fault]]:
    """Lines "name ; share": the colleges in their order, shares as percents or None, and the faults."""
    found: list[tuple[str, Decimal | None]] = []
    faults: list[Fault] = []
    for number, cells in _cells(text):
        name, share = cells[0][:80], cells[1].replace("%", "").replace(",", ".").strip() if len(cells) > 1 else ""
        try:
            percent = Decimal(share) if share else None
        except InvalidOperation:
            percent = Decimal(-1)
        if not name:
            faults.append(Fault(number, _("a college needs a name.")))
        elif fold(name) in {fold(other) for other, _share in found}:
            faults.append(Fault(number, _("the college “%(name)s” is there twice.") % {"name": name}))
        elif percent is not None and (not 0 < percent <= 100 or percent != round(percent, 2)):
            faults.append(Fault(number, _("the share is a percentage, such as 40 or 33.34.")))
        else:
            found.append((name, percent))
    return found, faults


def read_roll(text: str, colleges: list[str], poll: Poll) -> tuple[list[Line], list[Fault]]:
    """Lines "name or address ; college ; voices" of the roll of `poll`, and the faults. A few queries for all lines."""
    known = {fold(name): name for name in colleges}
    find = _finder(poll)
    found: list[Line] = []
    faults: list[Fault] = []
    seen: set[Any] = set()
    for number, cells in _cells(text):
        if number > MOST_LINES:
            faults.append(Fault(number, _("a roll has at most %d lines.") % MOST_LINES))
            break
        who, college, voices = (*cells, "", "")[:3]
        person, problem = find(who)
        key = person.pk if person else fold(who)
        if college and fold(college) not in known:
            problem = problem or _("there is no college “%(name)s” above.") % {"name": college[:60]}
        if voices and not (re.fullmatch(r"[0-9]{1,7}", voices) and 1 <= int(voices) <= MOST_VOICES):
            problem = problem or _("voices are a whole number, from 1.")
        if key in seen:
            problem = problem or _("“%(name)s” is there twice.") % {"name": who[:60]}
        if problem:
            faults.append(Fault(number, problem))
            continue
        seen.add(key)
        name = "" if person else who[:120]
        found.append(Line(person.pk if person else None, name, known.get(fold(college), ""), int(voices or 1)))
    return found, faults


def write_colleges(poll: Poll) -> str:
    """The colleges as the lines one would paste."""
    return "\n".join(
        college.name if college.share is None else f"{college.name} ; {college.share.normalize():f}"
        for college in poll.colleges.all()
    )


def write_roll(poll: Poll) -> str:
    """The roll as the lines one would paste: people of one name by their address."""
    rows = list(queries.roll_of(poll))
    names = [fold(row.display_name) for row in rows]
    twice = {name for name in names if names.count(name) > 1} if len(names) < 2000 else set(names)
    lines = []
    for row, name in zip(rows, names, strict=True):
        who = row.person.email if row.person and name in twice and row.person.email else row.display_name
        cells = [who, row.college.name if row.college else "", str(row.weight) if row.weight > 1 else ""]
        lines.append(" ; ".join(cells).rstrip("; "))
    return "\n".join(lines)


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """The lines that say something, with their number from 1, cut at semicolons or tabs."""
    lines = text.replace("\0", "").splitlines()
    return [
        (number, [" ".join(cell.split()) for cell in re.split(r"[;\t]", line)])
        for number, line in enumerate(lines, 1)
        if line.strip(" \t;")
    ]


def _finder(poll: Poll) -> Callable[[str], tuple[Person | None, str]]:
    """A function that gives the person of a name or an address, and what is wrong with it. Two queries in all."""
    by_name: dict[str, list[Person]] = {}
    by_email: dict[str, list[Person]] = {}
    on_roll = Person.objects.filter(pk__in=poll.roll.exclude(person=None).values("person"))
    for person in (active_people() | on_roll).distinct():
        by_name.setdefault(_key(person.display_name), []).append(person)
        if person.email:
            by_email.setdefault(person.email.lower(), []).append(person)

    def find(who: str) -> tuple[Person | None, str]:
        if not who:
            return None, _("write a name or an address first.")
        is_address = "@" in who
        people = by_email.get(who.lower(), []) if is_address else by_name.get(_key(who), [])
        if len(people) > 1:
            return None, _("several people are called “%(name)s”: write their address.") % {"name": who[:60]}
        if is_address and not people:
            return None, _("nobody here has the address “%(name)s”.") % {"name": who[:60]}
        return (people[0] if people else None), ""

    return find


def _key(name: str) -> str:
    return " ".join(sorted(fold(name).split()))

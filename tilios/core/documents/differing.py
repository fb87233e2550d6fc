"""Where two lists differ."""

from difflib import SequenceMatcher
from typing import Any

MOST = 2000  # to compare one by one; beyond, all that lies between the first difference and the last is one
Change = tuple[int, int, int, int]  # from, to in what was; from, to in what is


def changes(old: list[Any], new: list[Any]) -> list[Change]:
    """The parts that differ, in order."""
    first = last = 0
    shorter = min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    was, comes = old[first : len(old) - last], new[first : len(new) - last]
    if not was and not comes:
        return []
    if not was or not comes or len(was) + len(comes) > MOST:
        return [(first, first + len(was), first, first + len(comes))]
    codes = SequenceMatcher(None, was, comes, autojunk=False).get_opcodes()
    return [(a + first, b + first, c + first, d + first) for what, a, b, c, d in codes if what != "equal"]


def carried(before: list[str], after: list[str], present: list[str]) -> list[str]:
    """`present`, with what was changed from `before` to `after`; both stay where they were changed on both sides."""
    kept: dict[int, int] = {}
    done = 0
    for a, b, c, _d in [*changes(before, present), (len(before), len(before), len(present), len(present))]:
        kept |= {index: index + c - a for index in range(done, a)}
        done = b
    found = list(present)
    for a, b, c, d in reversed(changes(before, after)):
        places = [kept[index] for index in range(a, b) if index in kept]
        if places and len(places) == b - a and places[-1] == places[0] + b - a - 1:
            found[places[0] : places[-1] + 1] = after[c:d]
        else:
            place = next((kept[index] + 1 for index in reversed(range(b)) if index in kept), 0)
            found[place:place] = after[c:d]
    return found

"""Records that may be of the same member: alike by a mail address, or by their names and a birth date or a postcode."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from tilios.kit.alike import Pair, surest
from tilios.kit.text import fold, one_edit_variants, within_one_edit
from tilios.tools.members.models import NotSame, Record

#: An address that more share is that of an office, or of nobody.
MOST_ALIKE = 12
MOST_PAIRS = 500


@dataclass(frozen=True)
class Sketch:
    """What is compared of a record."""

    pk: int
    kind: str
    family: int | None
    name: str
    mails: frozenset[str]
    birth_date: date | None
    postcode: str


def pairs() -> list[Pair]:
    """The records of the register that look alike, the surest first. Two queries, whatever their number."""
    sketches = list(_sketches())
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for reason, alike in (("mail", _same_mail(sketches)), ("birth", _born(sketches)), ("postcode", _near(sketches))):
        for first, second in alike:
            low, high = sorted((first.pk, second.pk))
            if reason not in found[low, high]:
                found[low, high].append(reason)
    return surest(found, NotSame.objects.values_list("first", "second") if found else (), MOST_PAIRS)


def like(newcomers: list[Sketch]) -> dict[int, dict[int, list[str]]]:
    """For each of `newcomers`, by its number below zero: the records that look alike, by number, and why. One query."""
    mails = frozenset(mail for one in newcomers for mail in one.mails)
    days = {one.birth_date for one in newcomers if one.birth_date}
    places = {one.postcode for one in newcomers if one.postcode}
    near = [
        one for one in _sketches() if one.mails & mails or one.birth_date in days or one.postcode in places
    ] + newcomers  # fmt: skip
    found: dict[int, dict[int, list[str]]] = {one.pk: {} for one in newcomers}
    for reason, alike in (("mail", _same_mail(near)), ("birth", _born(near)), ("postcode", _near(near))):
        for pair in alike:
            low, high = sorted((pair[0].pk, pair[1].pk))
            if low < 0 < high:
                found[low].setdefault(high, []).append(reason)
    return found


def sketch(
    *, pk: int, kind: str, family: int | None, name: str, mails: Iterable[str], birth_date: date | None, postcode: str
) -> Sketch:
    """What is compared of somebody, made alike whatever the writing."""
    # In the order of the letters: "Dupont Camille" and "Camille Dupont" are one name.
    plain = " ".join(sorted(fold(name).replace("-", " ").split()))
    addresses = frozenset(mail.strip().lower() for mail in mails if "@" in mail)
    return Sketch(pk, kind, family, plain, addresses, birth_date, fold(postcode).replace(" ", ""))


def _sketches() -> Iterator[Sketch]:
    rows = Record.objects.order_by("pk").values_list(
        "pk", "kind", "family", "other_emails", "person__email", "person__given_name", "person__family_name",
        "person__display_name", "person__birth_date", "person__postcode",
    )  # fmt: skip
    for pk, kind, family, others, email, given, last, shown, born, postcode in rows.iterator(chunk_size=2000):
        yield sketch(
            pk=pk, kind=kind, family=family, name=f"{given} {last}".strip() or shown, mails=[email, *others],
            birth_date=born, postcode=postcode,
        )  # fmt: skip


def _same_mail(sketches: Iterable[Sketch]) -> Iterator[tuple[Sketch, Sketch]]:
    """Of one kind, and not of one family: families often share an address."""
    by_mail: dict[tuple[str, str], list[Sketch]] = defaultdict(list)
    for one in sketches:
        for mail in one.mails:
            by_mail[one.kind, mail].append(one)
    for alike in by_mail.values():
        if len(alike) <= MOST_ALIKE:
            for first, second in combinations(alike, 2):
                if first.family is None or first.family != second.family:
                    yield first, second


def _born(sketches: Iterable[Sketch]) -> Iterator[tuple[Sketch, Sketch]]:
    by_day: dict[tuple[str, date], list[Sketch]] = defaultdict(list)
    for one in sketches:
        if one.birth_date and one.name:
            by_day[one.kind, one.birth_date].append(one)
    for together in by_day.values():
        yield from _near_names(together)


def _near(sketches: Iterable[Sketch]) -> Iterator[tuple[Sketch, Sketch]]:
    by_place: dict[tuple[str, str], list[Sketch]] = defaultdict(list)
    for one in sketches:
        if one.postcode and one.name:
            by_place[one.kind, one.postcode].append(one)
    for together in by_place.values():
        for first, second in _near_names(together):
            # A father and his son: near names at one address, told apart by their birth dates.
            if not (first.birth_date and second.birth_date and first.birth_date != second.birth_date):
                yield first, second


def _near_names(together: list[Sketch]) -> Iterator[tuple[Sketch, Sketch]]:
    """Those whose names are one typo apart at most; time grows with their number, not with its square."""
    if len(together) < 2:
        return
    by_variant: dict[str, list[Sketch]] = defaultdict(list)
    for one in together:
        for variant in one_edit_variants(one.name):
            by_variant[variant].append(one)
    told: set[tuple[int, int]] = set()
    for alike in by_variant.values():
        if 1 < len(alike) <= MOST_ALIKE:
            for first, second in combinations(alike, 2):
                if (first.pk, second.pk) not in told and within_one_edit(first.name, second.name):
                    told.add((first.pk, second.pk))
                    yield first, second

"""Walk the chains of seals and name whatever does not hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from tilios.core.journal import anchor
from tilios.core.journal.models import Entry, Seal
from tilios.core.journal.sealing import chains, digest, hash_of, lateness
from tilios.core.structures.models import Structure

#: Marks "every chain" where None already means the instance's own.
EVERYTHING: Any = object()
#: Above so many altered entries in one seal, nobody asks any more which have changed places.
MANY = 50


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a chain: `what` is a word of the program, `message` a sentence."""

    chain: str  # slug of the structure, or "instance"
    what: str
    message: str
    entry: int | None = None
    seal: int | None = None

    def __str__(self) -> str:
        return f"{self.chain}: {self.message}"


def verify(structure: Structure | None = EVERYTHING) -> list[Problem]:
    """Everything wrong with the journal of `structure` (None: of the instance; nothing given: of all of them).

    Constant memory: one seal at a time, plus the numbers of the entries.
    """
    if structure is not EVERYTHING:
        return list(_Walk(structure).problems())
    found = [problem for one in chains() for problem in _Walk(one).problems()]
    return found + list(_orphans())


def _orphans() -> Iterator[Problem]:
    """Entries and seals of a structure that does not exist: their structure was removed behind the journal's back."""
    known = Structure.objects.values("pk")
    for model in (Entry, Seal):
        rows: QuerySet[Any] = model.objects.exclude(structure=None).exclude(structure__in=known)
        for number in rows.order_by().values_list("structure_id", flat=True).distinct():
            message = _("structure %(number)s has a journal but does not exist any more") % {"number": number}
            yield Problem(str(number), "orphan", message)
    kept = _anchors()
    if kept:
        numbers = {str(pk) for pk in Structure.objects.values_list("pk", flat=True)} | {"instance"}
        for chain in kept.keys() - numbers:
            message = _("the data folder remembers the journal of structure %(number)s, which does not exist any more")
            yield Problem(chain, "orphan", message % {"number": chain})


def _anchors() -> anchor.Anchors | None:
    try:
        return anchor.read()
    except ValueError:
        return {}


class _Walk:
    """One chain, from its first seal to its last."""

    def __init__(self, structure: Structure | None) -> None:
        self.structure = structure
        self.chain = structure.slug if structure else "instance"
        self.sealed: set[int] = set()
        self.last: Seal | None = None
        self.peaks: list[tuple[int, datetime]] = []  # (highest number, moment) of the seals walked

    def problems(self) -> Iterator[Problem]:
        for seal in Seal.objects.filter(structure=self.structure).order_by("number").iterator(chunk_size=20):
            yield from self._one(seal)
            self.last = seal
            self.peaks.append((seal.highest, seal.at))
        yield from self._inserted()
        yield from self._anchored()

    def _problem(self, what: str, message: str, **about: Any) -> Problem:
        return Problem(self.chain, what, message, **about)

    def _one(self, seal: Seal) -> Iterator[Problem]:
        expected = self.last.number + 1 if self.last else 1
        if seal.number != expected:
            missing = f"{expected}-{seal.number - 1}" if seal.number - 1 > expected else str(expected)
            message = _("seal %(missing)s has been removed") % {"missing": missing}
            yield self._problem("seal removed", message, seal=expected)
        elif seal.previous != (self.last.hash if self.last else ""):
            message = _("seal %(number)s does not follow the seal before it") % {"number": seal.number}
            yield self._problem("seal changed", message, seal=seal.number)
        numbers, digests = seal.entries, seal.digests
        if seal.hash != hash_of(seal) or len(numbers) != len(digests) or numbers != sorted(set(numbers)):
            message = _("seal %(number)s has been altered") % {"number": seal.number}
            yield self._problem("seal changed", message, seal=seal.number)
        yield from self._entries(seal)

    def _entries(self, seal: Seal) -> Iterator[Problem]:
        rows = {entry.pk: entry for entry in Entry.objects.filter(structure=self.structure, pk__in=seal.entries)}
        wrong: list[int] = []
        for number, expected in zip(seal.entries, seal.digests, strict=False):
            about = {"entry": number, "seal": seal.number}
            if number in self.sealed:
                message = _("entry %(entry)s stands in two seals") % about
                yield self._problem("seal changed", message, **about)
            self.sealed.add(number)
            entry = rows.get(number)
            if entry is None:
                message = _("entry %(entry)s, held by seal %(seal)s, has been removed") % about
                yield self._problem("entry removed", message, **about)
            elif digest(entry) != expected:
                wrong.append(number)
            elif self._is_backdated(entry):
                message = _("entry %(entry)s was put in after its time, among sealed entries") % about
                yield self._problem("entry inserted", message, **about)
        yield from self._altered(seal, rows, wrong)

    def _altered(self, seal: Seal, rows: dict[int, Entry], wrong: list[int]) -> Iterator[Problem]:
        """Say whether altered entries have only changed places: then each has the content of another."""
        for number in wrong:
            about = {"entry": number, "seal": seal.number}
            if len(wrong) <= MANY and self._content_of_another(rows[number], number, seal, wrong):
                message = _("entry %(entry)s, held by seal %(seal)s, has changed places with another") % about
                yield self._problem("entry reordered", message, **about)
            else:
                message = _("entry %(entry)s, held by seal %(seal)s, has been altered") % about
                yield self._problem("entry altered", message, **about)

    def _content_of_another(self, entry: Entry, number: int, seal: Seal, wrong: list[int]) -> bool:
        expected = dict(zip(seal.entries, seal.digests, strict=False))
        for other in wrong:
            if other != number:
                entry.pk = other
                if digest(entry) == expected[other]:
                    return True
        entry.pk = number
        return False

    def _is_backdated(self, entry: Entry) -> bool:
        """Whether an entry that appeared below numbers already sealed claims to be older than a late one may be."""
        passed = next((at for highest, at in self.peaks if highest > entry.pk), None)
        return passed is not None and entry.at < passed - lateness()

    def _inserted(self) -> Iterator[Problem]:
        """Entries that no seal holds though later ones have been sealed for long."""
        if self.last is None:
            return
        settled = [highest for highest, at in self.peaks if at < self.last.at - lateness()]
        floor = max(settled, default=0) if lateness() else self.last.highest
        numbers = Entry.objects.filter(structure=self.structure, pk__lt=floor).order_by("pk")
        for number in numbers.values_list("pk", flat=True).iterator():
            if number not in self.sealed:
                message = _("entry %(entry)s was put in among sealed entries") % {"entry": number}
                yield self._problem("entry inserted", message, entry=number)

    def _anchored(self) -> Iterator[Problem]:
        """Compare the end of the chain with what the data folder remembers."""
        try:
            anchors = anchor.read()
        except ValueError:
            yield self._problem("anchor", _("the file of anchors in the data folder cannot be read"))
            return
        # Asked again: a seal made while we walked is not one that was lost.
        newest = Seal.objects.filter(structure=self.structure).aggregate(newest=Max("number"))["newest"] or 0
        if anchors is None:
            if newest:
                yield self._problem("anchor", _("the file of anchors is missing from the data folder"))
            return
        kept = anchors.get(anchor.name_of(self.structure))
        if kept is None:
            return
        number = int(kept["number"])
        if number > newest:
            about = {"newest": newest, "kept": number}
            message = _(
                "the end of the chain has been cut off: its last seal is %(newest)s, the data folder remembers %(kept)s"
            )
            yield self._problem("cut off", message % about, seal=number)
        elif not Seal.objects.filter(structure=self.structure, number=number, hash=kept["hash"]).exists():
            message = _("seal %(number)s is not the one that the data folder remembers") % {"number": number}
            yield self._problem("seal changed", message, seal=number)

"""What each row would do: whom it is about, what it changes, what is wrong with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from tilios.core.people.actions.persons import shown_name
from tilios.core.people.imports.fields import FIELDS, comparable, group_names, stored
from tilios.core.people.imports.staging import problem
from tilios.core.people.models import ImportBatch, ImportRow, Membership, Outcome, Person
from tilios.kit.names import split_name
from tilios.kit.refusals import Refusal
from tilios.kit.text import fold

Identity = tuple[str, str, str]  # family name, given name, birth date


@dataclass
class Reading:
    """A row as its columns are understood."""

    values: dict[str, str] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)

    def fail(self, message: str, name: str = "", **params: Any) -> None:
        self.problems.append(problem("error", name, Refusal("", message, **params)))

    def warn(self, message: str, name: str = "", **params: Any) -> None:
        self.problems.append(problem("warning", name, Refusal("", message, **params)))

    @property
    def failed(self) -> bool:
        return any(found["level"] == "error" for found in self.problems)

    @property
    def email(self) -> str:
        return self.values.get("email", "")

    @property
    def identity(self) -> Identity:
        return identity(
            self.values.get("family_name", ""), self.values.get("given_name", ""), self.values.get("birth_date", "")
        )


def identity(family_name: str, given_name: str, birth_date: str) -> Identity:
    return fold(family_name).strip(), fold(given_name).strip(), birth_date


def read_row(columns: Sequence[str], cells: Sequence[str]) -> Reading:
    """Read the cells; empty ones say nothing: an import never empties a field."""
    reading = Reading()
    for name, cell in zip(columns, cells, strict=False):
        if not name or not cell.strip():
            continue
        if name == "groups":
            reading.groups = group_names(cell)
            continue
        try:
            reading.values[name] = FIELDS[name].value(cell)
        except Refusal as refusal:
            reading.problems.append(problem("error", name, refusal))
    values = reading.values
    if second := values.pop("street_2", ""):
        values["street"] = f"{values.get('street', '')}\n{second}".strip()
    if "display_name" in values and not {"given_name", "family_name"} & set(values):
        given, family = split_name(values["display_name"])
        values.update({key: part[:80] for key, part in (("given_name", given), ("family_name", family)) if part})
    if not {"given_name", "family_name", "display_name", "organisation"} & set(values) and not reading.failed:
        reading.fail(gettext_noop("No name."))
    return reading


class Known:
    """Who is in the structure already, and which lines of the file were met: by address, by name and birth date."""

    def __init__(self, made_here: QuerySet) -> None:
        """`made_here`: the people that this very import has made, which it does not meet again."""
        self.by_email: dict[str, list[int]] = {}
        self.by_identity: dict[Identity, list[int]] = {}
        self.by_name: dict[tuple[str, str], list[int]] = {}
        self.lines: dict[Any, int] = {}
        people = Person.objects.filter(visit_ends_at=None).exclude(pk__in=made_here.values("person"))
        fields = ("pk", "email", "family_name", "given_name", "birth_date")
        for pk, email, family, given, birth in people.values_list(*fields).iterator(chunk_size=5_000):
            if email:
                self.by_email.setdefault(email.lower(), []).append(pk)
            key = identity(family, given, birth.isoformat() if birth else "")
            if birth:
                self.by_identity.setdefault(key, []).append(pk)
            if family and given:
                self.by_name.setdefault(key[:2], []).append(pk)

    def met(self, row: ImportRow, reading: Reading) -> None:
        """Say so when an earlier line is about the same person; remember this one."""
        family, given, birth = reading.identity
        if reading.email:
            self._once(row, reading, ("email", reading.email), _SAME_ADDRESS)
        elif family and given and birth:
            self._once(row, reading, ("identity", reading.identity), _SAME_PERSON)
        elif not reading.failed:
            self._once(row, reading, ("line", tuple(sorted(reading.values.items()))), _SAME_LINE)

    def candidates(self, reading: Reading) -> tuple[list[int], list[int]]:
        """Numbers of the people the row is surely about, and of those who only have the same name."""
        family, given, birth = reading.identity
        if numbers := self.by_email.get(reading.email):
            return numbers, []
        if family and given and birth and (numbers := self.by_identity.get(reading.identity)):
            return numbers, []
        return [], self.by_name.get((family, given), [])

    def _once(self, row: ImportRow, reading: Reading, key: Any, message: str) -> None:
        line = self.lines.setdefault(key, row.number)
        if line != row.number:
            reading.fail(message, line=line)


_SAME_ADDRESS = gettext_noop(
    "Same address as line %(line)s. If two people share it, leave it to one of them and empty it for the other."
)
_SAME_PERSON = gettext_noop("Same name and birth date as line %(line)s.")
_SAME_LINE = gettext_noop("Same as line %(line)s.")
_TWO_WITH_ADDRESS = gettext_noop("Several people already have this address: it does not say which one this is.")
_TWO_LIKE_THIS = gettext_noop("Several people already have this name and this birth date.")
_ABOVE = gettext_noop("This person has a higher role than whoever imports.")
_NAMESAKE = gettext_noop("Somebody of the same name is already there: this line adds another person.")
_BY_NAME = gettext_noop("Recognised by name alone: nothing in the record says otherwise.")


class Judge:
    """Gives each row its outcome, in the order of the file. Writes nothing."""

    def __init__(self, batch: ImportBatch, *, power: int) -> None:
        self.columns = batch.columns
        self.power = power
        self.known = Known(ImportRow.objects.filter(batch=batch, applied=True, outcome=Outcome.CREATED))
        self.target_group = batch.group_id
        self.groups_by_name: dict[str, int] = {}

    def remember(self, rows: Iterable[ImportRow]) -> None:
        """Take notice of rows that were brought in before a restart."""
        for row in rows:
            self.known.met(row, read_row(self.columns, row.cells))

    def judge(self, rows: list[ImportRow]) -> list[Reading]:
        """Set outcome, values, before, problems and person of each row. Three queries for all of them."""
        readings = [self._read(row) for row in rows]
        found = [([], []) if reading.failed else self.known.candidates(reading) for reading in readings]
        wanted = {pk for surely, perhaps in found for pk in (*surely, *perhaps)}
        people = Person.objects.select_for_update().in_bulk(wanted) if wanted else {}
        for row, reading, (surely, perhaps) in zip(rows, readings, found, strict=True):
            self._decide(
                row,
                reading,
                [people[pk] for pk in surely if pk in people],
                [people[pk] for pk in perhaps if pk in people],
            )
        self._notice_new_memberships(rows, readings)
        return readings

    def _read(self, row: ImportRow) -> Reading:
        reading = read_row(self.columns, row.cells)
        if spoilt := [found for found in row.problems if found.get("of_file")]:
            reading.problems = spoilt
        self.known.met(row, reading)
        return reading

    def _decide(self, row: ImportRow, reading: Reading, people: list[Person], namesakes: list[Person]) -> None:
        person = None if reading.failed else choose(reading, people, namesakes)
        row.before, row.person = {}, None
        if reading.failed:
            row.outcome, row.values = Outcome.ERROR, {}
        elif person is None:
            row.outcome, row.values = Outcome.CREATED, as_created(reading.values)
        else:
            row.person = person
            row.values = changes(person, reading.values)
            row.before = {name: stored(name, getattr(person, name)) for name in row.values}
            row.outcome = Outcome.CHANGED if row.values else Outcome.UNCHANGED
            if row.values and person.role > self.power:
                reading.fail(_ABOVE)
                row.outcome, row.values, row.before = Outcome.ERROR, {}, {}
        row.problems = reading.problems

    def _notice_new_memberships(self, rows: list[ImportRow], readings: list[Reading]) -> None:
        """A row that changes nothing but puts somebody in a group does change something."""
        known = [row.person_id for row in rows if row.outcome == Outcome.UNCHANGED and row.person_id]
        if not known or not (self.target_group or any(reading.groups for reading in readings)):
            return
        inside: dict[int, set[str]] = {}
        places = Membership.objects.filter(person__in=known).values_list("person_id", "group_id", "group__name")
        for person_id, group_id, name in places:
            inside.setdefault(person_id, set()).update({str(group_id), fold(name)})
        for row, reading in zip(rows, readings, strict=True):
            if row.outcome == Outcome.UNCHANGED and row.person_id:
                wanted = {fold(name) for name in reading.groups}
                wanted |= {str(self.target_group)} if self.target_group else set()
                if wanted - inside.get(row.person_id, set()):
                    row.outcome = Outcome.CHANGED


def choose(reading: Reading, people: list[Person], namesakes: list[Person]) -> Person | None:
    """The person the row is about, None for somebody new; a failure in `reading` when it cannot be told."""
    if len(people) == 1:
        return people[0]
    if people:
        alike = [one for one in people if identity(one.family_name, one.given_name, "")[:2] == reading.identity[:2]]
        if len(alike) == 1:
            return alike[0]
        reading.fail(_TWO_WITH_ADDRESS if reading.email else _TWO_LIKE_THIS, "email" if reading.email else "")
        return None
    if len(namesakes) == 1 and not reading.email and not reading.identity[2]:
        only = namesakes[0]
        if all(not stored(name, getattr(only, name)) for name in changes(only, reading.values)):
            reading.warn(_BY_NAME)
            return only
    if namesakes:
        reading.warn(_NAMESAKE)
    return None


def as_created(values: dict[str, str]) -> dict[str, str]:
    """What a new record is made of: the values, and the name shown."""
    name = shown_name(
        values.get("display_name", ""),
        values.get("given_name", ""),
        values.get("family_name", ""),
        values.get("organisation", ""),
    )
    return {**values, "display_name": name}


def changes(person: Person, values: dict[str, str]) -> dict[str, Any]:
    """What `values` changes in the record of `person`; the name shown follows, unless it was chosen."""
    new = {
        name: value
        for name, value in values.items()
        if name != "display_name" and comparable(name, value) != comparable(name, getattr(person, name))
    }
    automatic = shown_name("", person.given_name, person.family_name, person.organisation)
    if {"given_name", "family_name"} & set(new) and person.display_name == automatic:
        new["display_name"] = shown_name(
            "", new.get("given_name", person.given_name), new.get("family_name", person.family_name)
        )
    return new

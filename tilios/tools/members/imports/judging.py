"""What each row would do: whom it is about, what it changes in the register, what is wrong with it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_noop

from tilios.core.people.imports.fields import stored
from tilios.core.people.imports.judging import Known, as_created, changes, choose
from tilios.core.people.models import Membership, Outcome, Person
from tilios.kit.text import fold, words
from tilios.tools.members.imports import comparing
from tilios.tools.members.imports.columns import COLUMNS, own_columns
from tilios.tools.members.imports.duesjudging import DuesJudge
from tilios.tools.members.imports.rowreading import MemberReading, kept, read_row
from tilios.tools.members.models import Known as Choice
from tilios.tools.members.models import MemberImport, MemberImportRow, Record

_SAME = gettext_noop("Same person as line %(line)s.")
_UNKNOWN = gettext_noop("No member of the file or of the register has the identifier %(number)s.")
_FAILED = gettext_noop("The member of line %(line)s is in error: these dues wait for it.")
_NUMBER = gettext_noop("Another member has the number %(number)s: a new number is given.")
_LEFT_AS_IS = gettext_noop("Already in the register: left as they are.")
_AGAIN = gettext_noop("Already in the register: entered a second time.")
_SHARED = gettext_noop("Somebody of another first name has this address: this line is about somebody else.")
_ABOVE = gettext_noop("This person has a higher role than whoever imports.")


class Register(Known):
    """Who is in the register or the structure already, and which lines of the file were met."""

    def __init__(self, batch: MemberImport) -> None:
        mine = MemberImportRow.objects.filter(batch=batch, applied=True, made="person")
        super().__init__(mine)
        self.numbers: dict[str, int] = {}
        self.organisations: dict[str, list[int]] = {}
        nameless = Person.objects.filter(given_name="", family_name="").exclude(organisation="")
        self.line_of: dict[Any, int] = {}
        self.by_id: dict[str, int] = {}  # identifier in the other program -> person, once brought in
        self.failed: set[int] = set()
        self.person_of: dict[int, int] = {}  # line -> person, once brought in
        self.left_alone: set[int] = set()
        nameless = nameless.exclude(pk__in=mine.values("person"))
        for pk, name in nameless.values_list("pk", "organisation"):
            self.organisations.setdefault(fold(name).strip(), []).append(pk)
        made_here = MemberImportRow.objects.filter(batch=batch, applied=True).exclude(made="")
        others = Record.objects.exclude(pk__in=made_here.values("record"))
        for number, person in others.values_list("number", "person").iterator(chunk_size=5_000):
            self.numbers[number] = person

    def earlier(self, row: MemberImportRow, reading: MemberReading) -> int | None:
        """The line of the file that is about the same member, or None; this one is remembered."""
        family, given, birth = reading.identity
        keys: list[Any] = [("id", reading.member_id)] if reading.member_id else []
        if not reading.is_dues_alone:
            if reading.email and not reading.member_id:
                keys.append(("email", reading.email, family, given))
            if family and given and birth and not reading.member_id:
                keys.append(("identity", reading.identity))
        line = next((self.line_of[key] for key in keys if key in self.line_of), None)
        if line is None and not reading.is_dues_alone:
            for key in keys:
                self.line_of[key] = row.number
        return line

    def brought(self, row: MemberImportRow, reading: MemberReading) -> None:
        """Remember who a row is about, now that they are there."""
        if row.person_id:
            self.person_of[row.number] = row.person_id
            if reading.member_id and not reading.is_dues_alone:
                self.by_id[reading.member_id] = row.person_id


class Judge:
    """Gives each row its outcome, in the order of the file. Writes nothing."""

    def __init__(self, batch: MemberImport, *, power: int) -> None:
        self.batch = batch
        self.power = power
        self.known = Register(batch)
        self.columns = {**COLUMNS, **own_columns()}
        self.line_followed: dict[int, int] = {}  # row -> the earlier line about the same member
        self.dues = DuesJudge(batch) if batch.takes_dues else None

    def remember(self, rows: Iterable[MemberImportRow]) -> None:
        """Take notice of rows that were brought in before a restart."""
        for row in rows:
            reading = self._read(row)
            line = self.known.earlier(row, reading)
            if row.person_id and line is None:
                self.known.brought(row, reading)
            if row.outcome == Outcome.ERROR:
                self.known.failed.add(row.number)
            elif self._is_left_alone(row):
                self.known.left_alone.add(row.number)
            if self.dues is not None:
                self.dues.remember(row, line or row.number)

    def judge(self, rows: list[MemberImportRow]) -> list[MemberReading]:
        """Set outcome, values, before, problems, person and record of each row. Six queries for all of them."""
        readings = [self._read(row) for row in rows]
        earlier = [self.known.earlier(row, reading) for row, reading in zip(rows, readings, strict=True)]
        found = [self._candidates(reading, line) for reading, line in zip(readings, earlier, strict=True)]
        wanted = {pk for surely, perhaps in found for pk in (*surely, *perhaps)}
        wanted |= {self.known.person_of[line] for line in earlier if line in self.known.person_of}
        people = Person.objects.select_for_update().in_bulk(wanted) if wanted else {}
        records = Record.objects.filter(person__in=people).select_related("status", "family", "payer")
        self.records = {record.person_id: record for record in records}
        self.said = comparing.answers(self.records.values()) if self.records else {}
        self.places = self._places(people)
        for row, reading, line, (surely, perhaps) in zip(rows, readings, earlier, found, strict=True):
            row.before, row.person, row.record, row.values, row.made = {}, None, None, {}, ""
            if line is not None:
                self._follow(row, reading, line, people)
            else:
                self._decide(
                    row,
                    reading,
                    [people[pk] for pk in surely if pk in people],
                    [people[pk] for pk in perhaps if pk in people],
                )
            row.problems = reading.problems
        return readings

    def _read(self, row: MemberImportRow) -> MemberReading:
        reading = read_row(self.batch.columns, row.cells, self.columns)
        if spoilt := [found for found in row.problems if found.get("of_file")]:
            reading.problems = spoilt
        if not self.batch.takes_dues and not reading.is_dues_alone:
            reading.dues = {}
        return reading

    def _places(self, people: dict[int, Person]) -> dict[int, dict[str, bool]]:
        """For each person, the groups they are in, folded, and whether they manage each."""
        found: dict[int, dict[str, bool]] = {}
        rows = Membership.objects.filter(person__in=people).values_list("person_id", "group__name", "is_manager")
        for person, name, manages in rows:
            found.setdefault(person, {})[fold(name)] = manages
        return found

    def _candidates(self, reading: MemberReading, line: int | None) -> tuple[list[int], list[int]]:
        """Numbers of the people the row is surely about, and of those who only have the same name."""
        if line is not None or reading.failed:
            return [], []
        holder = self.known.numbers.get(reading.register.get("number") or reading.member_id)
        if reading.is_dues_alone:
            return [holder] if holder else [], []
        surely, perhaps = self.known.candidates(reading)
        family, given, _birth = reading.identity
        if not surely and not family and not given:
            surely = self.known.organisations.get(fold(reading.values.get("organisation", "")).strip(), [])
        # A number says who it is when the name agrees: other registers count from one too.
        if holder and holder in {*surely, *self.known.by_name.get((family, given), [])}:
            return [holder], []
        return surely, perhaps

    def _follow(self, row: MemberImportRow, reading: MemberReading, line: int, people: dict[int, Person]) -> None:
        """A row about the member of an earlier line: it adds dues, or nothing."""
        self.line_followed[row.number] = line
        if line in self.known.failed:
            reading.fail(_FAILED, line=line)
        elif not reading.dues:
            reading.fail(_SAME, line=line)
        person = people.get(self.known.person_of.get(line, 0))
        row.person, row.record = person, self.records.get(person.pk) if person else None
        row.outcome = Outcome.ERROR if reading.failed else Outcome.UNCHANGED
        if line in self.known.left_alone:
            reading.warn(_LEFT_AS_IS)
        elif not reading.failed:
            self._add_dues(row, reading, line)

    def _decide(
        self, row: MemberImportRow, reading: MemberReading, people: list[Person], namesakes: list[Person]
    ) -> None:
        if reading.is_dues_alone and not people and not reading.failed:
            reading.fail(_UNKNOWN, "member_id", number=reading.member_id)
        if shared := [one for one in people if not _agrees(one, reading)]:
            people = [one for one in people if one not in shared]
            reading.warn(_SHARED, "email")
        person = None if reading.failed else choose(reading, people, namesakes)
        record = self.records.get(person.pk) if person else None
        if person is not None and record is not None and not reading.is_dues_alone:
            if self.batch.known == Choice.SKIP:
                reading.warn(_LEFT_AS_IS)
                self.known.left_alone.add(row.number)
                row.person, row.record, row.outcome = person, record, Outcome.UNCHANGED
                return
            if self.batch.known == Choice.NEW:
                reading.warn(_AGAIN)
                person = record = None
        if reading.failed:
            row.outcome = Outcome.ERROR
            self.known.failed.add(row.number)
            return
        self._number(reading, person)
        row.person, row.record = person, record
        if reading.is_dues_alone:
            row.outcome = Outcome.UNCHANGED
        elif record is None:
            self._enter(row, reading, person)
        else:
            self._change(row, reading, record)
        if person is not None and row.values and person.role > self.power and set(row.values) & set(reading.values):
            reading.fail(_ABOVE)
            row.outcome, row.values, row.before = Outcome.ERROR, {}, {}
            self.known.failed.add(row.number)
            return
        self._add_dues(row, reading, row.number)

    def _number(self, reading: MemberReading, person: Person | None) -> None:
        """A number that somebody else has is given up."""
        number = reading.register.get("number", "")
        holder = self.known.numbers.get(number)
        if not number or reading.is_dues_alone:
            return
        if holder is not None and (person is None or holder != person.pk):
            reading.warn(_NUMBER, "number", number=number)
            del reading.register["number"]
        elif holder is None:
            self.known.numbers[number] = person.pk if person else 0

    def _enter(self, row: MemberImportRow, reading: MemberReading, person: Person | None) -> None:
        """Somebody who is not in the register: `person` of the structure, or somebody new."""
        row.outcome, row.made = Outcome.CREATED, "record" if person else "person"
        values = kept(reading)
        if person is None:
            row.values = {**values, **as_created(reading.values)}
            return
        new = changes(person, reading.values)
        row.values = {**{name: value for name, value in values.items() if name not in reading.values}, **new}
        row.before = {name: stored(name, getattr(person, name)) for name in new}

    def _change(self, row: MemberImportRow, reading: MemberReading, record: Record) -> None:
        new: dict[str, Any] = changes(row.person, reading.values) if row.person else {}
        row.before = {name: stored(name, getattr(row.person, name)) for name in new}
        for name, (before, after) in comparing.changes(record, reading, self.said.get(record.pk, {})).items():
            new[name], row.before[name] = after, before
        row.values = new
        there = self.places.get(record.person_id, {})
        joins = {fold(name) for name in reading.groups} - set(there)
        leads = {fold(name) for name in reading.managed} - {name for name, manages in there.items() if manages}
        row.outcome = Outcome.CHANGED if new or joins or leads else Outcome.UNCHANGED

    def _add_dues(self, row: MemberImportRow, reading: MemberReading, line: int) -> None:
        if self.dues is None or not reading.dues:
            return
        row.values = {**row.values, **self.dues.judge(row, reading, line)}
        if reading.failed:
            row.outcome, row.values, row.before = Outcome.ERROR, {}, {}
            if line == row.number:
                self.known.failed.add(line)
        elif "dues_kind" in row.values and row.outcome == Outcome.UNCHANGED:
            row.outcome = Outcome.CREATED if reading.is_dues_alone else Outcome.CHANGED

    @staticmethod
    def _is_left_alone(row: MemberImportRow) -> bool:
        return any(found["message"] == _LEFT_AS_IS for found in row.problems)


def _agrees(person: Person, reading: MemberReading) -> bool:
    """Whether the first names do not tell two people apart: those of one household share an address."""
    given = words(reading.values.get("given_name", ""))
    return not given or not person.given_name or given == words(person.given_name)

"""The columns of the list and of its sheets: those every register has, and the fields of the structure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.core.people.models import Person
from tilios.kit.expressions import years_between
from tilios.kit.sheets import Cell
from tilios.tools.members import rules
from tilios.tools.members.models import Access, Answer, Field, Record
from tilios.tools.members.queries.answers import Trouble, answers_of, fields, shown
from tilios.tools.members.queries.listing import EXEMPT, LATE, LEFT, NEVER, UP_TO_DATE, groups_of_each, standing_of
from tilios.tools.members.rules import Reach

FOREVER = date(9999, 12, 31)
STANDING_WORDS = {
    UP_TO_DATE: gettext_lazy("Up to date"),
    LATE: gettext_lazy("Late"),
    NEVER: gettext_lazy("Never paid"),
    EXEMPT: gettext_lazy("Owes no dues"),
    LEFT: gettext_lazy("Has left"),
}


@dataclass(frozen=True)
class Row:
    """A record with what its cells need."""

    record: Record
    groups: list[str]
    answers: dict[str, Any]
    standing: str


@dataclass(frozen=True)
class Column:
    """`cell(row)` gives a value of kit/sheets; `least` is the reach below which the column is not offered."""

    key: str
    label: Any
    cell: Callable[[Row], Cell]
    least: Reach = Reach.GROUP
    sort: str = ""  # of queries/listing.SORTS
    field: Field | None = None


def _record(name: str) -> Callable[[Row], Cell]:
    return lambda row: getattr(row.record, name)


def _person(name: str) -> Callable[[Row], Cell]:
    return lambda row: getattr(row.record.person, name)


def _years(day: date | None) -> int | None:
    return years_between(day, timezone.localdate()) if day else None


def _paid_until(row: Row) -> Cell:
    return _("For life") if row.record.due_on == FOREVER else row.record.due_on


BUILT_IN = (
    Column("number", gettext_lazy("number"), _record("number"), sort="numero"),
    Column("status", pgettext_lazy("of a member", "status"), lambda row: str(row.record.status or ""), sort="statut"),
    Column("standing", gettext_lazy("dues"), lambda row: str(STANDING_WORDS[row.standing])),
    Column("due_on", gettext_lazy("dues paid until"), _paid_until, sort="echeance"),
    Column("kind", gettext_lazy("kind"), lambda row: row.record.get_kind_display()),
    Column("given_name", gettext_lazy("first name"), _person("given_name")),
    Column("family_name", gettext_lazy("last name"), _person("family_name")),
    Column("organisation", gettext_lazy("organisation"), _person("organisation")),
    Column("email", gettext_lazy("email"), _person("email")),
    Column("phone", gettext_lazy("phone"), _person("phone")),
    Column("mobile", gettext_lazy("mobile"), _person("mobile")),
    Column("street", gettext_lazy("address"), _person("street")),
    Column("postcode", gettext_lazy("postcode"), _person("postcode")),
    Column("town", gettext_lazy("town"), _person("town"), sort="ville"),
    Column("country", gettext_lazy("country"), _person("country")),
    Column("groups", pgettext_lazy("of a person", "groups"), lambda row: ", ".join(row.groups)),
    Column("joined_on", gettext_lazy("member since"), _record("joined_on"), sort="arrivee"),
    Column("left_on", gettext_lazy("left on"), _record("left_on")),
    Column("age", gettext_lazy("age"), lambda row: _years(row.record.person.birth_date), Reach.MONEY),
    Column("birth_date", gettext_lazy("birth date"), _person("birth_date"), Reach.MONEY),
    Column("seniority", gettext_lazy("seniority in years"), lambda row: _years(row.record.joined_on)),
    Column("family", gettext_lazy("family"), lambda row: str(row.record.family or ""), Reach.MONEY),
    Column("payer", gettext_lazy("paid by"), lambda row: str(row.record.payer or ""), Reach.MONEY),
    Column("profession", gettext_lazy("profession"), _record("profession"), Reach.MONEY),
    Column("website", gettext_lazy("website"), _record("website"), Reach.MONEY),
    Column("siret", gettext_lazy("SIRET or RNA number"), _record("siret"), Reach.MONEY),
    Column("head_count", gettext_lazy("number of people"), _record("head_count"), Reach.MONEY),
    Column("newsletter", gettext_lazy("receives the newsletter"), _record("newsletter"), Reach.MONEY),
    Column("photos_allowed", gettext_lazy("may be seen on photographs"), _record("photos_allowed"), Reach.MONEY),
    Column("in_directory", gettext_lazy("shown to the other members"), _record("in_directory"), Reach.MONEY),
    Column("in_public_list", gettext_lazy("shown in the public list"), _record("in_public_list"), Reach.MONEY),
    Column("public_note", gettext_lazy("note that they read"), _record("public_note"), Reach.MONEY),
)
FIRST = ("number", "status", "town", "standing")


def columns_for(reader: Person) -> list[Column]:
    """The columns that `reader` of a list may have, the fields of the structure last. One query."""
    everything = rules.keeps_register(reader) or rules.keeps_money(reader)
    reach = Reach.MONEY if everything else Reach.GROUP
    own = [
        Column(f"champ-{field.key}", field.name, _answer(field, reader), field=field)
        for field in fields()
        if rules.keeps_register(reader) or field.seen_by == Access.MEMBERS
    ]
    return [*(column for column in BUILT_IN if column.least <= reach), *own]


def chosen(offered: Iterable[Column], keys: Iterable[str]) -> list[Column]:
    """The columns of these keys, in the order of `offered`; those shown at first where none is known."""
    offered = list(offered)
    wanted = set(keys) & {column.key for column in offered}
    if wanted:
        return [column for column in offered if column.key in wanted]
    return [column for column in offered if column.key in FIRST or (column.field is not None and column.field.in_list)]


def rows_of(records: Iterable[Record], columns: Iterable[Column]) -> list[Row]:
    """The records with what `columns` need of them. At most five queries, however many records."""
    records, columns = list(records), list(columns)
    asked = [column.field for column in columns if column.field is not None]
    answers = answers_of(records, asked) if asked else {}
    groups = groups_of_each(records) if any(column.key == "groups" for column in columns) else {}
    today = timezone.localdate()
    return [
        Row(record, groups.get(record.pk, []), answers.get(record.pk, {}), standing_of(record, today))
        for record in records
    ]


def sheet(records: Iterable[Record], columns: Iterable[Column]) -> list[list[Cell]]:
    """The head and the rows of a sheet: the name, then the columns."""
    columns = list(columns)
    heads: list[Cell] = [_("Name"), *(str(column.label).capitalize() for column in columns)]
    rows = rows_of(records, columns)
    return [heads, *([row.record.person.display_name, *_cells(row, columns)] for row in rows)]


def _answer(field: Field, reader: Person) -> Callable[[Row], Cell]:
    def cell(row: Row) -> Cell:
        value = row.answers.get(field.key)
        # SECURITY: a column is offered for some records, and each cell asked for itself.
        if value is None or not rules.sees_field(reader, row.record, field):
            return None
        return shown(value) if isinstance(value, (list, tuple, Answer, Trouble)) else value

    return cell


def _cells(row: Row, columns: list[Column]) -> list[Cell]:
    values = (column.cell(row) for column in columns)
    return [shown(value) if isinstance(value, bool) else value for value in values]

"""A row of the file as its columns are understood: a member, dues, or both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from tilios.core.people.imports.fields import group_names
from tilios.core.people.imports.judging import Reading
from tilios.core.people.imports.staging import problem
from tilios.kit.names import split_name
from tilios.kit.refusals import Refusal
from tilios.tools.members.imports.columns import Column

NAMES = {"given_name", "family_name", "display_name", "organisation"}


@dataclass
class MemberReading(Reading):
    """`values` holds the fields of the person; the rest is by the name of its column."""

    register: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    dues: dict[str, str] = field(default_factory=dict)
    managed: list[str] = field(default_factory=list)

    @property
    def member_id(self) -> str:
        return self.register.get("member_id", "")

    @property
    def is_dues_alone(self) -> bool:
        """Whether the row only says what a member of another row has paid."""
        return bool(self.dues and self.member_id and not NAMES & set(self.values))


def read_row(columns: Sequence[str], cells: Sequence[str], known: Mapping[str, Column]) -> MemberReading:
    """Read the cells; empty ones say nothing: an import never empties a field."""
    reading = MemberReading()
    for name, cell in zip(columns, cells, strict=False):
        column = known.get(name)
        if column is None or not cell.strip():
            continue
        if name in {"groups", "managed_groups"}:
            setattr(reading, {"groups": "groups", "managed_groups": "managed"}[name], group_names(cell))
            continue
        try:
            value = column.value(cell)
        except Refusal as refusal:
            reading.problems.append(problem("error", name, refusal))
            continue
        if value:
            _put(reading, column, value)
    _complete(reading)
    return reading


def _put(reading: MemberReading, column: Column, value: str) -> None:
    kept = {"person": reading.values, "dues": reading.dues, "own": reading.answers}.get(column.part, reading.register)
    if column.part != "new":
        kept[column.name] = value


def _complete(reading: MemberReading) -> None:
    """What follows of what the cells say: names, the number, whether they have left."""
    values, register = reading.values, reading.register
    if second := values.pop("street_2", ""):
        values["street"] = f"{values.get('street', '')}\n{second}".strip()
    if register.get("is_organisation") == "1" and not values.get("organisation"):
        # An organisation without a name of its own has that of the columns of people.
        whole = f"{values.pop('given_name', '')} {values.pop('family_name', '')}".strip()
        if whole := values.pop("display_name", "") or whole:
            values["organisation"] = whole[:120]
    if "display_name" in values and not {"given_name", "family_name"} & set(values):
        given, family = split_name(values["display_name"])
        values.update({key: part[:80] for key, part in (("given_name", given), ("family_name", family)) if part})
    if not reading.is_dues_alone and not NAMES & set(values) and not reading.failed:
        reading.fail(gettext_noop("No name."))
    if "number" not in register and reading.member_id.isdigit() and not reading.is_dues_alone:
        register["number"] = reading.member_id[:20]


def kept(reading: MemberReading) -> dict[str, Any]:
    """Everything the reading says of the member, flat, by the name of its column."""
    return {**reading.values, **reading.register, **reading.answers}

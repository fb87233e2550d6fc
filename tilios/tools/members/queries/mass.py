"""What may be changed of many records at once, of which records, and what a change would do to each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings as configured
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tilios.core.access.roles import may
from tilios.core.people.models import Membership, Outcome, Person
from tilios.tools.members.imports import comparing
from tilios.tools.members.imports.columns import CHECKS
from tilios.tools.members.models import Field, FieldKind, MassEdit, MassEditRow, Opened, Record
from tilios.tools.members.queries.past import label_of

STATUS, LANGUAGE, LEFT, GROUP_IN, GROUP_OUT, FIELD = "status", "language", "left_on", "group-in", "group-out", "field:"
REFUSALS = {
    "gone": gettext_lazy("Has left already."),
    "before": gettext_lazy("Joined after this day."),
    "manager": gettext_lazy("Manages this group."),
    "dues": gettext_lazy("Their dues open this group."),
}


@dataclass(frozen=True)
class Thing:
    """Something to change; `field` where it is one of the structure's own."""

    key: str
    label: str
    section: str
    field: Field | None = None


def things(person: Person) -> list[Thing]:
    """What `person` may change of many records. One query."""
    register, agreed, own = _("In the association"), _("What they agree to"), _("Your fields")
    found = [
        Thing(STATUS, pgettext("of a member", "status"), register),
        Thing("is_exempt", label_of("is_exempt"), register),
        Thing(LEFT, _("mark as gone"), register),
        Thing(LANGUAGE, label_of(LANGUAGE), register),
        *(Thing(n, label_of(n), agreed) for n in ("newsletter", "photos_allowed", "in_directory", "in_public_list")),
    ]
    if may(person, "portal.edit_people"):
        groups = _("Groups")
        found += [Thing(GROUP_IN, _("put in a group"), groups), Thing(GROUP_OUT, _("take out of a group"), groups)]
    fields = Field.objects.exclude(kind__in=(FieldKind.FILE, FieldKind.FORMULA))
    return found + [Thing(f"{FIELD}{field.key}", field.name, own, field) for field in fields]


def thing(key: str, person: Person) -> Thing | None:
    return next((one for one in things(person) if one.key == key), None)


def edits() -> QuerySet[MassEdit]:
    """Every change of many records, the newest first, with who made it."""
    return MassEdit.objects.select_related("created_by")


def judge(edit: MassEdit, rows: Iterable[MassEditRow], records: dict[int, Record]) -> None:
    """Say in each row what the change does to its record as it stands. Two queries at most."""
    rows = list(rows)
    facts = _facts(edit, records)
    for row in rows:
        row.values, row.before, row.problems = {}, {}, []
        row.outcome = Outcome.UNCHANGED
        if edit.thing in (GROUP_IN, GROUP_OUT):
            _judge_place(edit, row, facts)
        else:
            _judge_values(edit, row, records[row.record_id], facts)


def _facts(edit: MassEdit, records: dict[int, Record]) -> Any:
    """What is read of all the records at once: places in the group, or answers."""
    if edit.thing.startswith(FIELD):
        return comparing.answers(records.values())
    if edit.thing not in (GROUP_IN, GROUP_OUT):
        return {}
    group = edit.value["group"]
    people = [record.person_id for record in records.values()]
    places = Membership.objects.filter(group=group, person__in=people).values_list("person", "is_manager")
    opened = Opened.objects.filter(opening__group=group, contribution__record__in=list(records))
    return {"places": dict(places), "opened": set(opened.values_list("contribution__record", flat=True))}


def _judge_place(edit: MassEdit, row: MassEditRow, facts: dict[str, Any]) -> None:
    there = facts["places"].get(row.person_id)  # whether they manage the group; None for who is not in it
    if edit.thing == GROUP_OUT and there is not None:
        if there or row.record_id in facts["opened"]:
            row.outcome, row.problems = Outcome.ERROR, ["manager" if there else "dues"]
            return
        row.outcome, row.values, row.before = Outcome.CHANGED, {"group": ""}, {"group": edit.value["name"]}
    elif edit.thing == GROUP_IN and there is None:
        row.outcome, row.values, row.before = Outcome.CHANGED, {"group": edit.value["name"]}, {"group": ""}


def _judge_values(edit: MassEdit, row: MassEditRow, record: Record, said: dict[int, dict[str, str]]) -> None:
    if edit.thing == LEFT and record.left_on:
        row.outcome, row.problems = Outcome.ERROR, ["gone"]
        return
    if edit.thing == LEFT and record.joined_on and date.fromisoformat(edit.value[LEFT]) < record.joined_on:
        row.outcome, row.problems = Outcome.ERROR, ["before"]
        return
    for name, value in edit.value.items():
        before = (
            said.get(record.pk, {}).get(name, "") if name.startswith(FIELD) else comparing.as_text(record, name)
        )  # fmt: skip
        if before != value:
            row.values[name], row.before[name] = value, before
            row.outcome = Outcome.CHANGED


def in_words(name: str, text: str, field: Field | None = None) -> str:
    """A value of a row, as people read it; "" where there is none."""
    if name in CHECKS or (field is not None and field.kind == FieldKind.YES_NO):
        return {"1": _("Yes"), "0": _("No")}.get(text, "")
    if text and (name == LEFT or (field is not None and field.kind == FieldKind.DATE)):
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    if name == LANGUAGE:
        return str(dict(configured.LANGUAGES).get(text, _("Of the structure")))
    return ", ".join(text.split("|")) if field is not None and field.kind == FieldKind.CHOICES else text


def described(row: MassEditRow, field: Field | None) -> dict[str, Any]:
    """A line of the preview: who, from what to what, or why not."""
    changes = [
        (in_words(name, before, field), in_words(name, row.values.get(name, ""), field))
        for name, before in row.before.items()
    ]
    return {"row": row, "changes": changes, "reasons": [REFUSALS[key] for key in row.problems if key in REFUSALS]}

"""Fields that several forms share."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.kit import zones
from tilios.kit.text import fold
from tilios.kit.zones import localise

MOST_BOXES = 300  # beyond, people are written line by line


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


def zone_choices() -> list[tuple[str, str]]:
    names = sorted(name for name in zones.names() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [(name, name.replace("_", " ")) for name in [*names, "UTC"]]


def moment(day: date | None, hour: time | None, zone: str) -> datetime | None:
    """A day and an hour of `zone` as an instant; the end of the day when there is no hour."""
    if day is None:
        return None
    return localise(datetime.combine(day, hour or time(23, 59)), ZoneInfo(zone)).astimezone(UTC)


class PeopleLines(forms.CharField):
    """People written one a line, by name or address, where a list of boxes would be too long."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return "\n".join(person.display_name for person in active_people().filter(pk__in=value))
        return value

    def clean(self, value: Any) -> list[Person]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines() if line.strip()]
        return [_one(line) for line in lines[:2000]]


def _one(line: str) -> Person:
    matches = list(active_people().filter(email__iexact=line)[:2]) if "@" in line else _named(line)
    if len(matches) == 1:
        return matches[0]
    reason = (
        _("Nobody here is called “%(line)s”.")
        if not matches
        else _("Several people are called “%(line)s”: write their address.")
    )
    raise forms.ValidationError(reason % {"line": line[:60]})


def _named(line: str) -> list[Person]:
    """People whose name is `line`, first or last name first."""
    wanted = sorted(fold(line).split())
    people = active_people()
    for word in wanted[:4]:
        people = people.filter(sort_name__contains=word)
    return [person for person in people[:50] if sorted(fold(person.display_name).split()) == wanted][:2]


def people_field(label: Any) -> forms.Field:
    """Boxes in a small structure, lines in a large one. One query."""
    if active_people()[MOST_BOXES : MOST_BOXES + 1].exists():
        return PeopleLines(label=label, required=False, help_text=_("One person a line: their name, or their address."))
    return forms.ModelMultipleChoiceField(
        active_people(),
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "people-boxes"}),
    )

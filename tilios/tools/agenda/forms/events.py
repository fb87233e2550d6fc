"""An event as people fill it in."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import validate_email
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.kit.zones import names as zones
from tilios.tools.agenda.forms.recurrence import RecurrenceFields

STATUSES = (
    ("", pgettext_lazy("state of an event", "It takes place")),
    ("TENTATIVE", pgettext_lazy("state of an event", "To be confirmed")),
    ("CANCELLED", pgettext_lazy("state of an event", "Cancelled")),
)
REMINDERS = (
    ("0", gettext_lazy("When it begins")),
    ("10", gettext_lazy("10 minutes before")),
    ("30", gettext_lazy("30 minutes before")),
    ("60", gettext_lazy("1 hour before")),
    ("1440", gettext_lazy("The day before")),
    ("10080", gettext_lazy("A week before")),
)
SCOPES = (
    ("this", gettext_lazy("This date alone")),
    ("following", gettext_lazy("This date and those that follow")),
    ("all", gettext_lazy("Every date")),
)
MOST_GUESTS = 200


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class EventForm(RecurrenceFields, forms.Form):
    """What is typed of an event. `times()` gives its start and its end, naive, as clocks show them in `zone`."""

    summary = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    calendar = forms.TypedChoiceField(label=gettext_lazy("Calendar"), coerce=int)
    is_all_day = forms.BooleanField(label=gettext_lazy("All day"), required=False)
    start_day = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    start_time = forms.TimeField(label=pgettext_lazy("hour", "From"), widget=ClockInput(), required=False)
    end_day = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput(), required=False)
    end_time = forms.TimeField(label=pgettext_lazy("hour", "To"), widget=ClockInput(), required=False)
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Hours are those of clocks there, in summer as in winter."),
    )
    location = forms.CharField(label=pgettext_lazy("of an event", "Place"), max_length=300, required=False)
    url = forms.URLField(
        label=pgettext_lazy("of an event", "Web address"), max_length=1000, required=False, assume_scheme="https"
    )
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    categories = forms.CharField(
        label=gettext_lazy("Categories"), max_length=300, required=False, help_text=gettext_lazy("With commas between.")
    )
    status = forms.ChoiceField(
        label=pgettext_lazy("of an event", "State"), choices=STATUSES, required=False, widget=forms.RadioSelect
    )
    is_private = forms.BooleanField(
        label=gettext_lazy("Private: others see only that somebody is busy"), required=False
    )
    is_free = forms.BooleanField(label=gettext_lazy("It makes nobody busy"), required=False)
    reminders = forms.MultipleChoiceField(
        label=gettext_lazy("Reminders"),
        choices=REMINDERS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--line"}),
        help_text=gettext_lazy("Phones and programs that show this calendar ring then."),
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("People"), required=False, widget=forms.CheckboxSelectMultiple
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    addresses = forms.CharField(
        label=gettext_lazy("Other people"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Mail addresses, one on each line, after a name if you like: Ada <ada@example.org>"),
    )
    tells = forms.BooleanField(
        label=gettext_lazy("Write to the people invited"),
        required=False,
        initial=True,
        help_text=gettext_lazy("A letter to those who are new or not invited any more; to all when something changes."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What changes?"), choices=SCOPES, required=False, widget=forms.RadioSelect
    )
    etag = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        calendars: Sequence[tuple[int, str]],
        people: Sequence[tuple[str, str]] = (),
        groups: Sequence[tuple[str, str]] = (),
        zone: str,
        is_one_of_many: bool = False,
        organizer: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = list(calendars)  # type: ignore[attr-defined]
        self.fields["zone"].choices = [(one, one) for one in sorted(zones())]  # type: ignore[attr-defined]
        self.fields["zone"].initial = zone
        for name, choices in (("people", people), ("groups", groups)):
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]
        self.organizer = organizer
        if organizer:  # an event of somebody else: who is invited is theirs to say
            for name in ("people", "groups", "addresses", "tells"):
                self.fields.pop(name, None)
        if not is_one_of_many:
            del self.fields["scope"]
        else:
            self.fields["scope"].required = True
        self.fields["weekdays"].choices = [(str(n), name) for n, name in WEEKDAYS.items()]  # type: ignore[attr-defined]
        self.fields["start_time"].required = not self["is_all_day"].value()
        self.fields["start_time"].error_messages["required"] = _("Say at what time it begins, or tick “All day”.")
        self.default_zone = zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start_day = data.get("start_day")
        if start_day is None:
            return data
        data["end_day"] = data.get("end_day") or start_day
        if not data.get("is_all_day") and data.get("start_time") and not data.get("end_time"):
            end = datetime.combine(start_day, data["start_time"]) + timedelta(hours=1)
            data["end_time"] = end.time()
            data["end_day"] = max(data["end_day"], end.date())
        if "start_time" in self.errors or "end_time" in self.errors:
            return data
        begins, ends = _moments(data)
        if ends < begins:
            self.add_error("end_day" if data["end_day"] < start_day else "end_time", _("It ends before it begins."))
        elif ends - begins > timedelta(days=3660):
            self.add_error("end_day", _("It lasts more than ten years: look at the last day."))
        self.check_recurrence(data, start_day)
        return data

    def clean_start_day(self) -> date:
        return _in_calendar(self.cleaned_data["start_day"])

    def clean_end_day(self) -> date | None:
        day = self.cleaned_data["end_day"]
        return day and _in_calendar(day)

    def clean_zone(self) -> str:
        return self.cleaned_data["zone"] or self.default_zone

    def clean_addresses(self) -> list[tuple[str, str]]:
        """Names and addresses, in order. Says which line is none."""
        found = []
        for line in re.split(r"[\n;,]+", self.cleaned_data["addresses"]):
            if not line.strip():
                continue
            match = re.fullmatch(r'\s*"?([^<"]*?)"?\s*<([^<>]+)>\s*', line)
            name, address = (match[1], match[2]) if match else ("", line)
            try:
                validate_email(address.strip())
            except forms.ValidationError as error:
                raise forms.ValidationError(
                    _("“%(line)s” is no mail address.") % {"line": line.strip()[:60]}
                ) from error
            found.append((name.strip(), address.strip().lower()))
        if len(found) > MOST_GUESTS:
            raise forms.ValidationError(_("%(most)s people at most.") % {"most": MOST_GUESTS})
        return found

    def times(self) -> tuple[datetime, datetime]:
        """When it begins and ends; whole days end at the midnight that follows the last one."""
        begins, ends = _moments(self.cleaned_data)
        return begins, ends

    def category_list(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.cleaned_data["categories"].split(",") if one.strip())

    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.cleaned_data["zone"])


def _moments(data: dict[str, Any]) -> tuple[datetime, datetime]:
    if data.get("is_all_day"):
        last = data["end_day"] + timedelta(days=1)
        return datetime.combine(data["start_day"], time(0)), datetime.combine(last, time(0))
    return datetime.combine(data["start_day"], data["start_time"]), datetime.combine(data["end_day"], data["end_time"])


def _in_calendar(day: date) -> date:
    if not 1900 <= day.year < 2200:
        raise forms.ValidationError(_("The agenda goes from 1900 to 2199."))
    return day

"""How often an event comes back: a plain form for the rules that people think of (RFC 5545, 3.3.10)."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.kit.ical.lines import components
from tilios.kit.zones import localise

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
REPEATS = (
    ("", pgettext_lazy("recurrence", "Never")),
    ("daily", pgettext_lazy("recurrence", "Every day")),
    ("weekly", pgettext_lazy("recurrence", "Every week")),
    ("monthly", pgettext_lazy("recurrence", "Every month, on the same date")),
    ("monthly_weekday", pgettext_lazy("recurrence", "Every month, on the same day of the week")),
    ("yearly", pgettext_lazy("recurrence", "Every year")),
)
#: A rule that this form cannot say is kept as it is.
KEPT = ("kept", pgettext_lazy("recurrence", "As it does now"))
ENDS = (
    ("", pgettext_lazy("end of a recurrence", "Without end")),
    ("until", pgettext_lazy("end of a recurrence", "Until a day")),
    ("count", pgettext_lazy("end of a recurrence", "After a number of times")),
)
FREQUENCIES = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "monthly_weekday": "MONTHLY",
    "yearly": "YEARLY",
}


class RecurrenceFields(forms.Form):
    """The fields of a rule; `rule()` writes it as RRULE does, "" for an event that comes once."""

    repeats = forms.ChoiceField(label=gettext_lazy("It comes back"), choices=REPEATS, required=False)
    interval = forms.IntegerField(
        label=gettext_lazy("One time in"),
        min_value=1,
        max_value=99,
        required=False,
        initial=1,
        help_text=gettext_lazy("2 for every other week, every other month…"),
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On these days of the week"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--line"}),
        help_text=gettext_lazy("For “every week”; that of the first day when none is ticked."),
    )
    ends = forms.ChoiceField(
        label=pgettext_lazy("of a recurrence", "Until when"),
        choices=ENDS,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "choices--line"}),
    )
    until = forms.DateField(
        label=gettext_lazy("The last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    count = forms.IntegerField(label=gettext_lazy("How many times"), min_value=1, max_value=999, required=False)

    def offer_kept(self) -> None:
        """Let the rule be kept as it is: it says more than this form can."""
        self.fields["repeats"].choices = [KEPT, *REPEATS]  # type: ignore[attr-defined]

    def check_recurrence(self, data: dict[str, Any], first: date) -> None:
        """Add the errors of the rule to the form."""
        if not data.get("repeats") or data["repeats"] == "kept":
            return
        if data.get("ends") == "until" and "until" not in self.errors:
            if data.get("until") is None:
                self.add_error("until", _("Say until which day it comes back."))
            elif data["until"] < first:
                self.add_error("until", _("This day is before the first one."))
        if data.get("ends") == "count" and data.get("count") is None and "count" not in self.errors:
            self.add_error("count", _("Say how many times it comes back."))

    def rule(self) -> str:
        """The rule as RRULE writes it; the day of UNTIL is a whole one."""
        data = self.cleaned_data
        if data["repeats"] not in FREQUENCIES:
            return ""
        parts = [f"FREQ={FREQUENCIES[data['repeats']]}"]
        if (data.get("interval") or 1) > 1:
            parts.append(f"INTERVAL={data['interval']}")
        first: date = data["start_day"]
        if data["repeats"] == "weekly" and data["weekdays"]:
            parts.append("BYDAY=" + ",".join(CODES[int(one)] for one in sorted(data["weekdays"])))
        if data["repeats"] == "monthly_weekday":
            number = (first.day - 1) // 7 + 1
            parts.append(f"BYDAY={-1 if number == 5 else number}{CODES[first.weekday()]}")
        if data["ends"] == "until":
            parts.append(f"UNTIL={_until(data['until'], ZoneInfo(data['zone']), is_all_day=data['is_all_day'])}")
        elif data["ends"] == "count":
            parts.append(f"COUNT={data['count']}")
        return ";".join(parts)


def _until(day: date, zone: ZoneInfo, *, is_all_day: bool) -> str:
    """The end of `day` as UNTIL says it: a day for whole days, else a moment in UTC (RFC 5545, 3.3.10)."""
    if is_all_day:
        return f"{day:%Y%m%d}"
    end = localise(datetime.combine(day, time(23, 59, 59)), zone).astimezone(UTC)
    return f"{end:%Y%m%dT%H%M%SZ}"


def _day_of(until: str, zone: ZoneInfo) -> date:
    """The day that UNTIL names, in `zone`."""
    if not until.endswith("Z"):
        return datetime.strptime(until[:8], "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone
    return datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone).date()


def initial_of(rule: str, first: date, *, zone: ZoneInfo) -> dict[str, Any]:
    """The fields that say `rule` of an event that first takes place on `first`, in `zone`.

    {"repeats": "kept"} for a rule that they cannot say.
    """
    if not rule:
        return {}
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";") if "=" in part)
    found = _frequency(parts, first)
    if found is None or not parts.keys() <= {
        "FREQ",
        "INTERVAL",
        "BYDAY",
        "UNTIL",
        "COUNT",
        "WKST",
        "BYMONTHDAY",
        "BYMONTH",
    }:
        return {"repeats": "kept"}
    found["interval"] = int(parts.get("INTERVAL", "1"))
    if until := parts.get("UNTIL"):
        found |= {"ends": "until", "until": _day_of(until, zone)}
    elif count := parts.get("COUNT"):
        found |= {"ends": "count", "count": int(count)}
    return found


def _frequency(parts: dict[str, str], first: date) -> dict[str, Any] | None:
    days = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
    number = (first.day - 1) // 7 + 1
    ours = {f"{number}{CODES[first.weekday()]}", f"-1{CODES[first.weekday()]}" if number == 5 else ""}
    same_date = parts.get("BYMONTHDAY", str(first.day)) == str(first.day)
    same_month = parts.get("BYMONTH", str(first.month)) == str(first.month)
    match parts.get("FREQ"):
        case "DAILY" if not days and "BYMONTHDAY" not in parts and "BYMONTH" not in parts:
            return {"repeats": "daily"}
        case "WEEKLY" if all(one in CODES for one in days) and "BYMONTH" not in parts:
            return {"repeats": "weekly", "weekdays": [str(CODES.index(one)) for one in days]}
        case "MONTHLY" if not days and same_date and "BYMONTH" not in parts:
            return {"repeats": "monthly"}
        case "MONTHLY" if set(days) <= ours and "BYMONTHDAY" not in parts and "BYMONTH" not in parts:
            return {"repeats": "monthly_weekday"}
        case "YEARLY" if not days and same_date and same_month:
            return {"repeats": "yearly"}
        case _:
            return None


def rule_of(data: bytes) -> str:
    """The RRULE of the event that `data` holds, of its series rather than of one date; "" without, or with several."""
    rules = [
        component.value("RRULE").strip()
        for calendar in components(data)
        for component in calendar.named("VEVENT")
        if component.get("RECURRENCE-ID") is None
    ]
    return rules[0] if len(rules) == 1 else ""

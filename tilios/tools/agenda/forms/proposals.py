"""An event as a visitor proposes it, and as whoever accepts it puts it right."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.kit.zones import localise
from tilios.tools.agenda.forms.events import ClockInput, DayInput
from tilios.tools.agenda.models import Proposal

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class ProposedEventForm(forms.Form):
    """`moments(zone)` gives its start and its end, aware."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    start_day = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    start_time = forms.TimeField(
        label=pgettext_lazy("hour", "From"),
        widget=ClockInput(),
        required=False,
        help_text=gettext_lazy("Without an hour, the whole day."),
    )
    end_day = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput(), required=False)
    end_time = forms.TimeField(label=pgettext_lazy("hour", "To"), widget=ClockInput(), required=False)
    place = forms.CharField(label=pgettext_lazy("of an event", "Place"), max_length=300, required=False)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("start_day"), given.get("end_day")
        if first and not 1970 <= first.year < 2200:
            self.add_error("start_day", _("Choose a day between 1970 and 2199."))
        elif first and last and not first <= last <= first + timedelta(days=366):
            self.add_error("end_day", _("It ends before it begins, or a year later."))
        elif (last or first) == first and _is_reversed(given):
            self.add_error("end_time", _("It ends before it begins."))
        return given

    @property
    def is_all_day(self) -> bool:
        return self.cleaned_data["start_time"] is None

    def walls(self) -> tuple[datetime, datetime]:
        """The start and the end, naive, as clocks on the wall show them."""
        given = self.cleaned_data
        last = given["end_day"] or given["start_day"]
        if self.is_all_day:
            return datetime.combine(given["start_day"], time(0)), datetime.combine(last, time(0)) + DAY
        begins = datetime.combine(given["start_day"], given["start_time"])
        ends = datetime.combine(last, given["end_time"]) if given["end_time"] else begins + HOUR
        return begins, max(ends, begins)

    def draft(self) -> dict[str, Any]:
        """The fields of an ical.Draft."""
        start, end = self.walls()
        given = self.cleaned_data
        return {
            "summary": given["title"],
            "start": start,
            "end": end,
            "is_all_day": self.is_all_day,
            "location": given["place"],
            "description": given["description"],
        }

    @staticmethod
    def initial_of(proposal: Proposal, zone: ZoneInfo) -> dict[str, Any]:
        start, end = proposal.start.astimezone(zone), proposal.end.astimezone(zone)
        last = (end - timedelta(microseconds=1)).date() if proposal.is_all_day else end.date()
        return {
            "title": proposal.title,
            "start_day": start.date(),
            "start_time": None if proposal.is_all_day else start.time(),
            "end_day": last,
            "end_time": None if proposal.is_all_day else end.time(),
            "place": proposal.place,
            "description": proposal.description,
        }


def _is_reversed(given: dict[str, Any]) -> bool:
    start, end = given.get("start_time"), given.get("end_time")
    return start is not None and end is not None and end <= start


class ProposalForm(ProposedEventForm):
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        help_text=gettext_lazy("We write to it at once, for you to confirm. It is not published."),
    )
    # SECURITY: people do not see this one; programs that fill in everything do.
    website = forms.CharField(required=False, max_length=200)

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data["website"])

    def fields_to_keep(self, zone: ZoneInfo) -> dict[str, Any]:
        start, end = self.walls()
        given = self.cleaned_data
        kept = {name: given[name] for name in ("title", "place", "description", "name", "email")}
        return {**kept, "start": localise(start, zone), "end": localise(end, zone), "is_all_day": self.is_all_day}

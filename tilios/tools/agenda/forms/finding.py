"""What is looked for when a time is looked for."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.tools.agenda.forms.events import ClockInput, DayInput

LENGTHS = (
    (30, gettext_lazy("half an hour")),
    (45, gettext_lazy("three quarters of an hour")),
    (60, gettext_lazy("1 hour")),
    (90, gettext_lazy("1 hour and a half")),
    (120, gettext_lazy("2 hours")),
    (180, gettext_lazy("3 hours")),
    (240, gettext_lazy("half a day (4 hours)")),
    (480, gettext_lazy("a whole day (8 hours)")),
)
MOST_DAYS = 62
MOST_PEOPLE = 50


class FindForm(forms.Form):
    """Who must be free, for how long, on which days and between which hours."""

    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("People"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    groups = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Groups"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    calendars = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Calendars in which nothing else may take place"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("That of a room, for example."),
    )
    length = forms.TypedChoiceField(label=gettext_lazy("How long"), coerce=int, choices=LENGTHS, initial=60)
    first = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    last = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput())
    begins = forms.TimeField(label=pgettext_lazy("hour", "From"), widget=ClockInput(), initial=time(9))
    ends = forms.TimeField(label=pgettext_lazy("hour", "To"), widget=ClockInput(), initial=time(18))
    weekends = forms.BooleanField(label=gettext_lazy("Saturdays and Sundays too"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        people: Sequence[tuple[str, str]],
        groups: Sequence[tuple[str, str]],
        calendars: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(data)
        today = timezone.localdate()
        self.fields["first"].initial, self.fields["last"].initial = today, today + timedelta(days=13)
        for name, choices in (("people", people), ("groups", groups), ("calendars", calendars)):
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]

    def clean_first(self) -> date:
        """Not in the past: nobody meets yesterday."""
        return max(self.cleaned_data["first"], timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
            self.add_error("last", _("Choose a last day within two months after the first."))
        begins, ends, length = data.get("begins"), data.get("ends"), data.get("length")
        if begins and ends and length and (ends.hour - begins.hour) * 60 + ends.minute - begins.minute < length:
            self.add_error("ends", _("There is not that much time between these hours."))
        if len(data.get("people") or ()) > MOST_PEOPLE:
            self.add_error("people", _("%(most)s people at most.") % {"most": MOST_PEOPLE})
        return data

"""Small forms: open again, invite by name, bring in answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.tools.colours.forms.fields import DayInput, HourInput, moment
from tilios.tools.colours.models import College, Session


class ReopenForm(forms.Form):
    deadline_day = forms.DateField(label=_("Until which day"), required=False, widget=DayInput)
    deadline_hour = forms.TimeField(
        label=_("Until what time"),
        required=False,
        widget=HourInput,
        help_text=_("Without it, until the end of the day."),
    )

    def deadline(self, zone: str) -> Any:
        return moment(self.cleaned_data["deadline_day"], self.cleaned_data["deadline_hour"], zone)


class InviteForm(forms.Form):
    """`pairs` of (name, address) after validation."""

    people = forms.CharField(
        label=_("People to invite"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One person a line: their name, then their mail address. Without one, hand them their link."),
    )
    college: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("They belong to"), queryset=None, required=False, empty_label=_("No group in particular")
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["college"].queryset = College.objects.filter(session=session)  # type: ignore[attr-defined]

    def pairs(self) -> list[tuple[str, str]]:
        return [_pair(line) for line in self.cleaned_data["people"].splitlines() if line.strip()]


def _pair(line: str) -> tuple[str, str]:
    words = line.replace("\0", "").replace(";", " ").replace(",", " ").replace("<", " ").replace(">", " ").split()
    email = next((word for word in words if "@" in word), "")
    name = " ".join(word for word in words if word != email)
    return name or email.partition("@")[0], email


class ImportForm(forms.Form):
    """`file` the first time; then `content`, the same bytes kept in the page between the trial and the import."""

    file = forms.FileField(label=_("File of answers (CSV, ODS or XLSX)"), required=False)
    content = forms.CharField(widget=forms.HiddenInput, required=False, max_length=6_000_000)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("file") and not given.get("content"):
            self.add_error("file", _("Choose the file."))
        return given

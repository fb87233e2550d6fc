"""The options, one row each: a formset that works without a script, and that a calendar fills where there is one."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.forms.fields import DayInput, HourInput
from tilios.tools.polls.models import PollKind
from tilios.tools.polls.pictures import Held, hold, release

MOST_ROWS = 200
ROWS_AT_FIRST = 4
ROWS_MORE = 4


class DateRow(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    day = forms.DateField(label=_("Day"), required=False, widget=DayInput)
    start = forms.TimeField(label=pgettext_lazy("hours", "From"), required=False, widget=HourInput)
    end = forms.TimeField(label=pgettext_lazy("hours", "To"), required=False, widget=HourInput)

    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(
            pk=given.get("pk"),
            label=given.get("label", "") if given.get("day") else "",
            day=given.get("day"),
            start=given.get("start"),
            end=given.get("end"),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("day") and (given.get("start") or given.get("end")) and "day" not in self.errors:
            self.add_error("day", _("Which day is that?"))
        if given.get("end") and not given.get("start") and "start" not in self.errors:
            self.add_error("start", _("Give the hour when it starts as well."))
        return given


class ChoiceRow(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(label=_("Option"), required=False, max_length=200)
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    image = forms.FileField(label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
    image_held = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(label=_("File"), required=False, widget=forms.FileInput)
    file_held = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Store what was sent, so that a form refused for another reason does not ask for it again."""
        given = super().clean() or {}
        for name, as_picture in (("image", True), ("file", False)):
            sent = given.get(name)
            if sent and name not in self.errors:
                try:
                    self._keep(given, f"{name}_held", hold(sent, as_picture=as_picture))
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return given

    def _keep(self, given: dict[str, Any], field: str, token: str) -> None:
        """As if the browser had sent the token: a refused form is shown with it."""
        given[field] = token
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix(field)] = token  # type: ignore[index]

    def held(self, name: str) -> Held | None:
        return release(self.cleaned_data.get(f"{name}_held", ""))

    def draft(self) -> Draft:
        given, image, file = self.cleaned_data, self.held("image"), self.held("file")
        return Draft(
            pk=given.get("pk"),
            label=given.get("label", ""),
            link=given.get("link", ""),
            image=image.blob if image else None,
            file=file.blob if file else None,
            file_name=file.name if file else "",
        )


class OptionRows(forms.BaseFormSet):
    """`drafts()` after validation; `again(…)` gives the same rows in a fresh set, for the buttons that add rows."""

    def drafts(self) -> list[Draft]:
        return [form.draft() for form in self.forms if not form.cleaned_data.get("DELETE")]

    def again(self, *, more: int = 0, copy_hours: bool = False) -> "OptionRows":
        self.is_valid()  # fills cleaned_data, as far as each field can be read
        rows = [_initial(form) for form in self.forms if not getattr(form, "cleaned_data", {}).get("DELETE")]
        rows = [row for row in rows if any(row.values())]
        if copy_hours:
            rows = copied_hours(rows)
        return type(self)(initial=rows, prefix=self.prefix, extra_rows=max(more, ROWS_AT_FIRST - len(rows)))

    def __init__(self, *args: Any, extra_rows: int | None = None, **kwargs: Any) -> None:
        if extra_rows is not None:
            self.extra = extra_rows
        super().__init__(*args, **kwargs)


def _initial(form: Any) -> dict[str, Any]:
    """What a row says now: the values that could be read, and the others as they were typed."""
    cleaned = getattr(form, "cleaned_data", {})
    skip = {"DELETE", "image", "file"}
    return {
        name: cleaned.get(name) if name in cleaned else form.data.get(form.add_prefix(name), "")
        for name in form.fields
        if name not in skip
    }


def copied_hours(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every day with the hours of the first day that has some. Rows that have an option already keep it."""
    days: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        if row.get("day"):
            days.setdefault(row["day"], []).append(row)
    model = next((found for _day, found in sorted(days.items()) if any(row.get("start") for row in found)), None)
    if model is None:
        return rows
    hours = [(row["start"], row["end"]) for row in model if row.get("start")]
    copied = []
    for day, found in sorted(days.items()):
        for place, (start, end) in enumerate(hours):
            kept = found[place] if place < len(found) else {"pk": None, "label": ""}
            copied.append({**kept, "day": day, "start": start, "end": end})
    return copied


DateRows = forms.formset_factory(
    DateRow, formset=OptionRows, extra=ROWS_AT_FIRST, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 50
)
ChoiceRows = forms.formset_factory(
    ChoiceRow, formset=OptionRows, extra=ROWS_AT_FIRST, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 50
)


def rows_class(kind: str) -> Any:
    return DateRows if kind == PollKind.DATES else ChoiceRows


def rows_of(drafts: list[Draft], kind: str) -> list[dict[str, Any]]:
    """The initial rows of options that exist."""
    if kind == PollKind.DATES:
        names = ("pk", "label", "day", "start", "end")
        return [{name: getattr(draft, name) for name in names} for draft in drafts]
    return [
        {
            "pk": draft.pk,
            "label": draft.label,
            "link": draft.link,
            "image_held": Held(draft.image, "").token() if draft.image else "",
            "file_held": Held(draft.file, draft.file_name).token() if draft.file else "",
        }
        for draft in drafts
    ]

"""Statements and groups to compare, one row each: formsets that work without a script."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.queries import groups
from tilios.tools.colours.actions import CollegeDraft
from tilios.tools.colours.drafts import LONGEST_EXPLANATION, LONGEST_TEXT, MOST, Draft
from tilios.tools.colours.models import College
from tilios.tools.colours.pictures import hold, release, token_of

ROWS_AT_FIRST, ROWS_MORE = 3, 5


class StatementRow(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Statement"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 1})
    )
    explanation = forms.CharField(
        label=_("Short explanation"),
        required=False,
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    image = forms.FileField(label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
    image_held = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Store the picture sent, so that a form refused for another reason does not ask for it again."""
        given = super().clean() or {}
        if given.get("image") and "image" not in self.errors:
            try:
                given["image_held"] = hold(given["image"])
            except forms.ValidationError as error:
                self.add_error("image", error)
            else:
                typed: Any = self.data
                data = typed.copy()
                data[self.add_prefix("image_held")] = given["image_held"]
                self.data = data
        return given

    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(
            text=given.get("text", ""),
            explanation=given.get("explanation", ""),
            link=given.get("link", ""),
            image=release(given.get("image_held", "")),
            pk=given.get("pk"),
        )


class BaseStatements(forms.BaseFormSet):
    """`drafts()` after validation, in the order asked; `again()` gives what is typed in a fresh set with more rows."""

    def __init__(self, *args: Any, extra_rows: int | None = None, **kwargs: Any) -> None:
        if extra_rows is not None:
            self.extra = extra_rows
        super().__init__(*args, **kwargs)

    def drafts(self) -> list[Draft]:
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        places = {form: form.cleaned_data.get("ORDER") for form in kept}
        kept.sort(key=lambda form: (places[form] is None, places[form] or 0))
        return [form.draft() for form in kept]

    def again(self, more: list[Draft] | None = None) -> "BaseStatements":
        self.is_valid()  # fills cleaned_data, as far as each field can be read
        names = ("pk", "text", "explanation", "link", "image_held")
        rows = [
            {name: form.cleaned_data.get(name, "") for name in names}
            for form in self.forms
            if not getattr(form, "cleaned_data", {}).get("DELETE")
        ]
        rows = [row for row in rows if any(row.values())] + rows_of(more or [])
        return type(self)(initial=rows, prefix=self.prefix, extra_rows=ROWS_MORE if more is None else 1)


StatementRows: Any = forms.formset_factory(
    StatementRow,
    formset=BaseStatements,
    extra=ROWS_AT_FIRST,
    can_delete=True,
    can_order=True,
    max_num=MOST,
    absolute_max=MOST + 50,
)


def rows_of(drafts: list[Draft]) -> list[dict[str, Any]]:
    """The initial rows of statements that exist."""
    return [
        {
            "pk": draft.pk,
            "text": draft.text,
            "explanation": draft.explanation,
            "link": draft.link,
            "image_held": token_of(draft.image) if draft.image else "",
        }
        for draft in drafts
    ]


class CollegeRow(forms.Form):
    name = forms.CharField(label=pgettext_lazy("college", "Name"), required=False, max_length=80)
    weight = forms.IntegerField(label=_("Weight"), required=False, min_value=1, max_value=1000)
    group: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Group of the structure"), queryset=None, required=False, empty_label=_("Chosen by whoever answers")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups()  # type: ignore[attr-defined]

    def draft(self) -> CollegeDraft:
        given = self.cleaned_data
        return CollegeDraft(given.get("name", ""), given.get("weight") or 1, given.get("group"))


class BaseColleges(forms.BaseFormSet):
    def drafts(self) -> list[CollegeDraft]:
        return [draft for form in self.forms if (draft := form.draft()).name]


CollegeRows = forms.formset_factory(CollegeRow, formset=BaseColleges, extra=3, max_num=12, absolute_max=20)


def colleges_rows(colleges: list[College]) -> list[dict[str, Any]]:
    return [{"name": one.name, "weight": one.weight, "group": one.group_id} for one in colleges]

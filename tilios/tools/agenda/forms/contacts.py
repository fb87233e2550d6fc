"""A contact as people fill it in: a person, an organisation, with as many addresses as they have."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.kit.dates import parse_date
from tilios.kit.refusals import Refusal

KINDS = (
    ("individual", pgettext_lazy("kind of contact", "A person")),
    ("org", pgettext_lazy("kind of contact", "An organisation")),
)
USES = (
    ("", "—"),
    ("work", pgettext_lazy("use of an address", "Work")),
    ("home", pgettext_lazy("use of an address", "Home")),
)
PHONE_USES = (*USES, ("cell", pgettext_lazy("use of a telephone", "Mobile")))
MORE_ROWS = 2


class ContactForm(forms.Form):
    """What is said once: names, organisation, birthday, labels, note."""

    book = forms.TypedChoiceField(label=gettext_lazy("Address book"), coerce=int)
    kind = forms.ChoiceField(
        label=gettext_lazy("This is"), choices=KINDS, widget=forms.RadioSelect, initial="individual"
    )
    given_name = forms.CharField(label=gettext_lazy("First name"), max_length=100, required=False)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100, required=False)
    organisation = forms.CharField(label=gettext_lazy("Organisation"), max_length=200, required=False)
    job = forms.CharField(label=gettext_lazy("What they do there"), max_length=200, required=False)
    birthday = forms.CharField(
        label=gettext_lazy("Birthday"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("For example 17/05/1980, or 17/05 without a year."),
    )
    url = forms.URLField(label=gettext_lazy("Website"), max_length=500, required=False, assume_scheme="https")
    labels = forms.CharField(
        label=gettext_lazy("Labels"), max_length=300, required=False, help_text=gettext_lazy("With commas between.")
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    etag = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, books: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["book"].choices = list(books)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == "org":
            if not data.get("organisation"):
                self.add_error("organisation", _("Give the name of the organisation."))
        elif not (data.get("given_name") or data.get("family_name") or data.get("organisation")):
            self.add_error("given_name", _("Give at least one name."))
        return data

    def clean_birthday(self) -> tuple[int | None, int, int] | None:
        typed = self.cleaned_data["birthday"].strip()
        if not typed:
            return None
        if match := re.fullmatch(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})", typed):
            typed, has_year = f"{match[1]}/{match[2]}/2000", False  # a leap year: it has every day
        else:
            has_year = True
        try:
            day = parse_date(typed, latest=timezone.localdate())
        except Refusal as error:
            raise forms.ValidationError(_(error.message) % error.params) from error
        return day.year if has_year else None, day.month, day.day


class MailRow(forms.Form):
    value = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    use = forms.ChoiceField(label=pgettext_lazy("of an address", "Use"), choices=USES, required=False)


class PhoneRow(forms.Form):
    value = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    use = forms.ChoiceField(label=pgettext_lazy("of an address", "Use"), choices=PHONE_USES, required=False)


class PlaceRow(forms.Form):
    street = forms.CharField(label=gettext_lazy("Street"), max_length=200, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=20, required=False)
    town = forms.CharField(label=gettext_lazy("Town"), max_length=100, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=100, required=False)
    use = forms.ChoiceField(label=pgettext_lazy("of an address", "Use"), choices=USES, required=False)


MailRows = forms.formset_factory(MailRow, extra=MORE_ROWS, max_num=30)
PhoneRows = forms.formset_factory(PhoneRow, extra=MORE_ROWS, max_num=30)
PlaceRows = forms.formset_factory(PlaceRow, extra=1, max_num=10)

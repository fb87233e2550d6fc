"""A contact as people fill it in: a person, an organisation, with as many addresses as they have."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.core.errors import Invalid
from tilios.kit.dates import parse_date
from tilios.kit.refusals import Refusal
from tilios.kit.vcard import Day, Photo
from tilios.tools.agenda import pictures

KINDS = (
    ("individual", pgettext_lazy("kind of contact", "A person")),
    ("org", pgettext_lazy("kind of contact", "An organisation")),
)


class ContactForm(forms.Form):
    """What is said once: names, organisation, days, picture, labels, note."""

    book = forms.TypedChoiceField(label=gettext_lazy("Address book"), coerce=int)
    kind = forms.ChoiceField(
        label=gettext_lazy("This is"), choices=KINDS, widget=forms.RadioSelect, initial="individual"
    )
    given_name = forms.CharField(label=gettext_lazy("First name"), max_length=100, required=False)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100, required=False)
    organisation = forms.CharField(label=gettext_lazy("Organisation"), max_length=200, required=False)
    job = forms.CharField(label=gettext_lazy("What they do there"), max_length=200, required=False)
    photo = forms.FileField(
        label=pgettext_lazy("of a contact", "Picture"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG, GIF or WebP. It is made small, and what it says of places is taken out."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/gif,image/webp"}),
    )
    drop_photo = forms.BooleanField(label=gettext_lazy("Take the picture away"), required=False)
    birthday = forms.CharField(
        label=gettext_lazy("Birthday"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("For example 17/05/1980, or 17/05 without a year."),
    )
    labels = forms.CharField(
        label=gettext_lazy("Labels"), max_length=300, required=False, help_text=gettext_lazy("With commas between.")
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    nickname = forms.CharField(label=gettext_lazy("Nickname"), max_length=100, required=False)
    honorific = forms.CharField(label=gettext_lazy("Before the name"), max_length=60, required=False)
    additional = forms.CharField(label=gettext_lazy("Other first names"), max_length=100, required=False)
    suffix = forms.CharField(label=gettext_lazy("After the name"), max_length=60, required=False)
    pronouns = forms.CharField(label=gettext_lazy("Pronouns"), max_length=60, required=False)
    units = forms.CharField(label=gettext_lazy("Department"), max_length=200, required=False)
    role = forms.CharField(label=pgettext_lazy("of a contact", "Their part"), max_length=200, required=False)
    anniversary = forms.CharField(
        label=pgettext_lazy("of a wedding, of a foundation", "Anniversary"), max_length=30, required=False
    )
    langs = forms.CharField(
        label=gettext_lazy("Languages"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("By their letters, with commas between: fr, en, br."),
    )
    etag = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, books: Sequence[tuple[int, str]], has_photo: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["book"].choices = list(books)  # type: ignore[attr-defined]
        if not has_photo:
            del self.fields["drop_photo"]

    #: What is shown when it is asked for.
    MORE = ("nickname", "pronouns", "honorific", "additional", "suffix", "units", "role", "anniversary", "langs")

    def more(self) -> list[Any]:
        return [self[name] for name in self.MORE]

    def says_more(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.more())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == "org":
            if not data.get("organisation"):
                self.add_error("organisation", _("Give the name of the organisation."))
        elif not (data.get("given_name") or data.get("family_name") or data.get("organisation")):
            self.add_error("given_name", _("Give at least one name."))
        return data

    def clean_photo(self) -> Photo | None:
        sent = self.cleaned_data["photo"]
        if not sent:
            return None
        try:
            return pictures.kept(sent.read(pictures.LARGEST + 1))
        except Invalid as error:
            raise forms.ValidationError(str(error.message)) from error

    def clean_birthday(self) -> Day | None:
        return _day(self.cleaned_data["birthday"])

    def clean_anniversary(self) -> Day | None:
        return _day(self.cleaned_data["anniversary"])

    def clean_langs(self) -> tuple[str, ...]:
        said = tuple(one.strip() for one in self.cleaned_data["langs"].split(",") if one.strip())
        if any(not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", one) for one in said):
            raise forms.ValidationError(_("Languages are said by their letters: fr, en, br."))
        return said


def _day(typed: str) -> Day | None:
    """A day that was typed, with or without its year. Raises ValidationError."""
    typed = typed.strip()
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

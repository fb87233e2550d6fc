"""One of those who ask to join, as they fill in the page."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.tools.members.forms.answers import PREFIX, answer_fields, answers_in
from tilios.tools.members.forms.offers import Offer
from tilios.tools.members.forms.records import built_in_fields
from tilios.tools.members.models import AGREEMENTS, Asking, JoinForm, Pricing, Rate, RecordKind
from tilios.tools.members.queries import joining as queries
from tilios.tools.members.queries.joined import answers_written
from tilios.ui.fields import CentsField

ADDRESS = ("street", "postcode", "town")
#: What is asked of each of the family as well; the rest is of the household, or of the one who asks.
OF_EACH = ("birth_date", "title", "chosen_name", "birth_place", "profession")
OF_ORGANISATION = ("organisation", "siret", "head_count")
AUTOCOMPLETE = {
    "given_name": "given-name", "family_name": "family-name", "email": "email", "phone": "tel", "mobile": "tel",
    "street": "street-address", "postcode": "postal-code", "town": "address-level2", "organisation": "organization",
    "birth_date": "bday", "title": "honorific-prefix", "website": "url", "profession": "organization-title",
}  # fmt: skip
AGREEMENT_WORDS = {
    "in_directory": _("The other members may see me in the directory"),
    "in_public_list": _("I may be shown in the public list"),
    "photos_allowed": _("I may be seen on photographs"),
    "newsletter": _("I wish to receive the newsletter"),
}


class Held(forms.Form):
    """A form that can be shown as it is typed, without judging it."""

    def hold(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}


class ApplicantForm(Held):
    """One of those who ask; the first says how to reach them all."""

    def __init__(self, data: Any = None, *, form: JoinForm, offer: Offer, first: bool, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        self.join_form, self.offer, self.first = form, offer, first
        built = built_in_fields()
        for name in ("given_name", "family_name"):
            self._ask(built, name, required=True)
        if first:
            self.fields["email"] = forms.EmailField(
                label=_("Mail address"), help_text=_("We write to it at once, for you to confirm."), max_length=254
            )
            if offer.for_organisations:
                self.fields = {"kind": built["kind"]} | self.fields
                self.fields["kind"].label, self.fields["kind"].initial = _("I join as"), RecordKind.HUMAN
        self._ask_usual(built)
        self.structure_fields = offer.fields
        self.fields |= answer_fields(offer.fields, {})
        self._ask_rate()
        for name in form.agreements:
            if name in AGREEMENT_WORDS and (first or name != "newsletter"):
                self.fields[name] = forms.BooleanField(label=AGREEMENT_WORDS[name], required=False)
        for name, token in AUTOCOMPLETE.items():
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = token if first else "off"

    def _ask(self, built: dict[str, forms.Field], name: str, *, required: bool) -> None:
        self.fields[name] = built[name]
        self.fields[name].required = required
        if name not in ("head_count", "siret"):
            self.fields[name].help_text = ""

    def _ask_usual(self, built: dict[str, forms.Field]) -> None:
        asked = dict(self.join_form.asked)
        if self.offer.by_age and not asked.get("birth_date"):
            asked["birth_date"] = Asking.OPTIONAL
        for name, how in asked.items():
            if how and (self.first or name in OF_EACH):
                for one in ADDRESS if name == "address" else (name,):
                    self._ask(built, one, required=how == Asking.REQUIRED)
        if self.first and self.offer.for_organisations:
            for name in OF_ORGANISATION:
                if name not in self.fields:
                    self._ask(built, name, required=False)

    def _ask_rate(self) -> None:
        widget = forms.RadioSelect if self.first else forms.Select
        choices = self.offer.choices if self.first else [("", "—"), *self.offer.choices]
        single = len(self.offer.rates) == 1
        initial = next(iter(self.offer.rates)) if single else None
        self.fields["rate"] = forms.ChoiceField(label=_("Dues"), choices=choices, widget=widget, initial=initial)
        if any(rate.pricing == Pricing.FREE for rate in self.offer.rates.values()):
            self.fields["amount"] = CentsField(
                label=_("Amount chosen"), required=False, help_text=_("For a free amount.")
            )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean_birth_date(self) -> date | None:
        day = self.cleaned_data["birth_date"]
        if day and not date(1900, 1, 1) <= day <= timezone.localdate():
            raise forms.ValidationError(gettext("This is no birth date."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        is_nameless = not said.get("organisation", "").strip() and "organisation" not in self.errors
        if said.get("kind") == RecordKind.ORGANISATION and is_nameless:
            self.add_error("organisation", gettext("Please give the name of the organisation."))
        return said

    def sections(self) -> Iterator[tuple[str, list[Any]]]:
        """The parts of the page that are not blank: ("who", fields), ("reach", …), ("more", …), ("dues", …), …"""
        reach = ("email", "phone", "mobile", *ADDRESS, "website")
        last = ("rate", "amount", *AGREEMENTS)
        parts: dict[str, list[Any]] = {"who": [], "reach": [], "more": [], "dues": [], "agreements": []}
        for name in self.fields:
            part = "reach" if name in reach else "more" if name.startswith(PREFIX) else "who"
            if name in last:
                part = "agreements" if name in AGREEMENTS else "dues"
            parts[part].append(self[name])
        yield from ((part, found) for part, found in parts.items() if found)

    @property
    def number(self) -> str:
        """Its number among those of the family."""
        return (self.prefix or "").removeprefix("p")

    @property
    def rate(self) -> Rate:
        return self.offer.rates[self.cleaned_data["rate"]]

    @property
    def kind(self) -> str:
        return self.cleaned_data.get("kind") or RecordKind.HUMAN

    def asked(self, size: int, first: "ApplicantForm") -> queries.Asked:
        said, household = self.cleaned_data, first.cleaned_data
        return queries.Asked(
            kind=self.kind,
            birth_date=said.get("birth_date"),
            town=household.get("town", ""),
            postcode=household.get("postcode", ""),
            head_count=said.get("head_count"),
            answers=answers_in(self, self.structure_fields),
            family_size=size,
        )

    def kept(self, first: "ApplicantForm") -> dict[str, Any]:
        """The fields of an Applicant, its amount left out."""
        said = self.cleaned_data
        own = {"given_name", "family_name", "organisation", "birth_date", "kind", "email", "rate", "amount"}
        usual = {name: value for name, value in said.items() if name not in own and name not in AGREEMENTS}
        texts = {name: value for name, value in usual.items() if not name.startswith(PREFIX) and value}
        texts |= {name: first.cleaned_data[name] for name in ADDRESS if first.cleaned_data.get(name)}
        return {
            "kind": self.kind,
            "given_name": said.get("given_name", "").strip(),
            "family_name": said.get("family_name", "").strip(),
            "organisation": said.get("organisation", "").strip(),
            "birth_date": said.get("birth_date"),
            "said": texts,
            "answers": answers_written(answers_in(self, self.structure_fields)),
            "rate": self.rate,
            **{name: bool(said.get(name)) for name in AGREEMENTS},
        }

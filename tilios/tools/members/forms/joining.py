"""What a visitor fills in to join: themselves, their family, what they pay and agree to. Works without script."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.billing.models import Means
from tilios.core.errors import Invalid
from tilios.tools.members.forms.applicants import ApplicantForm, Held
from tilios.tools.members.forms.offers import Offer
from tilios.tools.members.models import JoinForm
from tilios.ui.fields import CentsField

FIRST = "moi"
OTHERS = "autres"


class RestForm(Held):
    """What is asked once for all of them."""

    quotient = CentsField(
        label=_("Quotient of the household"),
        required=False,
        help_text=_("The amount is computed from it. It is used now, and kept nowhere."),
    )
    means = forms.ChoiceField(label=_("How I will pay"), widget=forms.RadioSelect)
    times = forms.IntegerField(label=_("Paid in how many times"), min_value=1, initial=1)
    message = forms.CharField(
        label=_("A few words for us"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    consent = forms.BooleanField(label=_("I agree that what I have written is kept for this"))
    statutes = forms.BooleanField(label=_("I have read the statutes and accept them"))
    # SECURITY: people do not see this one; programs that fill in everything do.
    surname = forms.CharField(required=False, max_length=200)

    def __init__(self, data: Any = None, *, form: JoinForm, offer: Offer) -> None:
        super().__init__(data)
        means = [(one.value, one.label) for one in Means if one.value in form.means]
        self.fields["means"].choices = means  # type: ignore[attr-defined]
        if len(means) == 1:
            self.initial["means"] = means[0][0]
        self.fields["times"].max_value = offer.most_times  # type: ignore[attr-defined]
        unasked = {
            "quotient": not offer.by_quotient,
            "means": not means,
            "times": offer.most_times < 2,
            "consent": not form.consent_text.strip(),
            "statutes": not form.has_statutes,
        }
        for name in (name for name, left_out in unasked.items() if left_out):
            del self.fields[name]

    def clean_times(self) -> int:
        times = self.cleaned_data["times"]
        most = self.fields["times"].max_value  # type: ignore[attr-defined]
        if times > most:
            raise forms.ValidationError(gettext("It can be paid in %(most)s times at most.") % {"most": most})
        return times


class Joining:
    """The whole page, filled or not: `first`, `others`, `rest`; judged together, so that prices may be settled."""

    def __init__(self, form: JoinForm, data: QueryDict | None = None) -> None:
        self.form, self.offer = form, Offer(form)
        self.data = data
        self.numbers = self._numbers()
        self.changed = ""  # where the page is taken up again
        if data is not None:
            self._change()
        self.rest = RestForm(data, form=form, offer=self.offer)
        self.first = self._applicant(FIRST, first=True)
        self.others = [self._applicant(f"p{number}", first=False) for number in self.numbers]
        self.amounts: list[int] = []
        if self.changed:
            for one in self.forms:
                one.hold()

    def _applicant(self, prefix: str, *, first: bool) -> ApplicantForm:
        # One added a moment ago is not typed yet.
        new = self.changed == prefix
        return ApplicantForm(
            None if new else self.data, form=self.form, offer=self.offer, first=first, prefix=prefix
        )  # fmt: skip

    def _numbers(self) -> list[int]:
        """The numbers of those of the family, as the page keeps them."""
        said = (self.data.get(OTHERS, "") if self.data is not None else "").split(",")[: self.form.most_family]
        return list(dict.fromkeys(int(one) for one in said if one.isascii() and one.isdigit() and len(one) < 4))

    def _change(self) -> None:
        """Add one more person, or take one out, as the button pressed says."""
        assert self.data is not None
        if "ajouter" in self.data:
            self.changed = FIRST
            if len(self.numbers) < self.form.most_family:
                self.numbers.append(max(self.numbers, default=0) + 1)
                self.changed = f"p{self.numbers[-1]}"
        elif out := self.data.get("retirer", ""):
            self.numbers = [number for number in self.numbers if str(number) != out]
            self.changed = "family"

    @property
    def forms(self) -> list[Held]:
        return [self.first, *self.others, self.rest]

    @property
    def may_add(self) -> bool:
        return len(self.others) < self.form.most_family

    @property
    def kept_numbers(self) -> str:
        return ",".join(map(str, self.numbers))

    @property
    def is_trapped(self) -> bool:
        return bool(self.data and self.data.get("surname"))

    def is_valid(self) -> bool:
        # Each is judged, so that all that is wrong is said at once.
        judged = [one.is_valid() for one in self.forms]
        return all(judged) and self._settle()

    def _settle(self) -> bool:
        """Compute what each pays; what is missing or too low is said on its field."""
        people = [self.first, *self.others]
        self.amounts = []
        for one in people:
            try:
                asked = one.asked(len(people), self.first)
                quotient = self.rest.cleaned_data.get("quotient")
                chosen = one.cleaned_data.get("amount")
                self.amounts.append(asked.price(one.rate, self.form, quotient_cents=quotient, chosen_cents=chosen))
            except Invalid as error:
                where = self.rest if error.field in self.rest.fields else one
                where.add_error(error.field if error.field in where.fields else "rate", str(error))
        return not any(one.errors for one in self.forms)

    def people(self) -> list[dict[str, Any]]:
        """The fields of each Applicant."""
        forms_of = [self.first, *self.others]
        return [
            one.kept(self.first) | {"amount_cents": cents} for one, cents in zip(forms_of, self.amounts, strict=True)
        ]

    def said(self) -> dict[str, Any]:
        """The fields of the Application that the page asks."""
        rest = self.rest.cleaned_data
        return {
            "email": self.first.cleaned_data["email"],
            "means": rest.get("means", ""),
            "times": rest.get("times") or 1,
            "message": rest.get("message", "").strip(),
        }

    # What the summary of errors reads: as a form.
    @property
    def errors(self) -> dict[str, Any]:
        return {f"{one.prefix}-{name}": said for one in self.forms for name, said in one.errors.items()}

    def non_field_errors(self) -> list[Any]:
        return [said for one in self.forms for said in one.non_field_errors()]

    def __iter__(self) -> Iterator[Any]:
        for one in self.forms:
            yield from one

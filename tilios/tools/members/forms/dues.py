"""Forms of dues: their kinds and rates, what they open, reminders, and taking dues for somebody."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.billing.models import Means
from tilios.core.errors import Invalid
from tilios.core.people.models import Group
from tilios.core.people.roles import Role
from tilios.kit.money import format_cents, parse_cents
from tilios.kit.refusals import Refusal
from tilios.tools.members import pricing, queries
from tilios.tools.members.models import DuesKind, Pricing, Rate, Record, ReminderRule, Span, Status
from tilios.ui.fields import CentsField, DayField

OTHER = "other"  # the choice of an amount that is no rate
SEASON_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})")


class SeasonDayField(forms.CharField):
    """A day of every year, written "01/09": the day, then the month; "09-01" once read."""

    def prepare_value(self, value: Any) -> Any:
        month, dash, day = str(value or "").partition("-")
        return f"{day}/{month}" if dash else value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        found = SEASON_DAY.fullmatch(text.strip())
        if not text:
            return ""
        try:
            if found is None:
                raise ValueError
            date(2024, int(found[2]), int(found[1]))
        except ValueError as error:
            raise forms.ValidationError(gettext("Write a day and a month, for example 01/09.")) from error
        return f"{int(found[2]):02}-{int(found[1]):02}"


class KindForm(forms.ModelForm):
    season_first = SeasonDayField(label=_("First day of the season"), required=False, help_text=_("Day and month."))
    season_last = SeasonDayField(label=_("Last day of the season"), required=False, help_text=_("Day and month."))

    class Meta:
        model = DuesKind
        fields = (
            "name", "description", "is_membership", "span", "months", "season_first", "season_last", "offered_months",
            "grace_days", "renewal_days", "is_public", "is_gift", "account",
        )  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 2}), "span": forms.RadioSelect}
        help_texts = {
            "is_membership": _("Untick it for a workshop or an entry fee."),
            "months": _("For dues that count in months."),
            "offered_months": _("Who joins in these last months of the year or season is given them."),
            "grace_days": _("What the dues open stays open so many days after their end."),
            "account": _("The account of your chart in which the money is written."),
            "is_gift": _("Dues that give right to nothing in return, in an organisation of general interest."),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("span") == Span.SEASON and not (given.get("season_first") and given.get("season_last")):
            raise forms.ValidationError(gettext("Say on which days the season begins and ends."))
        if given.get("span") == Span.MONTHS and not given.get("months"):
            self.add_error("months", gettext("Say how many months."))
        for name in ("season_first", "season_last"):
            given[name] = given.get(name) or self.instance.__dict__[name]
        return given

    def _post_clean(self) -> None:
        """Leave the kind as it is: the action writes it."""


class RateForm(forms.ModelForm):
    amount_cents = CentsField(label=_("Amount"), required=False, help_text=_("For a free amount: the one suggested."))
    floor_cents = CentsField(label=_("Least amount"), required=False)
    brackets = forms.CharField(
        label=_("Brackets"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One a line, from the lowest: “up to 700: 10”, then “above: 40”."),
    )

    class Meta:
        model = Rate
        fields = (
            "name", "pricing", "amount_cents", "floor_cents", "brackets", "formula", "min_age", "max_age",
            "for_organisations", "instalments",
        )  # fmt: skip
        widgets = {"pricing": forms.RadioSelect}
        help_texts = {
            "formula": _(
                "In euros. Words: age, seniority, head_count, family_size, quotient, status, and your fields."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statuses"] = forms.ModelMultipleChoiceField(
            label=_("For these statuses"),
            queryset=Status.objects.all(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None ticked: whatever the status."),
        )
        if self.instance.pk:
            self.initial["statuses"] = [row.status_id for row in self.instance.statuses.all()]
        self.initial["brackets"] = written_brackets(self.instance.brackets)

    def clean_brackets(self) -> list[list[int | None]]:
        return read_brackets(self.cleaned_data["brackets"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("pricing") == Pricing.FIXED and given.get("amount_cents") is None and not self.errors:
            self.add_error("amount_cents", gettext("Say the amount."))
        given["amount_cents"], given["floor_cents"] = given.get("amount_cents") or 0, given.get("floor_cents") or 0
        return given

    def _post_clean(self) -> None:
        """Leave the rate as it is: the action writes it."""


BRACKET = re.compile(r"(?P<top>.*?)\s*(?::|=|→)\s*(?P<amount>[^:=→]+)")


def read_brackets(text: str) -> list[list[int | None]]:
    """[[up to, amount], …] in cents of lines such as "jusqu'à 700 : 10", "au-dessus : 40". Raises ValidationError."""
    found: list[list[int | None]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        cut = BRACKET.fullmatch(line.strip())
        try:
            if cut is None:
                raise Refusal("bracket", "")
            digits = re.search(r"\d.*", cut["top"])
            found.append([parse_cents(digits[0]) if digits else None, parse_cents(cut["amount"])])
        except Refusal as refusal:
            raise forms.ValidationError(gettext("“%(line)s” is no bracket.") % {"line": line.strip()[:60]}) from refusal
    return found


def written_brackets(brackets: list[list[int | None]]) -> str:
    """The brackets as `read_brackets` reads them."""
    lines = []
    for top, cents in brackets:
        amount = format_cents(cents or 0)
        lines.append(
            gettext("up to %(top)s: %(amount)s") % {"top": format_cents(top), "amount": amount}
            if top is not None
            else gettext("above: %(amount)s") % {"amount": amount}
        )
    return "\n".join(lines)


class OpeningForm(forms.Form):
    """One thing that dues open: a group, or the role of a member."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"] = forms.ModelChoiceField(
            label=_("A place in the group"), queryset=Group.objects.order_by("name"), required=False
        )
        self.fields["member"] = forms.BooleanField(label=_("The role of a member, for guests"), required=False)

    def chosen(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"group": given["group"]} if given["group"] else {"role": Role.MEMBER if given["member"] else None}


class ReminderForm(forms.ModelForm):
    class Meta:
        model = ReminderRule
        fields = ("days", "subject", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 9})}
        help_texts = {
            "days": _("-30: thirty days before the end; 15: fifteen days after it."),
        }

    def _post_clean(self) -> None:
        """Leave the reminder as it is: the action writes it."""


class TakingForm(forms.Form):
    """Dues for one record: the rate and, for the treasurer, another amount, another day, and what is paid now."""

    def __init__(self, *args: Any, record: Record, kind: DuesKind, keeper: bool, cashier: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.kind, self.keeper = record, kind, keeper
        today = timezone.localdate()
        self.rates = pricing.rates_for(kind, record, today)
        choices: list[Any] = [(str(rate.pk), rate_in_words(rate, record, today)) for rate in self.rates]
        if keeper:
            choices.append((OTHER, _("Another amount")))
        self.fields["rate"] = forms.ChoiceField(
            label=_("Rate"),
            choices=choices,
            widget=forms.RadioSelect,
            initial=choices[0][0] if choices else None,
        )
        if keeper or any(rate.pricing == Pricing.FREE for rate in self.rates):
            self.fields["amount"] = CentsField(label=_("Amount chosen"), required=False)
        if any(rate.pricing in {Pricing.BRACKETS, Pricing.FORMULA} for rate in self.rates):
            self.fields["quotient"] = CentsField(
                label=_("Quotient of the household"), required=False, help_text=_("It is used now, and kept nowhere.")
            )
        most = 12 if keeper else max((rate.instalments for rate in self.rates), default=1)
        if most > 1:
            self.fields["times"] = forms.IntegerField(
                label=_("Paid in how many times"), min_value=1, max_value=most, initial=1
            )
        if keeper:
            self.fields["on"] = DayField(label=_("From the day"), initial=today)
            self.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=300)
        if cashier:
            self._add_payment(today)

    def _add_payment(self, today: date) -> None:
        means = [("", _("Not paid yet")), *((one.value, one.label) for one in Means)]
        self.fields["means"] = forms.ChoiceField(label=_("Paid now"), choices=means, required=False)
        self.fields["received_on"] = DayField(label=_("Received on"), required=False, initial=today)
        self.fields["paid"] = CentsField(
            label=_("Amount received"), required=False, help_text=_("Empty: what is due now."), least=1
        )
        self.fields["cheque_number"] = forms.CharField(label=_("Number of the cheque"), required=False, max_length=30)
        self.fields["bank"] = forms.CharField(label=_("Bank"), required=False, max_length=80)
        self.fields["receipt"] = forms.BooleanField(label=_("Send a receipt by mail"), required=False, initial=True)

    def chosen_rate(self) -> Rate | None:
        wanted = self.cleaned_data.get("rate") or ""
        return next((rate for rate in self.rates if str(rate.pk) == wanted), None)

    def taken(self) -> dict[str, Any]:
        """What `take_dues` is given, beside whose dues they are and their rate."""
        given = dict(self.cleaned_data)
        given.pop("rate", None)
        names = {"amount": "amount_cents", "quotient": "quotient_cents", "paid": "paid_cents"}
        given = {names.get(name, name): value for name, value in given.items()}
        return {name: value for name, value in given.items() if value is not None}


def rate_in_words(rate: Rate, record: Record, on: date) -> str:
    """A rate as it is proposed: "Plein tarif, 20,00 €", "Prix libre, à partir de 5,00 €"."""
    match rate.pricing:
        case Pricing.FREE if rate.floor_cents:
            words = gettext("from %(amount)s on") % {"amount": format_cents(rate.floor_cents)}
        case Pricing.FREE:
            words = gettext("the amount you choose")
        case Pricing.BRACKETS:
            words = gettext("by the quotient of the household")
        case Pricing.FORMULA if "quotient" in rate.formula:
            words = gettext("by the quotient of the household")
        case Pricing.FORMULA:
            try:
                words = format_cents(pricing.amount(rate, record, on=on))
            except Invalid:
                words = gettext("computed")
        case _:
            words = format_cents(rate.amount_cents)
    return f"{rate.name}, {words}"


class FiltersForm(forms.Form):
    """The filters of the list of dues, read from the address of the page. A wrong value counts as none."""

    q = forms.CharField(label=_("Name"), required=False, max_length=80, widget=forms.TextInput({"type": "search"}))
    etat = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("expected", _("Expected")),
            ("late", _("Late")),
            ("paid", _("Paid")),
            ("cancelled", _("Cancelled")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sorte"] = forms.ModelChoiceField(
            label=_("Dues"), queryset=queries.kinds(), required=False, empty_label=_("All")
        )

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        given = self.cleaned_data
        return {"state": given.get("etat", ""), "kind": given.get("sorte"), "text": given.get("q", "")}

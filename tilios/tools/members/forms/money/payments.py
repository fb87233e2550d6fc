"""Forms of payments: their filters, a payment to record, a reason."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.billing.models import Charge, Journal, Means, PaperKind
from tilios.ui.fields import CentsField, DayField


class Filters(forms.Form):
    """Filters read from the address of a page: a wrong value counts as none."""

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _text(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=80, widget=forms.TextInput({"type": "search"}))


def _choice(label: Any, choices: Iterable[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("All")), *choices])


class PaymentFilters(Filters):
    text = _text(_("Name, cheque or note"))
    means = _choice(_("Means of payment"), Means.choices)
    first = DayField(label=_("From the day"), required=False)
    last = DayField(label=_("To the day"), required=False)
    allotted = _choice(_("Allotted"), [("yes", _("Wholly")), ("no", _("Something is left"))])


class PaperFilters(Filters):
    text = _text(_("Name or number"))
    kind = _choice(_("Kind of paper"), PaperKind.choices)


class EntryFilters(Filters):
    journal = _choice(_("Journal of the accounts"), Journal.choices)
    first = DayField(label=_("From the day"), required=False)
    last = DayField(label=_("To the day"), required=False)


class PaymentForm(forms.Form):
    """What somebody pays: the charges ticked, how, and a gift beside."""

    means = forms.ChoiceField(label=_("Means of payment"), choices=Means.choices, widget=forms.RadioSelect)
    received_on = DayField(label=_("Received on"))
    amount_cents = CentsField(
        label=_("Amount received"),
        required=False,
        least=1,
        help_text=_("Empty: the sum of what is ticked and the gift."),
    )
    gift_cents = CentsField(
        label=_("Free gift beside"), required=False, help_text=_("It gives right to a tax receipt.")
    )
    cheque_number = forms.CharField(label=_("Number of the cheque"), required=False, max_length=30)
    bank = forms.CharField(label=_("Bank"), required=False, max_length=80)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    receipt = forms.BooleanField(label=_("Give a receipt, by mail where there is an address"), required=False)

    def __init__(self, *args: Any, charges: Iterable[Charge], ticked: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.charges = {str(charge.pk): charge for charge in charges}
        self.fields["received_on"].initial = timezone.localdate()
        self.fields["means"].initial = Means.CHEQUE
        self.fields["receipt"].initial = True
        sent = self.data.getlist("charge") if isinstance(self.data, QueryDict) else []
        wanted = set(sent) if self.is_bound else {str(pk) for pk in ticked}
        self.rows = [(charge, pk in wanted) for pk, charge in self.charges.items()]

    def ticked(self) -> list[Charge]:
        """What is ticked among the charges proposed; others are passed over."""
        return [charge for charge, is_ticked in self.rows if is_ticked]


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

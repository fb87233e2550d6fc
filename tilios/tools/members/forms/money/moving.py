"""The form of money that changes place within the structure."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.billing.actions.moving import PLACES
from tilios.core.billing.ledger.accounts import USUAL, account
from tilios.core.billing.models import BillingProfile
from tilios.ui.fields import CentsField, DayField


class MovingForm(forms.Form):
    source = forms.ChoiceField(label=pgettext_lazy("money that changes place", "The money leaves"))
    target = forms.ChoiceField(label=pgettext_lazy("money that changes place", "It goes to"))
    amount_cents = CentsField(label=_("Amount"), least=1)
    moved_on = DayField(label=pgettext_lazy("money that changes place", "On the day"))
    label = forms.CharField(
        label=pgettext_lazy("money that changes place", "What it is"),
        max_length=160,
        help_text=_("For example: cash of the fair taken to the bank."),
    )

    def __init__(self, *args: Any, profile: BillingProfile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(use, f"{USUAL[use][1]} ({account(profile, use)})") for use in USUAL if use in PLACES]
        for name in ("source", "target"):
            self.fields[name].choices = [("", "—"), *places]  # type: ignore[attr-defined]
        self.fields["moved_on"].initial = timezone.localdate()

"""Forms of papers: a deposit, an invoice, its credit note, a tax receipt."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.billing.papers.giving import Form, Nature
from tilios.tools.members.forms.money.payments import ReasonForm
from tilios.ui.fields import DayField


class DepositForm(forms.Form):
    deposited_on = DayField(label=_("Taken to the bank on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deposited_on"].initial = timezone.localdate()


class InvoiceForm(forms.Form):
    issued_on = DayField(label=_("Day of the invoice"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issued_on"].initial = timezone.localdate()


class CreditNoteForm(ReasonForm):
    again = forms.BooleanField(
        label=_("It stays owed, and may go on another invoice"), required=False,
        help_text=_("Unticked: nothing is owed for it any more; what was paid is kept as credit."),
    )  # fmt: skip


class TaxReceiptForm(forms.Form):
    """One gift: to whom the receipt is made, and what the law asks to say of the gift."""

    company = forms.NullBooleanField(
        label=_("The donor is"),
        widget=forms.Select(
            choices=[("", _("As their record says")), ("false", _("A person")), ("true", _("A company"))]
        ),
    )
    siren = forms.CharField(label=_("SIREN number of the company"), required=False, max_length=11)
    form = forms.ChoiceField(label=_("Form of the gift"), choices=Form.choices)
    nature = forms.ChoiceField(label=_("Nature of the gift"), choices=Nature.choices)


class DeclarationForm(forms.Form):
    """Whoever declares answers for it: the box is not ticked beforehand."""

    sure = forms.BooleanField(
        label=_("I declare that our structure meets these conditions and may give tax receipts."),
        error_messages={"required": _("Tick the box if it is so; without it no tax receipt can be given.")},
    )

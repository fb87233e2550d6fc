"""Forms of direct debits: a mandate, a batch, what the bank answers."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.ui.fields import DayField

SCAN_LIMIT = 10 * 2**20  # bytes


class MandateForm(forms.Form):
    iban = forms.CharField(label=_("IBAN of the payer"), max_length=42, widget=forms.TextInput({"autocomplete": "off"}))
    bic = forms.CharField(label=_("BIC"), required=False, max_length=11, help_text=_("For a bank outside Europe only."))
    signed_on = DayField(label=_("Signed on"))
    holder_name = forms.CharField(
        label=_("Name of who holds the account"), required=False, max_length=70, help_text=_("Empty: the payer.")
    )
    reference = forms.CharField(
        label=_("Reference of the mandate"), required=False, max_length=35, help_text=_("Empty: the next number.")
    )
    scan = forms.FileField(label=_("The signed paper"), required=False, help_text=_("PDF or image, 10 MB at most."))

    def clean_scan(self) -> Any:
        scan = self.cleaned_data.get("scan")
        if scan and scan.size > SCAN_LIMIT:
            raise forms.ValidationError(gettext("10 MB at most."))
        return scan


class BatchForm(forms.Form):
    collect_on = DayField(label=_("Debited on"))
    notified_on = DayField(label=_("Payers told on"))

    def __init__(self, *args: Any, notice_days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["notified_on"].initial = today
        self.fields["collect_on"].initial = today + timedelta(days=notice_days + 1)
        self.fields["notified_on"].help_text = gettext(
            "%(days)s days before the debit at the latest. Once it is made, its page sends the announcements."
        ) % {"days": notice_days}


class ConfirmForm(forms.Form):
    received_on = DayField(label=_("Received on"))


class RejectForm(forms.Form):
    reason = forms.CharField(label=_("Reason given by the bank"), max_length=200)


class ClosingForm(forms.Form):
    last_day = DayField(label=_("Close to the end of the day"))
    sure = forms.BooleanField(
        label=_("I know that it cannot be opened again."),
        error_messages={"required": _("Tick the box: there is no way back.")},
    )

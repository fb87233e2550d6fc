"""The form of what the structure says of itself on its papers, and of the numbers of its accounts."""

from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from tilios.core.billing.ledger import accounts
from tilios.core.billing.ledger.accounts import USUAL
from tilios.core.billing.models import BillingProfile
from tilios.core.errors import Invalid

PREFIX = "account_"


class ProfileForm(forms.ModelForm):
    fiscal_month = forms.TypedChoiceField(
        label=_("First month of the fiscal year"), choices=list(MONTHS.items()), coerce=int
    )
    signature_picture = forms.FileField(
        label=_("Picture of the signature"), required=False, help_text=_("PNG or JPEG, on a white or clear ground.")
    )
    without_signature = forms.BooleanField(label=_("Take the picture of the signature away"), required=False)

    class Meta:
        model = BillingProfile
        fields = (
            "legal_name", "street", "postcode", "town", "country", "siren", "rna", "register", "purpose", "vat_number",
            "vat_exemption", "iban", "bic", "creditor_id", "notice_days", "fiscal_month",
            "signatory_name", "signatory_quality",
            "wealth_tax_gifts",
        )  # fmt: skip
        widgets = {"street": forms.Textarea(attrs={"rows": 2}), "purpose": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "vat_exemption": _(
                "For example: “TVA non applicable, article 293 B du CGI”. Invoices without VAT bear it."
            ),
            "creditor_id": _("The ICS, given by your bank: direct debits need it."),
            "notice_days": _(
                "The law says fourteen, unless those who are debited agreed to another time, in your rules for example."
            ),
            "purpose": _("Tax receipts bear it, as it stands in your statutes."),
        }

    #: The parts of the page, each a title and its fields.
    PARTS = (
        (
            _("Who you are"),
            ("legal_name", "street", "postcode", "town", "country", "siren", "rna", "register", "purpose"),
        ),
        (_("VAT"), ("vat_number", "vat_exemption")),
        (_("Bank"), ("iban", "bic", "creditor_id", "notice_days")),
        (
            _("Signature"),
            ("signatory_name", "signatory_quality", "signature_picture", "without_signature", "wealth_tax_gifts"),
        ),
        (_("Accounts"), ("fiscal_month", *(f"{PREFIX}{use}" for use in USUAL))),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.accounts
        for use, (number, name) in USUAL.items():
            self.fields[f"{PREFIX}{use}"] = forms.CharField(
                label=name, required=False, max_length=12, initial=own.get(use, ""),
                widget=forms.TextInput({"placeholder": number, "inputmode": "numeric"}),
            )  # fmt: skip
        if not self.instance.signature_id:
            del self.fields["without_signature"]

    def parts(self) -> list[tuple[Any, list[Any]]]:
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.PARTS]

    def values(self) -> dict[str, Any]:
        """What `save_profile` takes, the signature left out."""
        given = {name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields}
        return given | {"accounts": {use: self.cleaned_data[f"{PREFIX}{use}"] for use in USUAL}}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for use in USUAL:
            try:
                accounts.checked({use: given.get(f"{PREFIX}{use}", "")})
            except Invalid as error:
                self.add_error(f"{PREFIX}{use}", str(error))
        return given

    def _post_clean(self) -> None:
        """Leave the profile as it is: the action checks and writes it."""

"""How to pay by transfer: the account of the structure, what to write, and the code that the programs of banks read."""

from dataclasses import dataclass

from tilios.core.billing.models import BillingProfile
from tilios.kit.money import plain_cents


@dataclass(frozen=True)
class Transfer:
    """A transfer to the structure: `reference` says whose it is, and is found again on the statement."""

    holder: str
    iban: str
    bic: str
    amount_cents: int
    reference: str

    @property
    def spaced_iban(self) -> str:
        """The IBAN in groups of four, as people copy it."""
        return " ".join(self.iban[start : start + 4] for start in range(0, len(self.iban), 4))

    @property
    def code(self) -> str:
        """The text of the QR code (EPC069-12, version 002), that most programs of banks fill a transfer from."""
        amount = f"EUR{plain_cents(self.amount_cents)}"
        lines = ("BCD", "002", "1", "SCT", self.bic, self.holder[:70], self.iban, amount, "", "", self.reference[:140])
        return "\n".join(lines)


def transfer_of(amount_cents: int, reference: str) -> Transfer | None:
    """How to pay `amount_cents` to the structure in scope; None where it has given no IBAN, or nothing is owed."""
    return transfer_from(BillingProfile.objects.first(), amount_cents, reference)


def transfer_from(profile: BillingProfile | None, amount_cents: int, reference: str) -> Transfer | None:
    """The same for a profile that is read already."""
    if profile is None or not profile.iban or amount_cents <= 0:
        return None
    return Transfer(profile.legal_name, profile.iban, profile.bic, amount_cents, " ".join(reference.split()))

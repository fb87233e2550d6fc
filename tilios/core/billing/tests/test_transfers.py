"""How to pay by transfer: nothing without an IBAN, the code that the programs of banks read."""

from tests.cast import Cast
from tilios.core.billing.models import BillingProfile
from tilios.core.billing.transfers import transfer_of


def test_nothing_without_an_iban_or_without_a_debt(fabrique: Cast) -> None:
    assert transfer_of(1200, "ADA") is None
    BillingProfile.objects.update_or_create(
        defaults={"legal_name": "La Fabrique", "iban": "FR7630006000011234567890189"}
    )
    assert transfer_of(0, "ADA") is None
    assert transfer_of(-5, "ADA") is None


def test_the_code_is_that_of_the_european_payments_council(fabrique: Cast) -> None:
    BillingProfile.objects.update_or_create(
        defaults={"legal_name": "La Fabrique", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP"}
    )
    transfer = transfer_of(123450, "Cotisation\n  Ada")
    assert transfer is not None
    assert transfer.spaced_iban == "FR76 3000 6000 0112 3456 7890 189"
    assert transfer.code.split("\n") == [
        "BCD", "002", "1", "SCT", "AGRIFRPP", "La Fabrique", "FR7630006000011234567890189", "EUR1234.50", "", "",
        "Cotisation Ada",
    ]  # fmt: skip

"""Which column of a statement holds what: the headers of banks and of HelloAsso."""

from collections.abc import Sequence

from tilios.kit.mapping import Field, guess

BANK, HELLOASSO = "bank", "helloasso"

DAY = Field.of(
    "day",
    "date, date opération, date d'opération, date de l'opération, date comptable, dateOp, date de comptabilisation, "
    "date operation, booking date, date du paiement, date de la commande, date paiement, date commande",
)
VALUE_DAY = Field.of("value_day", "date de valeur, date valeur, valeur, dateVal, value date")
LABEL = Field.of(
    "label",
    "libellé, libellé de l'opération, libellé opération, libelle simplifie, label, description, intitulé, nature, "
    "tarif, campagne, formule, nom de la campagne",
)
DETAIL = Field.of(
    "detail", "informations complémentaires, libellé complémentaire, détail, détails, motif, commentaire, memo"
)
AMOUNT = Field.of(
    "amount",
    "montant, montant en euros, montant(euros), montant de l'opération, montant eur, amount, somme, montant total, "
    "montant tarif, montant du paiement, montant payé",
)
CREDIT = Field.of("credit", "crédit, crédit euros, crédit (eur), montant crédit, credit, recette, recettes")
DEBIT = Field.of("debit", "débit, débit euros, débit (eur), montant débit, debit, dépense, dépenses")
BALANCE = Field.of("balance", "solde, balance, solde en euros")
REFERENCE = Field.of(
    "reference",
    "référence, référence opération, référence de l'opération, numéro d'opération, reference, référence paiement, "
    "référence commande, numéro de commande, id paiement",
)
NAME = Field.of(
    "payer_name",
    "nom payeur, payeur, nom du payeur, nom contrepartie, contrepartie, émetteur, donneur d'ordre, nom acheteur, tiers",
)
GIVEN_NAME = Field.of("payer_given_name", "prénom payeur, prénom du payeur, prénom acheteur")
EMAIL = Field.of("payer_email", "email payeur, e-mail payeur, email acheteur, courriel du payeur, adresse email payeur")
STATUS = Field.of("status", "statut, statut de la commande, statut du paiement, état, status")

#: What is kept of the columns of each origin; the others are drawn away by fields that nothing takes.
FIELDS = {
    BANK: (DAY, VALUE_DAY, LABEL, DETAIL, AMOUNT, CREDIT, DEBIT, BALANCE, REFERENCE, NAME),
    HELLOASSO: (DAY, LABEL, AMOUNT, REFERENCE, NAME, GIVEN_NAME, EMAIL, STATUS),
}


def guessed(header: Sequence[str], origin: str) -> list[str]:
    """What each column holds, "" for what nothing takes."""
    return [found.field or "" for found in guess(header, FIELDS[origin])]


def is_whole(columns: Sequence[str]) -> bool:
    """Whether a line can be read: a day, and an amount or what came in."""
    return "day" in columns and ("amount" in columns or "credit" in columns)

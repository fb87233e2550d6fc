"""How somebody pays what they owe."""

from typing import Any

from django.utils.translation import gettext as _

from tilios.core.billing import queries as money
from tilios.core.billing.models import Means
from tilios.core.billing.transfers import Transfer, transfer_of
from tilios.core.people.models import Person
from tilios.kit.text import fold
from tilios.tools.members.models import Application, Contribution, Record


def transfer_for(person: Person, cents: int) -> Transfer | None:
    """A transfer of `cents` by `person`, with a reference that the statement is read by: their name. Two queries."""
    return transfer_of(cents, reference_of(person, Record.objects.filter(person=person).first()))


def reference_of(person: Person, record: Record | None) -> str:
    """What `person`, whose record it is, writes on a transfer."""
    number = f" {record.number}" if record else ""
    name = f"{person.family_name} {person.given_name}".strip() or person.display_name
    return fold(f"{_('Dues')} {name}{number}").upper()


def owed_transfer(person: Person) -> Transfer | None:
    """A transfer of all that `person` owes, what they have of credit taken off."""
    return transfer_for(person, money.owed_by(person) - money.credit_of(person))


def transfer_for_dues(contribution: Contribution) -> Transfer | None:
    """A transfer of what is left to pay of these dues; None where nothing is."""
    charges = money.charges_for(contribution).filter(cancelled_at=None)
    left = sum(charge.amount_cents - charge.paid_cents for charge in charges)
    return transfer_for(contribution.payer, left) if contribution.payer and left else None


def how_to_pay(application: Application) -> dict[str, Any]:
    """What an accepted application is told of money: `total_cents`, `due_cents` (the first part), `transfer`, `means`
    in words, `words` of the structure.
    """
    assert application.record is not None
    person = application.record.person
    made = [one.contribution for one in application.applicants.select_related("contribution") if one.contribution]
    charges = [charge for one in made for charge in money.charges_for(one).filter(cancelled_at=None)]
    first = min((charge.due_on for charge in charges), default=None)
    due = sum(charge.amount_cents - charge.paid_cents for charge in charges if charge.due_on == first)
    by_transfer = application.means in ("", Means.TRANSFER)
    return {
        "total_cents": sum(charge.amount_cents - charge.paid_cents for charge in charges),
        "due_cents": due,
        "charges": sorted(charges, key=lambda charge: (charge.due_on, charge.pk)),
        "transfer": transfer_for(person, due) if by_transfer else None,
        "means": Means(application.means).label if application.means else "",
        "words": application.form.payment_words,
    }

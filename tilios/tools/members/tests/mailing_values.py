"""Values for the addresses of mailings, for the isolation matrix and the contract suite."""

from typing import Any

from tilios.core.people.models import Person
from tilios.tools.members.actions import mailings
from tilios.tools.members.mailing_letters import stop_token
from tilios.tools.members.models import Delivery, Mailing, MailingState, Record

PAGES = ("members:mailings", "members:mailing", "members:change_mailing")


def objects(by: Person, record: Record) -> dict[str, Any]:
    """A draft, and a letter that leaves for `record`."""
    leaving = Mailing.objects.create(subject="Loto", body="Ce soir", state=MailingState.SENDING)
    delivery = Delivery.objects.create(mailing=leaving, record=record, email="camille@example.org")
    return {
        "mailing_pk": mailings.save_mailing(by=by, subject="Loto", body="Demain").pk,
        "move_mailing:mailing_pk": leaving.pk,
        "step": "pause",
        "delivery_pk": delivery.pk,
        "unsubscribe:token": stop_token(record),
    }


def fill(by: Person, made: list[Record]) -> dict[str, Any]:
    """A letter sent to each of `made`."""
    letter = Mailing.objects.create(subject="Loto", body="Ce soir", state=MailingState.SENT, created_by=by)
    Delivery.objects.bulk_create(
        [Delivery(mailing=letter, record=one, email=f"camille{one.pk}@example.org") for one in made]
    )
    return {
        "mailing_pk": letter.pk,
        "change_mailing:mailing_pk": mailings.save_mailing(by=by, subject="Loto", body="Demain").pk,
    }

"""Write a letter to members, try it, send it to each at a bearable pace, hold it, stop it."""

from typing import Any

from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.jobs import job
from tilios.core.journal.actions import publish, record_reads, through
from tilios.core.mailroom.addresses import Entrance, entrance
from tilios.core.notify import outbox
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope
from tilios.tools.members import mailing_letters
from tilios.tools.members.models import Delivery, Mailing, MailingKind, MailingState, Posted, Record
from tilios.tools.members.queries import mailings as queries

PACES = (20, 60, 200, 600)  # letters a minute


@transaction.atomic
def save_mailing(*, by: Person, mailing: Mailing | None = None, **values: Any) -> Mailing:
    """Write a letter, or change one that is not sent yet. Publishes "members.mailing_saved".

    Raises NotAllowed, Conflict once it is sent, Invalid("subject", "body", "audience", "reply_to", "kind",
    "per_minute") with a sentence: a word that `by` may not read, or that is none, among them.
    """
    require(may(by, "members.register"))
    mailing = _locked(mailing, MailingState.DRAFT) if mailing else Mailing(created_by=by)
    for name, value in values.items():
        setattr(mailing, name, value)
    mailing.subject = " ".join(mailing.subject.split())
    _check(mailing, by)
    queries.audience_of(mailing, by)
    mailing.save()
    publish("members.mailing_saved", by=by, target=mailing)
    return mailing


def _check(mailing: Mailing, by: Person) -> None:
    for field, text in (("subject", mailing.subject), ("body", mailing.body)):
        if not text.strip():
            raise Invalid(field, _("Write something here."))
    mailing_letters.check_text(by, subject=mailing.subject, body=mailing.body)
    if mailing.reply_to:
        validate_email(mailing.reply_to)
    if mailing.per_minute not in PACES:
        raise Invalid("per_minute", _("Choose a pace."))
    if mailing.kind not in MailingKind.values:
        raise Invalid("kind", _("Say what it is about."))


@transaction.atomic
def copy_mailing(*, by: Person, mailing: Mailing) -> Mailing:
    """A draft with the same words, for the same people. Publishes "members.mailing_saved"; raises NotAllowed."""
    require(may(by, "members.register"))
    made = Mailing.objects.create(
        subject=mailing.subject, body=mailing.body, kind=mailing.kind, audience=mailing.audience,
        reply_to=mailing.reply_to, per_minute=mailing.per_minute, created_by=by,
    )  # fmt: skip
    publish("members.mailing_saved", by=by, target=made)
    return made


@transaction.atomic
def remove_mailing(*, by: Person, mailing: Mailing) -> None:
    """Forget a draft. Publishes "members.mailing_removed"; raises NotAllowed, Conflict once it is sent."""
    require(may(by, "members.register"))
    mailing = _locked(mailing, MailingState.DRAFT)
    publish("members.mailing_removed", by=by, target=mailing)
    mailing.delete()


def send_test(*, by: Person, mailing: Mailing, record: Record | None) -> str:
    """Send the letter to oneself, as `record` would read it: the address it goes to.

    Raises NotAllowed, Conflict for somebody without an address, with nobody to write to, for a word not for `by`.
    """
    require(may(by, "members.register"))
    if not by.email:
        raise Conflict(_("Your own record has no mail address."))
    if record is None:
        raise Conflict(_("Nobody would receive this letter."))
    mailing_letters.check_words(mailing, by)
    [said] = mailing_letters.said_to(mailing, [record], by=by)
    outbox.put([mailing_letters.letter(mailing, record, said, by.email, subject=_("Test: %(subject)s"))])
    return by.email


@transaction.atomic
def start(*, by: Person, mailing: Mailing) -> int:
    """Send: whom it goes to is settled now, the letters leave in the background; how many there are.

    Two who press at once send it once. Publishes "members.mailing_started"; raises NotAllowed, Conflict once it is
    sent, when nobody would receive it, or for a word that is gone or not for `by`.
    """
    require(may(by, "members.register"))
    mailing = _locked(mailing, MailingState.DRAFT)
    mailing_letters.check_words(mailing, by)
    found = queries.recipients(mailing, by).letters
    if not found:
        raise Conflict(_("Nobody would receive this letter."))
    Delivery.objects.bulk_create(
        [Delivery(mailing=mailing, record=record, email=record.person.email.strip().lower()) for record in found],
        batch_size=500,
    )
    mailing.state, mailing.started_at, mailing.sent_by = MailingState.SENDING, timezone.now(), by
    mailing.save(update_fields=["state", "started_at", "sent_by"])
    publish("members.mailing_started", by=by, target=mailing, letters=len(found))
    record_reads(by=by, subjects=[record.person for record in found], what="members.mailing")
    send_first.enqueue(current_structure().pk, mailing.pk)
    return len(found)


@transaction.atomic
def pause(*, by: Person, mailing: Mailing) -> None:
    """Hold the letters that have not left. Publishes "members.mailing_paused"; raises NotAllowed, Conflict."""
    require(may(by, "members.register"))
    mailing = _locked(mailing, MailingState.SENDING)
    _hold(mailing, by)


@transaction.atomic
def resume(*, by: Person, mailing: Mailing) -> None:
    """Let them leave again, in the name of `by`. Publishes "members.mailing_resumed"; raises NotAllowed, Conflict."""
    require(may(by, "members.register"))
    mailing = _locked(mailing, MailingState.PAUSED)
    mailing_letters.check_words(mailing, by)
    mailing.state, mailing.sent_by = MailingState.SENDING, by
    mailing.save(update_fields=["state", "sent_by"])
    publish("members.mailing_resumed", by=by, target=mailing)
    send_first.enqueue(current_structure().pk, mailing.pk)


@transaction.atomic
def stop(*, by: Person, mailing: Mailing) -> None:
    """Send none of the letters that have not left. Publishes "members.mailing_stopped"; raises NotAllowed, Conflict."""
    require(may(by, "members.register"))
    mailing = _locked(mailing, MailingState.SENDING, MailingState.PAUSED)
    Delivery.objects.filter(mailing=mailing, sent_at=None).delete()
    _finish(mailing, MailingState.STOPPED)
    publish("members.mailing_stopped", by=by, target=mailing)


@transaction.atomic
def forgive(*, by: Person, delivery: Delivery) -> None:
    """Write to this address again: what made its letter come back is mended. Publishes "members.address_forgiven"."""
    require(may(by, "members.register"))
    Delivery.objects.filter(email=delivery.email).update(returned_at=None)
    publish("members.address_forgiven", by=by, target=delivery.mailing, subject=delivery.record.person)


@transaction.atomic
def unsubscribe(*, record: Record) -> None:
    """No more news for this member, by the link of a letter. Publishes "members.unsubscribed"."""
    if Record.objects.filter(pk=record.pk, newsletter=True).update(newsletter=False, changed_at=timezone.now()):
        publish("members.unsubscribed", by=None, target=record, subject=record.person)


def send_due() -> int:
    """Periodic, every minute: put the next letters of each mailing in the outbox, at its pace; how many."""
    return sum(send_some(one.pk) for one in Mailing.objects.filter(state=MailingState.SENDING).order_by("started_at"))


@job
def send_first(structure_id: int, mailing_id: int) -> None:
    """The first minute of a mailing, at once."""
    with scope(Structure.objects.get(pk=structure_id)), through("job"):
        send_some(mailing_id)


@transaction.atomic
def send_some(mailing_id: int) -> int:
    """Put the letters of one minute in the outbox, and say in the same transaction that they are there: a crash
    neither loses one nor sends it twice. A few queries.

    Whoever sends must still be allowed the words that the letter fills: otherwise it is held, and nothing leaves.
    """
    mailing = Mailing.objects.select_for_update().filter(pk=mailing_id, state=MailingState.SENDING).first()
    if mailing is None:
        return 0
    found = list(queries.next_letters(mailing, mailing.per_minute))
    way = entrance() if found else None
    # SECURITY: the letter leaves in the background with the rights its sender has now, not those of whoever wrote it.
    if not mailing_letters.may_fill(mailing, mailing.sent_by):
        _hold(mailing, None)
        return 0
    with translation.override(current_structure().language):
        read = mailing_letters.said_to(mailing, [one.record for one in found], by=mailing.sent_by)
        letters = [
            mailing_letters.letter(mailing, one.record, said, one.email, back=_back(way, one))
            for one, said in zip(found, read, strict=True)
        ]
    mails = outbox.put(letters)
    Posted.objects.bulk_create([Posted(delivery=one, mail=mail) for one, mail in zip(found, mails, strict=True)])
    Delivery.objects.filter(pk__in=[one.pk for one in found]).update(sent_at=timezone.now())
    if len(found) < mailing.per_minute:
        _finish(mailing, MailingState.SENT)
    return len(found)


def _back(way: Entrance | None, delivery: Delivery) -> str:
    """Where the letter comes back if nobody takes it; "" where no letter with a key can come in."""
    return way.address("envois", delivery.key) if way and (way.domain or way.has_plus) else ""


def _locked(mailing: Mailing, *states: str) -> Mailing:
    mailing = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if mailing.state not in states:
        raise Conflict(_("This letter has moved on: look at where it is now."))
    return mailing


def _hold(mailing: Mailing, by: Person | None) -> None:
    Mailing.objects.filter(pk=mailing.pk).update(state=MailingState.PAUSED)
    publish("members.mailing_paused", by=by, target=mailing)


def _finish(mailing: Mailing, state: str) -> None:
    mailing.state, mailing.finished_at = state, timezone.now()
    mailing.save(update_fields=["state", "finished_at"])

"""Mailings: a letter written once, sent by mail to each of those it is for."""

from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.notify.models import Mail
from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.tools.members.models.register import Record


class MailingKind(models.TextChoices):
    """Why people are written to: it says who may refuse."""

    NEWS = "news", _("News: to those who wish to receive it")
    LIFE = "life", _("Life of the association: to all, it concerns them as members")


class MailingState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a mailing", "Draft")
    SENDING = "sending", pgettext_lazy("of a mailing", "Being sent")
    PAUSED = "paused", pgettext_lazy("of a mailing", "On hold")
    SENT = "sent", pgettext_lazy("of a mailing", "Sent")
    STOPPED = "stopped", pgettext_lazy("of a mailing", "Stopped")


class Mailing(Owned):
    """One letter. `audience` says whom it is for (queries/choosing); once it is sent, its deliveries do.

    What it fills is what `sent_by`, who last pressed Send or Go on, may read.
    """

    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("letter"), max_length=20000)
    kind = models.CharField(_("what it is about"), max_length=4, choices=MailingKind, default=MailingKind.NEWS)
    audience = models.CharField(_("for"), max_length=40, default="tous")
    reply_to = models.EmailField(_("answers go to"), blank=True)
    per_minute = models.PositiveSmallIntegerField(_("letters a minute"), default=60)
    state = models.CharField(max_length=7, choices=MailingState, default=MailingState.DRAFT)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["structure", "state"], name="members_mailings_by_state")]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_draft(self) -> bool:
        return self.state == MailingState.DRAFT

    @property
    def is_under_way(self) -> bool:
        return self.state in (MailingState.SENDING, MailingState.PAUSED)


def new_key() -> str:
    return get_random_string(20, "abcdefghijklmnopqrstuvwxyz0123456789")  # part of an address, in small letters


class Delivery(Owned):
    """One letter of a mailing to one address. `sent_at` is when it was put in the outbox: None while it waits.

    `key` is that of the address at which it comes back when nobody takes it; `returned` is the reason given.
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="deliveries")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="deliveries")
    email = models.EmailField()
    key = models.CharField(max_length=20, default=new_key, unique=True)
    sent_at = models.DateTimeField(null=True)
    returned = models.CharField(max_length=300, blank=True)
    returned_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        verbose_name_plural = "deliveries"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["mailing", "email"], name="members_one_letter_an_address")]
        indexes = [
            models.Index(fields=["mailing", "sent_at"], name="members_deliveries_waiting"),
            models.Index(fields=["structure", "email", "returned_at"], name="members_deliveries_returned"),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.email}"


class Posted(Owned):
    """The letter of a delivery in the outbox of this server, which forgets its letters without asking this table."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="posted")
    # Mails are of no structure: were they to cascade to what one owns, they could be deleted in its scope alone.
    mail = models.OneToOneField(Mail, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.mail_id}"

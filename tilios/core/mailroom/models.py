"""The mail box that a structure has read for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.structures.models import Owned


class Security(models.TextChoices):
    TLS = "tls", pgettext_lazy("of a connection", "Encrypted from the start (port 993)")
    STARTTLS = "starttls", pgettext_lazy("of a connection", "Encrypted once connected (port 143)")
    NONE = "none", pgettext_lazy("of a connection", "Not encrypted, on the network of the host")


class Box(Owned):
    """A box of the structure, read every few minutes over IMAP: one a structure.

    `password` is sealed (core/outside/sealing). `uid_validity` and `last_uid` say up to where it was read (RFC 9051,
    2.3.1.1): what comes after is looked at once.
    """

    address = models.EmailField(_("address of the box"))
    server = models.CharField(_("server"), max_length=200)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("security"), max_length=10, choices=Security, default=Security.TLS)
    account = models.CharField(_("account"), max_length=200)
    password = models.TextField(blank=True)
    has_plus = models.BooleanField(default=False)  # address+word@… arrives in it, too
    is_on = models.BooleanField(default=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)  # in the language of the structure
    taken = models.PositiveIntegerField(default=0)  # letters that a tool took

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure"], name="one_box_a_structure")]

    def __str__(self) -> str:
        return self.address

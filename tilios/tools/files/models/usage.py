"""How much room is taken, how much there is, and how long things are kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned

DAY_MS = 24 * 60 * 60 * 1000


class Usage(Owned):
    """Bytes of all versions, trash included: of the whole structure (no person), and of each personal space.

    The structure's row is also what its writes of files lock last, so that `sequence` numbers the changes in the order
    they are committed.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, related_name="files_usage")
    used = models.BigIntegerField(default=0)
    quota = models.BigIntegerField(_("room"), null=True)  # bytes; None: what the structure, or the host, lets
    sequence = models.BigIntegerField(default=0)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["structure"], condition=models.Q(person=None), name="files_one_usage_a_structure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.structure_id}: {self.used}"


class Rules(Owned):
    """What the structure decided of versions, trash and programs' files. One row, made when first changed."""

    version_days = models.PositiveIntegerField(_("days earlier versions are kept"), default=365)
    versions_most = models.PositiveIntegerField(_("earlier versions kept of a file at most"), default=100)
    trash_days = models.PositiveIntegerField(_("days the trash is kept"), default=30)
    person_quota = models.BigIntegerField(_("room of each person"), null=True, default=5 * 10**9)
    hides_system_files = models.BooleanField(_("keep .DS_Store, ._ and Thumbs.db out of sight"), default=True)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure"], name="files_one_set_of_rules")]

    def __str__(self) -> str:
        return "rules of files"

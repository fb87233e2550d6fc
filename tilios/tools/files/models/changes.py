"""The log that synchronisation reads (RFC 6578): what changed costs, not what is there."""

from django.db import models

from tilios.core.structures.models import Owned
from tilios.tools.files.models.items import PathField


class Change(Owned):
    """Something came, changed or went, under `name` in the folder `folder` whose path was `path`.

    `number` follows the order of commits in a structure: `Usage.sequence`.
    """

    number = models.BigIntegerField()
    folder = models.BigIntegerField()
    path = PathField(max_length=600)
    name = models.CharField(max_length=255)
    made_ms = models.BigIntegerField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure", "number"], name="files_changes_in_order")]
        indexes = [models.Index(fields=["folder", "number"], name="files_changes_of_a_folder")]

    def __str__(self) -> str:
        return f"{self.number} {self.folder}/{self.name}"

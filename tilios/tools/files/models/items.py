"""Folders and files, and what files were."""

from datetime import UTC, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.models import Blob
from tilios.core.people.models import Person
from tilios.core.shelves.models import PathField, Shelved, below, now_ms
from tilios.core.structures.models import Owned

__all__ = ["Item", "PathField", "Version", "below", "now_ms"]


class Item(Shelved):
    """A folder or a file. The roots, without parent, are the spaces: everybody's, each group's, each person's.

    A file takes the list of rights of the folder it is in.
    """

    # Files only: the version of today.
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="+")
    size = models.PositiveBigIntegerField(default=0)
    media_type = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=1)  # one more each time its bytes, or its members, change
    label = models.CharField(_("name of the version"), max_length=80, blank=True)
    modified_ms = models.BigIntegerField(default=now_ms)  # of the bytes; may be older than their arrival

    class Meta(Shelved.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], condition=models.Q(in_trash=False), name="files_one_name_in_a_folder"
            ),
            *Shelved.Meta.constraints,
        ]

    @property
    def content(self) -> Blob:
        """The bytes of a file; a folder has none."""
        assert self.blob is not None
        return self.blob

    @property
    def modified_at(self) -> datetime:
        return datetime.fromtimestamp(self.modified_ms / 1000, UTC)

    @property
    def etag(self) -> str:
        return f"{self.pk:x}-{self.revision:x}"


class Version(Owned):
    """What a file was before: its earlier bytes."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="versions")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    label = models.CharField(_("name of the version"), max_length=80, blank=True)  # a version with a name is kept
    modified_ms = models.BigIntegerField()
    made_ms = models.BigIntegerField(default=now_ms)

    class Meta(Owned.Meta):
        ordering = ["-made_ms", "-pk"]
        indexes = [models.Index(fields=["item", "-made_ms"], name="files_versions")]

    @property
    def made_at(self) -> datetime:
        return datetime.fromtimestamp(self.made_ms / 1000, UTC)

    def __str__(self) -> str:
        return self.label or f"{self.item_id} {self.made_ms}"

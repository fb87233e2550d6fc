"""A blob, and the small images made from it."""

from typing import BinaryIO, cast

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.errors import Damaged
from tilios.core.blobs.storage import blob_storage, path_of


class State(models.TextChoices):
    WHOLE = "whole", _("Whole")
    DAMAGED = "damaged", _("Damaged")
    MISSING = "missing", _("Missing")


class Blob(models.Model):
    """Bytes that never change, named by their SHA-256. Shared by all structures: rights are those of what points at it.

    Made by `actions.store` alone. `orphaned_at` is when it was first seen that nothing points at it.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.WHOLE)
    created_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True, blank=True, db_index=True)
    orphaned_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> str:
        """Where the bytes are, in the storage of blobs."""
        return path_of(self.sha256)

    def open(self) -> BinaryIO:
        """The bytes, to be read and closed. Raises Damaged if they are not there."""
        try:
            return cast(BinaryIO, blob_storage().open(self.path, "rb"))
        except FileNotFoundError as error:
            raise Damaged from error


class Thumbnail(models.Model):
    """An image that fits in a square of `side` pixels, made from `blob`; goes when `blob` goes."""

    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="thumbnails")
    side = models.PositiveSmallIntegerField()
    image = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "side"], name="one_thumbnail_by_side")]

    def __str__(self) -> str:
        return f"{self.blob} in {self.side} px"

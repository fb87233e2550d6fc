"""What came by a share link."""

from django.db import models

from tilios.core.access.models import ShareLink, Visitor
from tilios.core.structures.models import Owned
from tilios.tools.files.models.items import Item


class Brought(Owned):
    """A file or folder that a visitor of a share link brought: they may throw it away, by that same link only."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="brought")
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["link"], name="files_brought_by")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.link_id}"

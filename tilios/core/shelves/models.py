"""The fields of what stands on shelves: a tool's models derive from these, under the names said here."""

import time
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Group, Person
from tilios.core.people.roles import Role
from tilios.core.shelves.levels import Level, Space
from tilios.core.shelves.shelf import Shelf, shelf_of
from tilios.core.structures.owned import Owned

#: Bytes of UTF-8: what Linux, macOS and Windows all take.
LONGEST_NAME = 255


def now_ms() -> int:
    """Milliseconds since 1970, UTC: moments of things are integers, since lists of thousands are made of them."""
    return time.time_ns() // 1_000_000


class PathField(models.CharField):
    """Compared byte by byte on both databases, so that what is below a path is a range of its index."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        return super().db_parameters(connection) | {"collation": "C" if connection.vendor == "postgresql" else None}


class Shelved(Owned):
    """A folder or a thing: the fields of `Item`. The roots, without parent, are the spaces.

    `path` holds the numbers from the root down to the item itself ("/3/18/"), so that a subtree is a range. `ruler` is
    the nearest item upwards, itself included, that has a list of rights of its own; its list alone decides.
    """

    parent = models.ForeignKey("Item", on_delete=models.CASCADE, null=True, related_name="members")
    is_folder = models.BooleanField(default=False)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    sort_name = models.CharField(max_length=320, blank=True)  # `names.sort_key`: accents, capitals, numbers in order
    path = PathField(max_length=600, blank=True)
    ruler = models.ForeignKey("Item", on_delete=models.CASCADE, null=True, related_name="ruled")
    # Roots only.
    space = models.CharField(max_length=10, choices=Space, blank=True)
    group = models.OneToOneField(Group, on_delete=models.SET_NULL, null=True, related_name="%(app_label)s_root")
    owner = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, related_name="%(app_label)s_root")
    description = models.TextField(_("description"), max_length=2000, blank=True)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    editor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")  # of the last change
    created_ms = models.BigIntegerField(default=now_ms)
    changed_ms = models.BigIntegerField(default=now_ms)  # what it holds, here
    # `in_trash` holds for all that is below what was thrown away; `trashed_ms` for the thing itself.
    in_trash = models.BooleanField(default=False)
    trashed_ms = models.BigIntegerField(null=True)
    trashed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = True
        ordering = ["-is_folder", "sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure"],
                condition=models.Q(space=Space.COMMON),
                name="%(app_label)s_one_common_space",
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="%(app_label)s_path"),
            models.Index(fields=["parent", "-is_folder", "sort_name"], name="%(app_label)s_in_order"),
            models.Index(fields=["structure", "-changed_ms"], name="%(app_label)s_recent"),
            models.Index(fields=["structure", "trashed_ms"], name="%(app_label)s_trash"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shelf(self) -> Shelf:
        return shelf_of(self)

    @property
    def folder(self) -> Any:
        """Where it is; a space is nowhere."""
        assert self.parent is not None
        return self.parent

    @property
    def changed_at(self) -> datetime:
        return datetime.fromtimestamp(self.changed_ms / 1000, UTC)

    @property
    def trashed_at(self) -> datetime | None:
        return None if self.trashed_ms is None else datetime.fromtimestamp(self.trashed_ms / 1000, UTC)

    @property
    def space_number(self) -> int:
        """The number of the space it is in; its own for a space."""
        return int(self.path.strip("/").split("/", 1)[0])

    @property
    def ancestors(self) -> list[int]:
        """Numbers of the folders above, from the root down."""
        return [int(pk) for pk in self.path.strip("/").split("/")[:-1]]


def below(path: str, *, itself: bool = True) -> models.Q:
    """The condition of what is under `path`: a range of the index, on both databases."""
    start = models.Q(path__gte=path) if itself else models.Q(path__gt=path)
    return start & models.Q(path__lt=path[:-1] + "0")  # "0" follows "/"


class Granted(Owned):
    """A line of a list of rights: a role and those above it, or a group, or a person. The fields of `Grant`."""

    folder = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="grants")
    level = models.PositiveSmallIntegerField(choices=Level)
    role = models.PositiveSmallIntegerField(choices=Role, null=True)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = True
        ordering = ["role", "group", "person", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["folder", "role"], name="%(app_label)s_one_grant_a_role"),
            models.UniqueConstraint(fields=["folder", "group"], name="%(app_label)s_one_grant_a_group"),
            models.UniqueConstraint(fields=["folder", "person"], name="%(app_label)s_one_grant_a_person"),
            models.CheckConstraint(
                condition=(
                    models.Q(role__isnull=False, group=None, person=None)
                    | models.Q(role=None, group__isnull=False, person=None)
                    | models.Q(role=None, group=None, person__isnull=False)
                ),
                name="%(app_label)s_grant_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folder_id}: {self.get_level_display()}"


class Tagged(Owned):
    """The fields of `Tag`."""

    name = models.CharField(_("name"), max_length=40)

    class Meta(Owned.Meta):
        abstract = True
        ordering = ["name"]
        constraints = [models.UniqueConstraint("structure", Lower("name"), name="%(app_label)s_one_tag_a_name")]

    def __str__(self) -> str:
        return self.name


class TagPut(Owned):
    """A tag on a thing or a folder: the fields of `Tagging`."""

    tag = models.ForeignKey("Tag", on_delete=models.CASCADE, related_name="taggings")
    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="taggings")

    class Meta(Owned.Meta):
        abstract = True
        constraints = [models.UniqueConstraint(fields=["item", "tag"], name="%(app_label)s_a_tag_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.tag_id}"


class Starred(Owned):
    """The fields of `Favourite`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="favourites")

    class Meta(Owned.Meta):
        abstract = True
        constraints = [models.UniqueConstraint(fields=["person", "item"], name="%(app_label)s_a_favourite_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.item_id}"


class ReadBy(Owned):
    """That a person has seen a thing, first and last: the fields of `Reading`. Who manages it may ask."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="readings")
    first_ms = models.BigIntegerField(default=now_ms)
    last_ms = models.BigIntegerField(default=now_ms)

    class Meta(Owned.Meta):
        abstract = True
        ordering = ["-last_ms"]
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="%(app_label)s_one_reading_a_person")]
        indexes = [models.Index(fields=["person", "-last_ms"], name="%(app_label)s_read_last")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.item_id}"

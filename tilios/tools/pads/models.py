"""The tables of texts: what they say is in core/documents."""

from django.db import models

from tilios.core.shelves.models import Granted, ReadBy, Shelved, Starred, Tagged, TagPut


class Item(Shelved):
    """A folder or a text. A text may have a list of rights of its own.

    `changed_ms` and `editor` are of the last time it came to rest after somebody wrote.
    """

    is_named = models.BooleanField(default=True)  # else it is called by its first heading
    is_template = models.BooleanField(default=False)  # new texts may begin as it does

    class Meta(Shelved.Meta):
        pass


class Grant(Granted):
    """A line of the list of rights of a folder or a text."""


class Tag(Tagged):
    pass


class Tagging(TagPut):
    """A tag on a text or a folder."""


class Favourite(Starred):
    pass


class Reading(ReadBy):
    """That a person has opened a text, first and last."""

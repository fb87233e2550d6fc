"""What people put on files: tags, favourites, and that they have read them."""

from tilios.core.shelves.models import ReadBy, Starred, Tagged, TagPut


class Tag(Tagged):
    pass


class Tagging(TagPut):
    """A tag on a file or a folder."""


class Favourite(Starred):
    pass


class Reading(ReadBy):
    """That a person has seen a file, first and last: who manages the folder may ask."""

"""What archives and erasure need to know of texts (docs/archive-format.md)."""

from django.utils.translation import pgettext_lazy

from tilios.core.shelves import archive
from tilios.tools.pads.shelf import SHELF

PERSONAL = {
    "pads.Item.author": "unlinked",
    "pads.Item.editor": "unlinked",
    "pads.Item.trashed_by": "unlinked",
}

LABELS = {
    "pads.Favourite": pgettext_lazy("rows of a table", "Favourite texts"),
    "pads.Grant": pgettext_lazy("rows of a table", "Rights on texts"),
    "pads.Item": pgettext_lazy("rows of a table", "Texts and their folders"),
    "pads.Reading": pgettext_lazy("rows of a table", "Readings of texts"),
    "pads.Tag": pgettext_lazy("rows of a table", "Tags of texts"),
    "pads.Tagging": pgettext_lazy("rows of a table", "Tags put on texts"),
}

DERIVED = {"pads.Item": ("path", "sort_name")}


def make_paths() -> None:
    """Paths and what sorts names are made again."""
    archive.make_paths(SHELF)


AFTER_IMPORT = (make_paths,)

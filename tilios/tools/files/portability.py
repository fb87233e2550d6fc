"""What archives and erasure need to know of files (docs/archive-format.md)."""

from django.utils.translation import pgettext_lazy

from tilios.core.shelves import archive
from tilios.tools.files.shelf import SHELF

PERSONAL = {
    "files.Item.author": "unlinked",
    "files.Item.editor": "unlinked",
    "files.Item.trashed_by": "unlinked",
    "files.Version": "unlinked",
}

LABELS = {
    "files.Brought": pgettext_lazy("rows of a table", "Files that came by a link"),
    "files.Favourite": pgettext_lazy("rows of a table", "Favourite files"),
    "files.Grant": pgettext_lazy("rows of a table", "Rights on folders"),
    "files.Item": pgettext_lazy("rows of a table", "Files and folders"),
    "files.Reading": pgettext_lazy("rows of a table", "Readings of files"),
    "files.Rules": pgettext_lazy("rows of a table", "Rules of the files"),
    "files.Tag": pgettext_lazy("rows of a table", "Tags of files"),
    "files.Tagging": pgettext_lazy("rows of a table", "Tags put on files"),
    "files.Usage": pgettext_lazy("rows of a table", "Room taken by files"),
    "files.Version": pgettext_lazy("rows of a table", "Earlier versions of files"),
}

LEFT_OUT = {
    "files.Bringing": "keeps what undoing a bringing-in needs; the files are in the archive",
    "files.BringingLine": "goes with files.Bringing",
    "files.BringingPart": "goes with files.Bringing",
    "files.Change": "the log of synchronisation: programs begin again with another server",
}


DERIVED = {"files.Item": ("path", "sort_name")}


def make_paths() -> None:
    """Paths and what sorts names are made again."""
    archive.make_paths(SHELF)


AFTER_IMPORT = (make_paths,)

"""Why a thing does not come, in words. A line keeps the code, so that everybody reads it in their language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

OUTSIDE = "outside"
LINK = "link"
SPECIAL = "special"
ENCRYPTED = "encrypted"
METHOD = "method"
BOMB = "bomb"
DEEP = "deep"
SYSTEM = "system"
DATES = "dates"
INDEX = "index"
TAKEN = "taken"
SAME = "same"
DAMAGED = "damaged"
NO_FOLDER = "no_folder"
GONE = "gone"
NOT_GIVEN = "not_given"
CHANGED = "changed"
HOLDS = "holds"
NOT_OURS = "not_ours"

REASONS: dict[str, Any] = {
    OUTSIDE: _("Its path leads out of the zip."),
    LINK: _("It is a link to another file, which does not travel."),
    SPECIAL: _("It is not an ordinary file."),
    ENCRYPTED: _("It is locked with a password: make the zip again without one."),
    METHOD: _("It is compressed in a way that is not read here: make the zip again with an ordinary program."),
    BOMB: _("Unpacked, it would be far too big for what it is."),
    DEEP: _("It is too deep, in too many folders one in another."),
    SYSTEM: _("A computer left it there for itself."),
    DATES: _("It only says the date of a photo, which the photo keeps."),
    INDEX: _("It is Google's list of the archive."),
    TAKEN: _("A file of that name was there."),
    SAME: _("The same file was there already."),
    DAMAGED: _("It is damaged in the zip."),
    NO_FOLDER: _("The folder it goes in could not be made."),
    GONE: _("The other server does not have it any more."),
    NOT_GIVEN: _("The other server does not give it."),
    CHANGED: _("It was changed since."),
    HOLDS: _("Something else is in it now."),
    NOT_OURS: _("It is not there any more."),
}


def words(reason: str) -> str:
    """A sentence in the reader's language; what is no code is a sentence already."""
    return str(REASONS.get(reason, reason))

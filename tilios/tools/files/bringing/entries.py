"""What a source offers: one entry for each folder and file, as it is called there."""

from dataclasses import dataclass, field

from tilios.tools.files.bringing.mending import Parts


@dataclass
class Entry:
    """A thing of a zip (`part` and `place` find it again) or of a server (`address`)."""

    path: str  # as it is called there
    parts: Parts = ()  # the names along it
    is_folder: bool = False
    size: int = 0
    modified_ms: int | None = None
    part: int | None = None
    place: int = -1
    address: str = ""
    refusal: str = ""  # a code of reasons.py: it does not come
    is_left_out: bool = False  # and there is no harm in that
    title: str = field(default="")  # its whole name, where the source has cut it


class Unreadable(Exception):
    """The source as a whole cannot be taken; the message is a sentence, lazy."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message

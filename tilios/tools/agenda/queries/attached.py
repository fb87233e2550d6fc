"""What is attached to an event, and the live text it leads to, as one reader sees them.

The event keeps addresses. Each reader is answered by the tool that keeps the file or the text: what is there is told to
who may see it, and nobody else learns its name on a page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tilios.core.people.models import Person
from tilios.core.toolbox.attachable import File, Text, known
from tilios.kit.ical import Attachment

ADDRESS = re.compile(r"https?://[^\s<>\"]+")
#: Addresses of a description among which a text is looked for.
MOST_ADDRESSES = 20


@dataclass(frozen=True)
class Attached:
    """`file` is one of the structure that the reader may see; `is_closed`, one that they may not, or that is gone."""

    said: Attachment
    file: File | None = None
    is_closed: bool = False

    @property
    def name(self) -> str:
        return self.file.name if self.file else self.said.name or self.said.uri

    @property
    def size(self) -> int:
        return self.file.size if self.file else self.said.size

    @property
    def url(self) -> str:
        """An address of elsewhere that a browser may follow; "" for any other."""
        # SECURITY: an event comes from anywhere, and "javascript:" is an address too.
        is_web = self.said.uri.lower().startswith(("https://", "http://"))
        return self.said.uri if is_web and not self.file and not self.is_closed else ""


def attached(person: Person, found: Sequence[Attachment]) -> list[Attached]:
    """`found`, in their order, as `person` sees each. As many queries for one as for fifty."""
    files = known("file.known", person, [one.uri for one in found if one.uri])
    return [Attached(one, files.get(one.uri), one.uri in files and files[one.uri] is None) for one in found]


@dataclass(frozen=True)
class Led:
    """The live text that a description leads to; `text` is None for who may not read it."""

    address: str
    text: Text | None


def led_text(person: Person, description: str) -> Led | None:
    """The first text of the structure whose address is in `description`."""
    addresses = addresses_in(description)
    texts = known("text.known", person, addresses) if addresses else {}
    return next((Led(address, texts[address]) for address in addresses if address in texts), None)


def addresses_in(description: str) -> list[str]:
    return [one.rstrip(".,;:!?)") for one in ADDRESS.findall(description)[:MOST_ADDRESSES]]


def without_line(description: str, address: str) -> str:
    """`description` without the lines that end with `address`."""
    return "\n".join(line for line in description.splitlines() if not line.rstrip().endswith(address)).strip()

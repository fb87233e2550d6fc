"""What a tool gives to the engine."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element

from django.http import HttpRequest, HttpResponseBase

from tilios.core.dav.errors import Refusal
from tilios.core.people.models import Person

if TYPE_CHECKING:
    from tilios.core.dav.call import Call

#: Raises what must stop a write (a condition that no longer holds): called with what stands there, or None, once
#: nobody else can write there any more.
Check = Callable[["Node | None"], None]


class Node(NamedTuple):
    """One resource; a tuple, since lists of thousands are made of them.

    (`kind`, `pk`) is what locks and dead properties hold on to: it stays when the thing is moved.
    """

    kind: str  # "files.file", a declared kind
    pk: int
    name: str
    is_collection: bool
    created_ms: int  # since 1970, UTC
    modified_ms: int
    etag: str  # without quotes; changes whenever the bytes (or, of a collection, its members) change
    size: int = 0
    media_type: str = ""
    display_name: str = ""
    is_writable: bool = True
    types: str = ""  # more of resourcetype, as XML: '<C:calendar xmlns:C="urn:ietf:params:xml:ns:caldav"/>'
    data: str = ""  # the object itself, where a report has it read along: an event, a card


#: The XML inside a property of a node; None: the node has no such property.
Value = Callable[[Node], str | None]


@dataclass(frozen=True)
class Quota:
    """Bytes: `available` is None where nothing limits."""

    used: int
    available: int | None


@dataclass(frozen=True)
class Changes:
    """What a collection became since a token: members by path below it, None for those that went away."""

    token: str
    members: Iterable[tuple[tuple[str, ...], Node | None]]
    is_truncated: bool = False


@dataclass
class Content:
    """Bytes received and kept aside, not yet in the tree. `row` is the tool's own.

    `extra` may hold "modified_ms", the moment a client gives to the bytes.
    """

    row: Any
    size: int
    media_type: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


class Tree(ABC):
    """A mount as one person of the structure in scope sees it. What they may not see is not there.

    Reads give Nodes; writes are atomic, ask the person's right, and raise the named errors of core/errors.py. Names
    come decoded, in NFC. Where `check` is taken, it is called inside the transaction, when what it judges can no longer
    change: this is what makes `If-None-Match: *` let one of twelve through.
    """

    #: Whether members of members may be given at once (Depth: infinity).
    allows_infinity = False
    #: Reports answered by `report`, beside sync-collection: namespace and name.
    kinds_of_reports: tuple[tuple[str, str], ...] = ()
    #: Whether MKCOL may say what the new collection is and is called (RFC 5689), and MKCALENDAR is known.
    makes_with_properties = False
    #: What the header DAV says beside the classes 1, 2 and 3.
    features: tuple[str, ...] = ()

    def __init__(self, person: Person) -> None:
        self.person = person

    # Reads

    @abstractmethod
    def root(self) -> Node: ...

    @abstractmethod
    def walk(self, names: tuple[str, ...]) -> list[Node]:
        """The nodes met along `names`, as far as they exist; without the root. Bounded queries."""

    @abstractmethod
    def members(self, node: Node) -> Iterator[Node]:
        """What is in a collection. A fixed number of queries, or one for every few hundred."""

    @abstractmethod
    def contains(self, node: Node, kind: str, pk: int) -> bool:
        """Whether the thing is `node` or somewhere below it."""

    @abstractmethod
    def read(self, request: HttpRequest, node: Node) -> HttpResponseBase:
        """The bytes of a resource, ranges and conditions on GET answered; records who read."""

    @abstractmethod
    def quota(self) -> Quota: ...

    def changes(self, node: Node, token: str, *, deep: bool, limit: int | None) -> Changes | None:
        """Since `token` ("" for everything), of its members alone or (deep) of all that is below; None for a token that
        is not known any more.
        """
        return None

    def sync_token(self, node: Node) -> str:
        """ "" where synchronisation is not offered."""
        return ""

    # What calendars and address books have beside this (core/dav/objects)

    def value(self, wanted: Element) -> Value | None:
        """The function of a live property that the engine does not know; None for what may be a dead one."""
        return None

    def report(self, call: "Call", document: Element) -> HttpResponseBase | None:
        """The answer of a REPORT of `kinds_of_reports`; None for one that makes no sense here."""
        return None

    def set_values(self, node: Node, changes: Sequence[tuple[str, Element | None]]) -> dict[str, int] | None:
        """Change live properties by PROPPATCH, all or none: the status of each, by name; None where nothing is
        changed so and every property is stored as it is. What is left out of the dict is stored.
        """
        return None

    def require_types(self, types: Sequence[Element]) -> None:
        """What MKCOL says it makes (resourcetype) is what is made here. Raises Refusal(403)."""
        raise Refusal(403, "valid-resourcetype")

    # Writes

    @abstractmethod
    def receive(self, stream: Any, *, name: str, media_type: str, length: int | None) -> Content:
        """Store the bytes aside, outside any transaction. Raises DiskFull, TooLarge."""

    @abstractmethod
    def write(self, parent: Node, name: str, content: Content, *, check: Check) -> tuple[Node, bool]:
        """Put the content under `name`; the node, and whether it is new."""

    @abstractmethod
    def make_collection(self, parent: Node, name: str, *, check: Check) -> Node: ...

    @abstractmethod
    def delete(self, node: Node, *, check: Check) -> None: ...

    @abstractmethod
    def move(self, node: Node, parent: Node, name: str, *, overwrite: bool, check: Check) -> tuple[Node, bool]:
        """Move or rename; the node as it is now, and whether nothing stood there. Raises Exists without `overwrite`."""

    @abstractmethod
    def copy(
        self, node: Node, parent: Node, name: str, *, overwrite: bool, deep: bool, check: Check
    ) -> tuple[Node, bool, Iterable[tuple[tuple[str, int], tuple[str, int]]]]:
        """Copy; the new node, whether nothing stood there, and (kind, pk) before and after of all that was copied."""

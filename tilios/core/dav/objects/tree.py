"""What calendars and address books have in common: a structure holds collections, a collection holds objects."""

import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, ClassVar
from xml.etree.ElementTree import Element

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import quote_etag

from tilios.core.dav import principals
from tilios.core.dav.answers import escaped, failure, multistatus
from tilios.core.dav.bodies import DAV
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.dav.objects.spaces import CALENDARSERVER
from tilios.core.dav.paths import quoted
from tilios.core.dav.tree import Check, Content, Node, Quota, Tree, Value
from tilios.core.dav.verbs.propfind import Wanted, Writer

LARGEST_OBJECT = 10 * 1024 * 1024  # bytes: a card with its photograph, an event with its files inside
MOST_HREFS = 20_000  # of one multiget
#: SECURITY: what `paths.names_of` gives back unchanged: ASCII letters, digits and signs, no "." nor "..", not too long.
PLAIN_NAMES = r"((?!\.{1,2}/)[A-Za-z0-9_.~@-]{1,255})/((?!\.{1,2}$)[A-Za-z0-9_.~@-]{1,255})"
READ = "<D:privilege><D:read/></D:privilege><D:privilege><D:read-current-user-privilege-set/></D:privilege>"
WRITE = "".join(
    f"<D:privilege><D:{name}/></D:privilege>"
    for name in ("write", "write-content", "write-properties", "bind", "unbind")
)


class Objects(Tree):
    """The collections of one structure as one person sees them: root, collections, objects; no deeper."""

    #: The names of what differs between calendars and address books.
    space: ClassVar[str]
    data_name: ClassVar[str]  # the property that holds the object itself
    media_type: ClassVar[str]

    def __init__(self, person: Any) -> None:
        super().__init__(person)
        #: Whether `fetch` reads the objects themselves: set once a report asks for them.
        self.reads_data = False

    # What a tool gives

    @abstractmethod
    def collections(self) -> Sequence[Node]:
        """Those the person sees, in their order."""

    @abstractmethod
    def collection(self, name: str) -> Node | None:
        """The one of them that is called so."""

    @abstractmethod
    def fetch(self, node: Node, names: Sequence[str] | None = None) -> Iterator[Node]:
        """The objects of a collection, or those called so; with their data when `reads_data`."""

    @abstractmethod
    def facts(self, node: Node) -> dict[str, str | None]:
        """The properties of a collection that the tool keeps, as XML, by {namespace}name."""

    # Reads

    def root(self) -> Node:
        return Node("", 0, "", True, 0, 0, "", display_name=self.person.structure.name, is_writable=False)

    def walk(self, names: tuple[str, ...]) -> list[Node]:
        collection = self.collection(names[0])
        if collection is None or len(names) == 1:
            return [collection] if collection else []
        return [collection, *self._whole(collection, names[1])]

    def _whole(self, collection: Node, name: str) -> list[Node]:
        """The object called so, with its data: most who name one read it, and one query is cheaper than two."""
        reads_data, self.reads_data = self.reads_data, True
        try:
            return list(self.fetch(collection, [name]))
        finally:
            self.reads_data = reads_data

    def members(self, node: Node) -> Iterator[Node]:
        return self.fetch(node) if node.pk else iter(self.collections())

    def read(self, request: HttpRequest, node: Node) -> HttpResponseBase:
        etag = quote_etag(node.etag)
        if etag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers={"ETag": etag})
        # SECURITY: what somebody put in a calendar is never a page of ours.
        headers = {"ETag": etag, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return HttpResponse(self.data(node), content_type=node.media_type, headers=headers)

    def data(self, node: Node) -> bytes:
        """An object as it was put."""
        return node.data.encode()

    def quota(self) -> Quota:
        return Quota(0, None)

    # Properties

    def value(self, wanted: Element) -> Value | None:
        if wanted.tag == f"{self.space}{self.data_name}":
            self.reads_data = True
            return self._data_value(wanted)
        return self._values().get(wanted.tag)

    @abstractmethod
    def _data_value(self, wanted: Element) -> Value:
        """The object itself, as `data_name` asks for it: whole or in part. What makes no sense is refused here."""

    def _values(self) -> dict[str, Value]:
        def kept(name: str) -> Value:
            return lambda node: self.facts(node).get(name) if node.is_collection and node.pk else None

        return {
            **{name: kept(name) for name in self.kept_names},
            f"{CALENDARSERVER}getctag": lambda node: self.sync_token(node) or None if node.is_collection else None,
            f"{DAV}owner": lambda node: f"<D:href>{escaped(self.owner)}</D:href>" if node.is_collection else None,
            f"{DAV}current-user-privilege-set": lambda node: READ + (WRITE if node.is_writable else ""),
        }

    #: The properties that `facts` gives.
    kept_names: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """Oneself: programs look here for whose a collection is, and pass over what they take for somebody else's."""
        return principals.href(self.person.account) if self.person.account else "/dav/principals/"

    # Reports

    def report(self, call: Call, document: Element) -> HttpResponseBase | None:
        """What makes no sense is refused here, before the answer begins: then it is written as it is read."""
        if document.tag == f"{self.space}{self.multiget}":
            writer, asked, wrong = self._writer(call, document), *_asked(call, document)
            return multistatus(chain((failure(href, 404) for href in wrong), self._got(writer, asked)))
        if document.tag == f"{self.space}{self.query}":
            node = call.found()
            if not node.pk or not node.is_collection:
                return None
            writer, base = self._writer(call, document), call.href((*call.names, ""), is_collection=False)
            found = self.answering(node, document)
            return multistatus(writer.of((f"{base}{quoted(one.name)}", one) for one in found))
        return None

    def _writer(self, call: Call, document: Element) -> Writer:
        is_all = document.find(f"{DAV}allprop") is not None
        wanted = Wanted((), all=True) if is_all else Wanted.those(document.find(f"{DAV}prop"))
        return Writer(wanted, call.live(call.here.chain))

    def _got(self, writer: Writer, asked: dict[str, dict[str, str]]) -> Iterator[str]:
        """The objects asked for by name, with one query for each collection; 404 for those that are not there."""
        for name, wanted in asked.items():
            left = dict(wanted)
            if (collection := self.collection(name)) is not None:
                there = self.fetch(collection, list(wanted))
                yield from writer.of((left.pop(node.name), node) for node in there)
            yield from (failure(href, 404) for href in left.values())

    multiget: ClassVar[str]
    query: ClassVar[str]
    makes_with_properties = True
    element: ClassVar[str]  # in resourcetype: "calendar"

    def require_types(self, types: Sequence[Element]) -> None:
        if types and all(one.find(f"{self.space}{self.element}") is None for one in types):
            raise Refusal(403, "valid-resourcetype")

    @abstractmethod
    def answering(self, node: Node, document: Element) -> Iterator[Node]:
        """The objects that a query asks for, with their data where it is wanted."""

    # Writes: those that calendars and address books know

    def move(self, node: Node, parent: Node, name: str, *, overwrite: bool, check: Check) -> tuple[Node, bool]:
        raise Refusal(403)

    def copy(self, node: Node, parent: Node, name: str, *, overwrite: bool, deep: bool, check: Check) -> Any:
        raise Refusal(403)

    def contains(self, node: Node, kind: str, pk: int) -> bool:
        return False

    def receive(self, stream: Any, *, name: str, media_type: str, length: int | None) -> Content:
        """The object, read whole: it is small. Raises Refusal(403) above `LARGEST_OBJECT`, 415 for another format."""
        if media_type and media_type.lower() not in {self.media_type.partition(";")[0], "text/plain", "text/x-vcard"}:
            raise Refusal(415)
        data = stream.read(LARGEST_OBJECT + 1)
        if len(data) > LARGEST_OBJECT:
            raise Refusal(403, "max-resource-size")
        return Content(data, len(data), media_type)


def _asked(call: Call, document: Element) -> tuple[dict[str, dict[str, str]], list[str]]:
    """The hrefs of a multiget, by collection and name; and those that lead nowhere here. Raises Refusal(507)."""
    hrefs = [(one.text or "").strip() for one in document.findall(f"{DAV}href")]
    if len(hrefs) > MOST_HREFS:
        raise Refusal(507)
    asked: dict[str, dict[str, str]] = {}
    wrong = []
    # Most are below the mount as it is, with nothing encoded in them: one look takes such an address apart.
    plain = re.compile(re.escape(call.base) + PLAIN_NAMES).fullmatch
    for href in hrefs:
        match = plain(href)
        names = match.groups() if match else call.names_at(href)
        if names is None or len(names) != 2:
            wrong.append(href)
        else:
            asked.setdefault(names[0], {})[names[1]] = href
    return asked, wrong

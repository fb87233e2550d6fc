"""Who somebody is, for programs of calendars and address books: /dav/principals/ACCOUNT/ (RFC 3744, 5397, 6638).

A program that knows the address of the server and a password begins here: it is told where the calendars are.
"""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tilios.core.dav import paths
from tilios.core.dav.answers import escaped, multistatus
from tilios.core.dav.bodies import DAV, depth_of, xml_of
from tilios.core.dav.errors import Refusal
from tilios.core.dav.locks import Held
from tilios.core.dav.objects.spaces import CALDAV, CALENDARSERVER
from tilios.core.dav.properties import Live
from tilios.core.dav.tree import Node, Value
from tilios.core.dav.verbs import METHODS
from tilios.core.dav.verbs.options import HEADERS
from tilios.core.dav.verbs.propfind import Wanted, Writer
from tilios.core.people.models import Account
from tilios.core.toolbox.declaration import DavMount

NAME = "principals"
SINCE_MS = 1_767_225_600_000  # the first day of 2026: what is here does not change
FEATURES = "1, 3, access-control, calendar-access, addressbook"
READ_ONLY = "<D:privilege><D:read/></D:privilege>"


def href(account: Account) -> str:
    return f"/dav/{NAME}/{account.pk}/"


def of(
    prefix: str, homes: list[tuple[DavMount, list[str]]], account: Account, addresses: Sequence[str] = ()
) -> dict[str, str]:
    """The properties of an account, as XML: `homes` holds each mount with the structures it may be used in;
    `addresses` are those under which people there know it: programs find their own invitation by them.
    """
    known = dict.fromkeys([account.email, *addresses])
    mail = "".join(f"<D:href>mailto:{escaped(one)}</D:href>" for one in known)
    found = {
        f"{DAV}principal-URL": _link(href(account)),
        f"{DAV}alternate-URI-set": mail,
        f"{CALDAV}calendar-user-address-set": mail + _link(href(account)),
        f"{CALDAV}calendar-user-type": "INDIVIDUAL",
        f"{CALENDARSERVER}email-address-set": (
            f'<email-address xmlns="{CALENDARSERVER.strip("{}")}">{escaped(account.email)}</email-address>'
        ),
    }
    for mount, structures in homes:
        if mount.home:
            found[mount.home] = "".join(_link(f"{prefix}{paths.quoted(mount.name)}/{slug}/") for slug in structures)
    return found


def answer(
    request: HttpRequest, account: Account, names: tuple[str, ...], properties: dict[str, str]
) -> HttpResponseBase:
    """OPTIONS, PROPFIND, and the reports by which a program looks for somebody; nothing is written here (403).

    SECURITY: one sees oneself and nobody else: the addresses of other people are no business of a program's.
    """
    if names[1:] not in {(), (str(account.pk),)}:
        raise Refusal(404)
    match request.method:
        case "OPTIONS":
            allowed = {"DAV": FEATURES, "Allow": ", ".join(METHODS), "Content-Length": "0"}
            return HttpResponse(headers={**HEADERS, **allowed})
        case "GET" | "HEAD":
            return HttpResponse(account.email, content_type="text/plain; charset=utf-8")
        case "PROPFIND":
            depth, wanted = depth_of(request, "0"), Wanted.of(xml_of(request))
            answered = multistatus(_responses(account, names, wanted, properties, deep=depth != "0"))
            answered["DAV"] = FEATURES
            return answered
        case "REPORT":
            return _report(request, account, properties)
        case _:
            raise Refusal(403)


def _responses(
    account: Account, names: tuple[str, ...], wanted: Wanted, properties: dict[str, str], *, deep: bool
) -> Iterator[str]:
    me = Node("account", account.pk, str(account.pk), True, SINCE_MS, SINCE_MS, "", display_name=account.email)
    me = me._replace(is_writable=False, types="<D:principal/>")
    above = Node("", 0, NAME, True, SINCE_MS, SINCE_MS, "", is_writable=False)
    here = me if len(names) > 1 else above
    writer = Writer(wanted, Live(Values(properties), held=lambda: Held(()), chain=[here], principal=href(account)))  # type: ignore[arg-type]
    writer.reads_dead = False
    nodes = [(f"/dav/{NAME}/" if here is above else href(account), here)]
    if deep and here is above:
        nodes.append((href(account), me))
    yield from writer.of(nodes)


class Values:
    """The properties of the node of an account, in the place of a tree."""

    kinds_of_reports = ((DAV.strip("{}"), "principal-property-search"), (DAV.strip("{}"), "expand-property"))

    def __init__(self, properties: dict[str, str]) -> None:
        self.properties = properties

    def value(self, wanted: Element) -> Value | None:
        if wanted.tag == f"{DAV}principal-collection-set":
            return lambda node: _link(f"/dav/{NAME}/")
        if wanted.tag == f"{DAV}current-user-privilege-set":
            return lambda node: READ_ONLY
        xml = self.properties.get(wanted.tag)
        return None if xml is None else lambda node: xml if node.pk else None

    def sync_token(self, node: Node) -> str:
        return ""


def _report(request: HttpRequest, account: Account, properties: dict[str, str]) -> HttpResponseBase:
    """principal-property-search and principal-match find oneself; there is nothing to search others by."""
    document = xml_of(request)
    if document is None:
        raise Refusal(400)
    mine = ("", str(account.pk))
    if document.tag in {f"{DAV}principal-match", f"{DAV}expand-property"}:
        return multistatus(_responses(account, mine, _asked(document), properties, deep=False))
    if document.tag == f"{DAV}principal-property-search":
        sought = [(one.text or "").strip().lower() for one in document.iter(f"{DAV}match")]
        is_me = bool(sought) and all(one and one in account.email.lower() for one in sought)
        found = _responses(account, mine, _asked(document), properties, deep=False) if is_me else iter(())
        return multistatus(found)
    if document.tag == f"{DAV}principal-search-property-set":
        return HttpResponse(
            '<?xml version="1.0" encoding="utf-8"?>\n<D:principal-search-property-set xmlns:D="DAV:"/>',
            content_type="application/xml; charset=utf-8",
        )
    raise Refusal(403, "supported-report")


def _asked(document: Element) -> Wanted:
    """The properties of a report: inside `prop`, or each a `property` with its name and namespace (RFC 3253, 3.8)."""
    named = document.findall(f"{DAV}property")
    if named:
        elements = [Element(f"{{{one.get('namespace', 'DAV:')}}}{one.get('name', '')}") for one in named[:200]]
        return Wanted(tuple(dict.fromkeys(one.tag for one in elements)), elements={one.tag: one for one in elements})
    return Wanted.those(document.find(f"{DAV}prop"))


def _link(path: str) -> str:
    return f"<D:href>{escaped(path)}</D:href>"

"""Ask a server for its calendars and address books: who one is there (RFC 5397), where they are (RFC 4791, 6352), what
they hold.

SECURITY: the server says where everything is; no address of another server is followed with the password.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from tilios.core.dav.objects.spaces import APPLE, CALDAV, CALENDARSERVER, CARDDAV
from tilios.core.errors import Refused
from tilios.core.outside import Answer, Client, OutsideError, Unreachable
from tilios.core.outside.client import origin_of
from tilios.tools.agenda.models import Nature

DAV = "{DAV:}"
LONGEST = 64 * 2**20  # bytes of one answer
MOST_COLLECTIONS = 200
SPACES = (
    'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:a="urn:ietf:params:xml:ns:carddav" '
    'xmlns:i="http://apple.com/ns/ical/" xmlns:s="http://calendarserver.org/ns/"'
)
WHO = "<d:current-user-principal/><d:resourcetype/>"
HOMES = "<c:calendar-home-set/><a:addressbook-home-set/>"
ABOUT = "<d:resourcetype/><d:displayname/><i:calendar-color/><c:supported-calendar-component-set/>"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
#: What Nextcloud makes itself of other things it has: not proposed first.
GENERATED = ("contact_birthdays", "z-server-generated", "app-generated", "z-app-generated")


class NotFound(Refused):
    """The server has nothing to bring in, or does not say where."""

    status = 422


class There(NamedTuple):
    """A calendar or an address book of the server; `address` is whole. `is_generated`: the server makes it itself."""

    nature: Nature
    address: str
    name: str
    colour: str
    is_generated: bool


def completed(address: str) -> str:
    """The address as typed, with its scheme, and without what a browser shows of Nextcloud behind it."""
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    return address.split("/index.php/", 1)[0].split("/apps/", 1)[0].split("#", 1)[0].rstrip("/") + "/"


def collections(client: Client, address: str, login: str) -> list[There]:
    """The calendars and address books behind `address`. Raises NotFound with what to check, OutsideError."""
    statuses: list[int] = []
    for one in _candidates(address, login):
        answered = _asked(client, one, "0", WHO, statuses)
        if answered is None:
            continue
        base, responses = answered
        here = [there for response in responses if (there := _there(base, response))]
        if here:  # the address of one calendar was given
            return _told(client, base)
        principals = [base]
        for response in responses:
            if me := _same_server(base, _href(response, f"{DAV}current-user-principal")):
                principals.insert(0, me)
        found = _of_principals(client, principals)
        if found:
            return found
    if 401 in statuses or 403 in statuses:
        raise NotFound(
            _(
                "The other server refuses this login or password. With a second factor, it wants an app password: make"
                " one in the security settings there."
            )
        )
    raise NotFound(_("There are no calendars and no contacts behind this address: check it on the other server."))


def _candidates(address: str, login: str) -> list[str]:
    """Where a server may say who one is: the place of Nextcloud's and ours first."""
    places = ["remote.php/dav/", "dav/", "", f"{quote(login, safe='@')}/", ".well-known/caldav", ".well-known/carddav"]
    if len(urlsplit(address).path.strip("/")) > 0:  # precise already
        places = ["", "remote.php/dav/", ".well-known/caldav"]
    return [urljoin(address, one) for one in places]


def _of_principals(client: Client, principals: Sequence[str]) -> list[There]:
    found: dict[str, There] = {}
    for principal in dict.fromkeys(principals):
        answered = _asked(client, principal, "0", HOMES, [])
        if answered is None:
            continue
        base, responses = answered
        for response in responses:
            for name in (f"{CALDAV}calendar-home-set", f"{CARDDAV}addressbook-home-set"):
                for href in _hrefs(response, name):
                    home = _same_server(base, href)
                    for there in _told(client, home) if home else ():
                        found.setdefault(there.address, there)
        if found:
            break
    return list(found.values())[:MOST_COLLECTIONS]


def _told(client: Client, home: str) -> list[There]:
    """The collections of a home, or the collection that stands there."""
    answered = _asked(client, home, "1", ABOUT, [])
    if answered is None:
        return []
    base, responses = answered
    return [there for response in responses if (there := _there(base, response))]


def _there(base: str, response: Element) -> There | None:
    props = _props(response)
    address = _same_server(base, (response.findtext(f"{DAV}href") or "").strip())
    if props is None or not address:
        return None
    types = {one.tag for one in props.find(f"{DAV}resourcetype") or ()}
    nature = (
        Nature.CALENDAR if f"{CALDAV}calendar" in types else Nature.BOOK if f"{CARDDAV}addressbook" in types else None
    )
    if nature is None or f"{CALENDARSERVER}subscribed" in types:
        return None
    last = unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2])
    name = " ".join((props.findtext(f"{DAV}displayname") or "").split()) or last
    colour = COLOUR.match((props.findtext(f"{APPLE}calendar-color") or "").strip())
    return There(nature, address, name[:100], colour[0].lower() if colour else "", last.startswith(GENERATED))


def members(client: Client, collection: str) -> list[str]:
    """The addresses (paths of the server) of the objects of a collection. Raises OutsideError, NotFound."""
    answered = _asked(client, collection, "1", "<d:getetag/><d:resourcetype/>", [], strict=True)
    if answered is None:
        raise NotFound(_("The other server does not list what this holds."))
    base, responses = answered
    found = []
    for response in responses:
        address = _same_server(base, (response.findtext(f"{DAV}href") or "").strip())
        props = _props(response)
        is_collection = props is not None and props.find(f"{DAV}resourcetype/{DAV}collection") is not None
        if address and props is not None and not is_collection and _normal(address) != _normal(base):
            found.append(urlsplit(address).path)
    return found


def objects(client: Client, collection: str, nature: str, addresses: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The objects called so, each with its address; those that are gone meanwhile are left out.

    Raises OutsideError; what cannot be understood raises NotFound.
    """
    kind, data = ("c:calendar-multiget", "c:calendar-data") if nature == Nature.CALENDAR else (
        "a:addressbook-multiget",
        "a:address-data",
    )  # fmt: skip
    hrefs = "".join(f"<d:href>{escape(one)}</d:href>" for one in addresses)
    body = f'<?xml version="1.0" encoding="utf-8"?><{kind} {SPACES}><d:prop><{data}/></d:prop>{hrefs}</{kind}>'
    with client.ask("REPORT", collection, headers=_headers("1"), body=body.encode()) as answer:
        content = answer.whole(most=LONGEST)
        _refuse(answer)
        if answer.status != 207:
            raise NotFound(_("The other server does not give what this holds."))
    name = f"{CALDAV}calendar-data" if nature == Nature.CALENDAR else f"{CARDDAV}address-data"
    asked = {_normal(one): one for one in addresses}
    for response in _responses(content):
        props = _props(response)
        text = props.findtext(name) if props is not None else None
        path = urlsplit(urljoin(collection, (response.findtext(f"{DAV}href") or "").strip())).path
        if text and _normal(path) in asked:
            yield asked[_normal(path)], text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def _asked(
    client: Client, url: str, depth: str, props: str, statuses: list[int], *, strict: bool = False
) -> tuple[str, list[Element]] | None:
    """What PROPFIND answers, and where; None where nothing is. Notes the status. Raises OutsideError."""
    body = f'<?xml version="1.0" encoding="utf-8"?><d:propfind {SPACES}><d:prop>{props}</d:prop></d:propfind>'
    with client.ask("PROPFIND", url, headers=_headers(depth), body=body.encode()) as answer:
        content = answer.whole(most=LONGEST)
        statuses.append(answer.status)
        if strict:
            _refuse(answer)
        if answer.status != 207:
            return None
        # SECURITY: later questions go there with the password: it must be the server it was given for.
        if origin_of(answer.url) != origin_of(url):
            raise NotFound(_("This address leads to another server: give that one's address."))
        return answer.url, _responses(content)


def _responses(content: bytes) -> list[Element]:
    try:
        # SECURITY: no DTD at all, so neither a billion laughs nor a file of our server.
        return list(fromstring(content, forbid_dtd=True).iter(f"{DAV}response"))
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise NotFound(_("The other server does not answer as calendars and address books do.")) from error


def _refuse(answer: Answer) -> None:
    """What the whole work stops at. Raises OutsideError."""
    if answer.status == 401:
        raise OutsideError(_("The other server does not take the login and the password any more."))
    if answer.status in {429, 502, 503, 504}:
        raise Unreachable(_("The other server is too busy: go on later."))


def _headers(depth: str) -> dict[str, str]:
    return {"Depth": depth, "Content-Type": "application/xml; charset=utf-8"}


def _props(response: Element) -> Element | None:
    for propstat in response.findall(f"{DAV}propstat"):
        if " 200" in (propstat.findtext(f"{DAV}status") or ""):
            return propstat.find(f"{DAV}prop")
    return None


def _hrefs(response: Element, name: str) -> list[str]:
    props = _props(response)
    found = props.find(name) if props is not None else None
    return [(one.text or "").strip() for one in found.findall(f"{DAV}href")] if found is not None else []


def _href(response: Element, name: str) -> str:
    return next(iter(_hrefs(response, name)), "")


def _same_server(base: str, href: str) -> str:
    """The whole address of `href`; "" for one of another server."""
    address = urljoin(base, href)
    return address if href and origin_of(address) == origin_of(base) else ""


def _normal(address: str) -> str:
    """A path as it is compared: servers do not all write the same signs in code; a slash in a name stays one."""
    return "/".join(quote(unquote(part), safe="") for part in urlsplit(address).path.rstrip("/").split("/"))

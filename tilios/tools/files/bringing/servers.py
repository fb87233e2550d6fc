"""Nextcloud and other WebDAV servers: find the folder behind an address, list, read."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from tilios.core.outside import Answer, Client, OutsideError, Unreachable
from tilios.core.outside.client import origin_of
from tilios.tools.files import names
from tilios.tools.files.bringing import reasons
from tilios.tools.files.bringing.entries import Entry, Unreadable

DAV = "{DAV:}"
LONGEST_LIST = 64 * 2**20
ASKED = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>'
    b"<resourcetype/><getcontentlength/><getlastmodified/></prop></propfind>"
)


class NotThere(Exception):
    """The server does not give this (any more): a code of reasons.py."""


def completed(address: str) -> str:
    """The address as typed, with its scheme, and without what a browser shows of Nextcloud behind it."""
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    return address.split("/index.php/", 1)[0].split("/apps/", 1)[0].split("#", 1)[0].rstrip("/") + "/"


def candidates(address: str, login: str) -> list[str]:
    """Where the files may be: Nextcloud's place for them first, unless the address is precise already."""
    address = completed(address)
    if "/remote.php/" in address or "/dav/" in address:
        return [address]
    return [f"{address}remote.php/dav/files/{quote(login, safe='')}/", address]


def found(client: Client, address: str, login: str) -> str:
    """The address of the folder. Raises Unreadable with what to check, OutsideError."""
    statuses = []
    for one in candidates(address, login):
        with client.ask("PROPFIND", one, headers=_headers("0"), body=ASKED) as answer:
            answer.whole(most=LONGEST_LIST)
            statuses.append(answer.status)
            if answer.status == 207:
                # SECURITY: later questions go there with the password: it must be the server it was given for.
                if origin_of(answer.url) != origin_of(one):
                    raise Unreadable(_("This address leads to another server: give that one's address."))
                return answer.url.rstrip("/") + "/"
    if 401 in statuses or 403 in statuses:
        raise Unreadable(
            _(
                "The other server refuses this login or password. With a second factor, it wants an app password: make"
                " one in the security settings there."
            )
        )
    raise Unreadable(_("There are no files behind this address: check it on the page of the other server."))


def listed(client: Client, base: str, address: str, parts: tuple[str, ...]) -> Iterator[Entry]:
    """What the folder at `address` (a path of the server) holds. Raises NotThere, OutsideError."""
    url = urljoin(base, address)
    with client.ask("PROPFIND", url, headers=_headers("1"), body=ASKED) as answer:
        content = answer.whole(most=LONGEST_LIST)
        _refuse(answer)
        if answer.status != 207:
            raise NotThere(reasons.NOT_GIVEN)
    try:
        # SECURITY: no DTD at all, so neither a billion laughs nor a file of our server.
        tree = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise NotThere(reasons.NOT_GIVEN) from error
    for response in tree.iter(f"{DAV}response"):
        entry = _entry(response, url, parts)
        if entry is not None:
            yield entry


@contextmanager
def read(client: Client, base: str, address: str) -> Iterator[Answer]:
    """The bytes of the file at `address`. Raises NotThere, OutsideError."""
    with client.ask("GET", urljoin(base, address)) as answer:
        _refuse(answer)
        if answer.status != 200:
            raise NotThere(reasons.GONE if answer.status in {404, 410} else reasons.NOT_GIVEN)
        yield answer


def _refuse(answer: Answer) -> None:
    """What the whole work stops at. Raises OutsideError."""
    if answer.status == 401:
        raise OutsideError(_("The other server does not take the login and the password any more."))
    if answer.status in {429, 502, 503, 504}:
        raise Unreachable(_("The other server is too busy: go on later."))


def _headers(depth: str) -> dict[str, str]:
    return {"Depth": depth, "Content-Type": "application/xml; charset=utf-8"}


def _entry(response: Element, url: str, above: tuple[str, ...]) -> Entry | None:
    """A member of the folder at `url`; None for the folder itself, and for what is not directly in it."""
    href = (response.findtext(f"{DAV}href") or "").strip()
    address = urlsplit(urljoin(url, href)).path
    folder = urlsplit(url).path.rstrip("/") + "/"
    # SECURITY: the server says what is where; a place outside the folder that was asked is never gone to.
    if not _normal(address).startswith(_normal(folder)):
        return None
    name = _normal(address)[len(_normal(folder)) :].strip("/")
    if not name or "/" in name:
        return None
    props = _props(response)
    if props is None:
        return None
    is_folder = props.find(f"{DAV}resourcetype/{DAV}collection") is not None
    name = unquote(address[len(folder) :].strip("/")) if address.startswith(folder) else unquote(name)
    parts = (*above, name)
    return Entry(
        path="/".join(parts),
        parts=parts,
        is_folder=is_folder,
        size=0 if is_folder else _size(props.findtext(f"{DAV}getcontentlength")),
        modified_ms=_moment(props.findtext(f"{DAV}getlastmodified")),
        address=address,
        refusal=reasons.SYSTEM if names.is_of_a_system(name) else "",
        is_left_out=names.is_of_a_system(name),
    )


def _normal(path: str) -> str:
    """A path as it is compared: servers do not all write the same signs in code; a slash in a name stays one."""
    return "/".join(quote(unquote(part), safe="") for part in path.split("/"))


def _props(response: Element) -> Element | None:
    for propstat in response.findall(f"{DAV}propstat"):
        if " 200" in (propstat.findtext(f"{DAV}status") or ""):
            return propstat.find(f"{DAV}prop")
    return None


def _size(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _moment(text: Any) -> int | None:
    try:
        return int(parsedate_to_datetime(text).timestamp() * 1000)
    except (TypeError, ValueError, OverflowError):
        return None

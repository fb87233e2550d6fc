"""Addresses: percent-encoded UTF-8 on the wire, names in NFC within."""

import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes, urlsplit

from tilios.core.dav.errors import Refusal

LONGEST_NAME = 255  # bytes of UTF-8, as on disks
LONGEST_PATH = 4096
DEEPEST = 100
# RFC 3986: what may stand in a segment as it is.
SAFE = "!$&'()*+,;=:@-._~"
PLAIN = re.compile(r"[\w.~-]*", re.ASCII)  # most names, told apart at no cost
PLAIN_PATH = re.compile(r"/(?:[\w.~@-]+/)*[\w.~@-]*", re.ASCII)  # on this server, nothing encoded


def names_of(path: str) -> tuple[str, ...]:
    """The names of a decoded path, without the slashes. Raises Refusal(400) for what no name can be.

    SECURITY: "..", ".", control characters and bytes that are no UTF-8 stop here; a slash that came as %2F is a slash.
    """
    if len(path) > LONGEST_PATH:
        raise Refusal(414)
    names = tuple(unicodedata.normalize("NFC", name) for name in path.split("/") if name)
    if len(names) > DEEPEST:
        raise Refusal(414)
    is_ordinary = path.isascii() and path.isprintable()  # most are, which one look tells
    for name in names:
        if len(name) > LONGEST_NAME or name in {".", ".."}:
            raise Refusal(400)
        if is_ordinary:
            continue
        if "\ufffd" in name or any(unicodedata.category(letter) == "Cc" for letter in name):
            raise Refusal(400)
        if any(unicodedata.category(letter) == "Cs" for letter in name):
            raise Refusal(400)
        if len(name.encode()) > LONGEST_NAME:
            raise Refusal(400)
    return names


def is_plain(target: str) -> bool:
    """Whether an address is a path of this server that is its own decoded form."""
    return PLAIN_PATH.fullmatch(target) is not None


def decoded(target: str) -> str:
    """The path of a Destination or of an If header, decoded; raises Refusal(400) for bytes that are no UTF-8."""
    if is_plain(target):
        return target
    try:
        return unquote_to_bytes(urlsplit(target).path).decode("utf-8")
    except (UnicodeDecodeError, ValueError) as error:
        raise Refusal(400) from error


def quoted(name: str) -> str:
    return name if PLAIN.fullmatch(name) else quote(name, safe=SAFE)


def href(base: str, names: tuple[str, ...], *, is_collection: bool) -> str:
    """An absolute path, with the slash that collections end in."""
    path = base + "/".join(map(quoted, names))
    return path + "/" if is_collection and names else path

"""Files and live texts that other tools join to their own things: what is kept is an address, asked for each reader.

The tool that keeps files answers, for the structure in scope:

    "file.known"   known(person, addresses) -> {address: File, or None for one that person may not see or that is gone}
    "file.choose"  choose(person, folder=number or None, words="") -> Choice: where one looks for a file
    "file.places"  places(person) -> [(number, name)]: where one may put a new file, everybody's space first
    "file.send"    send(by=, place=, folder=, name=, stream=) -> File, in the folder called so; raises the named errors

The tool that keeps texts answers:

    "text.known"   known(person, addresses) -> {address: Text, or None}, as above
    "text.paper"   paper(person, address) -> Paper or None: the text as it is printed; raises Conflict if it is too long
    "text.choose"  choose(person, words="") -> [(address, name)]: the latest texts they see, or those that words name
    "text.begin"   begin(by=, name=, readers=) -> Text; `readers` are (Role, Group or Person, may they write)
    "text.discard" discard(by=, address=): throws the text away; raises NotAllowed

Addresses that are those of no file, or of no text, of the structure are in neither answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from tilios.core.structures.scope import current_structure
from tilios.core.toolbox import registry


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file as its reader sees it now. `address` is whole and asks for a login; the others are paths."""

    address: str
    name: str
    size: int
    media_type: str
    icon: str
    page: str
    download: str
    picture: str = ""  # a small image, for those that have one


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What stands in a folder, or was found; `trail` and `folders` are (number, name)."""

    trail: tuple[tuple[int, str], ...] = ()
    folders: tuple[tuple[int, str], ...] = ()
    files: tuple[File, ...] = ()
    is_cut: bool = False  # there is more than that


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A live text as its reader sees it now. `html` is drawn by the server and safe; `page` is a path.

    Who keeps it in a row keeps `kind` and `number`, the pair that archives renumber (`generic_reference`).
    """

    address: str
    kind: str
    number: int
    name: str
    page: str
    html: str
    words: int
    may_write: bool
    may_discard: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A live text drawn for a paper: `html` in the styles of "documents/_print_style.html", safe; the bytes and media
    type of its pictures by the name that `<img src="tilios-picture:NAME">` says, and the path of those that have one.
    """

    html: str
    pictures: Mapping[str, tuple[bytes, str]]
    paths: Mapping[str, str]


def known(capability: str, person: Any, addresses: Iterable[str]) -> dict[str, Any]:
    """What the tool that answers `capability` knows of `addresses`; nothing where none does."""
    answer = registry.capability(capability)
    return answer(person, list(addresses)) if answer is not None else {}


def numbers(addresses: Iterable[str], views: Iterable[str]) -> dict[str, int]:
    """The numbers in those of `addresses` that lead to one of `views` ("files:download") of the structure in scope."""
    return {address: number for address in addresses if (number := _number(address, tuple(views))) is not None}


def _number(address: str, views: tuple[str, ...]) -> int | None:
    if not address.startswith(settings.TILIOS_URL + "/"):
        return None
    try:
        found = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return None
    # SECURITY: a number of another structure names another thing here.
    if found.view_name not in views or found.kwargs.get("structure") != current_structure().slug:
        return None
    number: int = found.kwargs["pk"]
    return number

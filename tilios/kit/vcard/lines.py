"""Lines of vCards 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350). What is written as 2.1 is read as if it were 3.0."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Iterator
from quopri import decodestring

from tilios.kit.ical.lines import BREAK, Broken, Component, Property, content_lines, made, tree
from tilios.kit.ical.values import escaped, text
from tilios.kit.refusals import _

QUOTED = re.compile(rb"^[^:]*;[^:]*QUOTED-PRINTABLE[^:]*:", re.IGNORECASE)
BASE64_LINE = re.compile(rb"^[^:]*;[^:]*(?:BASE64|ENCODING=B)[;:]", re.IGNORECASE)
BASE64 = re.compile(rb"[A-Za-z0-9+/=]+")
VERSION_2 = re.compile(rb"^VERSION:2\.1", re.IGNORECASE | re.MULTILINE)
STRUCTURED = ("N", "ADR", "ORG")
#: Whose value is an address or bytes, written without escapes.
PLAIN = ("PHOTO", "LOGO", "SOUND", "KEY", "URL", "VERSION", "BDAY", "REV", "GEO", "TZ", "UID")
SPLIT = re.compile(r"(?:\\.|[^;\\])*", re.DOTALL)


def cards_of(data: bytes, broken: list[Broken] | None = None) -> list[Component]:
    """The cards of `data`, in order. With `broken`, a card that cannot be read is noted there, else raised."""
    found = [each for each in tree(content_lines(_joined(data)), broken, depth=1) if each.name == "VCARD"]
    for card in found:
        if card.value("VERSION").strip() == "2.1":
            card.properties = [_of_version_3(each) for each in card.properties]
    return found


def card_of(data: bytes) -> Component:
    """The one card of `data`. Raises Broken."""
    found = cards_of(data)
    if len(found) != 1:
        raise Broken("card", _("This is not one contact card."), line=found[1].line if found else 1)
    return found[0]


def _joined(data: bytes) -> bytes:
    """`data` with what vCard 2.1 writes on several lines in its own ways folded as all else is: line numbers stay."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    if not VERSION_2.search(data) and b"QUOTED-PRINTABLE" not in data.upper():
        return data
    return b"\n".join(_refolded(BREAK.split(data)))


def _refolded(lines: list[bytes]) -> Iterator[bytes]:
    is_quoted = is_base64 = False
    for place, line in enumerate(lines):
        was_soft = place > 0 and is_quoted and lines[place - 1].endswith(b"=")
        if was_soft:
            line = b" " + line
        elif is_base64 and line.strip() and BASE64.fullmatch(line.strip()):
            line = b" " + line.strip()
        elif line[:1] in (b" ", b"\t") and not is_base64:
            line = b" " + line  # a fold of 2.1 keeps its white space
        else:
            is_quoted, is_base64 = bool(QUOTED.match(line)), bool(BASE64_LINE.match(line))
        is_cut = is_quoted and line.endswith(b"=")
        yield line[:-1] if is_cut else line


def _of_version_3(found: Property) -> Property:
    """A line of vCard 2.1 as vCard 3.0 writes it: decoded, escaped, types named."""
    if found.name == "VERSION":
        return made("VERSION", "3.0")
    parameters = {name: values for name, values in found.parameters.items() if name not in ("ENCODING", "CHARSET")}
    value, encoding = found.value, found.parameter("ENCODING").upper()
    if encoding == "QUOTED-PRINTABLE":
        value = _decoded(decodestring(value.encode("utf-8", "replace")), found.parameter("CHARSET"))
    if encoding in ("BASE64", "B"):
        parameters["ENCODING"] = ["b"]
    elif found.name in STRUCTURED:
        value = ";".join(escaped(text(each)) for each in split(value))
    elif found.name not in PLAIN:
        value = escaped(text(value.replace("\\n", "\n"))) if encoding != "QUOTED-PRINTABLE" else escaped(value)
    return made(found.name, value, parameters, found.group)


def _decoded(data: bytes, charset: str) -> str:
    for name in (charset or "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def split(value: str) -> list[str]:
    """The parts of a structured value, still escaped."""
    parts, place = [], 0
    while place <= len(value):
        match = SPLIT.match(value, place)
        assert match is not None
        parts.append(match[0])
        place = match.end() + 1
        if match.end() < len(value) and value[match.end()] == "\\":  # a lone backslash at the end
            parts[-1] += value[match.end() :]
            break
    return parts


def base64_bytes(value: str) -> bytes | None:
    """The bytes of a base64 text, or None."""
    try:
        return b64decode(re.sub(r"\s", "", value), validate=True) or None
    except (NoBase64, ValueError):
        return None


def base64_text(data: bytes) -> str:
    return b64encode(data).decode()

"""One card as version 3.0 (RFC 2426) or 4.0 (RFC 6350): what only one of them knows is said in the way of the other."""

import re
from typing import Literal

from tilios.kit.ical.lines import Property, made, written
from tilios.kit.vcard.facts import day, photo
from tilios.kit.vcard.lines import base64_text, card_of

#: In version 3.0, the words of Apple and of others for what came with 4.0.
NAMES = {
    "KIND": "X-ADDRESSBOOKSERVER-KIND",
    "MEMBER": "X-ADDRESSBOOKSERVER-MEMBER",
    "ANNIVERSARY": "X-ANNIVERSARY",
    "GENDER": "X-GENDER",
    "PRONOUNS": "X-PRONOUNS",
}
OLD_NAMES = {old: new for new, old in NAMES.items()}
#: What Apple writes for a year that it does not know.
NO_YEAR = "1604"
PICTURES = ("PHOTO", "LOGO")

Version = Literal["3.0", "4.0"]


def as_version(data: bytes, version: Version | str) -> bytes:
    """The card `data` as `version`, "3.0" or "4.0"; the same bytes when it is. Raises Broken.

    Names, kinds, members, birthdays without a year, pictures and preferences are said as that version says them; what
    it does not know stays as it came.
    """
    card = card_of(data)
    if card.value("VERSION").strip() == version:
        return data
    convert = _to_4 if version == "4.0" else _to_3
    card.properties = [convert(each) for each in card.properties if each.name != "VERSION"]
    card.properties.insert(0, made("VERSION", version))
    if version == "3.0" and card.get("N") is None:
        card.properties.insert(1, made("N", f"{card.value('FN')};;;;"))
    return written([card])


def _to_4(found: Property) -> Property:
    parameters = {name: values for name, values in found.parameters.items() if name not in ("CHARSET", "ENCODING")}
    if found.name in PICTURES and (picture := photo(found)) and picture.data:
        parameters.pop("TYPE", None)
        parameters.pop("VALUE", None)
        value = f"data:{picture.media_type};base64,{base64_text(picture.data)}"
        return made(found.name, value, parameters, found.group)
    types = parameters.get("TYPE", [])
    if any(each.lower() == "pref" for each in types):
        parameters["TYPE"] = [each for each in types if each.lower() != "pref"]
        parameters["PREF"] = ["1"]
    if any(each.lower() == "internet" for each in parameters.get("TYPE", [])):
        parameters["TYPE"] = [each for each in parameters["TYPE"] if each.lower() != "internet"]
    if not parameters.get("TYPE", ["-"]):
        del parameters["TYPE"]
    name = OLD_NAMES.get(found.name, found.name)
    value = found.value
    if name in ("BDAY", "ANNIVERSARY") and (known := day(found)):
        parameters.pop("X-APPLE-OMIT-YEAR", None)
        year, month, number = known
        value = f"{year:04}{month:02}{number:02}" if year else f"--{month:02}{number:02}"
    if name == "GEO" and not value.startswith("geo:"):
        value = "geo:" + value.replace(";", ",")
    return _line(found, name, value, parameters)


def _to_3(found: Property) -> Property:
    parameters = dict(found.parameters)
    if found.name in PICTURES and (picture := photo(found)):
        parameters.pop("MEDIATYPE", None)
        if not picture.data:
            return made(found.name, picture.url, parameters | {"VALUE": ["URI"]}, found.group)
        parameters |= {"ENCODING": ["b"], "TYPE": [picture.media_type.partition("/")[2].upper()]}
        return made(found.name, base64_text(picture.data), parameters, found.group)
    if parameters.get("PREF") == ["1"]:
        del parameters["PREF"]
        parameters["TYPE"] = [*parameters.get("TYPE", []), "pref"]
    name, value = NAMES.get(found.name, found.name), found.value
    if name in ("BDAY", "X-ANNIVERSARY") and (known := day(found)):
        year, month, number = known
        value = f"{year or NO_YEAR}-{month:02}-{number:02}"
        if year is None:
            parameters["X-APPLE-OMIT-YEAR"] = [NO_YEAR]
    if found.name == "TEL" and value.lower().startswith("tel:"):
        value = value[4:]
        parameters.pop("VALUE", None)
    if name == "GEO":
        value = re.sub(r"^geo:", "", value).replace(",", ";")
    return _line(found, name, value, parameters)


def _line(found: Property, name: str, value: str, parameters: dict[str, list[str]]) -> Property:
    """The line as it came when nothing of it changed."""
    if (name, value, parameters) == (found.name, found.value, found.parameters):
        return found
    return made(name, value, parameters, found.group)

"""The addresses at which letters come in, written and read."""

import re
from dataclasses import dataclass

from django.conf import settings

from tilios.core.mailroom.models import Box
from tilios.core.structures.scope import current_structure
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Tool

#: agenda+12-4f0c…: a name, the number of a structure, a key. In small letters: mail servers change the others.
LOCAL = re.compile(r"([a-z]+)\+(\d{1,18})-([a-z0-9.]{1,80})")
TAG = re.compile(r"([a-z]+)-([a-z0-9.]{1,80})")


@dataclass(frozen=True)
class Entrance:
    """Where letters for a structure come in: `domain` is "" where none is served, `box` where none is read."""

    structure: int
    domain: str = ""
    box: str = ""
    has_plus: bool = False

    def address(self, name: str, key: str) -> str:
        """The address of `key` for the tool that took `name`; "" where no letter can come in."""
        if self.domain:
            return f"{name}+{self.structure}-{key}@{self.domain}"
        local, _at, domain = self.box.partition("@")
        return f"{local}+{name}-{key}@{domain}" if self.has_plus else self.box

    def is_ours(self, email: str) -> bool:
        """Whether letters to `email` come in here."""
        local, _at, domain = email.lower().partition("@")
        if self.domain and domain == self.domain:
            return LOCAL.fullmatch(local) is not None
        mine, _at, host = self.box.partition("@")
        return bool(self.box) and domain == host and local.partition("+")[0] == mine


def entrance() -> Entrance:
    """The entrance of the structure in scope. One query."""
    box = Box.objects.filter(is_on=True).first()
    said = (box.address.lower(), box.has_plus) if box else ("", False)
    return Entrance(current_structure().pk, settings.TILIOS_MAIL_DOMAIN, *said)


def served(recipient: str) -> tuple[str, int, str] | None:
    """Name, structure and key of an address of TILIOS_MAIL_DOMAIN, or None for any other."""
    local, _at, domain = recipient.strip().lower().rpartition("@")
    found = LOCAL.fullmatch(local)
    if not settings.TILIOS_MAIL_DOMAIN or domain != settings.TILIOS_MAIL_DOMAIN or found is None:
        return None
    return found[1], int(found[2]), found[3]


def tagged(recipients: tuple[str, ...], box: str) -> tuple[str, str] | None:
    """Name and key that one of `recipients` adds with a plus to the address `box`, or None."""
    mine, _at, host = box.lower().partition("@")
    for recipient in recipients:
        local, _at, domain = recipient.lower().rpartition("@")
        name, _plus, tag = local.partition("+")
        found = TAG.fullmatch(tag)
        if domain == host and name == mine and found is not None:
            return found[1], found[2]
    return None


def takers() -> dict[str, Tool]:
    """The tools that take letters, by the name they took."""
    return {tool.mail.name: tool for tool in registry.everything() if tool.mail}

"""Hand a letter over to the tool it is for, in the scope of its structure."""

import logging

from django.db import transaction
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Refused
from tilios.core.journal.actions import through
from tilios.core.mailroom import addresses
from tilios.core.mailroom.letters import Letter
from tilios.core.mailroom.models import Box
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope

logger = logging.getLogger("tilios.mailroom")


class NoSuchAddress(Refused):
    """Nobody takes letters there. The same whether the key is wrong, old, or another structure's."""

    status = 404

    def __init__(self) -> None:
        super().__init__(_("Nobody takes letters at this address."))


def knows(recipient: str) -> bool:
    """Whether a letter to this address of TILIOS_MAIL_DOMAIN would be taken: asked before it comes."""
    found = addresses.served(recipient)
    return found is not None and _asked(found[0], found[1], found[2], None)


def take(recipient: str, letter: Letter) -> None:
    """Give a letter that a mail server handed over to who it is for. Raises NoSuchAddress, and what the tool raises."""
    found = addresses.served(recipient)
    if found is None or not _asked(found[0], found[1], found[2], letter):
        raise NoSuchAddress


def take_from_box(box: Box, letter: Letter) -> bool:
    """Give a letter of a structure's box to the tool whose key it names, else to the first that knows it; whether one
    did. Called in the scope of the structure.
    """
    tools = addresses.takers()
    key = addresses.tagged(letter.recipients, box.address)
    wanted = [(key[0], key[1])] if key is not None else [(name, "") for name in tools]
    return any(_asked(name, current_structure().pk, key, letter) for name, key in wanted)


def _asked(name: str, structure_pk: int, key: str, letter: Letter | None) -> bool:
    """Have the tool take the letter, or say whether it knows the key when there is no letter yet."""
    tool = addresses.takers().get(name)
    structure = Structure.objects.filter(pk=structure_pk, suspended_at=None).first()
    if tool is None or tool.mail is None or structure is None:
        return False
    if not tool.house and tool.slug not in structure.enabled_tools:
        return False
    with (
        scope(structure),
        through("mail"),
        timezone.override(structure.timezone),
        translation.override(structure.language),
        transaction.atomic(),
    ):
        if letter is None:
            return bool(import_string(tool.mail.knows)(key))
        taken = bool(import_string(tool.mail.take)(letter, key))
    logger.info("letter", extra={"tool": name, "structure": structure.slug, "taken": taken})
    return taken

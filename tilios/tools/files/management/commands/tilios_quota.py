import re
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.errors import Refused
from tilios.core.journal.actions import through
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.files.actions.rules import set_structure_room
from tilios.tools.files.queries import tree

UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12}


class Command(BaseCommand):
    help = "Say how much room a structure has for its files, or set it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("structure", help="the structure's address, such as la-fabrique")
        parser.add_argument("room", nargs="?", default="", help='such as 50GB, 500MB or 1.5TB; "none" for no limit')

    def handle(self, *args: Any, structure: str, room: str, **options: Any) -> None:
        found = Structure.objects.filter(slug=structure).first()
        if found is None:
            raise CommandError(f"No structure has the address {structure}.")
        with scope(found), through("command"):
            if room:
                try:
                    set_structure_room(quota=_bytes(room))
                except Refused as error:
                    raise CommandError(str(error.message)) from error
            used, allowed = tree.room(None)
        limit = "without a limit" if allowed is None else f"of {_written(allowed)}"
        self.stdout.write(f"{structure}: {_written(used)} taken {limit}")


def _bytes(text: str) -> int | None:
    """Bytes of "50GB"; None for "none". Raises CommandError for what is no size."""
    if text.lower() == "none":
        return None
    match = re.fullmatch(r"(\d{1,9}(?:[.,]\d{1,3})?)\s*(MB|GB|TB)", text.upper())
    if match is None:
        raise CommandError(f"{text} is no size: write 50GB, 500MB, 1.5TB, or none.")
    return int(Decimal(match[1].replace(",", ".")) * UNITS[match[2]])


def _written(size: int) -> str:
    unit = next((name for name in ("TB", "GB") if size >= UNITS[name]), "MB")
    return f"{size / UNITS[unit]:.2f} {unit}"

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.journal.actions import through
from tilios.core.portability.closing import erase_structure
from tilios.core.structures.models import Structure


class Command(BaseCommand):
    help = "Erase a whole structure for good: people, things, journal. Export it first: nothing brings it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("structure", help="its address, such as la-fabrique")
        parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")

    def handle(self, *args: Any, structure: str, yes: bool, **options: Any) -> None:
        found = Structure.objects.filter(slug=structure).first()
        if found is None:
            raise CommandError(f"No structure has the address {structure}.")
        if not yes and input(f"Everything of {found.name} will be gone. Write its address to go on: ") != found.slug:
            raise CommandError("Nothing was erased.")
        with through("command"):
            counts = erase_structure(found)
        self.stdout.write(f"{found.name} is erased: {sum(counts.values())} rows.")

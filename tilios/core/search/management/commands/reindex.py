from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.search import index
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope


class Command(BaseCommand):
    help = "Make the search index again from the rows it points at, for one structure or for all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("structure", nargs="?", help="slug of the structure; all of them when left out")

    def handle(self, *args: Any, structure: str | None = None, **options: Any) -> None:
        chosen = Structure.objects.filter(slug=structure) if structure else Structure.objects.all()
        if structure and not chosen:
            raise CommandError(f"No structure has the address {structure}.")
        for found in chosen:
            with scope(found):
                self.stdout.write(f"{found.slug}: {index.rebuild()} things")

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.errors import Invalid
from tilios.core.portability.importing import bring_in


class Command(BaseCommand):
    help = "Bring a structure in from an archive that tilios export made: all of it, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", default="", help="its address here; by default the one it had, if it is free")
        parser.add_argument(
            "--accept-journal",
            action="store_true",
            help="take an archive whose journal does not match its seals; the journal will say so",
        )

    def handle(self, *args: Any, file: Path, slug: str, accept_journal: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            made = bring_in(file, slug=slug, accept_journal=accept_journal)
        except Invalid as error:
            raise CommandError(f"Nothing was brought in. {error.message}") from error
        self.stdout.write(f"{made.structure.name}: /s/{made.structure.slug}/, {made.rows} rows")
        self.stdout.write(f"{made.linked} people have their account here, {made.unlinked} can be invited again.")
        self.stdout.write("Share links and invitations have new addresses: the old ones do not lead here.")
        if made.lost_blobs:
            self.stdout.write(f"{made.lost_blobs} files were already lost when the archive was made.")
        if not made.linked:
            self.stdout.write("Nobody can sign in yet: tilios person gives a first administrator.")

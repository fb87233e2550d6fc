import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.journal.actions import publish, through
from tilios.core.portability.exporting import export
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope


class Command(BaseCommand):
    help = "Take a structure out, whole, into one archive: its rows, its files, its journal, and open formats beside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("structure", help="the structure's address, such as la-fabrique")
        parser.add_argument("file", type=Path, help="the archive to write, such as la-fabrique.zip")
        parser.add_argument("--force", action="store_true", help="replace the file if it is there")

    def handle(self, *args: Any, structure: str, file: Path, force: bool, **options: Any) -> None:
        found = Structure.objects.filter(slug=structure).first()
        if found is None:
            raise CommandError(f"No structure has the address {structure}.")
        if file.exists() and not force:
            raise CommandError(f"{file} is already there; --force replaces it.")
        part = file.with_name(f"{file.name}.part")
        try:
            # SECURITY: everybody's data is in it: readable by its owner alone.
            with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb+") as target:
                manifest = export(found, target)
                target.flush()
                os.fsync(target.fileno())
            part.replace(file)
        except OSError as error:
            raise CommandError(f"{file} could not be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)
        rows = sum(manifest["counts"].values())
        with scope(found), through("command"):
            publish("portal.exported", rows=rows, bytes=file.stat().st_size)
        lost = [blob["sha256"] for blob in manifest["blobs"] if blob["lost"]]
        for sha256 in lost:
            self.stderr.write(f"The bytes of blob {sha256} are gone or altered: the archive goes without them.")
        self.stdout.write(f"{file}: {rows} rows, {len(manifest['blobs']) - len(lost)} files")

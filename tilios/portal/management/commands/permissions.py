from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.portal.permissions import page


class Command(BaseCommand):
    help = "Write docs/permissions.md from the declarations, or check that it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.ROOT / "docs" / "permissions.md"
        if not options["check"]:
            path.write_text(page(), "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != page():
            raise CommandError(
                "docs/permissions.md is not up to date: run `tilios manage permissions` and read its diff."
            )

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.journal import anchor
from tilios.core.journal.actions import publish, through
from tilios.core.portability.verifying import PARTS, verify


class Command(BaseCommand):
    help = (
        "Check the database, the walls between structures, the journal's seals, money and the blobs. "
        "Fails when one is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(PARTS)}")
        parser.add_argument("--json", action="store_true", help="print what is wrong as JSON")
        parser.add_argument(
            "--restored",
            action="store_true",
            help="first accept the journal as it ends now: after restoring the database from an older copy",
        )

    def handle(self, *args: Any, parts: list[str], restored: bool, **options: Any) -> None:
        if unknown := set(parts) - set(PARTS):
            raise CommandError(f"No part is called {min(unknown)}: {', '.join(PARTS)}.")
        if restored:
            forgotten = anchor.accept_present_ends()
            with through("command"):
                for chain, kept in sorted(forgotten.items()):
                    publish("portal.journal_restored", chain=chain, number=kept["number"], hash=kept["hash"])
        found = []
        for problem in verify(tuple(parts)):
            found.append(problem)
            if not options["json"]:
                self.stdout.write(f"{problem.part}: {problem.message}")
        if options["json"]:
            rows = [{"part": one.part, "what": one.what, "message": one.message} for one in found]
            self.stdout.write(json.dumps({"ok": not rows, "problems": rows}, ensure_ascii=False, indent=1))
        elif not found:
            self.stdout.write("Everything holds.")
        if found:
            raise SystemExit(1)

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.people.models import Account
from tilios.portal import demonstration


class Command(BaseCommand):
    help = "Load the demonstration: two structures, their people, something in every tool."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print url, structures and accounts as JSON")
        parser.add_argument("--quiet", action="store_true")

    def handle(self, *args: Any, quiet: bool = False, **options: Any) -> None:
        from django.core.management import call_command

        call_command("tilios_init")
        if not demonstration.is_loaded():
            if Account.objects.exists():
                raise CommandError("This instance is in use: the demonstration goes into an empty one.")
            demonstration.load()
        if options["json"]:
            self.stdout.write(json.dumps({"url": settings.TILIOS_URL, **demonstration.summary()}, ensure_ascii=False))
        elif not quiet:
            for account in demonstration.accounts():
                self.stdout.write(f"{account['email']}  {account['password']}  {account['role']}")

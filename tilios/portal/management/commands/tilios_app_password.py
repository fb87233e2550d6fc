from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.access import app_passwords
from tilios.core.errors import Invalid
from tilios.core.journal.actions import through
from tilios.core.people.models import Account


class Command(BaseCommand):
    help = "Print a new app password for one account: the credential of a phone or a program."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--scope", required=True, help=", ".join(app_passwords.SCOPES))
        parser.add_argument("--label", default="command line")

    def handle(self, *args: Any, email: str, scope: str, label: str, **options: Any) -> None:
        account = Account.objects.filter(email=email.strip().lower()).first()
        if account is None:
            raise CommandError(f"No account has the address {email}.")
        try:
            with through("command"):
                _row, clear = app_passwords.create(account=account, scope=scope, label=label)
        except Invalid as error:
            raise CommandError(f"{error.message} Scopes: {', '.join(app_passwords.SCOPES)}.") from error
        self.stdout.write(clear)

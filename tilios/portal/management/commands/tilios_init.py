from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from tilios.portal import statics


class Command(BaseCommand):
    help = "Make the data folder, the database and its tables, and gather the static files."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        statics.gather()

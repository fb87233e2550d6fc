"""Django's `migrate`, several times as fast on a new database."""

from typing import Any

from django.core.management.commands import migrate

from tilios.portal.migrating import drawing_few_models


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with drawing_few_models():
            super().handle(*args, **options)

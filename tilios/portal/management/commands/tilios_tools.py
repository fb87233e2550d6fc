from typing import Any

from django.core.management.base import BaseCommand

from tilios.core.toolbox import registry


class Command(BaseCommand):
    help = "List the tools."

    def handle(self, *args: Any, **options: Any) -> None:
        for tool in registry.tools():
            self.stdout.write(f"{tool.slug:<14} {tool.section:<10} {tool.name}")

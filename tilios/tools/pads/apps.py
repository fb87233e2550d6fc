"""What the tool hears of the rest of Tilios."""

from django.apps import AppConfig


class PadsConfig(AppConfig):
    name = "tilios.tools.pads"
    label = "pads"

    def ready(self) -> None:
        from tilios.core.documents import watching
        from tilios.core.journal.actions import watch
        from tilios.tools.pads.indexing import rested
        from tilios.tools.pads.queries.rights import published

        watching.watch("pads.text", rested)
        watch(published)

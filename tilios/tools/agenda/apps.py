"""What the tool hears of the rest of Tilios."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "tilios.tools.agenda"
    label = "agenda"

    def ready(self) -> None:
        from tilios.core.people import watchers
        from tilios.tools.agenda.actions import people_book

        watchers.watch(people_book.follow, people_book.forget)

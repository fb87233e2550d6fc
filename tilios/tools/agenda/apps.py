"""What the tool hears of the rest of Tilios."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "tilios.tools.agenda"
    label = "agenda"

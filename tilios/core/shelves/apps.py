from django.apps import AppConfig


class ShelvesConfig(AppConfig):
    name = "tilios.core.shelves"
    label = "shelves"

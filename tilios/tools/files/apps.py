"""What the tool hears of the rest of Tilios."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "tilios.tools.files"
    label = "files"

    def ready(self) -> None:
        from tilios.core import reading
        from tilios.tools.files.indexing import words_are_known

        reading.follow(words_are_known)

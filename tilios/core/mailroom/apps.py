from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "tilios.core.mailroom"
    label = "mailroom"

    def ready(self) -> None:
        from tilios.core.jobs import periodic
        from tilios.core.mailroom import boxes

        periodic.register("mailroom.look_into_all", boxes.look_into_all, every_s=boxes.EVERY_S)

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "tilios.core.uploads"
    label = "uploads"

    def ready(self) -> None:
        from tilios.core.jobs import periodic
        from tilios.core.uploads import actions

        periodic.register("uploads.expire", actions.expire, every_s=3600)

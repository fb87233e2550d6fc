from django.apps import AppConfig


class ToolboxConfig(AppConfig):
    name = "tilios.core.toolbox"
    label = "toolbox"

    def ready(self) -> None:
        from tilios.core.toolbox import registry

        registry.load()

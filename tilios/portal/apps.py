from collections.abc import Callable

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tilios.portal"
    label = "portal"

    def ready(self) -> None:
        from tilios.core.access import attempts
        from tilios.core.jobs import periodic
        from tilios.core.toolbox import registry
        from tilios.portal import checks  # noqa: F401

        periodic.register("access.forget_attempts", attempts.forget_old, every_s=86400)
        for tool in registry.everything():
            for work in tool.periodic:
                periodic.register(work.name, _in_each_structure(tool.slug, work.run), work.every_s)


def _in_each_structure(slug: str, path: str) -> Callable[[], None]:
    """Run a tool's periodic work in the scope of every structure that has the tool on."""
    from django.utils.module_loading import import_string

    from tilios.core.structures.models import Structure
    from tilios.core.structures.scope import scope

    def run() -> None:
        for structure in Structure.objects.filter(suspended_at=None):
            if slug in structure.enabled_tools:
                with scope(structure):
                    import_string(path)()

    return run

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tilios.core.people"
    label = "people"

    def ready(self) -> None:
        from tilios.core.jobs import periodic

        periodic.register("people.forget_old_imports", _forget_old_imports, every_s=86_400)


def _forget_old_imports() -> None:
    from tilios.core.people.imports.actions import forget_old
    from tilios.core.structures.models import Structure
    from tilios.core.structures.scope import scope

    for structure in Structure.objects.all():
        with scope(structure):
            forget_old()

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "tilios.core.search"
    label = "search"

    def ready(self) -> None:
        from tilios.core.jobs import periodic
        from tilios.core.people import watchers
        from tilios.core.search import follow, index

        watchers.watch(index.update_many, lambda numbers: index.remove_many("people.person", numbers))
        periodic.register("search.follow", follow.follow, every_s=15)

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "tilios.core.search"
    label = "search"

    def ready(self) -> None:
        from tilios.core.jobs import periodic
        from tilios.core.search import follow

        periodic.register("search.follow", follow.follow, every_s=15)

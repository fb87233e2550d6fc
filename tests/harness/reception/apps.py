from dataclasses import replace

from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "tests.harness.reception"
    label = "reception"

    def ready(self) -> None:
        from tilios.core.toolbox import registry
        from tilios.core.toolbox.declaration import ShareMode
        from tilios.core.uploads.tests.tray import declared

        polls = declared()
        drop = ShareMode("Drop files", "tests.harness.reception.views.drop", "polls.view")
        kinds = tuple(replace(kind, shares={**kind.shares, "drop": drop}) for kind in polls.kinds)
        registry._tools["polls"] = replace(polls, kinds=kinds)

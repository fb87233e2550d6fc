"""What a tool says of its shelf, and where its models are."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string

from tilios.core.shelves.levels import Level
from tilios.core.toolbox import registry


class Addresses:
    """`urls.rights` is the name of the page "rights" of the tool, for `{% link %}`."""

    def __init__(self, tool: str) -> None:
        self.tool = tool

    def __getitem__(self, page: str) -> str:
        return f"{self.tool}:{page}"


@dataclass(frozen=True)
class Shelf:
    """The shelf of one tool, whose models are called Item, Grant, Tag, Tagging, Favourite and Reading."""

    tool: str
    levels: Mapping[Level, Any]  # those offered, in order; what each lets do, in words
    holding: str  # a context manager: a transaction that holds the tree, so that no two writes of it meet
    indexing: str  # a module: look_at(item), and look_below(item) for all that is in it, bring the search up to date
    #: Whether a thing may have a list of rights of its own, or folders alone.
    things_have_lists: bool = False

    @property
    def name(self) -> Any:
        """What people call the tool."""
        declared = registry.tool(self.tool)
        assert declared is not None, self.tool
        return declared.name

    @property
    def urls(self) -> Addresses:
        return Addresses(self.tool)

    @property
    def kind(self) -> str:
        """The name of the kind of its things."""
        return next(name for name, kind in registry.kinds().items() if kind.model == f"{self.tool}.Item")

    def action(self, name: str) -> str:
        """The whole name of an action, a verb or a notice: "view" gives "files.view"."""
        return f"{self.tool}.{name}"

    def model(self, name: str) -> type[models.Model]:
        return apps.get_model(self.tool, name)

    @property
    def items(self) -> Any:
        return self.model("Item")._default_manager

    @property
    def grants(self) -> Any:
        return self.model("Grant")._default_manager

    @property
    def tags(self) -> Any:
        return self.model("Tag")._default_manager

    @property
    def taggings(self) -> Any:
        return self.model("Tagging")._default_manager

    @property
    def favourites(self) -> Any:
        return self.model("Favourite")._default_manager

    @property
    def readings(self) -> Any:
        return self.model("Reading")._default_manager

    def writing(self) -> AbstractContextManager[Any]:
        return import_string(self.holding)()

    def look_at(self, item: Any) -> None:
        import_module(self.indexing).look_at(item)

    def look_below(self, item: Any) -> None:
        import_module(self.indexing).look_below(item)


def shelf_of(row: models.Model) -> Shelf:
    """The shelf that a row of one of its models belongs to."""
    return shelf_called(row._meta.app_label)


def shelf_called(tool: str) -> Shelf:
    """Raises LookupError for a tool without one."""
    declared = registry.tool(tool)
    if declared is None or not declared.shelf:
        raise LookupError(f"{tool!r} has no shelf")
    return import_string(declared.shelf)

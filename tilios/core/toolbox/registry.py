"""Every tool there is, found by folder at start: `tools/NAME/tool.py` holds `TOOL = Tool(...)`.

The portal declares itself the same way (`portal/tool.py`, `HOUSE`): what surrounds the tools has actions, verbs and
kinds too.
"""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

from tilios.core.toolbox.declaration import Action, Kind, Notice, Tool

_tools: dict[str, Tool] = {}


def load() -> None:
    """Read the declarations; called once, when every app is ready."""
    _tools.clear()
    for config in apps.get_app_configs():
        if config.name == "tilios.portal" or config.name.startswith("tilios.tools."):
            module = import_module(f"{config.name}.tool")
            for declared in getattr(module, "HOUSE", None) or (module.TOOL,):
                _tools[declared.slug] = declared


def everything() -> list[Tool]:
    """All declarations, the portal's included."""
    return list(_tools.values())


def tools() -> list[Tool]:
    """The tools a structure may switch on; what surrounds them is not among them."""
    return [tool for tool in _tools.values() if not tool.house]


def tool(slug: str) -> Tool | None:
    return _tools.get(slug)


def enabled(structure: Any) -> list[Tool]:
    """The tools `structure` has switched on, in its order."""
    return [_tools[slug] for slug in structure.enabled_tools if slug in _tools and not _tools[slug].house]


def action(name: str) -> Action:
    """Raises LookupError if no tool declares `name`."""
    owner = _tools.get(name.partition(".")[0])
    found = owner.action(name) if owner else None
    if found is None:
        raise LookupError(f"No tool declares the action {name!r}")
    return found


def kinds() -> dict[str, Kind]:
    return {kind.name: kind for tool in _tools.values() for kind in tool.kinds}


def kind(name: str) -> Kind | None:
    return kinds().get(name)


def kind_of(row: Any) -> Kind | None:
    """The kind of a model instance, or None if its model is none."""
    label = row._meta.label
    return next((kind for kind in kinds().values() if kind.model == label), None)


def notices() -> list[tuple[Tool, Notice]]:
    return [(tool, notice) for tool in _tools.values() for notice in tool.notices]


def verb(name: str) -> Any:
    """The words of a journal verb; the bare name for a verb nobody declares any more."""
    owner = _tools.get(name.partition(".")[0])
    return owner.verbs.get(name, name) if owner else name


def capability(name: str) -> Any:
    """The function that answers capability `name` (such as "event.create"), or None if no enabled tool does."""
    return next(iter(capabilities(name)), None)


def capabilities(name: str) -> list[Any]:
    """The functions of all enabled tools that answer capability `name`, in the order of the structure's tools."""
    from tilios.core.structures.scope import current_structure

    found = enabled(current_structure())
    return [import_string(one.capabilities[name]) for one in found if name in one.capabilities]

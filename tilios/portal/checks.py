"""System checks: a declaration or a route that is not right does not start."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from tilios.core.structures.models import Owned
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import CHANNELS, SECTIONS, Tool
from tilios.ui import icons

#: Routes of others, guarded by their own code; everything else carries a guard of ours.
FOREIGN = ("allauth.", "django.contrib.staticfiles.", "django.views.static")


def routes(resolver: URLResolver | None = None, prefix: str = "", spaces: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every route of the instance as (path, full name, view)."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            space = f"{spaces}{entry.namespace}:" if entry.namespace else spaces
            yield from routes(entry, path, space)
        elif isinstance(entry, URLPattern):
            yield path, f"{spaces}{entry.name or ''}", entry.callback


def is_foreign(view: Any) -> bool:
    view = getattr(view, "view_class", view)
    return view.__module__.startswith(FOREIGN)


@register("tilios")
def check_routes(**_kwargs: Any) -> list[CheckMessage]:
    """E001: a route without a guard. E002: a guard that names an action no tool declares."""
    found: list[CheckMessage] = []
    for path, _name, view in routes():
        if is_foreign(view):
            continue
        guard = getattr(view, "guard", None)
        if guard is None:
            found.append(
                Error(f"/{path} has no guard.", "Decorate its view (tilios.core.access.guards).", id="tilios.E001")
            )
        elif guard.kind == "tool" and not _declared(guard.action):
            found.append(Error(f"/{path}: no tool declares the action {guard.action!r}.", id="tilios.E002"))
    return found


def _declared(action: str) -> bool:
    try:
        registry.action(action)
    except LookupError:
        return False
    return True


@register("tilios")
def check_declarations(**_kwargs: Any) -> list[CheckMessage]:
    """E003 to E008: what a declaration names exists."""
    return [message for tool in registry.everything() for message in _check_tool(tool)]


def _check_tool(tool: Tool) -> Iterator[CheckMessage]:
    names = icons.names()
    wanted = [tool.icon, *(kind.icon for kind in tool.kinds), *(create.icon for create in tool.creates)]
    for icon in wanted:
        if icon not in names:
            yield Error(f"{tool.slug}: unknown icon {icon!r}.", "Add it to frontend/icons.txt.", id="tilios.E003")
    if tool.section not in SECTIONS:
        yield Error(f"{tool.slug}: unknown section {tool.section!r}.", id="tilios.E004")
    for name in [*(action.name for action in tool.actions), *tool.verbs, *(kind.name for kind in tool.kinds)]:
        if name.partition(".")[0] != tool.slug:
            yield Error(f"{tool.slug}: {name!r} must begin with {tool.slug!r} and a dot.", id="tilios.E005")
    if tool.uploads and tool.action(tool.uploads.action) is None:
        yield Error(f"{tool.slug}: uploads ask for an unknown action {tool.uploads.action!r}.", id="tilios.E002")
    for path in _paths(tool):
        try:
            import_string(path)
        except ImportError as error:
            yield Error(f"{tool.slug}: {error}", id="tilios.E006")
    for widget in tool.widgets:
        try:
            get_template(widget.template)
        except TemplateDoesNotExist:
            yield Error(f"{tool.slug}: no template {widget.template!r}.", id="tilios.E007")
    for notice in tool.notices:
        if set(notice.default) - set(CHANNELS):
            yield Error(f"{tool.slug}: unknown channel in {notice.name!r}.", id="tilios.E008")


def _paths(tool: Tool) -> Iterator[str]:
    for kind in tool.kinds:
        yield kind.visible
        if kind.search:
            yield kind.search
        yield from (mode.view for mode in kind.shares.values())
        yield from (mode.allowed for mode in kind.shares.values() if mode.allowed)
    yield from (widget.load for widget in tool.widgets)
    yield from (work.run for work in tool.periodic)
    yield from tool.capabilities.values()
    if tool.uploads:
        yield from (tool.uploads.check, tool.uploads.finish)
    if tool.mail:
        yield from (tool.mail.knows, tool.mail.take)
    if tool.shelf:
        yield tool.shelf
    if tool.demo:
        yield tool.demo


@register("tilios")
def check_portability(**_kwargs: Any) -> list[CheckMessage]:
    """E009: a model of a structure that no export takes. E010: a model that is neither of a structure nor known."""
    from tilios.core.portability import tables

    exported = tables.exported_models()
    found: list[CheckMessage] = []
    for model in apps.get_models():
        if issubclass(model, Owned) and model not in exported and model._meta.label not in tables.left_out():
            found.append(
                Error(
                    f"{model._meta.label} is in no export.",
                    "Declare it in its tool's portability module, or say why not in tables.LEFT_OUT.",
                    id="tilios.E009",
                )
            )
    return found


def load_all() -> None:
    """Import what declarations name, once, at the start of a server: the first visitor does not pay for it."""
    for tool in registry.everything():
        if tool.portability:
            import_module(tool.portability)
        for path in _paths(tool):
            import_string(path)

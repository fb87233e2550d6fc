"""Which tables an archive holds, and what each of their columns becomes in it.

Every row of a structure is in its archive, unless a reason stands in LEFT_OUT. A tool adds to these tables in its own
portability module (docs/new-tool.md), under the same names; also OPEN, PERSONAL, DERIVED and AFTER_IMPORT.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db.models import Field, Model

from tilios.core.structures.models import Owned
from tilios.core.toolbox import registry

#: Models of a structure that no archive takes, and why.
LEFT_OUT: dict[str, str] = {
    "dav.Lock": "holds a place of this server for some minutes, for a program that is connected to it",
    "mailroom.Box": "its password is readable by this server alone; the box is named again where the archive arrives",
    "notify.DigestDay": "says which digests this server has sent",
    "notify.Notification": "tells of a page of this server by its address; what it tells of is in the archive",
    "people.ImportBatch": "keeps what undoing an import of people needs; the people are in the archive",
    "people.ImportRow": "goes with people.ImportBatch",
    "portability.Takeout": "an archive does not hold the archives made before it",
    "search.Grant": "goes with search.Item",
    "search.Item": "the search index is made from the other rows, and made again where they arrive",
    "search.Variant": "goes with search.Word",
    "search.Word": "goes with search.Item",
    "uploads.Upload": "a file on its way to this server; once there, it is in its tool's rows",
}

#: Columns no archive takes because whoever holds them may enter: what a row brought in gets instead, from whether
#: there was one. The old keys stay good where they were made, and only there.
SECRETS: dict[str, Mapping[str, Callable[[bool], str]]] = {
    "people.Invitation": {"token": lambda _there: secrets.token_urlsafe(24)},
    "access.ShareLink": {
        "token": lambda _there: secrets.token_urlsafe(18),
        # A link that asked for a password keeps asking, and none is right until somebody sets a new one.
        "password": lambda there: make_password(None) if there else "",
    },
    "access.Visitor": {"key": lambda _there: secrets.token_hex(32)},
}

#: Columns whose name sounds like a secret though they are none, and why.
NOT_SECRET: dict[str, str] = {}


def of_tools(name: str) -> Iterator[tuple[str, Any]]:
    """What the portability modules of the tools say under `name`, with the slug of the tool."""
    for tool in registry.everything():
        if tool.portability and (said := getattr(import_module(tool.portability), name, None)):
            yield tool.slug, said


def left_out() -> dict[str, str]:
    found = dict(LEFT_OUT)
    for _slug, said in of_tools("LEFT_OUT"):
        found.update(said)
    return found


def secrets_of(model: type[Model]) -> Mapping[str, Callable[[bool], str]]:
    found = dict(SECRETS)
    for _slug, said in of_tools("SECRETS"):
        found.update(said)
    return found.get(model._meta.label, {})


def not_secret() -> dict[str, str]:
    found = dict(NOT_SECRET)
    for _slug, said in of_tools("NOT_SECRET"):
        found.update(said)
    return found


def owned_models() -> list[type[Owned]]:
    """Every model of a structure, exported or not."""
    return [model for model in apps.get_models() if issubclass(model, Owned)]


def exported_models() -> list[type[Owned]]:
    out = left_out()
    return [model for model in owned_models() if model._meta.label not in out]


def own_relations(model: type[Model]) -> list[Any]:
    """The many-to-many relations that no other model carries: an archive keeps them with the row."""
    relations: list[Any] = list(model._meta.local_many_to_many)
    return [relation for relation in relations if relation.remote_field.through._meta.auto_created]


def derived(model: type[Model]) -> frozenset[str]:
    """The columns that are made from others, or hold numbers of rows: a tool's `DERIVED` names them, and its
    `AFTER_IMPORT` makes them again.
    """
    return frozenset(name for _slug, said in of_tools("DERIVED") for name in said.get(model._meta.label, ()))


def columns(model: type[Model]) -> list[Field]:
    """The columns an archive keeps, in the order of the model: all but number, structure and what is derived."""
    left = {"structure"} | derived(model)
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in left and not getattr(field, "generated", False)
    ]


def generic_reference(model: type[Model]) -> tuple[str, str] | None:
    """The pair of columns that name a row of any kind: (kind, number)."""
    return getattr(model, "generic_reference", None)


def model_of_kind(name: str) -> type[Model] | None:
    """The exported model a generic reference or the journal names: by a tool's Kind, else by its label."""
    kind = registry.kind(name)
    try:
        model = apps.get_model(kind.model if kind else name)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, Owned) and model._meta.label not in left_out() else None

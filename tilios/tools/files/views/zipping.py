"""A folder, or several things, as one zip."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.blobs.zipping import Entry, zip_response
from tilios.core.shelves.pages import numbers_in
from tilios.core.shelves.reading import note_reading
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.models import Item
from tilios.tools.files.queries import listing
from tilios.tools.files.queries.links import LinkRights
from tilios.tools.files.queries.rights import Rights


@tool_view("files.view", "GET")
def zipped(request: Any) -> HttpResponseBase:
    """The things of `choix`, with all that the person sees in them."""
    rights = open_spaces(request.person)
    numbers = numbers_in(request.GET.getlist("choix"))
    chosen = list(rights.visible().filter(pk__in=numbers).select_related("blob", "parent"))
    if not chosen:
        messages.error(request, _("Choose at least one thing."))
        return redirect(link("files:home"))
    for one in chosen:
        if not one.is_folder:
            note_reading(request.person, one)
    first = chosen[0]
    name = first.name if len(chosen) == 1 or first.parent is None else first.parent.name
    return zip_response(entries(rights, chosen), name=name, request=request)


def entries(rights: Rights | LinkRights, chosen: list[Item]) -> Iterator[Entry]:
    """What goes into the zip: one query for each folder that was chosen."""
    for item in chosen:
        yield Entry(item.name, item.blob, item.modified_ms)
        if not item.is_folder:
            continue
        paths = {item.pk: item.name}
        for row in listing.files_below(rights, item):
            above = paths.get(row.parent_id or 0)
            if above is None:
                continue  # in a folder the person does not see
            path = f"{above}/{row.name}"
            if row.is_folder:
                paths[row.pk] = path
            yield Entry(path, row.blob, row.modified_ms)

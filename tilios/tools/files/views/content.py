"""The bytes of files, going out and coming in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core import reading
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.images import SIDES
from tilios.core.blobs.serving import blob_response
from tilios.core.errors import Refused
from tilios.core.shelves.reading import note_reading
from tilios.kit.names import safe_filename
from tilios.tools.files import names
from tilios.tools.files.actions.writing import write_file
from tilios.tools.files.models import Item
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.views.folders import folder_page
from tilios.tools.files.views.opening import opened

#: What to do with a name that is taken.
REPLACE, BESIDE, ASK = "replace", "beside", "ask"
MOST_AT_ONCE = 200


@tool_view("files.view", "GET")
def download(request: Any, pk: int) -> HttpResponseBase:
    _rights, file = opened(request, pk, folder=False)
    note_reading(request.person, file)
    return blob_response(file.content, name=file.name, request=request, etag=file.etag)


@tool_view("files.view", "GET")
def raw(request: Any, pk: int) -> HttpResponseBase:
    """For previews: the bytes if nothing in them can act, or what stands for them (`core/reading`)."""
    _rights, file = opened(request, pk, folder=False)
    note_reading(request.person, file)
    return reading.response(request, file.content, name=file.name)


@tool_view("files.view", "GET")
def version(request: Any, pk: int, version_pk: int) -> HttpResponseBase:
    _rights, file = opened(request, pk, folder=False)
    earlier = get_object_or_404(file.versions.select_related("blob"), pk=version_pk)
    note_reading(request.person, file)
    stem, extension = names.split(file.name)
    name = f"{stem} ({earlier.made_at:%Y-%m-%d %H-%M}){extension}"
    return blob_response(earlier.blob, name=name, inline="voir" in request.GET, request=request)


@tool_view("files.view", "GET")
def picture(request: Any, pk: int, side: int) -> HttpResponseBase:
    """A small image of the file; the address names its revision, so that browsers keep it."""
    _rights, file = opened(request, pk, folder=False)
    if side not in SIDES:
        raise Http404
    small = reading.thumbnail(file.content, side)
    if small is None:
        raise Http404
    return blob_response(small, name="image", inline=True, request=request, immutable=True)


@tool_view("files.write", "POST")
def send(request: Any, pk: int) -> HttpResponse:
    """Files of an ordinary form; what could not be taken is said by name, the rest is there."""
    rights, folder = opened(request, pk, folder=True)
    policy = request.POST.get("taken", ASK)
    done, refused = 0, []
    for upload in request.FILES.getlist("files")[:MOST_AT_ONCE]:
        name = safe_filename(upload.name.rpartition("/")[2])
        try:
            receive(request.person, rights, folder, name, upload, policy)
        except Refused as error:
            refused.append(f"{name} : {error.message}")
        else:
            done += 1
    if done:
        messages.success(request, ngettext("%d file is there.", "%d files are there.", done) % done)
    if refused or not done:
        problem = "\n".join(refused) or _("Choose at least one file.")
        return folder_page(request, rights, folder, problem=problem, status=422)
    return redirect(link("files:item", pk))


def receive(person: Any, rights: Rights, folder: Item, name: str, stream: Any, policy: str) -> Item:
    """Store what `stream` gives and put it in `folder`; see REPLACE, BESIDE, ASK."""
    blob = blobs.store(stream, name=name)
    if policy == BESIDE:
        taken = set(Item.objects.filter(parent=folder, in_trash=False).values_list("name", flat=True))
        name = names.beside(name, taken)
    file, _is_new = write_file(by=person, rights=rights, parent=folder, name=name, blob=blob, replace=policy == REPLACE)
    return file


@tool_view("files.write", "POST")
def send_version(request: Any, pk: int) -> HttpResponse:
    """A new version of a file, whatever the name of what is sent."""
    rights, file = opened(request, pk, folder=False)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a file."))
        return redirect(link("files:item", pk))
    try:
        receive(request.person, rights, file.folder, file.name, upload, REPLACE)
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The new version is there; the earlier one is kept."))
    return redirect(link("files:item", pk))

"""Photographs and files of records."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404

from tilios.core.access.guards import tool_view
from tilios.core.access.open_pages import open_view
from tilios.core.blobs.images import thumbnail
from tilios.core.blobs.serving import blob_response
from tilios.core.journal.actions import record_read
from tilios.tools.members import queries, rules
from tilios.tools.members.models import Field, FieldKind

SIDE = 192  # pixels


@tool_view("members.own", "GET")
def photo(request: Any, pk: int) -> HttpResponseBase:
    """The photograph of somebody whose record is seen, small."""
    found = get_object_or_404(queries.visible_records(request.person).exclude(photo=None), pk=pk)
    assert found.photo is not None
    return blob_response(thumbnail(found.photo, SIDE), name=f"{found.number}.webp", inline=True, request=request)


@tool_view("members.own", "GET")
def answer_file(request: Any, pk: int, key: str) -> HttpResponseBase:
    """A file of a record, always saved, never shown: it comes from anybody."""
    record = get_object_or_404(queries.visible_records(request.person), pk=pk)
    field = get_object_or_404(Field, key=key, kind=FieldKind.FILE)
    if not rules.sees_field(request.person, record, field):
        raise Http404
    answer = queries.file_of(record, field)
    if answer is None or answer.blob is None:
        raise Http404
    record_read(by=request.person, subject=record.person, what="members.file")
    return blob_response(answer.blob, name=answer.text or key, request=request)


@open_view(
    "members", "GET", reason="photographs of those who agreed to be in the public list, where the structure shows it"
)
def public_photo(request: Any, pk: int) -> HttpResponseBase:
    found = get_object_or_404(queries.public_records().exclude(photo=None), pk=pk)
    if "photo" not in queries.settings().public_fields or found.photo is None:
        raise Http404
    return blob_response(thumbnail(found.photo, SIDE), name=f"{found.number}.webp", inline=True, request=request)

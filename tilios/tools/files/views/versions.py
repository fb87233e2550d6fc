"""Earlier versions of a file: go back to one, name it, remove it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.shelves.pages import numbers_in
from tilios.tools.files.actions import versions
from tilios.tools.files.models import Version
from tilios.tools.files.views.opening import opened


@tool_view("files.write", "POST")
def restore(request: Any, pk: int, version_pk: int) -> HttpResponse:
    rights, file = opened(request, pk, folder=False)
    version = get_object_or_404(file.versions.select_related("blob"), pk=version_pk)
    try:
        versions.restore_version(by=request.person, rights=rights, version=version)
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("This version is that of today; the one before is kept."))
    return redirect(link("files:item", pk))


@tool_view("files.write", "POST")
def name(request: Any, pk: int) -> HttpResponse:
    """Of the version `version`, or of today's without."""
    rights, file = opened(request, pk, folder=False)
    number = request.POST.get("version", "")
    version: Version | None = None
    if found := numbers_in([number]):
        version = get_object_or_404(file.versions, pk=found[0])
    label = request.POST.get("label", "")
    try:
        versions.name_version(by=request.person, rights=rights, item=file, version=version, label=label)
    except Refused as error:
        messages.error(request, str(error.message))
    return redirect(link("files:item", pk))


@tool_view("files.write", "POST")
def forget(request: Any, pk: int, version_pk: int) -> HttpResponse:
    rights, file = opened(request, pk, folder=False)
    version: Version = get_object_or_404(file.versions, pk=version_pk)
    versions.forget_version(by=request.person, rights=rights, version=version)
    messages.success(request, _("The version is removed."))
    return redirect(link("files:item", pk))

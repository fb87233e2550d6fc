"""The bytes that visitors send by a share link: several files in one plain form, each said to have come or not."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from tilios.core.access import sharing
from tilios.core.access.models import Visitor
from tilios.core.blobs import actions as blobs
from tilios.core.errors import Refused, require
from tilios.core.uploads import shared as sending
from tilios.tools.files import names
from tilios.tools.files.actions import links as actions
from tilios.tools.files.errors import NoRoom
from tilios.tools.files.models import Item
from tilios.tools.files.queries import tree
from tilios.tools.files.queries.links import LinkRights

#: In order: names of files that came, those refused with the reason, and the status that tells the gravest.
Received = tuple[list[str], list[tuple[str, Any]], int]


def receive(request: Any, rights: LinkRights, folder: Item, *, name: str = "") -> Received:
    """Take the files of the form's "files" into `folder`, or the first of them as `name`. A file refused stops none of
    the others. Who made the link is told.
    """
    uploads = request.FILES.getlist("files")
    if not uploads:
        return [], [("", _("Choose at least one file."))], 422
    try:
        rights.visitor = introduced(request)
    except Refused as error:
        return [], [("", error.message)], error.status
    sent: list[str] = []
    problems: list[tuple[str, Any]] = []
    status = 200
    for upload in uploads[:1] if name else uploads:
        try:
            _take(rights, folder, name or upload.name, upload)
        except Refused as error:
            problems.append((upload.name, error.message))
            status = max(status, error.status)
        else:
            sent.append(upload.name)
    actions.tell_arrival(link=rights.link, folder=folder, count=len(sent))
    return sent, problems, status


def _take(rights: LinkRights, folder: Item, name: str, upload: Any) -> None:
    name = names.checked(name)
    # SECURITY: judged before bytes are kept, and again by the write: a stranger does not fill the disk.
    actions.refuse_unless_writable(rights, folder, name)
    left = tree.room_left(folder)
    if left is not None and left <= 0:
        raise NoRoom(_("There is no room left here: nothing more can be sent. Tell the people who gave you the link."))
    blob = blobs.store(upload, media_type=upload.content_type, name=name, max_size=left)
    actions.bring_file(rights=rights, folder=folder, name=name, blob=blob)


def introduced(request: Any) -> Visitor:
    """The visitor, made known under the name given if they were not. Raises what `sharing.introduce` raises."""
    return request.visitor or sharing.introduce(request, request.POST.get("name", ""))


def resumed(request: Any, folder: Item, step: str) -> HttpResponseBase:
    """A step of a file that comes in several goes, from a visitor who has given their name."""
    visitor = request.visitor
    require(visitor is not None, _("Please give your name first."))
    target = {"link": request.share.pk, "visitor": visitor.pk, "folder": folder.pk}
    return sending.answer(request, step, tool="files", target=target)

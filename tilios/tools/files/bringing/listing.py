"""The dry run of a server: one folder asked after another, so that it goes on where it stopped."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.outside import Client
from tilios.tools.files.bringing import servers
from tilios.tools.files.bringing.entries import Unreadable
from tilios.tools.files.bringing.mending import DEEPEST, Plan
from tilios.tools.files.bringing.planning import MOST_LINES, Standing, write_lines
from tilios.tools.files.bringing.reasons import DEEP
from tilios.tools.files.models import Bringing, BringingLine
from tilios.tools.files.models.bringing import LineState


def begin(client: Client, bringing: Bringing) -> None:
    """Find the folder on the server and write the line that stands for it. Raises Unreadable, OutsideError."""
    address = servers.found(client, bringing.address, bringing.login)
    with transaction.atomic():
        bringing.lines.all().delete()
        bringing.address = address
        bringing.save(update_fields=["address"])
        BringingLine.objects.create(
            bringing=bringing,
            address=urlsplit(address).path,
            path="",
            to="",
            is_folder=True,
            is_listed=False,
            state=LineState.DONE,
            item=bringing.folder,
        )


def list_next(client: Client, bringing: Bringing, standing: Standing) -> bool:
    """Ask what the next folder holds; False when all have been asked. Raises Unreadable, OutsideError."""
    line = bringing.lines.filter(is_folder=True, is_listed=False).first()
    if line is None:
        return False
    parts = tuple(line.path.split("/")) if line.path else ()
    try:
        if len(parts) >= DEEPEST:
            raise servers.NotThere(DEEP)
        # In the place that was planned for it, a folder is planned on its own: its names meet no others.
        entries = list(servers.listed(client, bringing.address, line.address, ()))
    except servers.NotThere as error:
        if not line.path:
            raise Unreadable(_("The other server does not list its files.")) from error
        line.state, line.reason, line.is_listed = LineState.REFUSED, str(error), True
        line.save(update_fields=["state", "reason", "is_listed"])
        return True
    if bringing.lines.count() + len(entries) > MOST_LINES:
        raise Unreadable(_("There are too many files at once: bring them in in several goes."))
    for entry in entries:
        entry.path = "/".join((*parts, entry.path.replace("/", "_")))
    with transaction.atomic():
        write_lines(bringing, entries, Plan(line.to), standing)
        line.is_listed = True
        line.save(update_fields=["is_listed"])
    return True

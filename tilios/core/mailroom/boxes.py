"""The box of a structure: named in its settings, read every few minutes."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.errors import Invalid, Refused, require
from tilios.core.jobs import job
from tilios.core.journal.actions import publish, through
from tilios.core.mailroom import imap, letters, taking
from tilios.core.mailroom.models import Box, Security
from tilios.core.outside import OutsideError
from tilios.core.outside.networks import may_knock
from tilios.core.outside.sealing import seal
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

logger = logging.getLogger("tilios.mailroom")
EVERY_S = 180


@dataclass(frozen=True)
class Looked:
    """What reading a box gave: letters seen, letters that a tool took."""

    seen: int
    taken: int


def box() -> Box | None:
    """The box of the structure in scope."""
    return Box.objects.first()


@transaction.atomic
def name_box(
    *,
    by: Person,
    address: str,
    server: str,
    port: int,
    security: str,
    account: str,
    password: str = "",
    has_plus: bool = False,
    is_on: bool = True,
) -> Box:
    """Say which box is read for the structure; an empty `password` keeps the one that is known for the same account.

    Publishes "portal.box_named". Raises NotAllowed, Invalid.
    """
    require(may(by, "portal.settings"))
    row = Box.objects.select_for_update().first() or Box()
    is_same = (row.server, row.account, row.port) == (server.strip(), account.strip(), port)
    # SECURITY: a password is for the server it was given for: naming another server must not send it there.
    if not password and not (row.pk and row.password and is_same):
        raise Invalid("password", _("Type the password of this box."))
    if security not in Security.values:
        raise Invalid("security", _("Choose how the connection is made."))
    if port not in imap.PORTS and not may_knock(port):
        raise Invalid("port", _("No mail server answers at this port."))
    if not is_same:
        row.uid_validity = row.last_uid = 0
    row.address, row.server, row.port = address.strip().lower(), server.strip(), port
    row.account, row.security, row.has_plus, row.is_on = account.strip(), security, has_plus, is_on
    if password:
        row.password = seal(password)
    row.problem = ""
    row.save()
    publish("portal.box_named", by=by)
    return row


@transaction.atomic
def forget_box(*, by: Person) -> None:
    """Read no box any more, and forget its password. Publishes "portal.box_forgotten". Raises NotAllowed."""
    require(may(by, "portal.settings"))
    if Box.objects.all().delete()[0]:
        publish("portal.box_forgotten", by=by)


def look(row: Box, most: int = imap.MOST_AT_ONCE) -> Looked:
    """Read what came; each letter in a transaction of its own, so that what was taken stays taken. Called in scope.

    Raises OutsideError with a sentence, which is kept with the box.
    """
    seen = taken = 0
    try:
        with imap.opened(row) as client:
            for number, data in imap.arrivals(client, row, most):
                seen += 1
                if data and _take(row, data):
                    taken += 1
                    imap.put_away(client, number)
                row.last_uid = number
                Box.objects.filter(pk=row.pk).update(last_uid=number, uid_validity=row.uid_validity)
    except OutsideError as error:
        Box.objects.filter(pk=row.pk).update(problem=str(error.message)[:300], taken=row.taken + taken)
        raise
    Box.objects.filter(pk=row.pk).update(
        problem="", read_at=timezone.now(), taken=row.taken + taken, uid_validity=row.uid_validity
    )
    return Looked(seen, taken)


def _take(row: Box, data: bytes) -> bool:
    """Whether a tool took it. What nobody knows, and what is refused, stays in the box as it came."""
    try:
        return taking.take_from_box(row, letters.read(data))
    except Refused as error:
        logger.info("letter refused", extra={"box": row.pk, "why": str(error.message)[:200]})
        return False


def look_into_all() -> int:
    """Periodic: have each box read by a job of its own, so that a slow server holds up no other. How many."""
    count = 0
    for structure in Structure.objects.filter(suspended_at=None):
        with scope(structure):
            if Box.objects.filter(is_on=True).exists():
                look_into.enqueue(structure.pk)
                count += 1
    return count


@job
def look_into(structure_pk: int) -> int:
    """Read the box of one structure. Letters taken; what went wrong is said on its page of settings."""
    structure = Structure.objects.get(pk=structure_pk)
    with scope(structure), through("job"), translation.override(structure.language):
        row = Box.objects.filter(is_on=True).first()
        if row is None:
            return 0
        try:
            return look(row).taken
        except OutsideError:
            return 0

"""Ask by name people who have no account: each letter holds the address of one voice."""

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.access import sharing
from tilios.core.access.models import ShareLink
from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.tools.colours import queries, rules
from tilios.tools.colours.actions.changes import changed
from tilios.tools.colours.models import College, Invited, Session

MODE = "personal"
MOST = 2000


@transaction.atomic
def invite_people(
    *, by: Person, session: Session, people: Sequence[tuple[str, str]], college: College | None = None
) -> int:
    """Put (name, address) pairs on the list and write to those who have an address. Publishes "colours.invited".

    Somebody invited before under the same address is left alone. Number of people added. Raises NotAllowed for who does
    not run the session or may not share, Conflict once it is closed, Invalid("people").
    """
    session = queries.lock(session.pk)
    require(rules.keeps(by, session) and may(by, "colours.share"))
    if not session.is_open:
        raise Conflict(_("This session is closed."))
    known = set(session.invited.values_list("email", flat=True))
    fresh = []
    for name, email in people:
        name, email = " ".join(name.split())[:120], email.strip().lower()
        if not name:
            raise Invalid("people", _("Each line needs a name."))
        if email:
            _check_address(email)
            if email in known:
                continue
            known.add(email)
        fresh.append(Invited(session=session, name=name, email=email, college=college, token=secrets.token_hex(16)))
    if session.invited.count() + len(fresh) > MOST:
        raise Invalid("people", _("A session invites at most %d people.") % MOST)
    door = door_of(by, session)
    Invited.objects.bulk_create(fresh)
    for invited in fresh:
        if invited.email:
            _write_to(invited, session, door)
    publish("colours.invited", by=by, target=session, people=len(fresh))
    changed(session)
    return len(fresh)


@transaction.atomic
def send_again(*, by: Person, session: Session, invited: Invited) -> None:
    """Write once more to somebody invited. Raises NotAllowed, Conflict when closed or without an address."""
    session = queries.lock(session.pk)
    require(rules.keeps(by, session) and may(by, "colours.share") and invited.session_id == session.pk)
    if not session.is_open or not invited.email:
        raise Conflict(_("This letter cannot be sent: the session is closed, or there is no address."))
    _write_to(invited, session, door_of(by, session))


@transaction.atomic
def withdraw_invitation(*, by: Person, session: Session, invited: Invited) -> None:
    """Take somebody off the list; what they have answered stays. Publishes "colours.uninvited"."""
    session = queries.lock(session.pk)
    require(rules.keeps(by, session) and invited.session_id == session.pk)
    session.voices.filter(invited=invited, name="").update(name=invited.name)
    invited.delete()
    publish("colours.uninvited", by=by, target=session)
    changed(session)


def door_of(by: Person, session: Session) -> ShareLink:
    """The link under which personal addresses live, made when there is none."""
    found = sharing.links_to(session).filter(mode=MODE, revoked_at=None, password="").first()
    return found or sharing.create_link(by=by, target=session, mode=MODE, label=gettext("Personal invitations"))


def address_of(invited: Invited, door: ShareLink) -> str:
    """The full address of one voice: the same on any device."""
    return f"{settings.TILIOS_URL}{reverse('share_step', args=[door.token, invited.token])}"


def _write_to(invited: Invited, session: Session, door: ShareLink) -> None:
    structure = current_structure()
    with translation.override(structure.language):
        said = {"title": session.title, "structure": structure.name}
        subject = gettext("%(structure)s asks for your colours: %(title)s") % said
        context = {"invited": invited, "session": session, "structure": structure, "url": address_of(invited, door)}
        EmailMessage(
            subject=" ".join(subject.split()),
            body=render_to_string("colours/letters/invitation.txt", context),
            to=[invited.email],
            reply_to=[structure.email] if structure.email else None,
        ).send()
    Invited.objects.filter(pk=invited.pk).update(sent_at=timezone.now())


def _check_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid("people", _("“%(email)s” is not a mail address.") % {"email": email[:60]}) from error

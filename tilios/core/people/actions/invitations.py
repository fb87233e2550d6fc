"""Invite people, and let them in."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people import letters, queries, rules
from tilios.core.people.actions.groups import add_to_group
from tilios.core.people.actions.persons import new_person
from tilios.core.people.models import Account, Group, Invitation, Person, Status
from tilios.core.people.roles import Role
from tilios.kit.names import split_name

MOST_ADDRESSES = 200
CLOSED = _("This invitation is no longer open: it has expired, was withdrawn or has already been used.")


def _check(by: Person | None, role: int, expires_at: datetime | None) -> None:
    require(rules.can_give(by, role), _("You can give a role up to your own."))
    if role not in Role.values:
        raise Invalid("role", _("Choose one of the roles."))
    if expires_at and expires_at <= timezone.now():
        raise Invalid("expires_at", _("Choose a moment to come."))


@transaction.atomic
def invite_by_mail(
    *,
    by: Person,
    addresses: Iterable[str],
    role: int = Role.MEMBER,
    group: Group | None = None,
    message: str = "",
    expires_at: datetime | None = None,
) -> list[Invitation]:
    """Write to each address, once, with an invitation of its own. Publishes one "people.invited" for each.

    An address that the record of exactly one person without a login bears opens that record. Raises NotAllowed for a
    role above that of `by`; Invalid("addresses") for a wrong address (all are named), none, or more than 200;
    Invalid("expires_at").
    """
    _check(by, role, expires_at)
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses if address.strip()))
    if not wanted:
        raise Invalid("addresses", _("Give at least one address."))
    if len(wanted) > MOST_ADDRESSES:
        raise Invalid("addresses", _("200 addresses at most at a time."))
    if wrong := [address for address in wanted if not _is_address(address)]:
        raise Invalid(
            "addresses",
            ngettext("This is not an address: %(wrong)s", "These are not addresses: %(wrong)s", len(wrong))
            % {"wrong": ", ".join(address[:80] for address in wrong[:10])},
        )
    records = queries.records_awaiting_login(wanted)
    return [
        _send_new(
            by=by,
            email=address,
            # SECURITY: never the record of somebody above the one who invites.
            person=record if (record := records.get(address)) and rules.outranks(by, record) else None,
            role=role,
            group=group,
            message=message,
            expires_at=expires_at,
        )
        for address in wanted
    ]


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _send_new(*, by: Person | None, **fields: object) -> Invitation:
    invitation = Invitation.objects.create(
        token=secrets.token_urlsafe(24), max_uses=1, created_by=by, sent_at=timezone.now(), **fields
    )
    letters.send_invitation(invitation)
    publish("people.invited", by=by, target=invitation, subject=invitation.person, role=int(invitation.role))
    return invitation


@transaction.atomic
def invite_person(
    *, by: Person | None, person: Person, message: str = "", expires_at: datetime | None = None
) -> Invitation:
    """Invite somebody who has a record but no login yet: the record gets the login. Publishes "people.invited".

    Raises Invalid("email") for a record without an address, Conflict for somebody who has a login or has left.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    require(rules.outranks(by, person), _("This person has a higher role than yours."))
    if person.account_id:
        raise Conflict(_("This person already signs in."))
    if not person.is_active:
        raise Conflict(_("This person has left the structure."))
    if not _is_address(person.email):
        raise Invalid("email", _("Write an address in their record first."))
    _check(by, person.role, expires_at)
    Invitation.objects.filter(person=person, revoked_at=None, uses=0).update(revoked_at=timezone.now())
    return _send_new(
        by=by,
        email=person.email.lower(),
        person=person,
        role=person.role,
        group=None,
        message=message,
        expires_at=expires_at,
    )


@transaction.atomic
def create_link(
    *,
    by: Person,
    role: int = Role.MEMBER,
    group: Group | None = None,
    message: str = "",
    expires_at: datetime | None = None,
    max_uses: int | None = None,
) -> Invitation:
    """A link (and its QR code) that `max_uses` people may use. Publishes "people.invited".

    Raises NotAllowed for a role above that of `by` and for a link that would make administrators;
    Invalid("expires_at"), Invalid("max_uses").
    """
    _check(by, role, expires_at)
    # SECURITY: whoever holds a link may pass it on.
    require(role < Role.ADMIN, _("Administrators are invited by mail, one by one."))
    if max_uses is not None and max_uses < 1:
        raise Invalid("max_uses", _("At least one person."))
    invitation = Invitation.objects.create(
        token=secrets.token_urlsafe(18),
        role=role,
        group=group,
        message=message,
        expires_at=expires_at,
        max_uses=max_uses,
        created_by=by,
    )
    publish("people.invited", by=by, target=invitation, role=int(role))
    return invitation


@transaction.atomic
def send_again(*, by: Person, invitation: Invitation, expires_at: datetime | None = None) -> Invitation:
    """Write once more to the address of an invitation that was not used; one that had expired is open again.

    The link of the earlier letter no longer works. Publishes "people.invited_again". Raises Conflict for a link, and
    for an invitation used or withdrawn.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.is_link or invitation.state in {"used", "revoked"}:
        raise Conflict(_("This invitation cannot be sent again: make a new one."))
    _check(by, invitation.role, expires_at)
    if invitation.state == "expired":
        invitation.expires_at = expires_at
    invitation.token, invitation.sent_at = secrets.token_urlsafe(24), timezone.now()
    invitation.save(update_fields=["token", "sent_at", "expires_at"])
    letters.send_invitation(invitation)
    publish("people.invited_again", by=by, target=invitation, subject=invitation.person)
    return invitation


@transaction.atomic
def revoke_invitation(*, by: Person, invitation: Invitation) -> None:
    """Close the invitation at once. Publishes "people.invitation_revoked"; nothing when it was closed."""
    if Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=timezone.now()):
        publish("people.invitation_revoked", by=by, target=invitation, subject=invitation.person)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, account: Account) -> Person:
    """Let `account` in: a new record, the one the invitation is for, or the one they had before leaving.

    Somebody who is there already keeps their role and joins the group. Publishes "people.joined". Raises Conflict when
    the invitation is closed, when the record it is for has another login, or when the account has another record.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.state != "open":
        raise Conflict(CLOSED)
    person = Person.objects.select_for_update().filter(account=account).first()
    if invitation.person_id and (person is None or person.pk != invitation.person_id):
        if person is not None:
            raise Conflict(_("You already have another record in this structure: ask a manager."))
        person = _claim_record(invitation, account)
    elif person is None:
        given, family = split_name(account.name)
        person = new_person(
            display_name=account.name,
            given_name=given[:80],
            family_name=family[:80],
            email=invitation.email or account.email,
            role=invitation.role,
            account=account,
        )
    elif person.is_active and person.visit_ends_at is None:
        return _already_in(invitation, person)
    else:
        # SECURITY: somebody who left, or the host on a visit, comes in with the invitation's role, not the former one.
        person.role, person.status, person.left_at, person.visit_ends_at = invitation.role, Status.ACTIVE, None, None
        person.save(update_fields=["role", "status", "left_at", "visit_ends_at"])
    _count_use(invitation)
    publish("people.joined", by=person, target=invitation, subject=person, role=int(person.role))
    if invitation.group:
        add_to_group(by=person, person=person, group=invitation.group)
    return person


def _claim_record(invitation: Invitation, account: Account) -> Person:
    person = Person.objects.select_for_update().get(pk=invitation.person_id)
    if person.account_id:
        raise Conflict(_("Somebody already signs in to this record: ask a manager."))
    person.account, person.role = account, max(person.role, invitation.role)
    person.status, person.left_at = Status.ACTIVE, None
    person.save(update_fields=["account", "role", "status", "left_at"])
    return person


def _already_in(invitation: Invitation, person: Person) -> Person:
    if not invitation.is_link:
        _count_use(invitation)
    if invitation.group and not person.memberships.filter(group=invitation.group).exists():
        add_to_group(by=person, person=person, group=invitation.group)
    return person


def _count_use(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(uses=F("uses") + 1)

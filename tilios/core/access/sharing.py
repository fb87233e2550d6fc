"""Share links: make, change, revoke, and the door they open (/l/<token>/)."""

import re
import secrets
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tilios.core.access import attempts, networks, roles
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.errors import Conflict, Invalid, NotAllowed, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.structures.scope import unscoped
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Kind, ShareMode

DEVICE_COOKIE = "tilios_device"
OPENED = "opened_links"  # session key: links whose password this session gave
DEVICE_AGE_S = 60 * 60 * 24 * 365


def mode_of(link: ShareLink) -> tuple[Kind, ShareMode] | None:
    kind = registry.kind(link.kind)
    mode = kind.shares.get(link.mode) if kind else None
    return (kind, mode) if kind and mode else None


@transaction.atomic
def create_link(
    *,
    by: Person,
    target: Any,
    mode: str,
    label: str = "",
    password: str = "",
    expires_at: datetime | None = None,
    max_visitors: int | None = None,
) -> ShareLink:
    """A new link to `target`. Publishes "portal.link_created".

    Raises NotAllowed without the right the mode asks for or without seeing `target`, Invalid("mode") for a mode the
    kind does not know, Invalid("expires_at") for a moment past, Invalid("max_visitors"), Invalid("password").
    """
    kind = registry.kind_of(target)
    share = kind.shares.get(mode) if kind else None
    if kind is None or share is None:
        raise Invalid("mode", _("This cannot be shared in this way."))
    require(_may_share(by, kind, share, target.pk))
    _refuse_wrong(expires_at, max_visitors, password)
    link = ShareLink.objects.create(
        token=secrets.token_urlsafe(18),
        kind=kind.name,
        target=target.pk,
        mode=mode,
        label=label.strip()[:80],
        password=make_password(password) if password else "",
        expires_at=expires_at,
        max_visitors=max_visitors,
        created_by=by,
    )
    publish("portal.link_created", by=by, target=target, mode=mode)
    return link


def _may_share(by: Person, kind: Kind, share: ShareMode, target: int) -> bool:
    # SECURITY: the right to share is not a right to see: both are asked for, to make a link as to change one.
    thing = kind.visible_to(by).filter(pk=target).first() if roles.may(by, share.action) else None
    return thing is not None and share.fits(by, thing)


def modes_for(by: Person, target: Any) -> dict[str, ShareMode]:
    """The uses of a link to `target`, which `by` sees, that `by` may give, by name."""
    kind = registry.kind_of(target)
    shares = kind.shares if kind else {}
    return {name: mode for name, mode in shares.items() if roles.may(by, mode.action) and mode.fits(by, target)}


def _refuse_wrong(expires_at: datetime | None, max_visitors: int | None, password: str | None) -> None:
    if expires_at and expires_at <= timezone.now():
        raise Invalid("expires_at", _("Choose a moment to come."))
    if max_visitors is not None and not 1 <= max_visitors <= 1_000_000:
        raise Invalid("max_visitors", _("Give a number of people from one up, or leave it empty."))
    if password and not 4 <= len(password) <= 128:
        raise Invalid("password", _("Choose a password of at least four characters."))


def may_change(by: Person, link: ShareLink) -> bool:
    """Whether `by` may change or revoke the link: whoever could make it."""
    found = mode_of(link)
    return found is not None and _may_share(by, found[0], found[1], link.target)


@transaction.atomic
def change_link(
    *,
    by: Person,
    link: ShareLink,
    label: str,
    expires_at: datetime | None,
    max_visitors: int | None,
    password: str | None = None,
) -> ShareLink:
    """Change what a link is for, until when and for how many; its address, printed somewhere, stays.

    `password` None keeps the password, an empty one takes it off, another closes what the old one had opened.
    Publishes "portal.link_changed". Raises Conflict for a revoked link, and what `create_link` raises.
    """
    row = ShareLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    require(may_change(by, row))
    if row.revoked_at is not None:
        raise Conflict(_("This link has been revoked."))
    _refuse_wrong(expires_at if expires_at != row.expires_at else None, max_visitors, password)
    row.label, row.expires_at, row.max_visitors = label.strip()[:80], expires_at, max_visitors
    if password is not None:
        row.password = make_password(password) if password else ""
    row.save(update_fields=["label", "expires_at", "max_visitors", "password"])
    publish("portal.link_changed", by=by, target=row)
    return row


@transaction.atomic
def revoke_link(*, by: Person, link: ShareLink) -> None:
    """Close the link at once, for good. Publishes "portal.link_revoked"; raises NotAllowed as `change_link` does."""
    require(may_change(by, link))
    if ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        publish("portal.link_revoked", by=by, target=link)


def links_to(target: Any) -> QuerySet[ShareLink]:
    """The links of `target`, newest first, revoked ones included."""
    kind = registry.kind_of(target)
    return ShareLink.objects.filter(kind=kind.name if kind else "", target=target.pk)


def count(link: ShareLink, what: str) -> None:
    """One more in "openings" or "downloads" of the link: a figure for who made it, without anybody's name."""
    ShareLink.objects.filter(pk=link.pk).update(**{what: F(what) + 1})


def is_full(link: ShareLink) -> bool:
    """Whether as many people as the link was made for have given their name."""
    return link.max_visitors is not None and link.visits >= link.max_visitors


# The door -----------------------------------------------------------------------------------------------------------


def find(token: str) -> ShareLink | None:
    """The live link of `token` with its structure, or None: unknown, revoked, expired, structure suspended."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", token):
        return None
    with unscoped("a share link names its structure"):
        link = (
            ShareLink.objects.select_related("structure")
            .filter(token=token, revoked_at=None, structure__suspended_at=None)
            .filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
            .first()
        )
    if link is None or link.kind.partition(".")[0] not in link.structure.enabled_tools:
        return None
    return link


def target_of(link: ShareLink) -> Any:
    """The thing the link opens, or None if it is gone."""
    from django.apps import apps

    found = mode_of(link)
    return apps.get_model(found[0].model).objects.filter(pk=link.target).first() if found else None


def is_open(request: HttpRequest, link: ShareLink) -> bool:
    """Whether this browser has given the link's password, if it has one."""
    return not link.password or _proof(link) in request.session.get(OPENED, [])


def open_with_password(request: HttpRequest, link: ShareLink, password: str) -> None:
    """Raises Invalid("password") when it is wrong, or tried too often."""
    who = {"link": link.token, "network": networks.network(request)}
    if wait := attempts.begin(**who):
        raise Invalid("password", attempts.too_many(wait))
    if not check_password(password, link.password):
        raise Invalid("password", _("This is not the password of this link."))
    attempts.succeeded(**who)
    request.session[OPENED] = [*request.session.get(OPENED, [])[-20:], _proof(link)]


def _proof(link: ShareLink) -> str:
    # SECURITY: bound to the password's hash: changing the password closes what was opened with the old one.
    return salted_hmac("tilios.share", link.token + link.password).hexdigest()[:24]


def visitor(request: HttpRequest, link: ShareLink) -> Visitor | None:
    """The visitor this device is known as on `link`."""
    key = _device_key(request)
    return Visitor.objects.filter(link=link, key=key).first() if key else None


@transaction.atomic
def introduce(request: HttpRequest, name: str) -> Visitor:
    """Remember the visitor of this device under `name` (or under a new name). The door sets the cookie.

    Raises Invalid("name") when empty, Conflict when the link has served all the people it was made for.
    """
    link: ShareLink = request.share  # type: ignore[attr-defined]
    name = " ".join(name.replace("\0", "").split())[:80]
    if not name:
        raise Invalid("name", _("Please give your name, so that the others know who answers."))
    known = visitor(request, link)
    if known is not None:
        if known.name != name:
            known.name = name
            known.save(update_fields=["name"])
        return known
    fresh = ShareLink.objects.filter(pk=link.pk).filter(Q(max_visitors=None) | Q(visits__lt=F("max_visitors")))
    if not fresh.update(visits=F("visits") + 1):
        raise Conflict(_("This link has already been used by all the people it was made for."))
    if not _device_key(request):
        request.new_device = secrets.token_urlsafe(24)  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            return Visitor.objects.create(link=link, key=_device_key(request), name=name)
    except IntegrityError:  # the same device pressed twice: one of its two requests came first
        ShareLink.objects.filter(pk=link.pk).update(visits=F("visits") - 1)
        return Visitor.objects.get(link=link, key=_device_key(request))


def remember_device(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the device its cookie when `introduce` made one."""
    if new := getattr(request, "new_device", ""):
        response.set_cookie(
            DEVICE_COOKIE,
            signing.dumps(new, salt="tilios.device"),
            max_age=DEVICE_AGE_S,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
            path="/l/",
        )


def _device_key(request: HttpRequest) -> str:
    """What the database keeps of the device: a keyed hash, so a stolen table does not give anybody's cookie."""
    secret = getattr(request, "new_device", "")
    if not secret:
        try:
            secret = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt="tilios.device")
        except signing.BadSignature:
            return ""
    return salted_hmac("tilios.device", secret, algorithm="sha256").hexdigest()


def refuse_unless_open(request: HttpRequest, link: ShareLink) -> None:
    if not is_open(request, link):
        raise NotAllowed(_("This link asks for a password."))

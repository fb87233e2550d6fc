"""The door: `/dav/MOUNT/STRUCTURE/…`, opened by an app password and nothing else."""

import base64
import binascii
from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from tilios.core.access import app_passwords, roles
from tilios.core.access.answers import finish
from tilios.core.access.guards import public_view
from tilios.core.dav import answers, lobby, paths, principals, verbs
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.errors import Refused
from tilios.core.journal.actions import through
from tilios.core.people.models import Account, Person
from tilios.core.people.queries import person_of
from tilios.core.structures.composed import composed
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import DavMount

PREFIX = "/dav/"
CHALLENGE = 'Basic realm="Tilios", charset="UTF-8"'


# SECURITY: no cookie is looked at here, so a page of another site has nobody's rights to borrow.
@csrf_exempt
@public_view(*verbs.METHODS, reason="programs come with an app password, checked at each request")
def door(request: HttpRequest) -> HttpResponseBase:
    try:
        names = paths.names_of(request.path_info)[1:]
        account = _account(request, names[0] if names else "")
        return _enter(request, account, names)
    except Refusal as refusal:
        return answers.refused(refusal)
    except Refused as error:
        return HttpResponse(str(error.message), status=error.status, content_type="text/plain; charset=utf-8")


def _account(request: HttpRequest, mount: str) -> Account:
    """Whose app password was given, for this mount. Raises Refusal(401)."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            email, _colon, password = base64.b64decode(given.strip(), validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            email = password = ""
        scopes = {one.scope for one in mounts().values() if mount in {"", principals.NAME, one.name}}
        if email and scopes and (found := app_passwords.check(request, email=email, password=password, scopes=scopes)):
            return found
    raise Refusal(401, headers={"WWW-Authenticate": CHALLENGE})


def mounts() -> dict[str, DavMount]:
    """Every mount that a tool declares, by name."""
    return {mount.name: mount for tool in registry.tools() for mount in tool.dav}


def _enter(request: HttpRequest, account: Account, names: tuple[str, ...]) -> HttpResponseBase:
    translation.activate(account.language or "fr")
    if not names:
        return lobby.answer(request, account, PREFIX, (), sorted(mounts()))
    if names[0] == principals.NAME:
        homes = [(mount, lobby.structures(account, mount)) for mount in mounts().values() if mount.home]
        properties = principals.of(PREFIX, homes, account, lobby.addresses(account))
        return principals.answer(request, account, names, properties)
    mount = mounts().get(names[0])
    if mount is None:
        raise Refusal(404)
    if len(names) == 1:
        return lobby.answer(request, account, f"{PREFIX}{mount.name}/", names, lobby.structures(account, mount))
    structure = next(iter(_called(names[1])), None)
    if structure is None:
        raise Refusal(404)
    with scope(structure), timezone.override(structure.timezone), through("dav"):
        person = _person(account, structure)
        # SECURITY: the same answer whether the structure does not exist, is another's, or has no such tool.
        if person is None or not roles.may(person, mount.action):
            raise Refusal(404)
        call = Call(
            request,
            tree=mount.load()(person),
            person=person,
            base=f"{PREFIX}{paths.quoted(mount.name)}/{structure.slug}/",
            names=names[2:],
            principal=principals.href(account),
        )
        return finish(request, _answering(call))


@composed
def _called(slug: str) -> QuerySet[Structure]:
    return Structure.objects.filter(slug=slug, suspended_at=None)


def _answering(call: Call) -> Callable[[], HttpResponseBase]:
    def run() -> HttpResponseBase:
        try:
            return verbs.answer(call)
        except Refusal as refusal:
            return answers.refused(refusal)
        except Refused as error:
            return HttpResponse(str(error.message), status=error.status, content_type="text/plain; charset=utf-8")

    return run


def _person(account: Account, structure: Structure) -> Person | None:
    person = person_of(account.pk)
    if person is None or not person.is_active:
        return None
    person.structure = structure
    return person

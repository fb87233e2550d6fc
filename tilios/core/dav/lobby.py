"""The two floors above the structures: which mounts there are, in which structures."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tilios.core.access import roles
from tilios.core.dav import paths, principals
from tilios.core.dav.answers import multistatus
from tilios.core.dav.bodies import depth_of, xml_of
from tilios.core.dav.errors import Refusal
from tilios.core.dav.locks import Held
from tilios.core.dav.properties import Live
from tilios.core.dav.tree import Node
from tilios.core.dav.verbs import METHODS
from tilios.core.dav.verbs.options import HEADERS
from tilios.core.dav.verbs.propfind import Wanted, Writer
from tilios.core.people.models import Account, Person
from tilios.core.people.queries import structures_of
from tilios.core.structures.scope import scope
from tilios.core.toolbox.declaration import DavMount

SINCE_MS = 1_767_225_600_000  # the first day of 2026: these floors do not change


def structures(account: Account, mount: DavMount) -> list[str]:
    """The addresses of the structures in which `account` may use `mount`."""
    found = []
    for structure in structures_of(account):
        if structure.suspended_at:
            continue
        with scope(structure):
            person = Person.objects.filter(account=account).first()
            if person is not None:
                person.structure = structure
                if roles.may(person, mount.action):
                    found.append(structure.slug)
    return found


def addresses(account: Account) -> list[str]:
    """The mail addresses that the structures of `account` know it by."""
    found = []
    for structure in structures_of(account):
        with scope(structure):
            found += Person.objects.filter(account=account).exclude(email="").values_list("email", flat=True)
    return found


def answer(
    request: HttpRequest, account: Account, base: str, names: tuple[str, ...], members: Sequence[str]
) -> HttpResponseBase:
    """OPTIONS, PROPFIND and an empty GET; nothing is written here (403)."""
    match request.method:
        case "OPTIONS":
            return HttpResponse(headers={**HEADERS, "Allow": ", ".join(METHODS), "Content-Length": "0"})
        case "GET" | "HEAD":
            return HttpResponse("\n".join(members), content_type="text/plain; charset=utf-8")
        case "PROPFIND":
            depth, wanted = depth_of(request), Wanted.of(xml_of(request))
            if depth == "infinity":
                raise Refusal(403, "propfind-finite-depth")
            return multistatus(_responses(account, base, names, members if depth == "1" else (), wanted))
        case _:
            raise Refusal(403)


def _responses(
    account: Account, base: str, names: tuple[str, ...], members: Sequence[str], wanted: Wanted
) -> Iterator[str]:
    here = _node(names[-1] if names else "dav")
    live = Live(principals.Values({}), held=lambda: Held(()), chain=[here], principal=principals.href(account))  # type: ignore[arg-type]
    writer = Writer(wanted, live)
    writer.reads_dead = False
    nodes = [(base, here), *((f"{base}{paths.quoted(name)}/", _node(name)) for name in members)]
    yield from writer.of(nodes)


def _node(name: str) -> Node:
    return Node("", 0, name, True, SINCE_MS, SINCE_MS, "")

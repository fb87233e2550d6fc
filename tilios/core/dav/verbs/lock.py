"""LOCK: take a lock, or refresh one's own (RFC 4918, 9.10)."""

from xml.etree.ElementTree import Element

from django.db import transaction
from django.http import HttpResponse

from tilios.core.dav import locks
from tilios.core.dav.answers import HEAD, XML
from tilios.core.dav.bodies import DAV, Timeout, as_text, depth_of, xml_of
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.dav.models import Lock
from tilios.core.dav.properties import lock_xml
from tilios.core.dav.tree import Node
from tilios.core.errors import require
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure

LONGEST_OWNER = 2000


def answer(call: Call) -> HttpResponse:
    document = xml_of(call.request)
    if document is None:
        return _refresh(call)
    shared, owner = _asked(document)
    depth = depth_of(call.request)
    if depth == "1":
        raise Refusal(400)
    call.require_condition()
    is_new = call.here.node is None
    if is_new:
        _make_empty(call)
    with transaction.atomic():
        # Two who lock at once wait for each other here, then each sees what the other took.
        Structure.objects.select_for_update().get(pk=current_structure().pk)
        call.__dict__.pop("held", None)
        node = call.found()
        require(node.is_writable)
        deep = depth == "infinity" and node.is_collection
        others = call.held.over(call.here.chain)
        if deep:
            others += call.held.below(call.tree, node)
        if found := locks.conflict(others, shared=shared):
            raise Refusal(423, "no-conflicting-lock", hrefs=[found.root])
        taken = locks.take(
            by=call.person,
            node=node,
            root=call.href(call.names, is_collection=node.is_collection),
            shared=shared,
            deep=deep,
            owner=owner,
            timeout_s=Timeout.of(call.request),
        )
    answered = _discovery([taken], 201 if is_new else 200)
    answered["Lock-Token"] = f"<{taken.token}>"
    return answered


def _asked(document: Element) -> tuple[bool, str]:
    """Whether the lock is shared, and its owner as XML. Raises Refusal(400)."""
    scope = document.find(f"{DAV}lockscope")
    kind = document.find(f"{DAV}locktype")
    if document.tag != f"{DAV}lockinfo" or scope is None or kind is None or kind.find(f"{DAV}write") is None:
        raise Refusal(400)
    shared = scope.find(f"{DAV}shared") is not None
    if not shared and scope.find(f"{DAV}exclusive") is None:
        raise Refusal(400)
    owner = document.find(f"{DAV}owner")
    text = as_text(owner) if owner is not None else ""
    if len(text) > LONGEST_OWNER:
        raise Refusal(400)
    return shared, text


def _make_empty(call: Call) -> None:
    """Locking what is not there makes an empty resource (RFC 4918, 7.3)."""
    if call.here.parent is None or not call.names:
        raise Refusal(409)
    call.require_unlocked(call.here, parent=True)

    class Nothing:
        def read(self, _size: int = -1) -> bytes:
            return b""

    content = call.tree.receive(Nothing(), name=call.here.name, media_type="", length=0)

    def check(node: Node | None) -> None:
        if node is not None:
            raise Refusal(409)

    call.tree.write(call.here.parent, call.here.name, content, check=check)
    call.__dict__.pop("here", None)


def _refresh(call: Call) -> HttpResponse:
    """An empty body: the lock whose token stands in the If header lasts again."""
    call.found()
    call.require_condition()
    mine = [
        lock
        for lock in call.held.over(call.here.chain)
        if lock.token in call.condition.tokens and lock.person_id == call.person.pk
    ]
    if not mine:
        raise Refusal(412, "lock-token-matches-request-uri")
    return _discovery([locks.refresh(lock, Timeout.of(call.request)) for lock in mine], 200)


def _discovery(found: list[Lock], status: int) -> HttpResponse:
    inside = "".join(map(lock_xml, found))
    body = f'{HEAD}<D:prop xmlns:D="DAV:"><D:lockdiscovery>{inside}</D:lockdiscovery></D:prop>'
    return HttpResponse(body, status=status, content_type=XML)

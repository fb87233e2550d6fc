"""REPORT: what changed in a collection since a token (RFC 6578)."""

from collections.abc import Iterator

from django.http import HttpResponseBase

from tilios.core.dav.answers import failure, multistatus
from tilios.core.dav.bodies import DAV, xml_of
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.dav.tree import Changes
from tilios.core.dav.verbs.propfind import Wanted, Writer

MOST_CHANGES = 10_000


def answer(call: Call) -> HttpResponseBase:
    node = call.found()
    document = xml_of(call.request)
    if document is None:
        raise Refusal(400)
    if document.tag != f"{DAV}sync-collection":
        answered = call.tree.report(call, document)
        if answered is None:
            raise Refusal(403, "supported-report")
        return answered
    if not node.is_collection or not call.tree.sync_token(node):
        raise Refusal(403, "supported-report")
    level = (document.findtext(f"{DAV}sync-level") or "1").strip()
    if level not in {"1", "infinite"}:
        raise Refusal(400)
    wanted = Wanted.those(document.find(f"{DAV}prop"))
    token = (document.findtext(f"{DAV}sync-token") or "").strip()
    limit = _limit(document.findtext(f"{DAV}limit/{DAV}nresults"))
    changes = call.tree.changes(node, token, deep=level == "infinite", limit=limit)
    if changes is None:
        raise Refusal(403, "valid-sync-token")
    return multistatus(_responses(call, changes, wanted), token=changes.token)


def _limit(text: str | None) -> int | None:
    text = (text or "").strip()
    return min(int(text), MOST_CHANGES) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None


def _responses(call: Call, changes: Changes, wanted: Wanted) -> Iterator[str]:
    writer = Writer(wanted, call.live(call.here.chain))
    for below, node in changes.members:
        names = (*call.names, *below)
        if node is None:
            yield failure(call.href(names, is_collection=False), 404)
        else:
            yield from writer.of([(call.href(names, is_collection=node.is_collection), node)])
    if changes.is_truncated:
        yield failure(call.href(call.names, is_collection=True), 507, "number-of-matches-within-limits")

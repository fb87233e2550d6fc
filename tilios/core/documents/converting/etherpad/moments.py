"""Which moments of a pad are kept, and the Yjs update of each: what changed in it is written by whoever wrote it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from tilios.core.documents import rules
from tilios.core.documents.converting.brought import Brought, Moment
from tilios.core.documents.converting.etherpad import changesets, lines
from tilios.core.documents.converting.etherpad.hands import Hands
from tilios.core.documents.tree import Node
from tilios.kit.documents.problems import Problem, Unreadable

MOST_MOMENTS = 60  # kept by themselves, beside those that have a name
MOST_REVISIONS = 200_000  # replayed; of a pad that has more, the last moment alone is kept
MOST_SAYINGS = 2000


def read(data: bytes) -> Brought:
    """The pad in `data`. Raises Unreadable."""
    try:
        records = json.loads(data)
        key, record = next((key, one) for key, one in records.items() if key.startswith("pad:") and key.count(":") == 1)
        pool = changesets.pool_of(record["pool"])
        final = changesets.last(record, pool)
    except (ValueError, KeyError, AttributeError, TypeError, StopIteration, RecursionError) as error:
        raise Unreadable(Problem.DAMAGED) from error
    names = {name.partition(":")[2]: _name(one) for name, one in records.items() if name.startswith("globalAuthor:")}
    hands, moments = Hands(), []
    nodes: list[Node] = []
    for nodes, at, name in _replayed(records, key, record, pool, final):
        moments.append(Moment(hands.write(nodes), at, name))
    authors = {client: names.get(author, "") for author, client in hands.clients.items()}
    title = key.removeprefix("pad:").rpartition("$")[2]  # pads of a group: "g.…$name"
    return Brought(title, nodes, authors=authors, moments=moments, sayings=list(_sayings(records, key, names)))


def _name(record: Any) -> str:
    name = record.get("name") if isinstance(record, dict) else None
    return name.replace("\0", "").strip()[:80] if isinstance(name, str) else ""


def _sayings(records: dict[str, Any], key: str, names: dict[str, str]) -> Iterator[tuple[str, str, datetime | None]]:
    said = sorted((name for name in records if name.startswith(f"{key}:chat:")), key=lambda name: (len(name), name))
    for one in (records[name] for name in said[-MOST_SAYINGS:]):
        if isinstance(one, dict) and isinstance(one.get("text"), str) and one["text"].strip():
            author = one.get("authorId") or one.get("userId")
            yield names.get(str(author), ""), one["text"], _at(one.get("time"))


def _at(milliseconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


@dataclass
class _Step:
    """What is known of a revision before it is replayed."""

    changeset: str
    author: str
    at: datetime | None
    name: str = ""
    kept: bool = False


def _replayed(
    records: dict[str, Any], key: str, record: dict[str, Any], pool: dict[int, tuple[str, str]], final: changesets.Pad
) -> Iterator[tuple[list[Node], datetime | None, str]]:
    """The blocks, the time and the name of each moment that is kept; the last is `final`, whatever is replayed."""
    steps = _steps(records, key, record)
    pad = changesets.Pad(pool)
    for step in steps:
        try:
            pad.apply(step.changeset)
        except changesets.Wrong:
            break
        if step.kept and pad.text != ["\n"] and step is not steps[-1]:
            yield lines.blocks(pad), step.at, step.name
    yield lines.blocks(final), steps[-1].at if steps else None, steps[-1].name if steps else ""


def _steps(records: dict[str, Any], key: str, record: dict[str, Any]) -> list[_Step]:
    steps: list[_Step] = []
    head = record.get("head")
    for number in range(head + 1 if isinstance(head, int) and head < MOST_REVISIONS else 0):
        one = records.get(f"{key}:revs:{number}")
        if not isinstance(one, dict) or not isinstance(one.get("changeset"), str):
            return []
        about = one.get("meta") if isinstance(one.get("meta"), dict) else {}
        steps.append(_Step(one["changeset"], str(about.get("author") or ""), _at(about.get("timestamp"))))  # type: ignore[union-attr]
    saved = record.get("savedRevisions")
    for revision in saved if isinstance(saved, list) else []:
        place = revision.get("revNum") if isinstance(revision, dict) else None
        if isinstance(place, int) and 0 <= place < len(steps):
            steps[place].kept, steps[place].name = True, str(revision.get("label") or "").replace("\0", "")[:120]
    _keep_pauses(steps)
    return steps


def _keep_pauses(steps: list[_Step]) -> None:
    """Keep the text as it stood before each pause, as texts of ours do; of too many, some, evenly."""
    found: list[_Step] = []
    kept_at: datetime | None = None
    for before, step in pairwise(steps):
        if before.at is None or step.at is None:
            continue
        kept_at = kept_at or before.at
        if rules.keeps_revision(rules.Last(before.at, before.author, kept_at), by=step.author, now=step.at):
            found.append(before)
            kept_at = step.at
    each = max(1, -(-len(found) // MOST_MOMENTS))
    for step in found[::each]:
        step.kept = True

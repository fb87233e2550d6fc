"""Search: what a person may see, by the words they type.

Words are folded and stemmed; the last one may be unfinished; one typo in a word is forgiven when nothing is found.
The index proposes, narrowed by the keys the person holds; what is shown has been asked again of each Kind's `visible`.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from tilios.core.access.links import link
from tilios.core.people.models import Person
from tilios.core.search import fulltext, marks, words
from tilios.core.search.entries import keys_of
from tilios.core.search.models import Item, Variant
from tilios.core.structures.scope import current_structure
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Kind
from tilios.kit.text import one_edit_variants, within_one_edit
from tilios.kit.text import words as words_of

MOST_WORDS = 12
MOST_FOUND = 300  # proposals ranked and checked; a query that finds more is too broad to be read to its end
MOST_CORRECTIONS = 12
SHORTEST_CORRECTED = 4


@dataclass(frozen=True)
class Hit:
    """One thing found, which the person may see."""

    kind: Kind
    item: int
    target: int
    title: str
    text: str
    updated_at: datetime

    @property
    def url(self) -> str:
        return link(self.kind.url, self.target)


@dataclass(frozen=True)
class Found:
    """The answer to a search."""

    hits: list[Hit]
    total: int  # before `kind` and `limit`
    by_kind: list[tuple[Kind, int]]  # the most first
    corrections: dict[str, list[str]]  # word typed -> words looked for instead
    patterns: list[tuple[str, bool]]  # tokens to mark, and whether they may be a beginning
    cut: bool  # there may be more than MOST_FOUND


NOTHING = Found([], 0, [], {}, [], False)


def search(person: Person, asked: str, *, kind: str = "", limit: int | None = None) -> Found:
    """What `person` finds for `asked`, best first: title before text, then frequency, then what changed last.

    `kind` keeps one kind of thing. Three queries (groups, index, and one more for words that stand nowhere), and one
    for each kind among what is found.
    """
    language = current_structure().language
    typed = words_of(asked.replace("\0", " ")[:300])[:MOST_WORDS]
    if not typed:
        return NOTHING
    plain = [_alternatives(word, language, last=number == len(typed) - 1) for number, word in enumerate(typed)]
    corrections: dict[str, list[str]] = {}
    rows = _ask(person, plain)
    if not rows:
        corrections = _corrections(typed)
        if corrections:
            mended = [
                [*one, *((found, False) for better in corrections.get(word, ()) for found in _forms(better, language))]
                for word, one in zip(typed, plain, strict=True)
            ]
            rows, plain = _ask(person, mended), mended
    seen = _visible(person, rows)
    ranked = sorted(seen, key=lambda row: _rank(row, plain, language, typed))
    hits = [_hit(row) for row in ranked]
    counted = Counter(hit.kind.name for hit in hits)
    kinds = {hit.kind.name: hit.kind for hit in hits}
    chosen = [hit for hit in hits if not kind or hit.kind.name == kind]
    return Found(
        chosen[:limit] if limit else chosen,
        len(hits),
        [(kinds[name], count) for name, count in counted.most_common()],
        corrections if hits else {},
        [pattern for one in plain for pattern in one],
        len(rows) == MOST_FOUND,
    )


def _forms(word: str, language: str) -> list[str]:
    """What the index holds for a word: itself and its stem."""
    return list(dict.fromkeys(words.tokens(word, language)))


def _alternatives(word: str, language: str, *, last: bool) -> list[tuple[str, bool]]:
    """The word's stem; and, for the last word, whatever begins as it does."""
    stem = _forms(word, language)[-1]
    return [(stem, False), (words.token(word), True)] if last and len(word) > 1 else [(stem, False)]


def _ask(person: Person, asked: list[list[tuple[str, bool]]]) -> list[dict[str, Any]]:
    """The best proposals of the index among what the keys of `person` find. One query."""
    structure = current_structure()
    source, rank, values = fulltext.matching(structure.pk, asked)
    held, keys = fulltext.among("search_grant.key", keys_of(person))
    # Nothing typed is in this text: it is the program's own, values go as parameters.
    sql = (
        f"SELECT item.id, item.kind, item.target, item.title, item.updated_at, {rank} AS rank FROM {source} "  # noqa: S608
        "AND item.structure_id = %s AND EXISTS (SELECT 1 FROM search_grant WHERE search_grant.item_id = item.id "
        f"AND search_grant.structure_id = %s AND {held}) ORDER BY rank DESC, item.id DESC LIMIT {MOST_FOUND}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, structure.pk, structure.pk, *keys])
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        if isinstance(row["updated_at"], str):  # SQLite keeps moments as text, in UTC
            row["updated_at"] = datetime.fromisoformat(row["updated_at"]).replace(tzinfo=UTC)
    return found


def _visible(person: Person, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of `rows` that `person` may see now. One query a kind."""
    # SECURITY: the index only proposes; it may be older than what its Kind says.
    enabled = set(current_structure().enabled_tools)
    by_kind: dict[str, set[int]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], set()).add(row["target"])
    seen: set[tuple[str, int]] = set()
    for name, targets in by_kind.items():
        kind, tool = registry.kind(name), registry.tool(name.partition(".")[0])
        if kind is not None and tool is not None and (tool.house or tool.slug in enabled):
            pks = kind.visible_to(person).filter(pk__in=targets).values_list("pk", flat=True)
            seen |= {(name, pk) for pk in pks}
    return [row for row in rows if (row["kind"], row["target"]) in seen]


def _rank(row: dict[str, Any], asked: list[list[tuple[str, bool]]], language: str, typed: list[str]) -> tuple[Any, ...]:
    """The order of what is found: the same on both databases, whose own ranks only settle what is left."""
    title = words.tokens(row["title"], language)
    held = sum(any(marks.fits(token, one) for token in title) for one in asked)
    exact = words_of(row["title"]) == typed
    moment = row["updated_at"]
    return (not exact, -held, -round(float(row["rank"]), 1), -moment.timestamp(), row["id"])


def _hit(row: dict[str, Any]) -> Hit:
    kind = registry.kind(row["kind"])
    assert kind is not None
    return Hit(kind, row["id"], row["target"], row["title"], "", row["updated_at"])


def _corrections(typed: list[str]) -> dict[str, list[str]]:
    """For each word, the structure's own words one typo away. One query."""
    wanted = {word: one_edit_variants(word) for word in typed if len(word) >= SHORTEST_CORRECTED}
    variants = {variant for found in wanted.values() for variant in found}
    if not variants:
        return {}
    rows = Variant.objects.filter(variant__in=variants).values_list("variant", "word__word").distinct()
    near: dict[str, set[str]] = {}
    for variant, word in rows:
        near.setdefault(variant, set()).add(word)
    found = {}
    for word, own in wanted.items():
        candidates = {other for variant in own for other in near.get(variant, ())}
        close = sorted(other for other in candidates if other != word and within_one_edit(word, other))
        if close:
            found[word] = close[:MOST_CORRECTIONS]
    return found


def with_texts(hits: list[Hit], patterns: list[tuple[str, bool]]) -> list[Hit]:
    """The hits to be shown, each with the piece of its text where the words stand. One query."""
    language = current_structure().language
    numbers = {hit.item: hit for hit in hits}
    texts = dict(Item.objects.filter(pk__in=numbers).values_list("pk", "text"))
    return [
        replace(hit, title=marks.marked(hit.title, patterns, language), text=marks.piece(text, patterns, language))
        for hit in hits
        for text in [texts.get(hit.item, "")]
    ]

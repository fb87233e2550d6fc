"""Keep the index: called by the actions that change a thing, and by `tilios manage reindex`."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.module_loading import import_string

from tilios.core.search import fulltext, words
from tilios.core.search.entries import LONGEST_TEXT, LONGEST_TITLE, Entry
from tilios.core.search.models import Grant, Item, Variant, Word
from tilios.core.structures.scope import current_structure, scope
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Kind
from tilios.kit.text import one_edit_variants

logger = logging.getLogger("tilios.search")
BATCH = 500


def update(thing: Any) -> None:
    """Index `thing` as it is now, in the caller's transaction; nothing happens for a kind that is not searched.

    Two queries when nothing that is searched has changed.
    """
    update_many([thing])


def update_many(things: Iterable[Any]) -> None:
    """The same for many things of one kind, such as an import: a handful of queries for every 500."""
    things = list(things)
    kind = registry.kind_of(things[0]) if things else None
    if kind is None or not kind.search:
        return
    entry_of = import_string(kind.search)
    for start in range(0, len(things), BATCH):
        _write(kind, {thing.pk: entry_of(thing) for thing in things[start : start + BATCH]})


def remove(thing: Any, pk: int | None = None) -> None:
    """Take `thing` out of the index; with `pk` when the row is already deleted (Django forgets its number)."""
    kind = registry.kind_of(thing)
    if kind is not None:
        Item.objects.filter(kind=kind.name, target=pk or thing.pk).delete()


def remove_many(kind: str, numbers: Iterable[int]) -> None:
    """The same for many rows of one kind, by their numbers."""
    Item.objects.filter(kind=kind, target__in=list(numbers)).delete()


@transaction.atomic
def _write(kind: Kind, entries: dict[int, Entry | None], again: bool = False) -> None:
    """Write what differs from what the index holds, or everything `again`."""
    known = {item.target: item for item in Item.objects.filter(kind=kind.name, target__in=entries)}
    gone = [item.pk for target, item in known.items() if entries[target] is None]
    if gone:
        Item.objects.filter(pk__in=gone).delete()
    structure = current_structure()
    written = []
    for target, entry in sorted(entries.items()):  # always in one order: two writers never wait for each other
        if entry is None:
            continue
        digest, item = _digest(entry), known.get(target)
        if again or item is None or item.digest != digest:
            written.append(
                Item(
                    kind=kind.name,
                    target=target,
                    title=entry.title[:LONGEST_TITLE],
                    text=entry.text[:LONGEST_TEXT],
                    digest=digest,
                )
            )
    if not written:
        return
    written = Item.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["structure", "kind", "target"],
        update_fields=["title", "text", "digest", "updated_at"],
    )
    Grant.objects.filter(item__in=[item.pk for item in written]).delete()
    Grant.objects.bulk_create(
        (
            Grant(item_id=item.pk, key=key)
            for item in written
            for key in sorted(set(entries[item.target].keys))  # type: ignore[union-attr]
        ),
        ignore_conflicts=True,
    )
    language = structure.language
    fulltext.write(
        (item.pk, structure.pk, words.tokens(item.title, language), words.tokens(item.text, language))
        for item in written
    )
    if not again:
        found = words.vocabulary(part for item in written for part in (item.title, item.text))
        # In a transaction of its own: two writers that meet on a word must not wait for each other's work to end.
        transaction.on_commit(lambda: _learn(structure, found), robust=True)


def _digest(entry: Entry) -> str:
    whole = "\0".join([entry.title[:LONGEST_TITLE], entry.text[:LONGEST_TEXT], *sorted(set(entry.keys))])
    return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()


def _learn(structure: Any, found: set[str]) -> None:
    """Add words to those a typo is compared with."""
    with scope(structure):
        fresh: set[str] = set()
        rest = sorted(found)
        for start in range(0, len(rest), BATCH):
            part = rest[start : start + BATCH]
            fresh |= set(part) - set(Word.objects.filter(word__in=part).values_list("word", flat=True))
        learnt = sorted(fresh)
        for start in range(0, len(learnt), BATCH):
            part = learnt[start : start + BATCH]
            with transaction.atomic():
                Word.objects.bulk_create([Word(word=word) for word in part], ignore_conflicts=True)
                Variant.objects.bulk_create(
                    Variant(word=row, variant=variant)
                    for row in Word.objects.filter(word__in=part, variants=None)
                    for variant in one_edit_variants(row.word)
                )


def rebuild() -> int:
    """Write the index of the structure in scope again, whatever it held. Number of things indexed.

    Goes through everything 500 at a time, so that search goes on answering meanwhile.
    """
    vocabulary: set[str] = set()
    for kind in registry.kinds().values():
        seen: set[int] = set()
        if kind.search:
            entry_of = import_string(kind.search)
            for things in _batches(kind):
                entries = {thing.pk: entry_of(thing) for thing in things}
                _write(kind, entries, again=True)
                found = {target: entry for target, entry in entries.items() if entry is not None}
                seen |= found.keys()
                vocabulary |= words.vocabulary(part for one in found.values() for part in (one.title, one.text))
        _forget(kind, seen)
    Item.objects.exclude(kind__in=registry.kinds()).delete()
    _learn(current_structure(), vocabulary)
    stale = [pk for pk, word in Word.objects.values_list("pk", "word") if word not in vocabulary]
    for start in range(0, len(stale), BATCH):
        Word.objects.filter(pk__in=stale[start : start + BATCH]).delete()
    count = Item.objects.count()
    logger.info("index rebuilt", extra={"structure": current_structure().slug, "items": count})
    return count


def _batches(kind: Kind) -> Iterator[list[Any]]:
    model, last = apps.get_model(kind.model), 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1].pk


def _forget(kind: Kind, seen: set[int]) -> None:
    """Take out of the index the things of `kind` that are no longer to be found."""
    known = Item.objects.filter(kind=kind.name).values_list("pk", "target")
    gone = [pk for pk, target in known if target not in seen]
    for start in range(0, len(gone), BATCH):
        Item.objects.filter(pk__in=gone[start : start + BATCH]).delete()

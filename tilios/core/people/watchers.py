"""Those who want to know at once that records changed, such as the search index, which stands above this package."""

from collections.abc import Callable, Iterable

from tilios.core.people.models import Person

Changed = Callable[[Iterable[Person]], object]
Removed = Callable[[Iterable[int]], object]

_watchers: list[tuple[Changed, Removed]] = []


def watch(changed: Changed, removed: Removed) -> None:
    """Have `changed` called with the records written, `removed` with the numbers of those deleted or about to be, in
    the transaction that does it. Called from an app's `ready()`.
    """
    _watchers.append((changed, removed))


def changed(people: Iterable[Person]) -> None:
    people = list(people)
    for tell, _removed in _watchers:
        tell(people)


def removed(numbers: Iterable[int]) -> None:
    numbers = list(numbers)
    for _changed, tell in _watchers:
        tell(numbers)

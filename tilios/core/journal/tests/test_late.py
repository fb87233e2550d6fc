"""PostgreSQL gives numbers before the commit: entries of a long transaction appear after later ones were sealed."""

import threading

import pytest
from django.db import connection, transaction

from tests.cast import Cast
from tilios.core.journal.actions import publish
from tilios.core.journal.models import Entry, Seal
from tilios.core.journal.sealing import seal, seal_everything
from tilios.core.journal.verification import verify
from tilios.core.structures.scope import scope

SECONDS = 20


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_entry_of_a_long_transaction_is_sealed_after_those_that_overtook_it(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    written, go_on = threading.Event(), threading.Event()

    def long_work() -> None:
        with scope(cast.fabrique), transaction.atomic():
            publish("people.changed", by=cast.bob, slow=True)
            written.set()
            go_on.wait(SECONDS)
        connection.close()

    thread = threading.Thread(target=long_work)
    thread.start()
    assert written.wait(SECONDS)
    with scope(cast.fabrique):
        publish("people.changed", by=cast.alice)
    seal(cast.fabrique)
    go_on.set()
    thread.join(SECONDS)
    late = Entry.objects.get(data__slow=True)
    assert late.pk < Entry.objects.filter(structure=cast.fabrique).latest("pk").pk
    assert seal(cast.fabrique) == 1
    assert Seal.objects.filter(structure=cast.fabrique).latest("number").entries == [late.pk]
    assert verify(cast.fabrique) == []


@pytest.mark.django_db(transaction=True)
def test_two_that_seal_at_once_make_one_chain(cast: Cast) -> None:
    with scope(cast.fabrique):
        for _number in range(200):
            publish("people.changed", by=cast.alice)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait(SECONDS)
        seal_everything()
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    seal_everything()
    assert verify() == []
    held = [number for numbers in Seal.objects.values_list("entries", flat=True) for number in numbers]
    assert len(held) == len(set(held)) == Entry.objects.count()

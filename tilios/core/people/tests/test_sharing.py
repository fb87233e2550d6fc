"""What people show of themselves: they alone decide it, and those who watch records are told."""

from collections.abc import Iterable

import pytest

from tests.cast import Cast
from tilios.core.errors import NotAllowed
from tilios.core.people import actions as people
from tilios.core.people import watchers
from tilios.core.people.models import Person
from tilios.core.people.tests.published import last


def test_nothing_is_shown_unless_they_say_so(fabrique: Cast) -> None:
    assert not Person.objects.filter(shares_email=True).exists()
    assert not Person.objects.filter(shares_phones=True).exists()
    people.share_details(by=fabrique.bob, person=fabrique.bob, email=True, phones=False)
    assert [one.pk for one in Person.objects.filter(shares_email=True)] == [fabrique.bob.pk]
    entry = last("people.shared")
    assert (entry.actor, entry.subject, entry.data) == (fabrique.bob.pk, fabrique.bob.pk, {"fields": ["email"]})


def test_an_administrator_consents_for_nobody(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        people.share_details(by=fabrique.alice, person=fabrique.bob, email=True, phones=True)
    assert not Person.objects.get(pk=fabrique.bob.pk).shares_email


def test_those_who_watch_records_are_told_once_it_changes(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[int]] = []

    def changed(found: Iterable[Person]) -> None:
        told.append([one.pk for one in found])

    monkeypatch.setattr(watchers, "_watchers", [(changed, list)])
    for _turn in range(2):
        people.share_details(by=fabrique.bob, person=fabrique.bob, email=True, phones=True)
    assert told == [[fabrique.bob.pk]]

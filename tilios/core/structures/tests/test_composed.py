"""Queries composed once see what the query itself would, and nothing else."""

import threading

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tilios.core.access.models import ActionRule
from tilios.core.people.models import Account, Membership, Person
from tilios.core.structures.composed import composed, padded
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import OutOfScope, scope, unscoped


@composed
def named(name: str) -> QuerySet[Person]:
    return Person.objects.filter(display_name=name).select_related("account")


@composed
def everybody() -> QuerySet[Person, int]:
    return Person.objects.order_by("pk").values_list("pk", flat=True)


@composed
def in_a_group_or(person: int) -> QuerySet[Person]:
    groups = Membership.objects.filter(person=person).values("group")
    return Person.objects.filter(Q(memberships__group__in=groups) | Q(pk=person)).order_by("pk").distinct()


def test_each_call_sees_the_structure_in_scope(cast: Cast) -> None:
    with scope(cast.fabrique):
        here = everybody()
        assert here == list(Person.objects.order_by("pk").values_list("pk", flat=True))
    with scope(cast.atelier):
        assert everybody() == [cast.charlie.pk]
        assert named(cast.alice.display_name) == []
    assert cast.charlie.pk not in here


def test_outside_any_scope_it_raises_even_when_it_was_composed_within_one(cast: Cast) -> None:
    with scope(cast.fabrique):
        assert named(cast.alice.display_name) == [cast.alice]
    with pytest.raises(OutOfScope):
        named(cast.alice.display_name)


def test_what_was_composed_where_everything_is_seen_is_not_asked_within_a_scope(cast: Cast) -> None:
    @composed
    def all_of_them() -> QuerySet[Person]:
        return Person.objects.order_by("pk")

    with unscoped("the test looks at both"):
        assert cast.charlie in all_of_them()
    with scope(cast.fabrique):
        assert cast.charlie not in all_of_them()
    with pytest.raises(OutOfScope):
        all_of_them()


def test_rows_are_what_the_query_gives_and_are_read_again_at_each_call(cast: Cast) -> None:
    with scope(cast.fabrique):
        found = named(cast.alice.display_name)[0]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert found.account == cast.alice.account  # came along
        assert len(asked) == 0
        assert found.created_at == cast.alice.created_at  # a moment, not a text
        Person.objects.filter(pk=cast.alice.pk).update(display_name="Alix")
        assert named(cast.alice.display_name) == []
        assert [one.pk for one in named("Alix")] == [cast.alice.pk]


def test_a_hole_reaches_into_what_the_query_is_made_of(cast: Cast) -> None:
    with scope(cast.fabrique):
        for person in (cast.alice, cast.bob, cast.gus):
            groups = Membership.objects.filter(person=person).values("group")
            expected = Person.objects.filter(Q(memberships__group__in=groups) | Q(pk=person.pk)).distinct()
            assert set(in_a_group_or(person.pk)) == set(expected)


def test_what_belongs_to_no_structure_is_found_in_any_scope(cast: Cast) -> None:
    @composed
    def called(slug: str) -> QuerySet[Structure]:
        return Structure.objects.filter(slug=slug, suspended_at=None)

    assert called("nowhere") == []
    assert called(cast.fabrique.slug) == [cast.fabrique]
    with scope(cast.atelier):
        assert called(slug=cast.fabrique.slug) == [cast.fabrique]


def test_json_and_booleans_come_back_as_such(cast: Cast) -> None:
    @composed
    def tools(slug: str) -> QuerySet[Structure, list[str]]:
        return Structure.objects.filter(slug=slug).values_list("enabled_tools", flat=True)

    @composed
    def active(email: str) -> QuerySet[Account, bool]:
        return Account.objects.filter(email=email).values_list("is_active", flat=True)

    assert tools(cast.fabrique.slug) == [cast.fabrique.enabled_tools]
    assert cast.alice.account is not None
    assert active(cast.alice.account.email) == [True]


def test_what_is_given_stays_a_parameter(cast: Cast) -> None:
    with scope(cast.fabrique):
        assert named("' OR 1=1 --") == []
        assert named("%s") == []
        with pytest.raises(TypeError):
            named(None)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            named(["a", "b"])  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_threads_ask_at_once_each_in_its_own_scope(cast: Cast) -> None:
    wrong: list[object] = []

    def ask(structure: Structure, expected: list[int]) -> None:
        with scope(structure):
            wrong.extend(found for found in (everybody() for _time in range(50)) if found != expected)
        connection.close()

    with scope(cast.fabrique):
        here = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    pairs = [(cast.fabrique, here), (cast.atelier, [cast.charlie.pk])] * 2
    threads = [threading.Thread(target=ask, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_rules_of_two_structures_do_not_meet(cast: Cast) -> None:
    @composed
    def rules() -> QuerySet[ActionRule, tuple[str, int]]:
        return ActionRule.objects.values_list("action", "least")

    with scope(cast.fabrique):
        ActionRule.objects.create(action="polls.view", least=30)
        assert rules() == [("polls.view", 30)]
    with scope(cast.atelier):
        assert rules() == []


@composed
def any_of(names: tuple[str, ...]) -> QuerySet[Person, str]:
    return Person.objects.filter(display_name__in=names).order_by("pk").values_list("display_name", flat=True)


def test_a_tuple_asks_for_any_of_its_values_in_the_scope_alone(cast: Cast) -> None:
    names = (cast.alice.display_name, cast.bob.display_name, cast.charlie.display_name)
    with scope(cast.fabrique):
        assert any_of(names) == [cast.alice.display_name, cast.bob.display_name]
        assert any_of(names[1:]) == [cast.bob.display_name]
        assert any_of((names[0],)) == [cast.alice.display_name]
        assert any_of(padded(names, (2, 10))) == [cast.alice.display_name, cast.bob.display_name]
    with scope(cast.atelier):
        assert any_of(names) == [cast.charlie.display_name]


def test_a_tuple_holds_numbers_and_texts_alone(cast: Cast) -> None:
    with scope(cast.fabrique), pytest.raises(TypeError):
        any_of((cast.alice.display_name, None))  # type: ignore[arg-type]


def test_values_are_padded_to_one_of_few_lengths() -> None:
    assert padded(["a"], (1, 4)) == ("a",)
    assert padded(["a", "b"], (1, 4)) == ("a", "b", "b", "b")

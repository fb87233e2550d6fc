"""The scope fails closed."""

import pytest
from django.db import transaction

from tests.cast import Cast
from tilios.core.people.models import Person
from tilios.core.structures.scope import OutOfScope, scope, unscoped


def test_a_query_outside_any_scope_raises(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        Person.objects.count()


def test_a_query_sees_the_rows_of_the_structure_in_scope_only(cast: Cast) -> None:
    with scope(cast.atelier):
        assert list(Person.objects.all()) == [cast.charlie]


def test_the_scope_of_another_structure_may_not_be_nested(cast: Cast) -> None:
    with scope(cast.fabrique), pytest.raises(OutOfScope), scope(cast.atelier):
        pass


def test_a_foreign_row_cannot_be_saved(cast: Cast) -> None:
    with scope(cast.fabrique), pytest.raises(OutOfScope):
        cast.charlie.save()


def test_a_foreign_row_cannot_be_created_one_by_one_or_in_bulk(cast: Cast) -> None:
    with scope(cast.fabrique):
        stranger = Person(structure=cast.atelier, display_name="Eve")
        with pytest.raises(OutOfScope):
            stranger.save()
        with pytest.raises(OutOfScope):
            Person.objects.bulk_create([stranger])


def test_a_row_cannot_be_moved_to_another_structure(cast: Cast) -> None:
    with scope(cast.fabrique), pytest.raises(OutOfScope):
        Person.objects.update(structure=cast.atelier)


def test_following_a_foreign_key_or_refreshing_obeys_the_scope(cast: Cast) -> None:
    with scope(cast.fabrique), pytest.raises(Person.DoesNotExist):
        cast.charlie.refresh_from_db()
    with pytest.raises(OutOfScope):
        list(cast.alice.account.persons.all())


def test_deleting_obeys_the_scope(cast: Cast) -> None:
    with scope(cast.fabrique), transaction.atomic():
        Person.objects.all().delete()
    with scope(cast.atelier):
        assert Person.objects.exists()


def test_a_foreign_row_cannot_be_deleted(cast: Cast) -> None:
    with scope(cast.fabrique), pytest.raises(OutOfScope):
        cast.charlie.delete()
    with scope(cast.atelier):
        assert Person.objects.exists()


def test_unscoped_sees_every_structure(cast: Cast) -> None:
    with unscoped("a test"):
        assert Person.objects.count() == 5

"""The index follows the journal: what changed without telling it is found all the same."""

from django.core.management import call_command

from tilios.core.people.actions import create_person
from tilios.core.people.models import Person
from tilios.core.search import follow, queries
from tilios.core.search.models import Item, Position
from tilios.core.structures.scope import scope


def found(cast, asked):
    with scope(cast.fabrique):
        manon = Person.objects.get(pk=cast.manon.pk)
        manon.structure = cast.fabrique
        return [hit.title for hit in queries.search(manon, asked).hits]


def test_a_person_added_is_found_once_the_journal_is_followed(cast):
    with scope(cast.fabrique):
        create_person(by=None, given_name="Zénobie", family_name="Ruz")
    assert found(cast, "zenobie") == []
    assert follow.follow()
    assert found(cast, "zenobie") == ["Zénobie Ruz"]


def test_what_is_gone_leaves_the_index(cast):
    with scope(cast.fabrique):
        person = create_person(by=None, given_name="Zénobie", family_name="Ruz")
    follow.follow()
    with scope(cast.fabrique):
        person.delete()
    follow.follow()  # fresh entries are looked at again
    with scope(cast.fabrique):
        assert not Item.objects.filter(title="Zénobie Ruz").exists()


def test_settled_entries_are_not_read_again(cast, monkeypatch):
    from datetime import timedelta

    monkeypatch.setattr(follow, "SETTLED", timedelta(0))
    assert follow.follow()
    assert Position.objects.get().entry > 0
    assert follow.follow() == 0


def test_reindex_does_every_structure_and_stays_in_each(cast, capsys):
    call_command("reindex")
    said = capsys.readouterr().out
    assert "la-fabrique: 4 things" in said
    assert "l-atelier: 1 things" in said
    assert found(cast, "charlie") == []

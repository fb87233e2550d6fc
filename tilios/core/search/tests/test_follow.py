"""The index follows the journal: what changed without telling it is found all the same."""

from django.core.management import call_command

from tilios.core.jobs.worker import run_all
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.search import follow, queries
from tilios.core.search.models import Item, Position
from tilios.core.structures.scope import scope


def found(cast, asked):
    with scope(cast.fabrique):
        manon = Person.objects.get(pk=cast.manon.pk)
        manon.structure = cast.fabrique
        return [hit.title for hit in queries.search(manon, asked).hits]


def add(name):
    """Somebody added by code that tells the journal and not the index."""
    person = Person.objects.create(display_name=name, sort_name=name.lower())
    publish("people.added", subject=person)
    return person


def test_what_the_journal_tells_is_found_once_it_is_followed(cast):
    with scope(cast.fabrique):
        add("Zénobie Ruz")
    assert found(cast, "zenobie") == []
    assert follow.follow()
    assert found(cast, "zenobie") == ["Zénobie Ruz"]


def test_what_is_gone_leaves_the_index(cast):
    with scope(cast.fabrique):
        person = add("Zénobie Ruz")
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


def test_when_rights_change_for_all_the_index_is_made_anew_once(cast):
    with scope(cast.fabrique):
        Item.objects.all().delete()
        publish("portal.rules_changed", by=cast.alice)
    follow.follow()
    follow.follow()
    assert run_all() == 1
    assert found(cast, "gus") == ["Gus Petit"]

"""Found by what is written in them, by those who may see them and nobody else."""

from typing import TYPE_CHECKING

from tilios.core.jobs.worker import run_all
from tilios.core.people.models import Person
from tilios.core.search.queries import search
from tilios.core.structures.scope import scope
from tilios.tools.files.actions import trash
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.models import Item
from tilios.tools.files.tests import contract

if TYPE_CHECKING:
    from tests.cast import Cast


def found(person: Person, words: str) -> list[int]:
    with scope(person.structure):
        return [hit.target for hit in search(person, words, kind="files.item").hits]


def test_a_document_is_found_by_its_words_once_it_is_read(cast: "Cast") -> None:
    with scope(cast.fabrique):
        file = contract.write(cast.bob, "cr.html", "<p>La chaudière tombe en panne</p>".encode())
    run_all()
    assert found(cast.bob, "chaudiere") == [file.pk]
    assert found(cast.charlie, "chaudiere") == []


def test_what_is_written_in_a_personal_space_is_found_by_its_owner_alone(cast: "Cast") -> None:
    with scope(cast.fabrique):
        open_spaces(cast.bob)
        own = Item.objects.get(owner=cast.bob)
        file = contract.file(cast.bob, "journal.txt", "Mes projets de potager", own)
    run_all()
    assert found(cast.bob, "potager") == [file.pk]
    assert found(cast.alice, "potager") == []


def test_what_is_thrown_away_is_not_found_until_it_comes_back(cast: "Cast") -> None:
    with scope(cast.fabrique):
        inside = contract.folder(cast.bob, "Archives")
        file = contract.file(cast.bob, "plan.txt", "Le potager partagé", inside)
        run_all()
        assert found(cast.bob, "potager") == [file.pk]
        thrown = trash.trash_item(by=cast.bob, rights=open_spaces(cast.bob), item=inside)
        run_all()
        assert found(cast.bob, "potager") == []
        trash.restore_item(by=cast.bob, rights=open_spaces(cast.bob), item=thrown)
    run_all()
    assert found(cast.bob, "potager") == [file.pk]


def test_two_structures_that_have_the_same_bytes_each_find_their_own(cast: "Cast") -> None:
    text = "Statuts de l'association : article premier, le phare"
    with scope(cast.fabrique):
        here = contract.file(cast.bob, "statuts.txt", text)
    with scope(cast.atelier):
        there = contract.file(cast.charlie, "nos statuts.txt", text)
    run_all()
    assert found(cast.bob, "phare") == [here.pk]
    assert found(cast.charlie, "phare") == [there.pk]

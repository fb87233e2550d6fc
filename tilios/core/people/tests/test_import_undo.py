"""Taking an import back: all of it, save what somebody changed since."""

import pytest

from tests.cast import Cast
from tilios.core.jobs import worker
from tilios.core.people import actions as people
from tilios.core.people.actions.invitations import invite_person
from tilios.core.people.imports import actions as imports
from tilios.core.people.imports import jobs, queries, undoing
from tilios.core.people.models import Group, ImportBatch, ImportState, Mandate, Membership, Person
from tilios.core.people.roles import Role
from tilios.core.people.tests.published import last
from tilios.core.people.tests.test_imports import brought

FILE = "nom;prenom;mail;ville\nMartin;Jo;jo@example.org;Brest\nRiou;Anne;anne@example.org;Brest\nRiou;Luc;;Brest\n"


def undone(cast: Cast, batch: ImportBatch) -> ImportBatch:
    imports.undo(by=cast.manon, batch=batch)
    worker.run_all()
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE
    return batch


def test_people_it_made_are_gone_and_the_journal_says_so(fabrique: Cast) -> None:
    before = set(Person.objects.values_list("pk", flat=True))
    batch = undone(fabrique, brought(fabrique, FILE))
    assert set(Person.objects.values_list("pk", flat=True)) == before
    assert (batch.counts["undone"], batch.counts["kept"]) == (3, 0)
    entry = last("people.import_undone")
    assert (entry.actor, entry.target, entry.data) == (fabrique.manon.pk, batch.pk, {"undone": 3, "kept": 0})


def test_former_values_come_back(fabrique: Cast) -> None:
    bob = people.change_person(by=None, person=fabrique.bob, town="Morlaix", given_name="Bob")
    batch = brought(fabrique, f"nom;prenom;mail;ville;naissance\nLambert;Robert;{bob.email};Brest;1/2/1980\n")
    bob.refresh_from_db()
    assert (bob.town, bob.display_name, bob.birth_date.year) == ("Brest", "Robert Lambert", 1980)
    undone(fabrique, batch)
    bob.refresh_from_db()
    assert (bob.town, bob.display_name, bob.birth_date) == ("Morlaix", "Bob Lambert", None)
    assert (bob.sort_name, bob.search_text) == ("lambert  bob", "bob lambert")


def test_what_was_changed_since_is_left_and_listed(fabrique: Cast) -> None:
    batch = brought(fabrique, f"nom;prenom;mail;ville;tel\nLambert;Bob;{fabrique.bob.email};Brest;0102030405\n")
    people.change_person(by=None, person=fabrique.bob, town="Quimper")
    batch = undone(fabrique, batch)
    fabrique.bob.refresh_from_db()
    assert (fabrique.bob.town, fabrique.bob.phone) == ("Quimper", "")
    assert (batch.counts["undone"], batch.counts["kept"]) == (0, 1)
    assert [row.person for row in queries.rows_of(batch, "kept")] == [fabrique.bob]


@pytest.mark.parametrize("touch", ["record", "role", "group", "manager", "mandate", "invitation", "left"])
def test_somebody_made_by_it_and_touched_since_stays(fabrique: Cast, touch: str) -> None:
    group = people.create_group(by=None, name="Chorale")
    batch = brought(fabrique, FILE, group=group)
    jo = Person.objects.get(email="jo@example.org")
    match touch:
        case "record":
            people.change_person(by=None, person=jo, phone="0102030405")
        case "role":
            people.change_role(by=None, person=jo, role=Role.GUEST)
        case "group":
            people.add_to_group(by=None, person=jo, group=people.create_group(by=None, name="Autre"))
        case "manager":
            people.add_to_group(by=None, person=jo, group=group, is_manager=True)
        case "mandate":
            Mandate.objects.create(person=jo, delegate=fabrique.bob)
        case "invitation":
            invite_person(by=fabrique.manon, person=jo)
        case "left":
            people.change_status(by=None, person=jo, status="left")
    batch = undone(fabrique, batch)
    assert Person.objects.filter(pk=jo.pk).exists()
    assert (batch.counts["undone"], batch.counts["kept"]) == (2, 1)
    assert [row.person for row in queries.rows_of(batch, "kept")] == [jo]


def test_somebody_a_later_import_changed_stays(fabrique: Cast) -> None:
    batch = brought(fabrique, FILE)
    brought(fabrique, "nom;prenom;mail;tel\nMartin;Jo;jo@example.org;0102030405\n")
    batch = undone(fabrique, batch)
    assert batch.counts["kept"] == 1
    assert Person.objects.filter(email="jo@example.org").exists()


def test_a_later_import_that_changed_nothing_does_not_hold_them(fabrique: Cast) -> None:
    batch = brought(fabrique, FILE)
    brought(fabrique, FILE)
    assert undone(fabrique, batch).counts["kept"] == 0


def test_groups_are_left_as_they_were(fabrique: Cast) -> None:
    chorale = people.create_group(by=None, name="Chorale")
    people.add_to_group(by=None, person=fabrique.gus, group=chorale)
    batch = brought(
        fabrique,
        f"nom;prenom;mail;groupe\nLambert;Bob;{fabrique.bob.email};Cuisine\nPetit;Gus;{fabrique.gus.email};Cuisine\n",
        group=chorale,
    )
    assert Membership.objects.count() == 4
    undone(fabrique, batch)
    assert list(Membership.objects.values_list("person", "group")) == [(fabrique.gus.pk, chorale.pk)]
    assert not Group.objects.filter(name="Cuisine").exists()


def test_a_group_it_made_that_others_joined_stays(fabrique: Cast) -> None:
    batch = brought(fabrique, "nom;prenom;mail;groupe\nMartin;Jo;jo@example.org;Cuisine\n")
    people.add_to_group(by=None, person=fabrique.bob, group=Group.objects.get(name="Cuisine"))
    undone(fabrique, batch)
    assert list(Group.objects.get(name="Cuisine").members.all()) == [fabrique.bob]


def test_an_undoing_that_dies_is_taken_up(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 1)
    batch = brought(fabrique, FILE)
    imports.undo(by=fabrique.manon, batch=batch)
    undo_rows, calls = undoing.undo_rows, []

    def die_at_the_second(*arguments: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the light went out")
        undo_rows(*arguments)

    monkeypatch.setattr(undoing, "undo_rows", die_at_the_second)
    worker.run_all()
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDOING
    monkeypatch.setattr(undoing, "undo_rows", undo_rows)
    imports.resume(by=fabrique.manon, batch=batch)
    worker.run_all()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["undone"]) == (ImportState.UNDONE, 3)
    assert not Person.objects.filter(family_name="Riou").exists()

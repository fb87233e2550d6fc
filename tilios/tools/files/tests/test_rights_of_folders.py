"""Who sees a folder: lists of rights given, changed, taken back, and what is told about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.notify.models import Notification
from tilios.core.people.actions import add_to_group, create_group
from tilios.core.people.models import Person, Status
from tilios.core.people.roles import Role
from tilios.core.shelves.actions import rights as actions
from tilios.core.shelves.audience import who_sees
from tilios.core.shelves.marks import shared_with
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.actions.writing import make_folder as make_inside
from tilios.tools.files.models import Item, Level
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.tests.contract_sharing import closed_folder, common, make_folder, personal, write


def fresh(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def may(person: Person, item: Item) -> int:
    """The level of `person` on the thing as it is now."""
    return Rights(person).level(fresh(item))


def own(by: Person, folder: Item) -> Item:
    return actions.give_own_list(by=by, rights=Rights(by), folder=folder)


def put(by: Person, folder: Item, to: actions.To, level: Level, **more: bool) -> None:
    actions.set_line(by=by, rights=Rights(by), folder=folder, to=to, level=level, **more)


def take_off(by: Person, folder: Item, **of: object) -> None:
    line = folder.grants.get(**of)
    actions.remove_line(by=by, rights=Rights(by), folder=folder, line=line, is_sure=True)


def mine(by: Person, name: str = "À moi") -> Item:
    """A folder in the personal space of `by`."""
    rights, space = personal(by)
    return make_inside(by=by, rights=rights, parent=space, name=name)


def test_a_folder_takes_the_list_of_the_one_above_until_it_has_its_own(fabrique: Cast) -> None:
    folder = make_folder(fabrique.alice, "Comptes")
    inside = write(fabrique.alice, "2026.txt", parent=folder)
    assert not who_sees(folder).is_own
    own(fabrique.alice, folder)
    audience = who_sees(fresh(folder))
    assert audience.is_own
    assert {(line.grant.role, line.level) for line in audience.lines} == {
        (Role.MEMBER, Level.EDIT),
        (Role.MANAGER, Level.MANAGE),
    }
    assert fresh(inside).ruler_id == folder.pk
    take_off(fabrique.alice, folder, role=Role.MEMBER)
    assert may(fabrique.bob, inside) == 0
    assert may(fabrique.manon, inside) == Level.MANAGE


def test_what_lies_deeper_with_its_own_list_keeps_it(fabrique: Cast) -> None:
    folder = make_folder(fabrique.alice, "Dehors")
    closed = closed_folder(fabrique.alice, "Dedans", folder)
    own(fabrique.alice, folder)
    assert fresh(closed).ruler_id == closed.pk
    actions.inherit_again(by=fabrique.alice, rights=Rights(fabrique.alice), folder=folder)
    assert fresh(closed).ruler_id == closed.pk
    assert fresh(folder).ruler_id == common(fabrique.alice)[1].pk
    assert not folder.grants.exists()


def test_a_guest_let_in_deep_below_finds_the_folder_and_nothing_beside(fabrique: Cast) -> None:
    above = make_folder(fabrique.alice, "Projets")
    folder = make_folder(fabrique.alice, "Fresque", above)
    beside = write(fabrique.alice, "secret.txt", parent=above)
    own(fabrique.alice, folder)
    put(fabrique.alice, folder, fabrique.gus, Level.ADD)
    shared = shared_with(Rights(fabrique.gus))
    assert [(one.folder.pk, one.level) for one in shared] == [(folder.pk, Level.ADD)]
    assert may(fabrique.gus, beside) == 0
    assert not Rights(fabrique.gus).visible().filter(pk=beside.pk).exists()


def test_a_personal_folder_lent_is_shared_with_its_guest_and_not_with_its_owner(fabrique: Cast) -> None:
    folder = mine(fabrique.bob)
    own(fabrique.bob, folder)
    put(fabrique.bob, folder, fabrique.manon, Level.VIEW)
    open_spaces(fabrique.manon)
    assert [one.space.owner_id for one in shared_with(Rights(fabrique.manon))] == [fabrique.bob.pk]
    assert shared_with(Rights(fabrique.bob)) == []


def test_people_who_come_to_see_it_are_told_and_the_others_are_not(fabrique: Cast) -> None:
    folder = closed_folder(fabrique.alice, "Bureau")
    group = create_group(by=None, name="Bureau")
    for person in (fabrique.bob, fabrique.manon):
        add_to_group(by=None, person=person, group=group)
    put(fabrique.alice, folder, group, Level.EDIT)  # Manon looks after everybody's files: she saw it already
    told = Notification.objects.filter(notice="files.shared")
    assert [row.person_id for row in told] == [fabrique.bob.pk]
    assert "Bureau" in told.get().text
    put(fabrique.alice, folder, group, Level.VIEW)
    put(fabrique.alice, folder, Role.GUEST, Level.VIEW)
    assert told.count() == 1


def test_the_journal_keeps_numbers_and_levels_and_no_name(fabrique: Cast) -> None:
    folder = closed_folder(fabrique.alice, "Paie de Gus")
    put(fabrique.alice, folder, fabrique.gus, Level.VIEW)
    entry = Entry.objects.filter(verb="files.rights_changed").latest("id")
    assert (entry.subject, entry.target, entry.data) == (fabrique.gus.pk, folder.pk, {"level": 10})
    put(fabrique.alice, folder, Role.MEMBER, Level.ADD)
    assert Entry.objects.filter(verb="files.rights_changed").latest("id").data == {"level": 20, "role": 20}


def test_only_who_manages_changes_the_list(fabrique: Cast) -> None:
    folder = make_folder(fabrique.alice, "Commun à deux")
    for refused in (fabrique.bob, fabrique.gus):
        with pytest.raises(NotAllowed):
            own(refused, folder)
    own(fabrique.alice, folder)
    with pytest.raises(NotAllowed):
        put(fabrique.bob, folder, fabrique.gus, Level.VIEW)
    with pytest.raises(NotAllowed):
        take_off(fabrique.bob, folder, role=Role.MEMBER)
    with pytest.raises(NotAllowed):
        actions.inherit_again(by=fabrique.bob, rights=Rights(fabrique.bob), folder=folder)


def test_what_makes_no_sense_is_refused_in_words(fabrique: Cast) -> None:
    folder, file = make_folder(fabrique.alice, "Simple"), write(fabrique.alice, "note.txt")
    rights = Rights(fabrique.alice)
    with pytest.raises(Conflict):
        own(fabrique.alice, file)
    with pytest.raises(Conflict):
        put(fabrique.alice, folder, fabrique.gus, Level.VIEW)
    with pytest.raises(Conflict):
        actions.inherit_again(by=fabrique.alice, rights=rights, folder=folder)
    with pytest.raises(Conflict):
        actions.inherit_again(by=fabrique.alice, rights=rights, folder=common(fabrique.alice)[1])
    own(fabrique.alice, folder)
    with pytest.raises(Conflict):
        own(fabrique.alice, folder)
    Person.objects.filter(pk=fabrique.gus.pk).update(status=Status.LEFT)
    with pytest.raises(Invalid):
        put(fabrique.alice, folder, fabrique.gus, Level.VIEW)


def test_the_owner_of_a_space_cannot_be_put_out_of_it(fabrique: Cast) -> None:
    _rights, space = personal(fabrique.bob)
    folder = mine(fabrique.bob)
    own(fabrique.bob, folder)
    put(fabrique.bob, folder, fabrique.alice, Level.MANAGE)
    for place in (space, folder):
        with pytest.raises(Conflict):
            put(fabrique.bob, place, fabrique.bob, Level.EDIT, is_sure=True)
        with pytest.raises(Conflict):
            take_off(fabrique.bob, place, person=fabrique.bob)
    with pytest.raises(Conflict):
        take_off(fabrique.alice, folder, person=fabrique.bob)
    assert may(fabrique.bob, folder) == Level.MANAGE


def test_whoever_would_lose_it_is_asked_first(fabrique: Cast) -> None:
    folder = make_folder(fabrique.alice, "Atelier")
    own(fabrique.alice, folder)
    put(fabrique.alice, folder, fabrique.bob, Level.MANAGE)
    with pytest.raises(actions.WouldLoseIt):
        put(fabrique.bob, folder, fabrique.bob, Level.EDIT)
    assert may(fabrique.bob, folder) == Level.MANAGE
    put(fabrique.bob, folder, fabrique.bob, Level.EDIT, is_sure=True)
    assert may(fabrique.bob, folder) == Level.EDIT
    assert may(fabrique.alice, folder) == Level.MANAGE  # looks after everybody's files


def test_the_last_who_manages_cannot_be_taken_off(fabrique: Cast) -> None:
    folder = closed_folder(fabrique.alice, "À deux")
    Person.objects.filter(role__gte=Role.MANAGER).exclude(pk=fabrique.alice.pk).update(status=Status.LEFT)
    put(fabrique.alice, folder, fabrique.bob, Level.MANAGE)
    Person.objects.filter(pk=fabrique.alice.pk).update(role=Role.MEMBER)
    take_off(fabrique.bob, folder, person=fabrique.alice)
    with pytest.raises(Conflict):
        take_off(fabrique.bob, folder, person=fabrique.bob)
    with pytest.raises(Conflict):
        put(fabrique.bob, folder, fabrique.bob, Level.EDIT, is_sure=True)
    with pytest.raises(Conflict):
        put(fabrique.bob, folder, fabrique.bob, Level.VIEW, is_sure=True)


lines = st.lists(
    st.tuples(st.sampled_from(["role-10", "role-20", "role-30", "alice", "bob", "gus"]), st.sampled_from(list(Level))),
    max_size=5,
    unique_by=lambda line: line[0],
)


@pytest.mark.django_db
@given(lines)
def test_the_names_on_the_page_are_those_whom_the_rights_let_in(given_lines: list[tuple[str, Level]]) -> None:
    from django.db import transaction

    from tests.cast import make_cast
    from tilios.core.structures.scope import scope

    with transaction.atomic():
        cast = make_cast()
        with scope(cast.fabrique):
            folder = make_folder(cast.alice, "Au hasard")
            own(cast.alice, folder)
            folder.grants.all().delete()
            for whom, level in given_lines:
                to = {"role": Role(int(whom[5:]))} if whom.startswith("role-") else {"person": getattr(cast, whom)}
                folder.grants.create(level=level, **to)
            people = (cast.alice, cast.manon, cast.bob, cast.gus)
            said = set(who_sees(fresh(folder)).people)
            assert said == {person for person in people if may(person, folder)}
        transaction.set_rollback(True)


def test_the_page_says_who_in_words_and_lets_the_manager_change_it(cast: Cast) -> None:
    from tilios.core.structures.scope import scope

    with scope(cast.fabrique):
        folder = make_folder(cast.alice, "Comptes")
    url = f"/s/la-fabrique/fichiers/{folder.pk}/droits/"
    page = cast.client("bob").get(url).content.decode()
    assert "Qui peut voir ceci" in page
    assert "Bob Lambert" in page
    assert "Mettre sur la liste" not in page
    client = cast.client("alice")
    assert client.post(f"{url}propres/").status_code == 302
    assert client.post(f"{url}ajouter/", {"level": "10"}).status_code == 422
    kept = client.post(f"{url}ajouter/", {"whom": f"person-{cast.gus.pk}", "level": "99"})
    assert kept.status_code == 422
    assert f'value="person-{cast.gus.pk}" selected' in kept.content.decode()
    assert client.post(f"{url}ajouter/", {"whom": f"person-{cast.gus.pk}", "level": "10"}).status_code == 302
    assert "Gus Petit" in client.get(url).content.decode()
    assert cast.client("gus").get("/s/la-fabrique/fichiers/partages/").content.decode().count("Comptes") >= 1
    with scope(cast.fabrique):
        line = folder.grants.get(person=cast.gus)
    assert client.post(f"{url}{line.pk}/", {"level": "7"}).status_code == 422
    assert client.post(f"{url}{line.pk}/", {"remove": "1"}).status_code == 302
    assert cast.client("gus").get(url).status_code == 404
    assert cast.client("bob").post(f"{url}{line.pk}/", {"level": "40"}).status_code == 403


def test_the_question_is_asked_on_the_page_and_answered_by_a_second_press(cast: Cast) -> None:
    from tilios.core.structures.scope import scope

    with scope(cast.fabrique):
        folder = make_folder(cast.alice, "Atelier")
        own(cast.alice, folder)
        put(cast.alice, folder, cast.bob, Level.MANAGE)
        line = folder.grants.get(person=cast.bob)
    url = f"/s/la-fabrique/fichiers/{folder.pk}/droits/{line.pk}/"
    asked = cast.client("bob").post(url, {"remove": "1"})
    assert asked.status_code == 409
    assert 'name="sure"' in asked.content.decode()
    assert 'name="remove" value="1"' in asked.content.decode()
    assert cast.client("bob").post(url, {"remove": "1", "sure": "1"}).status_code == 302
    with scope(cast.fabrique):
        assert not folder.grants.filter(person=cast.bob).exists()

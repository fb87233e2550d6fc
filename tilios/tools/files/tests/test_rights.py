"""Who may do what: levels by role, group and person, lists of a folder's own, ways through."""

import pytest

from tests.cast import Cast
from tilios.core.errors import NotAllowed
from tilios.core.people.models import Group, Membership, Status
from tilios.core.people.roles import Role
from tilios.tools.files.actions import moving, trash, writing
from tilios.tools.files.models import Item, Level
from tilios.tools.files.queries import tree
from tilios.tools.files.queries.rights import visible_items
from tilios.tools.files.tests.planting import again, common, file, folder, names_in, own, own_list, rights_of


def test_members_change_the_common_space_and_guests_see_nothing_of_it(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    assert rights_of(fabrique.bob).level(place) == Level.EDIT
    assert rights_of(fabrique.manon).level(place) == Level.MANAGE
    assert rights_of(fabrique.gus).level(place) == 0
    assert tree.roots(rights_of(fabrique.gus)) == []


@pytest.mark.parametrize(
    ("level", "sees", "adds", "changes_own", "changes_others", "manages"),
    [
        (Level.VIEW, True, False, False, False, False),
        (Level.ADD, True, True, True, False, False),
        (Level.EDIT, True, True, True, True, False),
        (Level.MANAGE, True, True, True, True, True),
    ],
)
@pytest.mark.parametrize("by", ["role", "group", "person"])
def test_each_level_allows_what_it_says_however_it_is_given(
    fabrique: Cast,
    by: str,
    level: Level,
    sees: bool,
    adds: bool,
    changes_own: bool,
    changes_others: bool,
    manages: bool,
) -> None:
    place = folder(fabrique.alice, common(fabrique.alice), "Atelier")
    others = file(fabrique.alice, place, "plan.txt")
    group = Group.objects.create(name="Bois")
    Membership.objects.create(group=group, person=fabrique.gus)
    who = {"role": Role.GUEST, "group": group, "person": fabrique.gus}[by]
    own_list(place, (who, level))
    mine = file(fabrique.alice, place, "mien.txt")
    Item.objects.filter(pk=mine.pk).update(author=fabrique.gus)
    others.refresh_from_db()
    mine.refresh_from_db()
    rights = rights_of(fabrique.gus)
    assert rights.sees(others) is sees
    assert rights.may_add(place) is adds
    assert rights.may_change(mine) is changes_own
    assert rights.may_change(others) is changes_others
    assert rights.may_manage(place) is manages


def test_the_best_of_several_lines_counts(fabrique: Cast) -> None:
    place = folder(fabrique.alice, common(fabrique.alice), "Atelier")
    own_list(place, (Role.GUEST, Level.VIEW), (fabrique.gus, Level.ADD), (Role.MEMBER, Level.EDIT))
    assert rights_of(fabrique.gus).level(place) == Level.ADD
    assert rights_of(fabrique.bob).level(place) == Level.EDIT


def test_a_list_of_its_own_replaces_what_a_folder_inherited(fabrique: Cast) -> None:
    place = folder(fabrique.alice, common(fabrique.alice), "Bureau")
    inside = file(fabrique.alice, place, "secret.txt")
    own_list(place, (Role.MANAGER, Level.VIEW))
    assert not rights_of(fabrique.bob).sees(Item.objects.get(pk=inside.pk))
    assert "Bureau" not in [one.name for one in tree.members(rights_of(fabrique.bob), common(fabrique.bob))]
    assert rights_of(fabrique.manon).level(place) == Level.MANAGE  # who looks after everybody's files


def test_folders_on_the_way_are_passed_through_without_showing_what_else_they_hold(fabrique: Cast) -> None:
    place = common(fabrique.alice)
    upper = folder(fabrique.alice, place, "Projets")
    middle = folder(fabrique.alice, upper, "2026")
    file(fabrique.alice, middle, "budget.txt")
    inner = folder(fabrique.alice, middle, "Jardin")
    file(fabrique.alice, inner, "plan.txt")
    own_list(inner, (fabrique.gus, Level.VIEW))
    rights = rights_of(fabrique.gus)
    assert [one.name for one in tree.at(rights, ("Commun", "Projets", "2026", "Jardin", "plan.txt"))][-1] == "plan.txt"
    assert [one.name for one in tree.members(rights, middle)] == ["Jardin"]
    assert [one.name for one in tree.members(rights, upper)] == ["2026"]
    assert tree.at(rights, ("Commun", "Projets", "2026", "budget.txt"))[-1].name == "2026"
    assert not rights.may_add(middle)
    assert set(visible_items(again(fabrique.gus)).values_list("name", flat=True)) == {"Jardin", "plan.txt"}


def test_somebodys_own_space_is_closed_to_those_who_look_after_everybodys(fabrique: Cast) -> None:
    space = own(fabrique.bob)
    kept = file(fabrique.bob, space, "journal.txt")
    for who in (fabrique.manon, fabrique.alice):
        rights = rights_of(who)
        assert not rights.sees(space)
        assert not rights.sees(kept)
        with pytest.raises(NotAllowed):
            trash.trash_item(by=who, rights=rights, item=kept)
        assert kept not in visible_items(again(who))


def test_who_left_sees_nothing_any_more(fabrique: Cast) -> None:
    file(fabrique.bob, common(fabrique.bob), "a.txt")
    fabrique.bob.status = Status.LEFT
    fabrique.bob.save()
    assert not visible_items(again(fabrique.bob)).exists()


def test_what_is_trashed_or_moved_with_a_folder_must_all_be_ones_to_change(fabrique: Cast) -> None:
    place = common(fabrique.alice)
    outer = folder(fabrique.alice, place, "Projets")
    inner = folder(fabrique.alice, outer, "Bureau")
    file(fabrique.alice, inner, "secret.txt")
    elsewhere = folder(fabrique.alice, place, "Autres")
    own_list(inner, (Role.MANAGER, Level.EDIT))
    rights = rights_of(fabrique.bob)
    with pytest.raises(NotAllowed):
        trash.trash_item(by=fabrique.bob, rights=rights, item=outer)
    with pytest.raises(NotAllowed):
        moving.move_item(by=fabrique.bob, rights=rights, item=outer, parent=elsewhere)
    with pytest.raises(NotAllowed):
        moving.move_item(by=fabrique.bob, rights=rights, item=elsewhere, parent=place, name="Projets", replace=True)
    assert names_in(outer) == {"Bureau"}
    assert names_in(place) == {"Projets", "Autres"}


def test_a_copy_leaves_behind_what_one_does_not_see(fabrique: Cast) -> None:
    place = common(fabrique.alice)
    outer = folder(fabrique.alice, place, "Projets")
    file(fabrique.alice, outer, "public.txt", b"p")
    inner = folder(fabrique.alice, outer, "Bureau")
    below_inner = folder(fabrique.alice, inner, "Ouvert")
    file(fabrique.alice, below_inner, "vu.txt")
    own_list(inner, (Role.MANAGER, Level.EDIT))
    own_list(below_inner, (Role.MEMBER, Level.VIEW))
    copied, is_new, _pairs = moving.copy_item(
        by=fabrique.bob, rights=rights_of(fabrique.bob), item=outer, parent=own(fabrique.bob)
    )
    assert is_new
    assert names_in(copied) == {"public.txt"}


def test_a_copy_and_a_move_take_the_rights_of_where_they_go(fabrique: Cast) -> None:
    place, mine = common(fabrique.bob), own(fabrique.bob)
    outer = folder(fabrique.bob, place, "Photos")
    file(fabrique.bob, outer, "a.jpg")
    assert rights_of(fabrique.manon).sees(outer)
    moved, _new = moving.move_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=outer, parent=mine)
    assert not rights_of(fabrique.manon).sees(moved)
    assert not rights_of(fabrique.manon).sees(Item.objects.get(name="a.jpg"))
    back, _new, _pairs = moving.copy_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=moved, parent=place)
    assert rights_of(fabrique.manon).sees(back)


def test_at_the_level_add_a_folder_of_ones_own_is_not_ones_to_remove(fabrique: Cast) -> None:
    place = folder(fabrique.alice, common(fabrique.alice), "Boîte")
    own_list(place, (Role.MEMBER, Level.ADD))
    made = folder(fabrique.bob, place, "Le mien")
    with pytest.raises(NotAllowed):
        trash.trash_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=made)
    mine = file(fabrique.bob, place, "mien.txt")
    trash.trash_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=mine)
    assert names_in(place) == {"Le mien"}


def test_nobody_writes_where_they_may_only_look(fabrique: Cast) -> None:
    place = folder(fabrique.alice, common(fabrique.alice), "Modèles")
    kept = file(fabrique.alice, place, "statuts.txt", b"first")
    own_list(place, (Role.MEMBER, Level.VIEW))
    rights = rights_of(fabrique.bob)
    with pytest.raises(NotAllowed):
        writing.make_folder(by=fabrique.bob, rights=rights, parent=place, name="x")
    for name in ("nouveau.txt", "statuts.txt"):
        with pytest.raises(NotAllowed):
            file(fabrique.bob, place, name, b"second")
    with pytest.raises(NotAllowed):
        moving.copy_item(by=fabrique.bob, rights=rights, item=kept, parent=place, name="copie.txt")
    with pytest.raises(NotAllowed):
        moving.move_item(by=fabrique.bob, rights=rights, item=kept, parent=own(fabrique.bob))
    assert names_in(place) == {"statuts.txt"}


def test_a_mandate_gives_no_more_than_a_member_has(fabrique: Cast) -> None:
    place = folder(fabrique.alice, common(fabrique.alice), "Bureau")
    own_list(place, (Role.MANAGER, Level.VIEW))
    acting = again(fabrique.alice)
    acting.acted_by = again(fabrique.bob)
    rights = rights_of(fabrique.alice).__class__(acting)
    assert rights.level(place) == 0

"""The tree: writing, versions, moving, copying, the trash, room."""

import pytest

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.roles import Role
from tilios.tools.files.actions import moving, trash, upkeep
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.errors import NoRoom, Taken
from tilios.tools.files.models import Change, Item, Level, Rules, Space, Usage, Version
from tilios.tools.files.models.items import now_ms
from tilios.tools.files.models.usage import DAY_MS
from tilios.tools.files.tests.planting import (
    again,
    common,
    content_of,
    file,
    folder,
    names_in,
    own,
    own_list,
    rights_of,
)  # fmt: skip


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="files.").order_by("pk").values_list("verb", flat=True))


def used() -> int:
    return Usage.objects.get(person=None).used


def weighed() -> int:
    """What is really there, by adding it up."""
    return sum(Item.objects.values_list("size", flat=True)) + sum(Version.objects.values_list("size", flat=True))


def test_spaces_are_made_once_in_the_language_of_the_structure(fabrique: Cast) -> None:
    for _time in range(2):
        open_spaces(again(fabrique.bob))
        open_spaces(again(fabrique.alice))
    roots = Item.objects.filter(parent=None)
    assert sorted(roots.values_list("name", flat=True)) == ["Commun", "Personnel", "Personnel"]
    assert roots.filter(space=Space.COMMON).count() == 1
    open_spaces(again(fabrique.gus))  # a guest has no space of their own
    assert roots.count() == 3


def test_a_file_is_added_then_written_again_and_what_it_was_is_kept(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    first = file(fabrique.bob, place, "notes.txt", b"one")
    again_ = file(fabrique.alice, place, "notes.txt", b"two!")
    assert again_.pk == first.pk
    assert content_of(Item.objects.get(pk=first.pk)) == b"two!"
    version = Version.objects.get()
    assert (version.size, version.author, version.blob_id) == (3, fabrique.bob, first.blob_id)
    assert verbs() == ["files.added", "files.written"]
    assert used() == weighed() == 7


def test_the_same_bytes_again_are_no_new_version(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    before = file(fabrique.bob, place, "notes.txt", b"one")
    after = file(fabrique.bob, place, "notes.txt", b"one")
    assert not Version.objects.exists()
    assert after.etag != before.etag
    assert used() == 3


def test_a_file_does_not_take_the_place_of_a_folder_nor_a_folder_of_a_file(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    folder(fabrique.bob, place, "a")
    file(fabrique.bob, place, "b")
    with pytest.raises(Taken):
        file(fabrique.bob, place, "a")
    with pytest.raises(Taken):
        folder(fabrique.bob, place, "b")
    with pytest.raises(Taken):
        file(fabrique.bob, place, "b", replace=False)


def test_a_moment_in_the_future_becomes_now(fabrique: Cast) -> None:
    made = file(fabrique.bob, common(fabrique.bob), "a.txt", modified_ms=now_ms() + DAY_MS)
    assert made.modified_ms <= now_ms()
    assert file(fabrique.bob, common(fabrique.bob), "b.txt", modified_ms=1_000_000_000_000).modified_ms == 10**12


def test_moving_a_folder_carries_all_that_is_below_and_its_room(fabrique: Cast) -> None:
    place, mine = common(fabrique.bob), own(fabrique.bob)
    outer = folder(fabrique.bob, place, "Projets")
    inner = folder(fabrique.bob, outer, "2026")
    deep = file(fabrique.bob, inner, "a.txt", b"12345")
    file(fabrique.bob, inner, "a.txt", b"123")  # a version of five bytes stays behind it
    moved, is_new = moving.move_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=outer, parent=mine)
    deep.refresh_from_db()
    assert is_new
    assert deep.path == f"/{mine.pk}/{moved.pk}/{inner.pk}/{deep.pk}/"
    assert deep.ruler_id == mine.pk
    assert Usage.objects.get(person=fabrique.bob).used == 8
    assert used() == weighed() == 8
    moving.move_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=moved, parent=place)
    assert Usage.objects.get(person=fabrique.bob).used == 0


def test_a_folder_that_has_a_list_of_its_own_keeps_it_when_moved(fabrique: Cast) -> None:
    place = common(fabrique.alice)
    closed = folder(fabrique.alice, place, "Bureau")
    inside = file(fabrique.alice, closed, "a.txt")
    own_list(closed, (Role.MANAGER, Level.MANAGE))
    elsewhere = folder(fabrique.alice, place, "Autres")
    moving.move_item(by=fabrique.alice, rights=rights_of(fabrique.alice), item=closed, parent=elsewhere)
    inside.refresh_from_db()
    assert inside.ruler_id == closed.pk
    assert not rights_of(fabrique.bob).sees(inside)


def test_renaming_and_moving_say_what_they_are(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    item, to = file(fabrique.bob, place, "a.txt"), folder(fabrique.bob, place, "b")
    rights = rights_of(fabrique.bob)
    moving.move_item(by=fabrique.bob, rights=rights, item=item, parent=place, name="A.txt")
    moving.move_item(by=fabrique.bob, rights=rights, item=item, parent=to)
    assert verbs()[-2:] == ["files.renamed", "files.moved"]
    with pytest.raises(Invalid):
        moving.move_item(by=fabrique.bob, rights=rights, item=item, parent=to, name="a/b")


def test_a_folder_goes_neither_into_itself_nor_over_what_holds_it(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    outer = folder(fabrique.bob, place, "a")
    inner = folder(fabrique.bob, outer, "b")
    rights = rights_of(fabrique.bob)
    for where in (outer, inner):
        with pytest.raises(Conflict):
            moving.move_item(by=fabrique.bob, rights=rights, item=outer, parent=where)
    with pytest.raises(Conflict):
        moving.move_item(by=fabrique.bob, rights=rights, item=inner, parent=place, name="a", replace=True)
    assert names_in(outer) == {"b"}


def test_spaces_themselves_stay_where_they_are(fabrique: Cast) -> None:
    rights = rights_of(fabrique.alice)
    for root in (common(fabrique.alice), own(fabrique.alice)):
        with pytest.raises(NotAllowed):
            trash.trash_item(by=fabrique.alice, rights=rights, item=root)


def test_a_copy_is_whole_costs_its_room_and_leaves_versions_behind(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    outer = folder(fabrique.bob, place, "a")
    inner = folder(fabrique.bob, outer, "b")
    file(fabrique.bob, inner, "c.txt", b"first")
    file(fabrique.bob, inner, "c.txt", b"12")
    before = used()
    copy, is_new, pairs = moving.copy_item(
        by=fabrique.bob, rights=rights_of(fabrique.bob), item=outer, parent=place, name="a2"
    )
    twin = Item.objects.get(name="c.txt", path__startswith=copy.path)
    assert is_new
    assert len(pairs) == 3
    assert content_of(twin) == b"12"
    assert twin.path == f"{copy.path}{twin.parent_id}/{twin.pk}/"
    assert used() == weighed() == before + 2
    assert not twin.versions.exists()


def test_a_copy_into_itself_ends(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    outer = folder(fabrique.bob, place, "a")
    file(fabrique.bob, outer, "x.txt")
    copy, _new, _pairs = moving.copy_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=outer, parent=outer)
    assert names_in(copy) == {"x.txt"}
    assert names_in(outer) == {"x.txt", "a"}


def test_what_is_thrown_away_comes_back_where_it_was(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    outer = folder(fabrique.bob, place, "a")
    file(fabrique.bob, outer, "x.txt", b"12345")
    earlier = file(fabrique.bob, outer, "y.txt")
    rights = rights_of(fabrique.bob)
    trash.trash_item(by=fabrique.bob, rights=rights, item=earlier)
    trash.trash_item(by=fabrique.bob, rights=rights, item=outer)
    assert names_in(place) == set()
    assert used() == weighed() == 6
    trash.restore_item(by=fabrique.bob, rights=rights, item=outer)
    assert names_in(outer) == {"x.txt"}  # what was thrown away before stays in the trash
    trash.restore_item(by=fabrique.bob, rights=rights, item=earlier)
    assert names_in(outer) == {"x.txt", "y.txt"}
    with pytest.raises(Conflict):
        trash.restore_item(by=fabrique.bob, rights=rights, item=earlier)


def test_what_comes_back_takes_another_name_when_its_own_is_taken(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    item = file(fabrique.bob, place, "a.txt", b"old")
    trash.trash_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=item)
    file(fabrique.bob, place, "a.txt", b"new")
    assert trash.restore_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=item).name == "a (2).txt"
    assert names_in(place) == {"a.txt", "a (2).txt"}


def test_what_comes_back_lands_in_the_nearest_folder_that_is_still_there(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    outer = folder(fabrique.bob, place, "a")
    item = file(fabrique.bob, outer, "x.txt")
    rights = rights_of(fabrique.bob)
    trash.trash_item(by=fabrique.bob, rights=rights, item=item)
    trash.trash_item(by=fabrique.bob, rights=rights, item=outer)
    assert trash.restore_item(by=fabrique.bob, rights=rights, item=item).parent == place
    assert names_in(place) == {"x.txt"}


def test_forgetting_gives_the_room_back_and_needs_the_right(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    outer = folder(fabrique.bob, place, "a")
    file(fabrique.bob, outer, "x.txt", b"12345")
    file(fabrique.bob, outer, "x.txt", b"123")
    trash.trash_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=outer)
    thrown = Item.objects.filter(trashed_ms__isnull=False)
    with pytest.raises(NotAllowed):
        trash.forget_items(by=fabrique.gus, rights=rights_of(fabrique.gus), items=thrown)
    assert trash.forget_items(by=fabrique.bob, rights=rights_of(fabrique.bob), items=thrown) == 1
    assert used() == weighed() == 0
    assert not Version.objects.exists()
    assert verbs()[-1] == "files.forgotten"


def test_the_room_of_the_structure_is_not_passed(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    file(fabrique.bob, place, "a.txt", b"1" * 80)
    Usage.objects.filter(person=None).update(quota=100)
    with pytest.raises(NoRoom):
        file(fabrique.bob, place, "b.txt", b"2" * 30)
    with pytest.raises(NoRoom):
        file(fabrique.bob, place, "a.txt", b"2" * 30)
    with pytest.raises(NoRoom):
        moving.copy_item(
            by=fabrique.bob, rights=rights_of(fabrique.bob), item=Item.objects.get(name="a.txt"), parent=place, name="c"
        )
    assert names_in(place) == {"a.txt"}
    assert content_of(Item.objects.get(name="a.txt")) == b"1" * 80
    assert used() == 80
    file(fabrique.bob, place, "b.txt", b"2" * 20)


def test_the_room_of_a_person_counts_their_own_space_alone(fabrique: Cast) -> None:
    Rules.objects.create(person_quota=100)
    with pytest.raises(NoRoom):
        file(fabrique.bob, own(fabrique.bob), "a.txt", b"1" * 101)
    large = file(fabrique.bob, common(fabrique.bob), "a.txt", b"1" * 101)
    with pytest.raises(NoRoom):
        moving.move_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=large, parent=own(fabrique.bob))
    Usage.objects.update_or_create(person=fabrique.bob, defaults={"quota": 200})
    moving.move_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=large, parent=own(fabrique.bob))
    assert Usage.objects.get(person=fabrique.bob).used == 101


def test_changes_are_numbered_one_after_the_other(fabrique: Cast) -> None:
    place = common(fabrique.bob)
    outer = folder(fabrique.bob, place, "a")
    item = file(fabrique.bob, outer, "x.txt")
    moving.move_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=item, parent=place)
    trash.trash_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=outer)
    rows = list(Change.objects.order_by("number").values_list("number", "folder", "name"))
    assert [number for number, _folder, _name in rows] == list(range(1, len(rows) + 1))
    assert [(place_, name) for _number, place_, name in rows] == [
        (place.pk, "a"), (outer.pk, "x.txt"), (outer.pk, "x.txt"), (place.pk, "x.txt"), (place.pk, "a"),
    ]  # fmt: skip


def test_upkeep_follows_the_rules_of_the_structure(fabrique: Cast) -> None:
    Rules.objects.create(version_days=30, versions_most=2, trash_days=7)
    place = common(fabrique.bob)
    for content in (b"1", b"22", b"333", b"4444"):
        file(fabrique.bob, place, "a.txt", content)
    named = Version.objects.order_by("pk").first()
    assert named is not None
    Version.objects.filter(pk=named.pk).update(label="Adoptée", made_ms=0)
    old, recent = file(fabrique.bob, place, "old.txt", b"55555"), file(fabrique.bob, place, "recent.txt")
    for item in (old, recent):
        trash.trash_item(by=fabrique.bob, rights=rights_of(fabrique.bob), item=item)
    Item.objects.filter(pk=old.pk).update(trashed_ms=now_ms() - 8 * DAY_MS)
    Change.objects.filter(number=1).update(made_ms=0)
    upkeep.keep_up()
    assert not Item.objects.filter(pk=old.pk).exists()
    assert Item.objects.filter(pk=recent.pk).exists()
    assert Version.objects.count() == 3  # the named one, and two
    Version.objects.filter(label="").update(made_ms=now_ms() - 31 * DAY_MS)
    upkeep.keep_up()
    assert list(Version.objects.values_list("label", flat=True)) == ["Adoptée"]
    assert used() == weighed()
    assert not Change.objects.filter(number=1).exists()


def test_the_space_of_a_group_is_called_as_the_group_is_now(fabrique: Cast) -> None:
    group = people.create_group(by=fabrique.alice, name="Atelier")
    people.add_to_group(by=fabrique.alice, person=fabrique.bob, group=group)
    open_spaces(again(fabrique.bob))
    people.change_group(by=fabrique.alice, group=group, name="Atelier bois/métal")
    upkeep.keep_up()
    assert Item.objects.get(group=group).name == "Atelier bois-métal"
    people.change_group(by=fabrique.alice, group=group, name=common(fabrique.bob).name)
    upkeep.keep_up()
    assert Item.objects.get(group=group).name == "Commun (2)"

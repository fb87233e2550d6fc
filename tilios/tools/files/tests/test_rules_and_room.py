"""How long things are kept, how much room there is, and when people are warned."""

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.structures.scope import scope
from tilios.tools.files.actions import rules as actions
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.errors import NoRoom
from tilios.tools.files.forms.rules import PersonRoomForm, written
from tilios.tools.files.models import Item
from tilios.tools.files.queries import room, tree
from tilios.tools.files.queries.room import Room
from tilios.tools.files.tests.contract_sharing import personal, write

PAGE = "/s/la-fabrique/fichiers/regles/"
FORM = {"trash_days": "30", "version_days": "365", "versions_most": "100", "person_quota": "5"}


def size_of(text: str) -> object:
    form = PersonRoomForm({"room": text})
    return form.cleaned_data["room"] if form.is_valid() else "refused"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2", 2 * 10**9),
        ("0,5", 5 * 10**8),
        ("0.5", 5 * 10**8),
        (" 1 000 ", 10**12),
        ("", None),
        ("0", "refused"),
        ("-1", "refused"),
        ("beaucoup", "refused"),
        ("nan", "refused"),
        ("inf", "refused"),
        ("1e9", "refused"),
    ],
)
def test_a_room_is_written_in_gigabytes_with_a_comma_or_a_point(text: str, size: object) -> None:
    assert size_of(text) == size


@given(st.integers(10**6, 10**15).map(lambda size: size - size % 10**6))
def test_a_room_shown_is_a_room_read(size: int) -> None:
    assert size_of(written(size)) == size


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_the_warnings_follow_what_is_taken(used: int, allowed: int) -> None:
    found = Room(used, allowed)
    assert found.percent is not None
    share = used * 100 / allowed
    assert found.state == ("full" if share >= 100 else "danger" if share >= 95 else "warning" if share >= 80 else "")
    assert found.left == max(0, allowed - used)


def test_without_a_limit_nobody_is_warned() -> None:
    assert (Room(10**15, None).state, Room(10**15, None).percent, Room(10**15, None).left) == ("", None, None)


def test_the_rules_are_kept_and_the_journal_says_what_changed(fabrique: Cast) -> None:
    actions.change_rules(by=fabrique.alice, trash_days=7, person_quota=None)
    assert (tree.rules().trash_days, tree.rules().person_quota, tree.rules().version_days) == (7, None, 365)
    assert Entry.objects.get(verb="files.rules_changed").data == {"trash_days": 7, "person_quota": None}
    actions.change_rules(by=fabrique.alice, trash_days=7)
    assert Entry.objects.filter(verb="files.rules_changed").count() == 1


@pytest.mark.parametrize(
    "values", [{"trash_days": 0}, {"version_days": 36501}, {"versions_most": 0}, {"person_quota": 0}]
)
def test_rules_out_of_bounds_are_refused(fabrique: Cast, values: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        actions.change_rules(by=fabrique.alice, **values)


def test_the_room_of_one_person_is_theirs_alone(fabrique: Cast) -> None:
    _rights, space = personal(fabrique.bob)
    _rights, hers = personal(fabrique.manon)
    actions.set_room(by=fabrique.alice, person=fabrique.bob, quota=5)
    with pytest.raises(NoRoom):
        write(fabrique.bob, "gros.txt", b"beaucoup trop", space)
    write(fabrique.manon, "gros.txt", b"beaucoup trop", hers)
    of_bob = next(one for one in room.of_people() if one.person == fabrique.bob)
    assert (of_bob.allowed, of_bob.own) == (5, True)
    actions.set_room(by=fabrique.alice, person=fabrique.bob, quota=None)
    write(fabrique.bob, "gros.txt", b"beaucoup trop", space)
    with pytest.raises(NotAllowed):
        actions.set_room(by=fabrique.alice, person=fabrique.gus, quota=5)


def test_the_nearest_end_of_room_is_the_one_told(fabrique: Cast) -> None:
    _rights, space = personal(fabrique.bob)
    file = write(fabrique.bob, "un.txt", b"x" * 90, space)
    actions.set_structure_room(quota=1000)
    actions.set_room(by=fabrique.alice, person=fabrique.bob, quota=100)
    assert (room.of_item(file).allowed, room.of_item(file).state) == (100, "warning")
    actions.set_structure_room(quota=91)
    assert (room.of_item(file).allowed, room.of_item(file).state) == (91, "danger")
    common = Item.objects.get(space="common")
    assert room.of_item(common).allowed == 91
    assert tree.room_left(file) == 1


def test_the_page_keeps_what_was_typed_and_is_for_who_looks_after_the_files(cast: Cast) -> None:
    assert cast.client("bob").get(PAGE).status_code == 403
    client = cast.client("manon")
    refused = client.post(PAGE, {**FORM, "trash_days": "0", "person_quota": "peu"})
    assert refused.status_code == 422
    assert 'value="peu"' in refused.content.decode()
    assert client.post(PAGE, {**FORM, "person_quota": "0,5"}).status_code == 302
    assert 'value="0,5"' in client.get(PAGE).content.decode()
    with scope(cast.fabrique):
        assert (tree.rules().person_quota, tree.rules().hides_system_files) == (5 * 10**8, False)
        open_spaces(cast.bob)
    one = f"{PAGE}place/{cast.bob.pk}/"
    assert client.post(one, {"room": "zéro"}).status_code == 422
    assert client.post(one, {"room": "2,5"}).status_code == 302
    with scope(cast.fabrique):
        assert tree.usage(cast.bob).quota == 25 * 10**8
    assert client.get(f"{PAGE}place/{cast.gus.pk}/").status_code == 404
    page = client.get(PAGE).content.decode()
    assert "Bob Lambert" in page
    assert "Place particulière" in page


@pytest.mark.parametrize(("text", "size"), [("50GB", 50 * 10**9), ("1.5tb", 15 * 10**11), ("none", None)])
def test_the_host_sets_the_room_of_a_structure_by_a_command(
    cast: Cast, capsys: pytest.CaptureFixture[str], text: str, size: int | None
) -> None:
    call_command("tilios_quota", "la-fabrique", text)
    assert capsys.readouterr().out.startswith("la-fabrique: 0.00 MB taken")
    with scope(cast.fabrique):
        assert tree.room(None) == (0, size)
        assert Entry.objects.get(verb="files.rules_changed").door == "command"


@pytest.mark.parametrize("arguments", [("nulle-part", "5GB"), ("la-fabrique", "beaucoup"), ("la-fabrique", "0GB")])
def test_a_command_that_makes_no_sense_changes_nothing(cast: Cast, arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("tilios_quota", *arguments)
    with scope(cast.fabrique):
        assert tree.room(None) == (0, None)

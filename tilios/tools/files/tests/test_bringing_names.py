"""Names from elsewhere, and what Google does to them: pure rules."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.core.errors import Invalid
from tilios.tools.files import names
from tilios.tools.files.bringing import takeout
from tilios.tools.files.bringing.entries import Entry
from tilios.tools.files.bringing.mending import Plan, is_mended, mended_name, parts_of


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_kept(name: str) -> None:
    mended = mended_name(name)
    assert names.checked(mended) == mended
    assert mended_name(mended) == mended


@given(st.text(max_size=400))
def test_a_name_that_can_be_kept_is_not_touched(name: str) -> None:
    try:
        kept = names.checked(name)
    except Invalid:
        return
    assert mended_name(name) == kept


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("Photos/été.jpg", ("Photos", "été.jpg")),
        ("/etc/passwd", ("etc", "passwd")),
        ("C:\\Users\\bob\\note.txt", ("Users", "bob", "note.txt")),
        ("a/./b//c.txt", ("a", "b", "c.txt")),
        ("a/../b.txt", ("b.txt",)),
        ("../evil.txt", None),
        ("a/../../evil.txt", None),
        ("..\\..\\evil.txt", None),
        ("/", ()),
    ],
)
def test_a_path_of_a_zip_leads_below_or_nowhere(path: str, parts: tuple[str, ...] | None) -> None:
    assert parts_of(path) == parts


@given(st.text(alphabet="./\\aC:", max_size=40))
def test_no_path_keeps_a_way_up(path: str) -> None:
    assert ".." not in (parts_of(path) or ())


@given(st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=3).map(tuple), max_size=30))
def test_no_two_things_are_planned_under_one_name(paths: list[tuple[str, ...]]) -> None:
    plan, planned = Plan(), []
    for path in paths:
        for end in range(1, len(path)):
            to, is_first = plan.folder(path[:end])
            if is_first:
                planned.append(to)
    planned += [plan.file(path) for path in paths]
    assert len(set(planned)) == len(planned)


def test_accents_written_in_another_way_meet_and_both_are_kept() -> None:
    plan = Plan()
    assert plan.file(("été.txt",)) == "été.txt"
    assert plan.file(("été.txt",)) == "été (2).txt"
    assert not is_mended("été.txt", "été.txt")


def test_a_long_name_keeps_its_extension_and_windows_names_are_left() -> None:
    assert mended_name("é" * 200 + ".jpeg").endswith("é.jpeg")
    assert mended_name("CON") == "CON"
    assert mended_name("a:b?.txt") == "a:b?.txt"


LONG = "Une photo de la fête du village avec tout le monde devant la mairie"  # longer than Google keeps


@pytest.mark.parametrize(
    ("sheet", "photo"),
    [
        ("IMG_1.jpg.json", "IMG_1.jpg"),
        ("IMG_1.jpg.supplemental-metadata.json", "IMG_1.jpg"),
        ("IMG_1.jpg.supplemental-metadata(2).json", "IMG_1(2).jpg"),
        ("IMG_1.jpg(2).json", "IMG_1(2).jpg"),
        ("IMG_1.jpg.json", "IMG_1-edited.jpg"),
        ("IMG_1.jpg.json", "IMG_1-modifié.jpg"),
        (f"{LONG[:46]}.json", f"{LONG[:47]}.jpg"),
        ("une photo au nom assez long 2024.jpg.supplement.json", "une photo au nom assez long 2024.jpg"),
    ],
)
def test_a_sheet_of_google_finds_its_photo(sheet: str, photo: str) -> None:
    assert takeout.goes_with(sheet, photo)


@pytest.mark.parametrize(
    ("sheet", "photo"),
    [
        ("IMG_1.jpg.json", "IMG_2.jpg"),
        ("IMG_1.jpg.json", "IMG_1(2).jpg"),
        ("IMG.json", "IMG_1.jpg"),
        (".json", "IMG_1.jpg"),
    ],
)
def test_a_sheet_of_another_photo_does_not(sheet: str, photo: str) -> None:
    assert not takeout.goes_with(sheet, photo)


def test_a_name_that_was_cut_is_made_whole_again() -> None:
    assert takeout.whole_name(f"{LONG[:47]}.jpg", f"{LONG}.jpg") == f"{LONG}.jpg"
    assert takeout.whole_name("IMG_1.jpg", "IMG_1.jpg") == ""
    assert takeout.whole_name("IMG_1.jpg", "Autre chose.jpg") == ""


@given(st.one_of(st.binary(max_size=80), st.recursive(st.integers() | st.text(), st.lists).map(json.dumps)))
def test_what_is_no_sheet_says_nothing(content: bytes | str) -> None:
    assert takeout.meaning(content if isinstance(content, bytes) else content.encode()) == (None, "")


def test_the_folder_that_holds_everything_is_found_and_only_then() -> None:
    inside = Entry("Dropbox/a.txt", ("Dropbox", "a.txt"))
    assert takeout.only_folder([inside, Entry("Dropbox", ("Dropbox",), is_folder=True)]) == "Dropbox"
    assert takeout.only_folder([inside, Entry("b.txt", ("b.txt",))]) == ""
    assert takeout.only_folder([]) == ""

"""Names: kept as they are given, as long as every door can carry them."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.core.errors import Invalid
from tilios.core.shelves.models import LONGEST_NAME
from tilios.tools.files.names import beside, checked, is_of_a_system, split


@pytest.mark.parametrize(
    "name", ["100 %.txt", "a#b.txt", "fin.", "fin...", "  espaces  ", "MAJ.TXT", "a\\b", "…", "-rf"]
)
def test_odd_names_are_kept_as_they_are(name: str) -> None:
    assert checked(name) == name


@pytest.mark.parametrize("name", ["", "   ", ".", "..", "a/b", "/", "a\x00b", "a\nb", "a\x7fb", "a\ud800b", "é" * 128])
def test_what_no_system_can_carry_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        checked(name)


def test_255_bytes_is_the_longest_name() -> None:
    assert checked("a" * LONGEST_NAME)
    assert checked("é" * 127)


@given(st.text(max_size=300))
def test_a_name_that_passes_is_one_segment_in_nfc_and_passes_again(name: str) -> None:
    with suppress(Invalid):
        kept = checked(name)
        assert kept == unicodedata.normalize("NFC", name) == checked(kept)
        assert "/" not in kept
        assert kept not in {".", ".."}
        assert 0 < len(kept.encode()) <= LONGEST_NAME


@given(st.text(st.characters(blacklist_characters="/", blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=255))
def test_a_name_and_its_extension_make_the_name_again(name: str) -> None:
    stem, extension = split(name)
    assert stem + extension == name
    assert stem


@given(st.text("ab.é(2) ", min_size=1, max_size=260), st.integers(0, 5))
def test_the_name_beside_others_is_free_and_fits(name: str, others: int) -> None:
    with suppress(Invalid):
        name = checked(name)
        taken: set[str] = set()
        for _number in range(others + 1):
            found = beside(name, taken)
            assert found not in taken
            assert len(found.encode()) <= LONGEST_NAME
            taken.add(found)


def test_the_extension_stays_at_the_end() -> None:
    assert beside("notes.tar.gz", {"notes.tar.gz"}) == "notes (2).tar.gz"
    assert beside("notes.txt", {"notes.txt", "notes (2).txt"}) == "notes (3).txt"
    assert beside(".profile", {".profile"}) == ".profile (2)"


@pytest.mark.parametrize("name", [".DS_Store", "._photo.jpg", "Thumbs.db", "thumbs.DB", "desktop.ini", ".directory"])
def test_what_systems_leave_behind_is_known(name: str) -> None:
    assert is_of_a_system(name)


@pytest.mark.parametrize("name", [".htaccess", "_notes.txt", "Thumbs.db.txt", "DS_Store", "a._b"])
def test_what_people_made_is_not_taken_for_a_systems(name: str) -> None:
    assert not is_of_a_system(name)

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.core.errors import Invalid
from tilios.core.uploads import protocol
from tilios.core.uploads.errors import Malformed


def written(values: dict[str, str]) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=","), min_size=1, max_size=20)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@given(st.dictionaries(KEYS, TEXTS, max_size=8))
def test_metadata_is_read_as_it_was_written(values: dict[str, str]) -> None:
    assert protocol.pairs(written(values)) == values


@given(st.text(max_size=200))
def test_any_header_is_read_or_refused(header: str) -> None:
    try:
        found = protocol.metadata(header)
    except (Malformed, Invalid):
        return
    assert found.name


@given(st.text(max_size=300))
def test_a_name_that_is_accepted_is_safe_and_stays_as_it_is(name: str) -> None:
    try:
        clean = protocol.clean_name(name)
    except Invalid:
        return
    assert clean
    assert clean not in {".", ".."}
    assert not set(clean) & {"/", "\0", "\n"}
    assert len(clean.encode()) <= protocol.LONGEST_NAME
    assert protocol.clean_name(clean) == clean


@given(st.lists(st.text(max_size=10), max_size=60))
def test_folders_that_are_accepted_never_climb(parts: list[str]) -> None:
    try:
        path = protocol.clean_path("/".join(parts))
    except Invalid:
        return
    assert ".." not in path.split("/")
    assert not path.startswith("/")


@pytest.mark.parametrize("header", ["a !", "a,a", "a YQ==,a YQ==", "é YQ==", "a /w==", "x" * 20_000])
def test_what_is_no_metadata_is_refused(header: str) -> None:
    with pytest.raises(Malformed):
        protocol.pairs(header)


@pytest.mark.parametrize(
    ("value", "moment"), [("0", 0), ("-5", -5), ("1767225600000", 1767225600000), ("x", None), ("9" * 15, None)]
)
def test_a_wrong_clock_stops_no_file(value: str, moment: int | None) -> None:
    assert protocol.moment_ms(value) == moment

"""The If header of RFC 4918, 10.4, and its examples."""

from contextlib import suppress

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tilios.core.dav.conditions import if_header
from tilios.core.dav.errors import Refusal


def header(text: str):
    return if_header(RequestFactory().generic("PUT", "/", HTTP_IF=text))


def holds(text: str, etag: str | None = "X", tokens: tuple[str, ...] = ()) -> bool:
    return header(text).holds(lambda _resource: (etag, tokens))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(<urn:a>)", True),
        ("(<urn:b>)", False),
        ("(Not <urn:b>)", True),
        ("(Not <urn:a>)", False),
        ('(<urn:a> ["X"])', True),
        ('(<urn:a> ["Y"])', False),
        ('(<urn:b>) (["X"])', True),
        ("(<urn:b>) (Not <DAV:no-lock>)", True),
        ('(["Y"]) (Not ["X"])', False),
    ],
)
def test_lists_are_ors_of_ands(text: str, expected: bool) -> None:
    assert holds(text, tokens=("urn:a",)) is expected


def test_nothing_asked_always_holds() -> None:
    assert holds("")


def test_a_tagged_list_is_about_its_resource() -> None:
    found = header("</a> (<urn:a>) (<urn:b>) </c> (<urn:c>)")
    assert [resource for resource, _terms in found.lists] == ["/a", "/a", "/c"]
    assert found.tokens == {"urn:a", "urn:b", "urn:c"}


def test_a_token_counts_as_submitted_even_under_not() -> None:
    assert header("(Not <urn:a>)").tokens == {"urn:a"}


@pytest.mark.parametrize("text", ["(", ")", "()", "(Not)", "<urn:a>", "(<urn:a>", "x", '(["X")', "(Not Not <a>) x"])
def test_what_the_grammar_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        header(text)


@given(st.text('()<>[]"Not :/a1', max_size=60))
def test_whatever_is_sent_is_understood_or_refused(text: str) -> None:
    with suppress(Refusal):
        assert holds(text) in {True, False}

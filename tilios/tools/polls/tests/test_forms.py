"""Rows of options and people written by name: what forms make of what is typed."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast, make_person
from tilios.core.people.models import Role
from tilios.tools.polls.forms import fields, rows

days = st.dates(date(2026, 1, 1), date(2026, 1, 5))
hours = st.none() | st.sampled_from([time(9), time(14), time(18, 30)])
typed = st.lists(
    st.fixed_dictionaries({"pk": st.none(), "label": st.just(""), "day": days, "start": hours, "end": st.none()}),
    max_size=8,
)


@given(typed)
def test_copied_hours_are_those_of_the_first_day_that_has_some_on_every_day(given_rows: list[dict]) -> None:
    copied = rows.copied_hours(given_rows)
    first = min((row["day"] for row in given_rows if row["start"]), default=None)
    if first is None:
        assert copied == given_rows
        return
    model = [row["start"] for row in given_rows if row["day"] == first and row["start"]]
    assert {row["day"] for row in copied} == {row["day"] for row in given_rows}
    for day in {row["day"] for row in copied}:
        assert [row["start"] for row in copied if row["day"] == day] == model
    assert rows.copied_hours(copied) == copied


def test_a_small_structure_has_boxes_and_a_large_one_lines(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not isinstance(fields.people_field("Qui"), fields.PeopleLines)
    monkeypatch.setattr(fields, "MOST_BOXES", 2)
    assert isinstance(fields.people_field("Qui"), fields.PeopleLines)


def test_people_are_found_by_name_in_any_order_or_by_address(fabrique: Cast) -> None:
    field = fields.PeopleLines()
    found = field.clean(" moreau  ALICE\n\nbob.lambert@example.org\n")
    assert found == [fabrique.alice, fabrique.bob]
    assert field.prepare_value([fabrique.bob.pk]) == "Bob Lambert"


@pytest.mark.parametrize("line", ["Personne Inconnue", "charlie.diallo@example.org", "Charlie Diallo", "Bob"])
def test_nobody_is_guessed(fabrique: Cast, line: str) -> None:
    with pytest.raises(ValidationError):
        fields.PeopleLines().clean(line)


def test_two_people_of_one_name_are_told_apart_by_their_address(fabrique: Cast) -> None:
    make_person(fabrique.fabrique, "Bob Lambert", Role.MEMBER, email="autre@example.org")
    with pytest.raises(ValidationError):
        fields.PeopleLines().clean("Bob Lambert")
    assert fields.PeopleLines().clean("autre@example.org")[0].email == "autre@example.org"

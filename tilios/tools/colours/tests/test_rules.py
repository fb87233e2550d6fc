"""What may be shown: whatever the sizes, nobody in a small group is found by subtraction."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.tools.colours import rules
from tilios.tools.colours.models import College, Results, Session, Statement

SIZES = st.dictionaries(st.integers(1, 12), st.integers(0, 40), max_size=8)


@given(SIZES)
def test_groups_of_a_secret_session_hide_their_small_ones_and_their_differences(sizes: Mapping[int, int]) -> None:
    shown = rules.groups_shown(sizes, secret=True)
    hidden = sum(size for group, size in sizes.items() if group not in shown)
    assert all(sizes[group] >= rules.LEAST_SHOWN for group in shown)
    assert hidden == 0 or hidden >= rules.LEAST_SHOWN or not shown


@given(SIZES)
def test_groups_of_a_session_with_names_are_all_shown(sizes: Mapping[int, int]) -> None:
    assert rules.groups_shown(sizes, secret=False) == set(sizes)


@pytest.mark.parametrize(
    ("results", "before", "after"),
    [(Results.OPEN, True, True), (Results.ANSWERED, False, True), (Results.CLOSED, False, False)],
)
def test_results_are_seen_as_promised(fabrique: Cast, results: str, before: bool, after: bool) -> None:
    session = Session(results=results, identity="named")
    for answered, expected in ((False, before), (True, after)):
        assert rules.sees_results(session, Statement(), has_answered=answered, voices=1) is expected


def test_the_animator_reveals_one_statement_at_a_time(fabrique: Cast) -> None:
    session = Session(results=Results.REVEALED, identity="named")
    for revealed in (True, False):
        one = Statement(revealed=revealed)
        assert rules.sees_results(session, one, has_answered=True, voices=9) is revealed
    assert rules.can_reveal(session)
    assert not rules.can_reveal(Session(results=Results.CLOSED))


def test_only_a_group_without_weight_is_chosen_by_oneself(fabrique: Cast) -> None:
    assert rules.may_choose_college(College(weight=1))
    assert not rules.may_choose_college(College(weight=2))
    assert not rules.may_choose_college(College(weight=1, group_id=3))

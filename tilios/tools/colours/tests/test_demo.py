"""The demonstration loads quickly, in two structures, the same each time."""

import time

from tests.cast import Cast
from tilios.core.structures.scope import scope
from tilios.tools.colours import demo, queries, tallies
from tilios.tools.colours.models import Answer, Session


def test_the_demonstration_has_two_rounds_of_a_survey_and_a_session_to_answer(cast: Cast) -> None:
    with scope(cast.fabrique):
        began = time.perf_counter()
        demo.load(cast.alice)
        assert time.perf_counter() - began < 6  # under two seconds on a quiet machine
        survey = queries.in_tab(cast.bob, "closed").get()
        assert survey.voices.count() == demo.VOICES
        assert [tallies.voices_in(survey, one) > 100 for one in survey.rounds.all()] == [True, True]
        assert queries.count_of_tabs(cast.bob) == {"open": 1, "waiting": 1}
    with scope(cast.atelier):
        demo.load(cast.charlie)
        assert queries.in_tab(cast.charlie, "open").count() == 1


def test_the_demonstration_is_the_same_each_time(cast: Cast) -> None:
    with scope(cast.fabrique):
        demo.load(cast.alice)
        demo.load(cast.alice)
        one, two = [
            sorted(
                Answer.objects.filter(round__session=session).values_list(
                    "round__number", "statement__position", "voice__name", "value"
                )
            )
            for session in Session.objects.filter(title__startswith="Que pensez-vous")
        ]
        assert one == two

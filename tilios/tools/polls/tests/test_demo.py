"""The demonstration loads, twice over in two structures, and shows every state of a poll."""

from tests.cast import Cast
from tilios.core.structures.scope import scope
from tilios.tools.polls import demo, queries
from tilios.tools.polls.models import Poll


def test_the_demonstration_shows_open_waiting_and_closed_polls(cast: Cast) -> None:
    with scope(cast.fabrique):
        demo.load(cast.alice)
        assert queries.count_of_tabs(cast.bob) == {"open": 7, "waiting": 5}
        closed = queries.in_tab(cast.bob, "closed")
        assert all(poll.outcome for poll in closed.exclude(ballot="draw"))
        assert closed.get(ballot="draw").seed
        formal = Poll.objects.filter(formal=True)
        assert sorted((poll.secret, poll.is_open) for poll in formal) == [(False, False), (True, True)]
    with scope(cast.atelier):
        demo.load(cast.charlie)
        assert queries.in_tab(cast.charlie, "open").count() == 1

"""Polls in archives and in erasure, beyond what the contract suite asks of every tool."""

import io
import zipfile

from tests.cast import Cast
from tilios.core.portability.erasing import erase
from tilios.core.portability.exporting import export
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions
from tilios.tools.polls.models import Ballot
from tilios.tools.polls.tests.contract import marks, open_choice


def sheets_of(cast: Cast) -> dict[str, str]:
    file = io.BytesIO()
    export(cast.fabrique, file)
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.startswith("open/polls/")]
        return {name: archive.read(name).decode("utf-8-sig") for name in names}


def test_each_poll_is_a_sheet_that_shows_what_the_place_shows(cast: Cast) -> None:
    with scope(cast.fabrique):
        shown = open_choice(cast.alice, "Quel nom ?")
        unnamed = open_choice(cast.alice, "Sans les noms ?", names="keepers")
        hidden = open_choice(cast.alice, "Rien avant la fin", results="closed")
        for poll in (shown, unnamed, hidden):
            actions.cast_ballot(by=cast.bob, poll=poll, marks=marks(poll, 1))
    sheets = sheets_of(cast)
    assert set(sheets) == {
        "open/polls/polls.csv",
        f"open/polls/{shown.pk}-quel-nom.csv",
        f"open/polls/{unnamed.pk}-sans-les-noms.csv",
    }
    assert "Bob Lambert" in sheets[f"open/polls/{shown.pk}-quel-nom.csv"]
    assert "Bob Lambert" not in sheets[f"open/polls/{unnamed.pk}-sans-les-noms.csv"]
    assert "Rien avant la fin" in sheets["open/polls/polls.csv"]


def test_the_vote_of_somebody_erased_counts_and_is_nobodys(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice)
        actions.cast_ballot(by=cast.bob, poll=poll, marks=marks(poll, 1), remark="Comme le voulait mon oncle Lambert")
        erase(by=cast.alice, person=cast.bob)
        ballot = Ballot.objects.get(poll=poll)
        assert (ballot.person, ballot.name, ballot.remark) == (None, "", "")
        assert ballot.marks.count() == 1

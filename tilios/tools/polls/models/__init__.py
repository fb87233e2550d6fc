"""Tables of polls: the polls themselves (polls.py), and what a formal vote adds (formal.py)."""

from tilios.tools.polls.models.formal import College, PaperBatch, PaperSheet, SecretBallot, Voter
from tilios.tools.polls.models.polls import (
    Ballot,
    Base,
    Electorate,
    Entitled,
    Heads,
    Majority,
    Mark,
    Names,
    Option,
    Origin,
    Poll,
    PollKind,
    Reminder,
    Results,
    snapshot,
)

__all__ = [
    "Ballot",
    "Base",
    "College",
    "Electorate",
    "Entitled",
    "Heads",
    "Majority",
    "Mark",
    "Names",
    "Option",
    "Origin",
    "PaperBatch",
    "PaperSheet",
    "Poll",
    "PollKind",
    "Reminder",
    "Results",
    "SecretBallot",
    "Voter",
    "snapshot",
]

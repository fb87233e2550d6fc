"""Who may do what in a poll. Pure predicates over rows already read."""

from tilios.core.access.models import Visitor
from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.people.queries import groups_of
from tilios.tools.polls.models import Electorate, Names, Poll, Results, Voter


def keeps(person: Person, poll: Poll) -> bool:
    """Whether `person` runs the poll: its author, or somebody with the right over everybody's polls."""
    return (poll.author_id == person.pk and may(person, "polls.edit")) or may(person, "polls.manage")


def is_entitled(person: Person, poll: Poll, *, listed: bool) -> bool:
    """Whether `person` is one of those the poll asks; `listed` says whether they are on its closed list, or roll."""
    if not person.is_active:
        return False
    if poll.formal:
        return listed
    match poll.electorate:
        case Electorate.MEMBERS:
            return person.role >= poll.least_role
        case Electorate.GROUP:
            return poll.group_id in groups_of(person)
        case Electorate.LIST:
            return listed
        case _:
            return False


def can_vote(person: Person, poll: Poll, *, listed: bool) -> bool:
    return poll.is_open and may(person, "polls.vote") and is_entitled(person, poll, listed=listed)


def can_vote_as_guest(poll: Poll) -> bool:
    return poll.is_open and poll.guests


def sees_results(poll: Poll, *, has_voted: bool) -> bool:
    """Whether results may be shown. No privileged eyes: whoever runs the poll waits like everybody.

    A poll past its deadline counts as closed, whether or not the clock's work has come round.
    """
    if poll.secret:
        return poll.is_over
    if not poll.is_open:
        return True
    match poll.results:
        case Results.OPEN:
            return True
        case Results.VOTED:
            return has_voted
        case _:
            return False


def sees_names(poll: Poll, *, keeper: bool) -> bool:
    """Whether votes are shown with names, where results are seen at all."""
    return not poll.secret and (poll.names == Names.SHOWN or keeper)


def can_propose(poll: Poll, *, can_vote: bool) -> bool:
    return poll.proposals and can_vote and not poll.secret


def may_give_proxy(poll: Poll, giver: Voter) -> bool:
    """Whether `giver` may give their voice to somebody now."""
    return poll.is_open and poll.most_proxies > 0 and not giver.voted


def may_take_back(poll: Poll, giver: Voter) -> bool:
    """A proxy is taken back until its holder has spoken with it; in a vote with names, until the close."""
    return poll.is_open and giver.delegate_id is not None and not giver.voted


def is_own(visitor: Visitor | None, ballot_visitor_id: int | None) -> bool:
    return visitor is not None and visitor.pk == ballot_visitor_id

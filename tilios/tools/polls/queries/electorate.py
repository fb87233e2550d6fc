"""Who is asked, who has voted, who is awaited. A formal vote answers from its roll."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.tools.polls import ballots
from tilios.tools.polls.models import Electorate, Poll


def entitled_people(poll: Poll) -> QuerySet[Person]:
    """The people of the structure whom the poll asks, in order of their names."""
    if poll.formal:
        return active_people().filter(pk__in=poll.roll.exclude(person=None).values("person"))
    return electorate_of(poll)


def electorate_of(poll: Poll) -> QuerySet[Person]:
    """Those whom the settings of the poll name today: a formal vote writes them on its roll when it opens."""
    people = active_people()
    match poll.electorate:
        case Electorate.MEMBERS:
            return people.filter(role__gte=poll.least_role)
        case Electorate.GROUP:
            return people.filter(memberships__group=poll.group_id) if poll.group_id else people.none()
        case Electorate.LIST:
            return people.filter(pk__in=poll.entitled.values("person"))
        case _:
            return people.none()


def silent_people(poll: Poll) -> QuerySet[Person]:
    """Those asked who have not voted; in a formal vote, who has given their proxy is not awaited."""
    if not ballots.of(poll.ballot).takes_votes:
        return Person.objects.none()
    if poll.formal:
        awaited = poll.roll.filter(voted=False, delegate=None).exclude(person=None)
        return active_people().filter(pk__in=awaited.values("person"))
    return entitled_people(poll).exclude(pk__in=poll.ballots.exclude(person=None).values("person"))


@dataclass(frozen=True)
class Turnout:
    """How many are asked, how many of those have voted, and how many others have (guests, keyed in)."""

    asked: int
    voted: int
    others: int


def turnout(poll: Poll) -> Turnout:
    """Two queries at most. On a roll, everybody who votes is asked."""
    if poll.formal:
        ticks = poll.roll.aggregate(asked=Count("pk"), voted=Count("pk", filter=Q(voted=True)))
        return Turnout(ticks["asked"], ticks["voted"], 0)
    people = entitled_people(poll)
    figures = people.aggregate(
        asked=Count("pk", distinct=True),
        voted=Count("pk", distinct=True, filter=Q(Exists(poll.ballots.filter(person=OuterRef("pk"))))),
    )
    return Turnout(figures["asked"], figures["voted"], poll.ballots.count() - figures["voted"])

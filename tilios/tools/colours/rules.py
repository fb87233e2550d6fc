"""Who may do what in a session, and what may be shown. Pure predicates over rows already read."""

from collections.abc import Mapping

from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.people.queries import groups_of
from tilios.tools.colours.models import College, Electorate, Identity, Results, Session, Statement

LEAST_SHOWN = 5  # in a secret session, nothing is said of fewer voices than that


def keeps(person: Person, session: Session) -> bool:
    """Whether `person` runs the session: its author, or somebody with the right over everybody's."""
    return (session.author_id == person.pk and may(person, "colours.edit")) or may(person, "colours.manage")


def is_entitled(person: Person, session: Session, *, listed: bool) -> bool:
    """Whether the session asks `person`; `listed` says whether they are on its closed list."""
    if not person.is_active:
        return False
    match session.electorate:
        case Electorate.MEMBERS:
            return person.role >= session.least_role
        case Electorate.GROUP:
            return session.group_id in groups_of(person)
        case Electorate.LIST:
            return listed
        case _:
            return False


def can_answer(person: Person, session: Session, *, listed: bool) -> bool:
    return session.is_open and may(person, "colours.answer") and is_entitled(person, session, listed=listed)


def sees_results(session: Session, statement: Statement | None, *, has_answered: bool, voices: int) -> bool:
    """Whether figures may be shown: of one statement, or of the session as a whole with None.

    No privileged eyes: whoever runs the session waits like everybody. In a secret session, nothing is shown of fewer
    than five voices, whatever the rest.
    """
    # SECURITY: watched from the first answer on, a secret session would tell each answer as it comes.
    if session.is_secret and voices < LEAST_SHOWN:
        return False
    if not session.is_open:
        return True
    match session.results:
        case Results.OPEN:
            return True
        case Results.ANSWERED:
            return has_answered
        case Results.REVEALED:
            return statement is not None and statement.revealed
        case _:
            return False


def can_reveal(session: Session) -> bool:
    """Whether the animator may show results to the room: never against what was promised."""
    return not session.is_open or session.results in {Results.OPEN, Results.REVEALED}


def sees_names(session: Session) -> bool:
    """Whether answers are shown one by one with whose they are."""
    return session.identity != Identity.SECRET


def groups_shown(sizes: Mapping[int, int], *, secret: bool) -> set[int]:
    """Of groups by their number of voices, those whose figures may be shown side by side.

    In a secret session: none of fewer than five voices; and when those hidden add up to fewer than five, one more is
    hidden with them, since the total less what is shown would tell.
    """
    if not secret:
        return set(sizes)
    shown = {group for group, size in sizes.items() if size >= LEAST_SHOWN}
    hidden = sum(size for group, size in sizes.items() if group not in shown)
    # SECURITY: without this, the group left out is found by subtraction.
    while shown and 0 < hidden < LEAST_SHOWN:
        smallest = min(shown, key=lambda group: (sizes[group], group))
        shown.discard(smallest)
        hidden += sizes[smallest]
    return shown


def may_choose_college(college: College) -> bool:
    """Whether whoever answers may say they belong to it: one that weighs more, or is a group, is given, not chosen."""
    return college.group_id is None and college.weight == 1

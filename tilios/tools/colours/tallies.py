"""Figures read from answers: summed by the database once for each version of a session, then kept.

What a page of results costs does not grow with the number of answers: sums are a few numbers by statement. Only grids
(who gave what) hold as many cells as there are answers.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.cache import cache
from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from tilios.tools.colours import figures
from tilios.tools.colours.models import Answer, Identity, Round, Session, Statement, Voice
from tilios.tools.colours.scales import BLACK, WHITE

KEPT_S = 60 * 60

SumsBy = dict[int, figures.Sums]


def kept(session: Session, what: str, make: Callable[[], Any]) -> Any:
    """What `make` gives, kept under `what` for this version of the session."""
    # The number of the session is that of a row of one structure; its version changes with every write.
    key = f"colours:{session.pk}:{session.version}:{what}"
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT_S)
    return found


def sums_of(session: Session, round_: Round) -> SumsBy:
    """Sums of each statement in a round, weights of voices included. One query, or none when kept."""
    return kept(session, f"sums:{round_.pk}", lambda: _summed(session, round_).get(None, {}))


def sums_by_college(session: Session, round_: Round) -> dict[int, SumsBy]:
    """Sums of each statement for each college by its number; voices of none are left out. One query, or none."""
    found = kept(session, f"colleges:{round_.pk}", lambda: _summed(session, round_, by="voice__college"))
    return {college: sums for college, sums in found.items() if college is not None}


def _summed(session: Session, round_: Round, by: str = "") -> dict[int | None, SumsBy]:
    weight = Sum(Coalesce("voice__college__weight", 1))
    names = [by] if by else []
    answers = Answer.objects.filter(round=round_).order_by()
    rows = answers.values_list(*names, "statement", "value").annotate(number=weight)
    size = len(session.levels)
    raw: dict[int | None, dict[int, dict[int, int]]] = {}
    for row in rows:
        college = row[0] if by else None
        statement, value, number = row[-3:]
        raw.setdefault(college, {}).setdefault(statement, {})[value] = number
    return {
        college: {
            statement: figures.Sums(
                tuple(counts.get(level, 0) for level in range(size)), counts.get(WHITE, 0), counts.get(BLACK, 0)
            )
            for statement, counts in statements.items()
        }
        for college, statements in raw.items()
    }


def voices_in(session: Session, round_: Round) -> int:
    """How many voices answered the round. One query, or none when kept."""
    rows = Answer.objects.filter(round=round_).order_by().values("voice").distinct()
    return kept(session, f"voices:{round_.pk}", rows.count)


def voices_by_college(session: Session, round_: Round) -> dict[int, int]:
    """How many voices of each college answered the round."""

    def count() -> dict[int, int]:
        pairs = Answer.objects.filter(round=round_).exclude(voice__college=None).order_by()
        sizes: dict[int, int] = {}
        for college, _voice in pairs.values_list("voice__college", "voice").distinct():
            sizes[college] = sizes.get(college, 0) + 1
        return sizes

    return kept(session, f"sizes:{round_.pk}", count)


def grid_of(session: Session, round_: Round, statements: Sequence[Statement], *, colleges: bool = True) -> figures.Grid:
    """Who gave what in a round. Two queries; without names in a secret session, nor colleges unless asked."""
    answers = Answer.objects.filter(round=round_, statement__in=[one.pk for one in statements])
    cells = {
        (statement, voice): value for statement, voice, value in answers.values_list("statement", "voice", "value")
    }
    seen = {voice for _statement, voice in cells}
    rows = session.voices.select_related("person", "visitor", "invited", "college").order_by("pk")
    people = [
        figures.Voice(
            voice.pk,
            name_of(session, voice),
            voice.college.name if colleges and voice.college else "",
            voice.college.weight if voice.college else 1,
        )
        for voice in rows
        if voice.pk in seen
    ]
    return figures.Grid([figures.Statement(one.pk, one.text) for one in statements], people, cells)


def name_of(session: Session, voice: Voice) -> str:
    """How a voice is called on screen and in files; "" in a secret session."""
    # SECURITY: the one place where a voice gets a name: a pseudonym never shows who is behind, a secret voice nothing.
    if session.identity == Identity.SECRET:
        return ""
    if session.identity == Identity.PSEUDONYM or voice.name:
        return voice.name
    known = voice.person.display_name if voice.person else ""
    return known or (voice.visitor.name if voice.visitor else "") or (voice.invited.name if voice.invited else "")


def moves_between(
    session: Session, before: Round, after: Round, statements: Sequence[Statement]
) -> dict[int, dict[tuple[int, int], int]]:
    """How many voices went from one answer to another, by statement. Only those who answered both times. One query."""
    first = Answer.objects.filter(round=before, statement=OuterRef("statement"), voice=OuterRef("voice"))
    rows = (
        Answer.objects.filter(round=after)
        .annotate(before=Subquery(first.values("value")[:1]))
        .exclude(before=None)
        .order_by()
        .values_list("statement", "before", "value")
        .annotate(number=Count("pk"))
    )
    found: dict[int, dict[tuple[int, int], int]] = kept(
        session, f"moves:{before.pk}:{after.pk}", lambda: _by_statement(rows)
    )
    shown = {one.pk for one in statements}
    return {statement: moves for statement, moves in found.items() if statement in shown}


def _by_statement(rows: Any) -> dict[int, dict[tuple[int, int], int]]:
    found: dict[int, dict[tuple[int, int], int]] = {}
    for statement, one, two, count in rows:
        found.setdefault(statement, {})[one, two] = count
    return found


def voices_on(session: Session, round_: Round, statement: Statement) -> int:
    """How many voices answered one statement, whatever they weigh. One query, or none when kept."""
    rows = Answer.objects.filter(round=round_, statement=statement)
    return kept(session, f"on:{round_.pk}:{statement.pk}", rows.count)

"""Reads of sessions: who sees them, who is asked, who has answered. Figures are in `tallies.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from tilios.core.access.models import Visitor
from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people, groups_of
from tilios.tools.colours.models import (
    Answer,
    College,
    Electorate,
    Entitled,
    Invited,
    Remark,
    Roll,
    Round,
    Session,
    Statement,
    Taste,
    Voice,
)

KEPT_FOR = timedelta(days=30)  # a deleted session can be restored that long


def asked(person: Person) -> Q:
    """Sessions that ask `person`, as a condition on Session."""
    if not person.is_active:
        return Q(pk__in=())
    return (
        Q(electorate=Electorate.MEMBERS, least_role__lte=person.role)
        | Q(electorate=Electorate.GROUP, group__in=groups_of(person))
        | Q(Exists(Entitled.objects.filter(session=OuterRef("pk"), person=person)), electorate=Electorate.LIST)
    )


def visible_sessions(person: Person) -> QuerySet[Session]:
    """Those that ask `person`, their own, and everybody's with the right to manage."""
    sessions = Session.objects.filter(deleted_at=None)
    if may(person, "colours.manage"):
        return sessions
    if not may(person, "colours.view"):
        return sessions.none()
    return sessions.filter(asked(person) | Q(author=person))


def kept_sessions(person: Person) -> QuerySet[Session]:
    """The sessions `person` runs, deleted ones included."""
    if may(person, "colours.manage"):
        return Session.objects.all()
    return Session.objects.filter(author=person) if may(person, "colours.edit") else Session.objects.none()


def deleted_sessions(person: Person) -> QuerySet[Session]:
    """Sessions `person` may restore, last deleted first."""
    return kept_sessions(person).filter(deleted_at__gt=timezone.now() - KEPT_FOR).order_by("-deleted_at")


def taking_answers() -> Q:
    """Sessions open now, as a condition."""
    now = timezone.now()
    return Q(closed_at=None, deleted_at=None) & (Q(deadline=None) | Q(deadline__gt=now))


def answered_by(person: Person) -> Q:
    """Sessions whose last round `person` has answered: their voice, or their line on the roll of a secret one."""
    last = Round.objects.filter(session=OuterRef(OuterRef("pk"))).order_by("-number").values("pk")[:1]
    named = Answer.objects.filter(voice__session=OuterRef("pk"), voice__person=person, round=Subquery(last))
    return Q(Exists(named)) | Q(Exists(Roll.objects.filter(person=person, round=Subquery(last))))


def in_tab(person: Person, tab: str) -> QuerySet[Session]:
    """The sessions of one tab of the list ("open", "waiting", "closed"), in its order."""
    sessions = visible_sessions(person)
    if tab == "closed":
        return sessions.filter(~taking_answers()).order_by(Coalesce("closed_at", "deadline").desc(), "-pk")
    sessions = sessions.filter(taking_answers()).order_by(F("deadline").asc(nulls_last=True), "-opened_at", "-pk")
    return sessions.filter(asked(person)).exclude(answered_by(person)) if tab == "waiting" else sessions


def count_of_tabs(person: Person) -> dict[str, int]:
    """How many sessions stand in the tabs "open" and "waiting". One query."""
    sessions = visible_sessions(person).filter(taking_answers())
    return sessions.aggregate(open=Count("pk"), waiting=Count("pk", filter=asked(person) & ~answered_by(person)))


def with_figures(sessions: QuerySet[Session], person: Person) -> QuerySet[Session]:
    """Each session with `voice_count`, `statement_count`, `answered` (by `person`), `is_asked`. No query more."""
    mine = Session.objects.filter(pk=OuterRef("pk"))
    return sessions.select_related("author", "group").annotate(
        voice_count=_how_many(Voice),
        statement_count=_how_many(Statement),
        answered=Exists(mine.filter(answered_by(person))),
        is_asked=Exists(mine.filter(asked(person))),
    )


def _how_many(model: type[Voice] | type[Statement]) -> Coalesce:
    rows = model.objects.filter(session=OuterRef("pk")).order_by().values("session").annotate(number=Count("pk"))
    return Coalesce(Subquery(rows.values("number"), output_field=IntegerField()), 0)


def lock(session_pk: int) -> Session:
    """The session, held until the end of the transaction: answering and closing wait for each other.

    On SQLite the transaction already holds the only right to write (IMMEDIATE).
    """
    return Session.objects.select_for_update(of=("self",)).get(pk=session_pk)


def statements_of(session: Session) -> list[Statement]:
    """In the order shown. One query."""
    return list(session.statements.select_related("image"))


def rounds_of(session: Session) -> list[Round]:
    return list(session.rounds.all())


def current_round(session: Session) -> Round:
    """The round that takes answers: the last."""
    found = session.rounds.order_by("-number").first()
    assert found is not None  # a session is opened with its first round
    return found


def colleges_of(session: Session) -> list[College]:
    return list(session.colleges.all())


@dataclass(frozen=True)
class Whom:
    """Who answers: exactly one of a person, a guest of a link, somebody invited. `device` is the secret that their
    device keeps, "" when it keeps none yet.
    """

    person: Person | None = None
    visitor: Visitor | None = None
    invited: Invited | None = None
    device: str = ""

    def filters(self) -> dict[str, Person | Visitor | Invited]:
        named = {"person": self.person, "visitor": self.visitor, "invited": self.invited}
        return {name: one for name, one in named.items() if one is not None}


def given_by(voice: Voice | None, round_: Round) -> dict[int, int]:
    """The answers of a voice in a round, by statement. One query."""
    if voice is None:
        return {}
    return dict(Answer.objects.filter(voice=voice, round=round_).values_list("statement", "value"))


def remarks_by(voice: Voice | None, round_: Round) -> dict[int, str]:
    if voice is None:
        return {}
    return dict(Remark.objects.filter(voice=voice, round=round_).values_list("statement", "text"))


def on_roll(whom: Whom, round_: Round) -> bool:
    """Whether the roll of a secret round says they have answered."""
    return bool(whom.filters()) and Roll.objects.filter(round=round_, **whom.filters()).exists()


def is_listed(person: Person, session: Session) -> bool:
    """Whether `person` is on the closed list; no query for other electorates."""
    return session.electorate == Electorate.LIST and session.entitled.filter(person=person).exists()


def entitled_people(session: Session) -> QuerySet[Person]:
    """The people of the structure whom the session asks, in order of their names."""
    people = active_people()
    match session.electorate:
        case Electorate.MEMBERS:
            return people.filter(role__gte=session.least_role)
        case Electorate.GROUP:
            return people.filter(memberships__group=session.group_id) if session.group_id else people.none()
        case Electorate.LIST:
            return people.filter(pk__in=session.entitled.values("person"))
        case _:
            return people.none()


def silent_people(session: Session) -> QuerySet[Person]:
    """Those asked who have not answered the round that is open."""
    round_ = current_round(session)
    answered = Answer.objects.filter(round=round_).exclude(voice__person=None).values("voice__person")
    on_the_roll = Roll.objects.filter(round=round_).exclude(person=None).values("person")
    return entitled_people(session).exclude(pk__in=answered).exclude(pk__in=on_the_roll)


def remarks_of(session: Session, round_: Round, statements: Sequence[Statement]) -> dict[int, list[Remark]]:
    """Remarks of each statement, each with its `value`: most favourable first, white and black last. One query."""
    value = Answer.objects.filter(round=OuterRef("round"), statement=OuterRef("statement"), voice=OuterRef("voice"))
    rows = (
        Remark.objects.filter(round=round_, statement__in=statements)
        .select_related("voice__person", "voice__college", "voice__visitor", "voice__invited")
        .annotate(value=Subquery(value.values("value")[:1]))
    )
    found: dict[int, list[Remark]] = {statement.pk: [] for statement in statements}
    for row in sorted(rows, key=_by_colour):
        found[row.statement_id].append(row)
    return found


def _by_colour(row: Remark) -> tuple[int, int]:
    """From the most favourable colour to the least, then white, then black, then what has lost its answer."""
    value: int | None = row.value  # type: ignore[attr-defined]
    if value is None:
        return (3, 0)
    return (0, value) if value >= 0 else (-value, 0)


def palette_of(person: Person) -> str:
    """The slug of the palette they chose, or ""."""
    return Taste.objects.filter(person=person).values_list("palette", flat=True).first() or ""

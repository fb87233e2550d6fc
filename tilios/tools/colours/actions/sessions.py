"""Open a session, change it, copy it, open its next round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Group, Person
from tilios.core.people.queries import active_people
from tilios.core.search import index
from tilios.kit import zones
from tilios.kit.text import fold
from tilios.tools.colours import queries, rules
from tilios.tools.colours.actions.changes import changed
from tilios.tools.colours.drafts import LONGEST_EXPLANATION, LONGEST_TEXT, MOST, Draft
from tilios.tools.colours.models import College, Electorate, Entitled, Identity, Results, Round, Session, Statement
from tilios.tools.colours.scales import Scale

MOST_COLLEGES = 12
MOST_ROUNDS = 20
#: Once somebody has answered, what was promised hidden is never opened before the close.
STRICTNESS = {Results.OPEN: 0, Results.REVEALED: 1, Results.ANSWERED: 1, Results.CLOSED: 2}


@dataclass(frozen=True)
class CollegeDraft:
    """A college to make: `group` gives it its people, and then `weight` may be more than one."""

    name: str
    weight: int = 1
    group: Group | None = None


@transaction.atomic
def open_session(
    *,
    by: Person,
    drafts: Sequence[Draft],
    scale: Scale,
    colleges: Sequence[CollegeDraft] = (),
    listed: Iterable[Person] = (),
    tell: bool = True,
    **fields: Any,
) -> Session:
    """A new session, open at once with its first round. Publishes "colours.opened" and, with `tell`, tells those it
    asks.

    `fields` are those of Session. Raises NotAllowed without the right, Invalid("statements", "title", "deadline",
    "timezone", "group", "listed", "guests", "colleges", "scale").
    """
    require(may(by, "colours.create"))
    session = Session(author=by, scale=scale.to_json(), **fields)
    drafts = _ready(drafts)
    _check(session)
    if session.deadline and session.deadline <= timezone.now():
        raise Invalid("deadline", _("The deadline must be to come."))
    session.save()
    Round.objects.create(session=session, number=1)
    _write_statements(session, drafts)
    _write_colleges(session, colleges)
    _write_list(session, listed)
    publish("colours.opened", by=by, target=session)
    index.update(session)
    if tell:
        tell_opened(session, by)
    return session


@transaction.atomic
def change_session(
    *,
    by: Person,
    session: Session,
    drafts: Sequence[Draft],
    scale: Scale,
    colleges: Sequence[CollegeDraft] | None = None,
    listed: Iterable[Person] = (),
    **fields: Any,
) -> Session:
    """Change an open session; a statement left out is removed with its answers. Publishes "colours.changed".

    Once somebody has answered: the scale keeps its number of colours, names and results only become stricter. With
    `colleges` None they stay as they are. Raises NotAllowed for who does not run it, Conflict when closed, Invalid as
    open_session.
    """
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    if session.closed_at:
        raise Conflict(_("This session is closed: open it again to change it."))
    before = {name: getattr(session, name) for name in fields}
    size, answered = len(session.levels), session.voices.exists()
    for name, value in fields.items():
        setattr(session, name, value)
    session.scale = scale.to_json()
    drafts = _ready(drafts)
    _check(session)
    if answered:
        _require_promises(session, before, same_size=len(scale) == size)
    if session.deadline != before.get("deadline", session.deadline):
        if session.deadline and session.deadline <= timezone.now():
            raise Invalid("deadline", _("The deadline must be to come."))
        session.reminded_at = None
        session.reminders.all().delete()
    session.save()
    _write_statements(session, drafts)
    if colleges is not None:
        _write_colleges(session, colleges)
    _write_list(session, listed)
    differing = [name.removesuffix("_id") for name, value in before.items() if getattr(session, name) != value]
    publish("colours.changed", by=by, target=session, fields=differing)
    index.update(session)
    changed(session)
    return session


@transaction.atomic
def open_round(*, by: Person, session: Session) -> Round:
    """Open the next round: people answer again, and both are compared. Publishes "colours.round_opened".

    Raises NotAllowed for who does not run the session, Conflict when it is closed or nobody has answered the last one.
    """
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    if not session.is_open:
        raise Conflict(_("This session is closed: open it again first."))
    last = queries.current_round(session)
    if not last.answers.exists():
        raise Conflict(_("Nobody has answered this round yet: there is nothing to compare the next one with."))
    if last.number >= MOST_ROUNDS:
        raise Conflict(_("A session has at most %d rounds.") % MOST_ROUNDS)
    made = Round.objects.create(session=session, number=last.number + 1)
    session.statements.update(revealed=False)
    session.reminders.all().delete()
    Session.objects.filter(pk=session.pk).update(reminded_at=None)
    publish("colours.round_opened", by=by, target=session, round=made.number)
    changed(session)
    return made


def tell_opened(session: Session, by: Person) -> None:
    title, name = session.title, by.display_name
    notify(
        "colours.opened",
        to=queries.entitled_people(session).distinct(),
        target=session,
        by=by,
        text=lambda: gettext("%(name)s asks for your colours: %(title)s") % {"name": name, "title": title},
    )


# Parts --------------------------------------------------------------------------------------------------------------


def _require_promises(session: Session, before: dict[str, Any], *, same_size: bool) -> None:
    if not same_size:
        raise Invalid("scale", _("People have already answered: the number of colours can no longer change."))
    results = before.get("results", session.results)
    # SECURITY: people answered under this promise; nobody opens it while answers are coming in.
    if results != session.results and STRICTNESS[Results(session.results)] <= STRICTNESS[Results(results)]:
        raise Invalid("results", _("People have already answered: what was promised hidden stays hidden."))
    if session.identity != before.get("identity", session.identity):
        raise Invalid("identity", _("People have already answered: what was said of names can no longer change."))


def _ready(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts that say something, each once."""
    kept: dict[str, Draft] = {}
    for draft in drafts:
        if draft.text.strip():
            if len(draft.text.strip()) > LONGEST_TEXT:
                raise Invalid("statements", _("A statement has at most %d letters.") % LONGEST_TEXT)
            if len(draft.explanation.strip()) > LONGEST_EXPLANATION:
                raise Invalid("statements", _("An explanation has at most %d letters.") % LONGEST_EXPLANATION)
            kept.setdefault(fold(draft.text), draft)
    if not kept:
        raise Invalid("statements", _("Write at least one statement."))
    if len(kept) > MOST:
        raise Invalid("statements", _("A session has at most %d statements.") % MOST)
    return list(kept.values())


def _check(session: Session) -> None:
    if not session.title.strip():
        raise Invalid("title", _("Please give the session a title."))
    if session.timezone not in zones.names():
        raise Invalid("timezone", _("This time zone does not exist."))
    if session.electorate == Electorate.GROUP and session.group is None:
        raise Invalid("group", _("Choose the group that answers."))
    if session.electorate != Electorate.GROUP:
        session.group = None
    if session.electorate == Electorate.NOBODY and not session.guests:
        raise Invalid("guests", _("Nobody could answer: let guests in, or choose who answers."))
    if session.identity == Identity.SECRET and session.results == Results.OPEN:
        session.results = Results.ANSWERED  # seen from the first answer on, they would tell it


def _write_statements(session: Session, drafts: Sequence[Draft]) -> None:
    existing = {one.pk: one for one in session.statements.all()}
    kept, new = set(), []
    for position, draft in enumerate(drafts):
        row = existing.get(draft.pk) if draft.pk and draft.pk not in kept else None
        if row is None:
            new.append(Statement(session=session, position=position, **draft.fields()))
            continue
        kept.add(row.pk)
        values = {**draft.fields(), "position": position}
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    session.statements.exclude(pk__in=kept).delete()
    Statement.objects.bulk_create(new)


def _write_colleges(session: Session, drafts: Sequence[CollegeDraft]) -> None:
    wanted = {" ".join(draft.name.split())[:80]: draft for draft in drafts if draft.name.strip()}
    if len(wanted) > MOST_COLLEGES:
        raise Invalid("colleges", _("A session has at most %d groups to compare.") % MOST_COLLEGES)
    for draft in wanted.values():
        if not 1 <= draft.weight <= 1000:
            raise Invalid("colleges", _("A weight is a whole number from 1 to 1000."))
    existing = {one.name: one for one in session.colleges.all()}
    session.colleges.exclude(name__in=wanted).delete()
    for position, (name, draft) in enumerate(wanted.items()):
        row = existing.get(name) or College(session=session, name=name)
        row.position, row.weight, row.group = position, draft.weight, draft.group
        row.save()


def _write_list(session: Session, listed: Iterable[Person]) -> None:
    """The closed list: people of the structure, and no other."""
    if session.electorate != Electorate.LIST:
        session.entitled.all().delete()
        return
    wanted = {person.pk for person in listed}
    people = set(active_people().filter(pk__in=wanted).values_list("pk", flat=True))
    if not people:
        raise Invalid("listed", _("Choose the people who answer."))
    session.entitled.exclude(person__in=people).delete()
    known = set(session.entitled.values_list("person", flat=True))
    Entitled.objects.bulk_create(Entitled(session=session, person_id=pk) for pk in sorted(people - known))

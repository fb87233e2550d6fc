"""How most views begin: which session, whether one may be there, what was typed."""

from typing import Any

from django.shortcuts import get_object_or_404

from tilios.core.errors import Invalid, Refused, require
from tilios.core.people.models import Person
from tilios.tools.colours import actions, devices, queries, rules
from tilios.tools.colours.models import Session
from tilios.tools.colours.queries import Whom
from tilios.tools.colours.scales import BLACK, SIZES
from tilios.tools.colours.views.shown import Shown, palette_for

LONGEST_NUMBER = 18
VALUES = frozenset(str(value) for value in range(BLACK, max(SIZES)))
OFF_THE_SCALE = 99  # the action says so


def visible(request: Any, pk: int) -> Session:
    """The session if the person sees it, else Http404."""
    sessions = queries.visible_sessions(request.person).select_related("author", "group", "closed_by", "current")
    return get_object_or_404(sessions, pk=pk)


def kept(request: Any, pk: int) -> Session:
    """The session if the person runs it: Http404 if they do not even see it, NotAllowed otherwise."""
    session = visible(request, pk)
    require(rules.keeps(request.person, session))
    return session


def shown_to(request: Any, session: Session) -> Shown:
    """The session as the person of the request sees it."""
    person: Person = request.person
    whom = Whom(person=person, device=devices.secret_of(request) if session.is_secret else "")
    return Shown(session, palette_for(request, person), whom)


def given_in(post: Any, *, only: int | None = None) -> actions.Given:
    """What a form answers: "a-12" the colour of statement 12, "r-12" its remark. With `only`, of that statement."""
    answers: dict[int, int | None] = {}
    remarks: dict[int, str] = {}
    for name in post:
        kind, _dash, number = name.partition("-")
        if kind not in {"a", "r"} or not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
            continue
        if only is not None and int(number) != only:
            continue
        if kind == "a":
            answers[int(number)] = _value(post[name])
        else:
            remarks[int(number)] = post[name]
    return actions.Given(answers, remarks, post.get("pseudonym", ""), number_in(post, "college"))


def _value(text: str) -> int | None:
    if not text:
        return None
    return int(text) if text in VALUES else OFF_THE_SCALE


def number_in(data: Any, name: str) -> int | None:
    """A whole number of a form, or None."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def status_of(error: Refused) -> int:
    return 422 if isinstance(error, Invalid) else 409


def keep_typed(shown: Shown, given: actions.Given) -> None:
    """Show again what a refused form held, over what is stored."""
    shown.typed = {**shown.given, **given.answers}
    shown.typed_remarks = {**shown.said, **given.remarks}

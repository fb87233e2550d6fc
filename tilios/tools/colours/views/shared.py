"""Behind a share link: guests answer, readers read, other websites show the spectrum. Without an account."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tilios.core.access import sharing
from tilios.core.access.guards import share_view
from tilios.core.access.links import link
from tilios.core.conversations import shared
from tilios.core.errors import Conflict, Invalid, NotAllowed, Refused
from tilios.core.people.models import Person
from tilios.tools.colours import actions, devices, queries
from tilios.tools.colours.drawing import views as named_views
from tilios.tools.colours.models import Identity, Invited, Session
from tilios.tools.colours.queries import Whom
from tilios.tools.colours.views import results as files
from tilios.tools.colours.views.answering import saved
from tilios.tools.colours.views.arriving import given_in, keep_typed, status_of
from tilios.tools.colours.views.palettes import keep_palette
from tilios.tools.colours.views.pictures import picture_of
from tilios.tools.colours.views.shown import Shown, palette_for

EMBED_REFRESH_S = 30
#: As strict as every page, but for who may frame it.
EMBED_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors *",
    ]
)


@share_view("GET", "POST")
def answer(request: Any, session: Session, step: str = "") -> HttpResponseBase:
    """Mode "answer": give colours under a name, a pseudonym or none; come back and change; see what may be seen."""
    _refuse_deleted(session)
    if step == shared.STEP:
        return shared.answer(request, session)
    whom = Whom(visitor=request.visitor, device=devices.secret_of(request) if session.is_secret else "")
    return _door(request, session, whom, step, base=reverse("share", args=[request.share.token]))


@share_view("GET", "POST")
def personal(request: Any, session: Session, step: str = "") -> HttpResponseBase:
    """Mode "personal": the address of one person invited, the same voice on all their devices."""
    _refuse_deleted(session)
    token, _dot, rest = step.partition("--")
    invited = _invited(session, token)
    if invited is None:
        raise Http404
    whom = Whom(invited=invited, device=devices.secret_of(request) if session.is_secret else "")
    return _door(request, session, whom, rest, base=reverse("share_step", args=[request.share.token, token]))


@share_view("GET", "POST")
def read(request: Any, session: Session, step: str = "") -> HttpResponseBase:
    """Mode "read": the views alone, when everybody may see them."""
    _refuse_deleted(session)
    base = reverse("share", args=[request.share.token])
    if request.method == "POST":
        if step != "palette":
            raise NotAllowed
        return keep_palette(request, request.POST.get("palette", ""), otherwise=base)
    shown = Shown(session, palette_for(request))
    if found := _file(request, shown, step):
        return found
    return _results(request, shown, step or files.FIRST, base, "colours/shared_read.html")


@share_view("GET")
def embed(request: Any, session: Session, step: str = "") -> HttpResponseBase:
    """Mode "embed": the spectrum alone, for an <iframe> of another website."""
    _refuse_deleted(session)
    if step:
        raise Http404
    shown = Shown(session, palette_for(request))
    seen = bool(shown.statements_shown())
    pictures = files.pictures_of(shown, shown.round, files.FIRST, None) if seen else ()
    context = {
        "session": session,
        "shown": shown,
        "pictures": pictures,
        "structure": request.structure,
        "refresh_s": EMBED_REFRESH_S if session.is_open else 0,
    }
    response = render(request, "colours/embed.html", context)
    # SECURITY: this answer alone may be framed by others: it holds no form, no name and nothing that a visitor's
    # cookies change but the palette. Every other answer keeps X-Frame-Options: DENY and frame-ancestors 'none'.
    response.xframe_options_exempt = True
    response.headers["Content-Security-Policy"] = EMBED_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


# Parts --------------------------------------------------------------------------------------------------------------


def _refuse_deleted(session: Session) -> None:
    if session.deleted_at:
        raise Http404


def _invited(session: Session, token: str) -> Invited | None:
    return session.invited.select_related("college").filter(token=token).first() if token else None


def _at(base: str, step: str) -> str:
    """The address of a step below a door: links nest by "--" where the door is a step itself."""
    head = base.rstrip("/")
    return f"{head}/{step}/" if head.count("/") == 2 else f"{head}--{step}/"


def _door(request: Any, session: Session, whom: Whom, step: str, *, base: str) -> HttpResponseBase:
    """What a guest and somebody invited may do, by step."""
    if request.method == "POST":
        if step == "palette":
            return keep_palette(request, request.POST.get("palette", ""), otherwise=base)
        if step == "repondre":
            return _answer(request, session, whom, base)
        kind, _dash, number = step.partition("-")
        if kind == "repondre" and number.isdigit() and len(number) < 19:
            return _answer_one(request, session, whom, int(number))
        raise Http404
    shown = Shown(session, palette_for(request), whom)
    if found := _file(request, shown, step):
        return found
    if step:
        slug = step.removeprefix("vue-")
        return _results(request, shown, slug, base, "colours/shared_results.html", prefix="vue-")
    return _page(request, shown, base)


def _page(request: Any, shown: Shown, base: str, *, problem: Any = "", status: int = 200) -> HttpResponse:
    whom = shown.whom
    assert whom is not None
    context = {
        "session": shown.session,
        "shown": shown,
        "structure": request.structure,
        "guest": whom.invited is None,
        "invited": whom.invited,
        "visitor": whom.visitor,
        "problem": problem,
        "typed": request.POST,
        "member": _member(request, shown.session),
        "answer_url": _at(base, "repondre"),
        "one_url": _at(base, "repondre-0"),
        "palette_url": _at(base, "palette"),
        "image_base": _at(base, "image-0"),
        "results_url": _at(base, f"vue-{files.FIRST}"),
    }
    return render(request, "colours/shared_answer.html", context, status=status)


def _answer(request: Any, session: Session, whom: Whom, base: str) -> HttpResponse:
    given = given_in(request.POST)
    try:
        with transaction.atomic():  # an answer refused leaves no visitor behind
            whom = _known(request, session, whom)
            actions.answer(whom=whom, session=session, given=given)
    except (Invalid, Conflict) as error:
        session.refresh_from_db()
        shown = Shown(session, palette_for(request), whom)
        keep_typed(shown, given)
        return _page(request, shown, base, problem=error.message, status=status_of(error))
    messages.success(request, _("Your answers are recorded. You can change them until the close."))
    response = redirect(base + "#reponses")
    devices.remember(request, response)
    return response


def _answer_one(request: Any, session: Session, whom: Whom, number: int) -> HttpResponse:
    try:
        with transaction.atomic():
            whom = _known(request, session, whom)
            response = saved(request, session, whom, number)
            if response.status_code != 200:
                transaction.set_rollback(True)
    except Refused as error:
        shown = Shown(session, palette_for(request), whom)
        context = {"shown": shown, "session": session, "problem": error.message}
        return render(request, "colours/parts/progress.html", context, status=422)
    devices.remember(request, response)
    return response


def _known(request: Any, session: Session, whom: Whom) -> Whom:
    """Who answers, made known to the door: a guest under the name they give, or under none in a secret session."""
    device = devices.secret_for(request) if session.is_secret else ""
    if whom.invited is not None:
        return Whom(invited=whom.invited, device=device)
    match session.identity:
        case Identity.NAMED:
            name = request.POST.get("name", "") or (whom.visitor.name if whom.visitor else "")
        case Identity.PSEUDONYM:
            name = request.POST.get("pseudonym", "") or (whom.visitor.name if whom.visitor else "")
        case _:
            name = _("Guest")
    return Whom(visitor=sharing.introduce(request, name), device=device)


def _results(request: Any, shown: Shown, view: str, base: str, template: str, *, prefix: str = "") -> HttpResponse:
    if named_views.of(view) is None:
        raise Http404
    context = files.context_of(request, shown, view, lambda slug: _at(base, prefix + slug))
    context |= {
        "structure": request.structure,
        "palette_url": _at(base, "palette"),
        "exports": files.files_of(request, lambda form: _at(base, f"fichier-{form}"), view, shown),
        "back_url": base,
        "by_link": True,
    }
    return render(request, template, context)


def _file(request: Any, shown: Shown, step: str) -> HttpResponseBase | None:
    """Pictures of statements and files of results: steps "image-12" and "fichier-csv"."""
    what, _dash, rest = step.partition("-")
    if what == "image" and rest.isdigit() and len(rest) < 19:
        return picture_of(request, shown.session, int(rest))
    return files.exported(request, shown, rest) if what == "fichier" else None


def _member(request: Any, session: Session) -> str:
    """The address where somebody signed in would answer under their own name, if the session asks them."""
    if not request.user.is_authenticated:
        return ""
    person = Person.objects.filter(account_id=request.user.pk).first()
    if person is None:
        return ""
    person.structure = request.structure
    sessions = queries.visible_sessions(person).filter(pk=session.pk)
    return link("colours:detail", session.pk) if sessions.exists() else ""

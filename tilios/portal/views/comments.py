"""Conversations: the page of one, and what its forms ask. With htmx the part that changed comes back, else the page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.conversations import actions, mentions, queries, rules
from tilios.core.conversations.models import Comment
from tilios.core.errors import Invalid, require
from tilios.portal.templatetags.surroundings import conversation as conversation_context
from tilios.portal.things import visible_thing


@tool_view("portal.home", "GET", "POST")
def conversation(request: HttpRequest, kind: str, target: int) -> HttpResponse:
    """Everything said about a thing; and saying something."""
    person = request.person  # type: ignore[attr-defined]
    found, thing = visible_thing(person, kind, target)
    if not found.comments:
        raise Http404
    if request.method == "GET":
        return _page(request, thing)
    require(rules.may_comment(person, found))
    text, number = request.POST.get("text", ""), request.POST.get("parent", "")
    parent = None
    if number:
        parent = queries.comments_on(kind, target).filter(pk=_number(number)).first()
        if parent is None:
            raise Http404
    try:
        row = actions.comment(target=thing, text=text, by=person, parent=parent)
    except Invalid as error:
        return _page(request, thing, status=422, problem=error.message, typed=text, answering=parent and parent.pk)
    _say_unsure(request, row)
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, thing, new=row.pk)
    return redirect(f"{link(found.url, target)}#comment-{row.pk}")


def _page(request: HttpRequest, thing: Any, *, status: int = 200, new: int | None = None, **more: Any) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        context = conversation_context(request, thing, **more)
        response = render(request, "portal/comments/_answer.html", context, status=status)
        if new:
            response["HX-Reswap"] = f"outerHTML show:#comment-{new}:top"
        return response
    context = conversation_context(request, thing, limit=None, **more)
    context["thing_url"] = link(context["kind"].url, thing.pk)
    return render(request, "portal/comments/page.html", context, status=status)


def _number(text: str) -> int:
    if not (text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)


def _say_unsure(request: HttpRequest, row: Comment) -> None:
    for name in row.unsure:  # type: ignore[attr-defined]
        text = _("Several people are called %(name)s: write the whole name to let one of them know.") % {"name": name}
        messages.warning(request, text)


@tool_view("portal.home", "GET")
def names(request: HttpRequest, kind: str, target: int) -> HttpResponse:
    """The people whose name begins as what stands after "@"."""
    person = request.person  # type: ignore[attr-defined]
    visible_thing(person, kind, target)
    found = mentions.suggestions(person, kind, target, request.GET.get("q", "").replace("\0", "")[:80])
    return render(request, "portal/comments/_names.html", {"people": found})


def _comment(request: HttpRequest, pk: int) -> tuple[Comment, Any]:
    """A comment and its thing, if the person may see the thing. Two queries."""
    row = Comment.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    _kind, thing = visible_thing(request.person, row.kind, row.target)  # type: ignore[attr-defined]
    return row, thing


@tool_view("portal.home", "GET", "POST")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own words."""
    row, thing = _comment(request, pk)
    person = request.person  # type: ignore[attr-defined]
    require(rules.may_change(row, person=person))
    problem, text = "", row.text
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            row = actions.change(comment=row, text=text, by=person)
        except Invalid as error:
            problem = error.message
        else:
            _say_unsure(request, row)
            return _back(request, row, thing)
    context = {"row": row, "thing": thing, "text": text, "problem": problem, "back": _address(row)}
    return render(request, "portal/comments/change.html", context, status=422 if problem else 200)


def _address(row: Comment) -> str:
    from tilios.core.toolbox import registry

    kind = registry.kind(row.kind)
    return f"{link(kind.url, row.target)}#comment-{row.pk}" if kind else link("portal:home")


def _back(request: HttpRequest, row: Comment, thing: Any) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, thing)
    return redirect(_address(row))


@undo.undoable
def put_back(*, by: Any, pk: int) -> str:
    """Undo of a removal: the address of the comment."""
    return _address(actions.put_back(comment=Comment.objects.get(pk=pk), by=by))


@tool_view("portal.home", "POST")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a comment away, with a moment to change one's mind."""
    row, thing = _comment(request, pk)
    actions.remove(comment=row, by=request.person)  # type: ignore[attr-defined]
    undo.offer(request, _("The comment is removed."), put_back, pk=row.pk)
    return _back(request, row, thing)


@tool_view("portal.home", "POST")
def react(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a sign on a comment, or take it off."""
    row, _thing = _comment(request, pk)
    person = request.person  # type: ignore[attr-defined]
    actions.react(by=person, comment=row, sign=request.POST.get("sign", ""))
    if request.htmx:  # type: ignore[attr-defined]
        context = {"one": queries.said(row, person=person), "person": person, "may_comment": True}
        return render(request, "portal/comments/_signs.html", context)
    return redirect(_address(row))

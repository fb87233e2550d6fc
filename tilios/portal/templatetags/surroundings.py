"""`{% load surroundings %}`: what surrounds the tools, set in their pages.

`{% comments poll %}`        the conversation about a thing, and the form to join in
`{% share_button poll %}`    the way to its share links, for whoever may make one
"""

import re
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

from tilios.core.access import sharing
from tilios.core.access.links import link
from tilios.core.conversations import queries, rules, shared
from tilios.core.conversations.queries import Said
from tilios.core.toolbox import registry

register = template.Library()


@register.simple_tag(takes_context=True)
def comments(context: Context, thing: Any) -> str:
    """The conversation about `thing`: its latest threads, whatever their number. Seven queries."""
    request = context["request"]
    return render_to_string("portal/comments/_conversation.html", conversation(request, thing), request)


def conversation(request: Any, thing: Any, *, limit: int | None = queries.THREADS_SHOWN, **more: Any) -> dict[str, Any]:
    """What the template of a conversation reads. A person speaks on the structure's page, a visitor at a link."""
    kind = registry.kind_of(thing)
    if kind is None or not kind.comments:
        return {"kind": None}
    person, visitor = getattr(request, "person", None), getattr(request, "visitor", None)
    threads = queries.threads(kind.name, thing.pk, person=person, visitor=visitor, limit=limit)
    share: Any = getattr(request, "share", None)
    whole = total = 0
    if limit is not None:
        total = queries.count_on(thing)
        whole = total > sum(1 + len(one.replies) for one in threads)
    return {
        "kind": kind,
        "thing": thing,
        "threads": threads,
        "count": total or sum(1 + len(one.replies) for one in threads),
        "more_url": link("portal:conversation", kind.name, thing.pk) if whole and person else "",
        "person": person,
        "visitor": visitor,
        "may_comment": rules.may_comment(person, kind) if person else share is not None,
        "add_url": link("portal:conversation", kind.name, thing.pk)
        if person
        else reverse("share_step", args=[share.token, shared.STEP]),
        "names_url": link("portal:comment_names", kind.name, thing.pk) if person else "",
        "limit": limit,
        **more,
    }


@register.filter
def said(one: Said) -> SafeString:
    """The words of a comment: escaped, addresses made links, mentions marked, lines kept."""
    names = sorted({person.display_name for person in one.mentions}, key=len, reverse=True)
    if not names:
        return _paragraphs(_plain(one.comment.text))
    pattern = re.compile("@(" + "|".join(re.escape(name) for name in names) + r")(?!\w)")
    pieces, last = [], 0
    for match in pattern.finditer(one.comment.text):
        pieces.append(_plain(one.comment.text[last : match.start()]))
        pieces.append(format_html('<span class="mention">@{}</span>', match.group(1)))
        last = match.end()
    pieces.append(_plain(one.comment.text[last:]))
    return _paragraphs("".join(pieces))


def _plain(text: str) -> str:
    # SECURITY: escapes everything; only http, https and mail addresses become links, marked nofollow.
    return urlize(text, nofollow=True, autoescape=True)


def _paragraphs(html: str) -> SafeString:
    # SECURITY: `html` was escaped piece by piece above; this only adds <p> and <br>.
    return mark_safe(linebreaks(html, autoescape=False))  # noqa: S308


@register.simple_tag(takes_context=True)
def share_button(context: Context, thing: Any, small: bool = False) -> str:
    """A button to the share links of `thing`; nothing for whoever may not make one."""
    kind = registry.kind_of(thing)
    person = getattr(context["request"], "person", None)
    if kind is None or person is None or not sharing.modes_for(person, thing):
        return ""
    url = link("portal:share_links", kind.name, thing.pk)
    return render_to_string("portal/sharing/_button.html", {"url": url, "small": small})


@register.simple_tag(takes_context=True)
def widget_card(context: Context, card: Any) -> str:
    """The inside of a card of the home, in its tool's own template."""
    inside = {**card.context, "widget": card.context}
    return render_to_string(card.widget.template, inside, context["request"])

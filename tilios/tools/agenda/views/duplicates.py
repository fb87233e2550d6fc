"""Contacts that look alike: shown side by side, made one, or said to be two."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.kit import vcard
from tilios.tools.agenda.actions import merging
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card
from tilios.tools.agenda.queries import contacts, duplicates
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.telling import birthday_in_words
from tilios.tools.agenda.views.contacts_together import restore
from tilios.tools.agenda.views.opening import opened_card

A_PAGE = 20
REASONS = {
    "mail": gettext_lazy("same mail address"),
    "phone": gettext_lazy("same telephone"),
    "name": gettext_lazy("same name"),
}
#: Where both may speak, what it is called: the fields of `vcard.differences`.
FIELDS = {
    "fn": gettext_lazy("Name shown"),
    "n": gettext_lazy("Name in parts"),
    "kind": gettext_lazy("This is"),
    "nickname": gettext_lazy("Nickname"),
    "org": gettext_lazy("Organisation"),
    "units": gettext_lazy("Department"),
    "title": gettext_lazy("What they do there"),
    "role": pgettext_lazy("of a contact", "Their part"),
    "birthday": gettext_lazy("Birthday"),
    "anniversary": pgettext_lazy("of a wedding, of a foundation", "Anniversary"),
    "note": gettext_lazy("Note"),
    "photo": pgettext_lazy("of a contact", "Picture"),
    "pronouns": gettext_lazy("Pronouns"),
    "gender": gettext_lazy("Gender"),
    "geo": gettext_lazy("Place on the map"),
    "tz": gettext_lazy("Time zone"),
}


@tool_view("agenda.write", "GET")
def home(request: Any) -> HttpResponse:
    """The pairs, the surest first."""
    rights = open_spaces(request.person)
    page = Paginator(duplicates.pairs(rights), A_PAGE).get_page(request.GET.get("page"))
    numbers = {number for pair in page for number in (pair.first, pair.second)}
    cards = {one.pk: one for one in contacts.chosen(contacts.books_of(rights), numbers)}
    rows = [
        (cards[pair.first], cards[pair.second], [REASONS[one] for one in pair.reasons])
        for pair in page
        if pair.first in cards and pair.second in cards
    ]
    return render(request, "agenda/duplicates.html", {"page": page, "rows": rows})


@tool_view("agenda.write", "GET", "POST")
def pair(request: Any, card_pk: int, other_pk: int) -> HttpResponse:
    """Two contacts side by side; what both say and not alike is chosen; then they are one, or said to be two."""
    rights, first = opened_card(request, card_pk)
    second = _other(request, rights, first, other_pk)
    if request.method == "GET":
        return _page(request, first, second)
    if "differents" in request.POST:
        merging.say_different(by=request.person, rights=rights, first=first, second=second)
        messages.success(request, _("They will not be proposed again."))
        return redirect(link("agenda:duplicates"))
    choices: dict[str, vcard.Choice] = {name: "b" for name in FIELDS if request.POST.get(name) == "b"}
    if choices.get("fn"):
        choices["n"] = "b"  # a name shown goes with its parts
    etags = request.POST.get("etag", ""), request.POST.get("other_etag", "")
    thrown = merging.merge_cards(
        by=request.person, rights=rights, first=first, second=second, choices=choices, etags=etags
    )
    undo.offer(request, _("“%(name)s” is one contact now.") % {"name": first}, restore, numbers=[thrown.pk])
    return redirect(link("agenda:card", first.pk))


def _other(request: Any, rights: Rights, first: Card, number: int) -> Card:
    _rights, second = opened_card(request, number)
    if second.pk == first.pk or "group" in (first.kind, second.kind):
        raise Http404
    for one in (first, second):
        if not rights.may_put(one.book, one.author_id, is_new=False):
            raise Http404
    return second


def _page(request: Any, first: Card, second: Card) -> HttpResponse:
    a, b = first.data.encode(), second.data.encode()
    said = vcard.differences(a, b)
    # The parts of a name follow the name shown, where both have one.
    names = [name for name in FIELDS if name in said and not (name == "n" and "fn" in said)]
    result = vcard.facts(vcard.merged(a, b, {}, now=timezone.now()))
    context = {
        "first": first,
        "second": second,
        "sides": [(first, vcard.facts(a)), (second, vcard.facts(b))],
        "choices": [(name, FIELDS[name], *(_words(name, one) for one in said[name])) for name in names],
        "result": result,
    }
    return render(request, "agenda/duplicates_pair.html", context)


def _words(name: str, value: Any) -> str:
    """A value as people read it."""
    if name in {"birthday", "anniversary"}:
        return birthday_in_words(value)
    if name == "photo":
        return ""
    if isinstance(value, tuple):
        return ", ".join(part for part in value if part)
    return str(value)

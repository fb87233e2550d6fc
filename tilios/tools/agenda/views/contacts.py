"""Contacts: the list by letter, one contact, its form, its picture."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused, require
from tilios.core.shelves.pages import numbers_in
from tilios.kit import vcard
from tilios.tools.agenda import pictures
from tilios.tools.agenda.actions import contacts as actions
from tilios.tools.agenda.actions import writing
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.forms.cards import Rows, fields_of, initial_for
from tilios.tools.agenda.forms.contact_rows import NETWORKS, RELATIONS
from tilios.tools.agenda.forms.contacts import ContactForm
from tilios.tools.agenda.models import Card, Item
from tilios.tools.agenda.queries import contacts as queries
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.telling import birthday_in_words
from tilios.tools.agenda.views import contact_groups
from tilios.tools.agenda.views.contacts_together import restore
from tilios.tools.agenda.views.opening import opened_card

MOST_LABELS = 60


@tool_view("agenda.view", "GET")
def home(request: Any) -> HttpResponse:
    """Everybody in the address books one sees, by letter; `?q=` searches."""
    rights = open_spaces(request.person)
    books = queries.books_of(rights)
    asked = _asked(request)
    page = Paginator(queries.listed(books, asked), queries.A_PAGE).get_page(request.GET.get("page"))
    groups = groupby(page, key=lambda card: card.sort_name[:1].upper() if card.sort_name[:1].isalpha() else "#")
    writable = [one for one in books if rights.may_put(one, None, is_new=True)]
    context = {
        "page": page,
        "groups": [(head, list(cards)) for head, cards in groups],
        "asked": asked,
        "book": next((one for one in books if one.pk == asked.book), None),
        "books": books,
        "letters": queries.letters(books),
        "labels": queries.labels(books)[:MOST_LABELS],
        "sets": queries.groups_in(writable),
        "several": len(books) > 1,
        "writable": writable,
        "may_add": bool(writable),
    }
    return render(request, "agenda/contacts.html", context)


def _asked(request: Any) -> queries.Asked:
    return queries.Asked(
        words=request.GET.get("q", "").strip()[:100],
        letter=request.GET.get("lettre", "")[:1].lower(),
        book=next(iter(numbers_in([request.GET.get("carnet", "")])), None),
        label=request.GET.get("etiquette", "")[:100],
        organisation=request.GET.get("organisation", "")[:300],
        only_groups="groupes" in request.GET,
    )


@tool_view("agenda.view", "GET")
def organisations(request: Any) -> HttpResponse:
    """The organisations that contacts name, with how many people of each."""
    books = queries.books_of(open_spaces(request.person))
    page = Paginator(queries.organisations(books), queries.A_PAGE).get_page(request.GET.get("page"))
    cards = queries.cards_of_organisations(books)
    rows = [(one["organisation"], one["people"], cards.get(str(one["organisation"]).lower())) for one in page]
    return render(request, "agenda/organisations.html", {"page": page, "rows": rows})


@tool_view("agenda.view", "GET")
def card(request: Any, card_pk: int) -> HttpResponse:
    rights, found = opened_card(request, card_pk)
    facts = vcard.facts(found.data.encode())
    is_group = found.kind == "group"
    may_change = rights.may_put(found.book, found.author_id, is_new=False)
    words = request.GET.get("q", "").strip()[:100]
    context = {
        "card": found,
        "facts": facts,
        "birthday": birthday_in_words(facts.birthday, with_age=found.kind == "individual"),
        "anniversary": birthday_in_words(facts.anniversary),
        "places": [_lines(one) for one in facts.addresses],
        "socials": [(dict(NETWORKS).get(_first(one), one.label or _first(one)), one.value) for one in facts.socials],
        "related": [
            (dict(RELATIONS).get(_first(one), _first(one)), one.value, whose)
            for one, whose in queries.related_to(found, facts.related)
        ],
        "members": queries.members_of(found, facts.members) if is_group else [],
        "sets": [] if is_group else queries.groups_with(found),
        "beside": queries.beside(rights, found),
        "may_change": may_change,
        "words": words,
        "candidates": queries.candidates(found, words) if is_group and may_change and words else [],
    }
    return render(request, "agenda/group.html" if is_group else "agenda/card.html", context)


def _first(one: vcard.Contact) -> str:
    """What a link is to: a network, a relation."""
    return one.types[0] if one.types else one.label.lower()


@tool_view("agenda.view", "GET")
def photo(request: Any, card_pk: int) -> HttpResponse:
    """The picture of a contact, drawn again: nothing of the file that came is sent."""
    _rights, found = opened_card(request, card_pk)
    picture = vcard.facts(found.data.encode()).photo if found.has_photo else None
    shown = pictures.drawn_again(picture.data) if picture and picture.data else None
    if shown is None:
        raise Http404
    answer = HttpResponse(shown, content_type="image/png")
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@tool_view("agenda.write", "GET", "POST")
def new(request: Any) -> HttpResponse:
    rights = open_spaces(request.person)
    books = _writable(rights)
    require(bool(books), _("No address book lets you add contacts: ask somebody who looks after one."))
    named = [one.pk for one in books if str(one.pk) == request.GET.get("carnet", "")]
    form, rows = _forms(request, books, {"book": (named or [books[0].pk])[0]}, {})
    if request.method == "GET" or not (form.is_valid() & rows.are_valid()):
        return _form_page(request, form, rows, status=200 if request.method == "GET" else 422)
    book = next(one for one in books if one.pk == form.cleaned_data["book"])
    try:
        made = actions.add_card(by=request.person, rights=rights, book=book, fields=fields_of(form, rows))
    except Refused as error:
        form.add_error(None, str(error.message))
        return _form_page(request, form, rows, status=error.status)
    messages.success(request, _("“%(name)s” is in the contacts.") % {"name": made})
    return redirect(link("agenda:card", made.pk))


@tool_view("agenda.write", "GET", "POST")
def change(request: Any, card_pk: int) -> HttpResponse:
    rights, found = opened_card(request, card_pk)
    require(rights.may_put(found.book, found.author_id, is_new=False), _("You may see this contact, not change it."))
    if found.kind == "group":
        return contact_groups.rename(request, rights, found)
    form, rows = _forms(request, [found.book], *initial_for(found), has_photo=found.has_photo)
    if request.method == "GET" or not (form.is_valid() & rows.are_valid()):
        return _form_page(request, form, rows, card=found, status=200 if request.method == "GET" else 422)
    fields = fields_of(form, rows, vcard.facts(found.data.encode()))
    try:
        actions.change_card(by=request.person, rights=rights, card=found, fields=fields, etag=form.cleaned_data["etag"])
    except actions.CardChanged as error:
        form.data = writing.renewed(form.data, error.card.etag)
        form.add_error(None, str(error.message))
        return _form_page(request, form, rows, card=found, status=error.status)
    except Refused as error:
        form.add_error(None, str(error.message))
        return _form_page(request, form, rows, card=found, status=error.status)
    messages.success(request, _("Saved."))
    return redirect(link("agenda:card", found.pk))


@tool_view("agenda.write", "GET", "POST")
def remove(request: Any, card_pk: int) -> HttpResponse:
    """Remove a contact, once sure."""
    rights, found = opened_card(request, card_pk)
    require(rights.may_put(found.book, found.author_id, is_new=False), _("You may see this contact, not change it."))
    if request.method == "GET":
        return render(request, "agenda/remove_card.html", {"card": found})
    thrown = actions.drop_card(by=request.person, rights=rights, card=found)
    if thrown is not None:
        undo.offer(request, _("“%(name)s” is in the trash.") % {"name": found}, restore, numbers=[thrown.pk])
    return redirect(link("agenda:contacts"))


def _lines(one: vcard.Address) -> str:
    """An address as it is written on an envelope."""
    town = f"{one.code} {one.locality}".strip()
    return "\n".join(part for part in (one.box, one.extended, one.street, town, one.region, one.country) if part)


def _writable(rights: Rights) -> list[Item]:
    return [one for one in queries.books_of(rights) if rights.may_put(one, None, is_new=True)]


def _forms(
    request: Any,
    books: list[Item],
    initial: dict[str, Any],
    rows: dict[str, list[dict[str, str]]],
    *,
    has_photo: bool = False,
) -> tuple[ContactForm, Rows]:
    several = len({one.parent_id for one in books}) > 1
    names = [(one.pk, f"{one.parent.name} · {one.name}" if several and one.parent else one.name) for one in books]
    data = request.POST if request.method == "POST" else None
    files = request.FILES if request.method == "POST" else None
    return ContactForm(data, files, initial=initial, books=names, has_photo=has_photo), Rows(data, rows)


def _form_page(
    request: Any, form: ContactForm, rows: Rows, *, card: Card | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "agenda/card_form.html", {"form": form, "rows": rows, "card": card}, status=status)

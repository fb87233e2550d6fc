"""Contacts: the list by letter, one contact, its form, its picture."""

import io
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from PIL import Image

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused, require
from tilios.core.shelves.levels import Level
from tilios.core.shelves.pages import numbers_in
from tilios.kit import vcard
from tilios.tools.agenda.actions import contacts as actions
from tilios.tools.agenda.actions import writing
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.forms.cards import Rows, fields_of, initial_for
from tilios.tools.agenda.forms.contacts import ContactForm
from tilios.tools.agenda.models import Card, Item
from tilios.tools.agenda.queries import contacts as queries
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.views.opening import opened_card

PHOTO_SIDE = 384  # pixels, at most
PHOTO_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MOST_PIXELS = 25_000_000


@tool_view("agenda.view", "GET")
def home(request: Any) -> HttpResponse:
    """Everybody in the address books one sees, by letter; `?q=` searches."""
    rights = open_spaces(request.person)
    books = queries.books_of(rights)
    letter = request.GET.get("lettre", "")[:1].lower()
    book = next(iter(numbers_in([request.GET.get("carnet", "")])), None)
    asked = queries.Asked(request.GET.get("q", "").strip()[:100], letter, book)
    page = Paginator(queries.listed(books, asked), queries.A_PAGE).get_page(request.GET.get("page"))
    groups = groupby(page, key=lambda card: card.sort_name[:1].upper() if card.sort_name[:1].isalpha() else "#")
    context = {
        "page": page,
        "groups": [(head, list(cards)) for head, cards in groups],
        "asked": asked,
        "books": books,
        "letters": queries.letters(books),
        "several": len(books) > 1,
        "may_add": any(rights.level(one) >= Level.ADD for one in books) and rights.may("write"),
    }
    return render(request, "agenda/contacts.html", context)


@tool_view("agenda.view", "GET")
def card(request: Any, card_pk: int) -> HttpResponse:
    rights, found = opened_card(request, card_pk)
    facts = vcard.facts(found.data.encode())
    members = queries.members_of(found, [one.removeprefix("urn:uuid:") for one in facts.members])
    context = {
        "card": found,
        "facts": facts,
        "birthday": birthday_in_words(facts.birthday),
        "places": [_lines(one) for one in facts.addresses],
        "members": members,
        "beside": queries.beside(rights, found),
        "may_change": rights.may_put(found.book, found.author_id, is_new=False),
    }
    return render(request, "agenda/card.html", context)


@tool_view("agenda.view", "GET")
def photo(request: Any, card_pk: int) -> HttpResponse:
    """The picture of a contact, drawn again: nothing of the file that came is sent."""
    _rights, found = opened_card(request, card_pk)
    picture = vcard.facts(found.data.encode()).photo if found.has_photo else None
    if picture is None or not picture.data:
        raise Http404
    answer = HttpResponse(_drawn_again(picture.data), content_type="image/png")
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _drawn_again(data: bytes) -> bytes:
    # SECURITY: cards come from outside; a picture that unfolds to gigabytes, or is none, is no picture.
    try:
        with Image.open(io.BytesIO(data), formats=PHOTO_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Http404
            image.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
            out = io.BytesIO()
            image.convert("RGBA").save(out, "PNG")
    except (OSError, ValueError, SyntaxError, TypeError, ArithmeticError, EOFError) as error:
        raise Http404 from error
    return out.getvalue()


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
    form, rows = _forms(request, [found.book], *initial_for(found))
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
    actions.drop_card(by=request.person, rights=rights, card=found)
    messages.success(request, _("“%(name)s” is removed.") % {"name": found})
    return redirect(link("agenda:contacts"))


def birthday_in_words(birthday: tuple[int | None, int, int] | None) -> str:
    """ "17 mai 1980", or "17 mai" without a year."""
    if birthday is None:
        return ""
    year, month, day = birthday
    return date_format(date(year or 2000, month, day), "j F Y" if year else "j F")


def _lines(one: vcard.Address) -> str:
    """An address as it is written on an envelope."""
    town = f"{one.code} {one.locality}".strip()
    return "\n".join(part for part in (one.box, one.extended, one.street, town, one.region, one.country) if part)


def _writable(rights: Rights) -> list[Item]:
    return [one for one in queries.books_of(rights) if rights.may_put(one, None, is_new=True)]


def _forms(
    request: Any, books: list[Item], initial: dict[str, Any], rows: dict[str, list[dict[str, str]]]
) -> tuple[ContactForm, Rows]:
    several = len({one.parent_id for one in books}) > 1
    names = [(one.pk, f"{one.parent.name} · {one.name}" if several and one.parent else one.name) for one in books]
    data = request.POST if request.method == "POST" else None
    return ContactForm(data, initial=initial, books=names), Rows(data, rows)


def _form_page(
    request: Any, form: ContactForm, rows: Rows, *, card: Card | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "agenda/card_form.html", {"form": form, "rows": rows, "card": card}, status=status)

"""Searches: conditions put together line by line, what they find, those kept under a name."""

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid, require
from tilios.core.people.models import Person
from tilios.tools.members import queries, rules
from tilios.tools.members.actions import searches as actions
from tilios.tools.members.forms import searching as form
from tilios.tools.members.models import SavedSearch
from tilios.tools.members.queries import searching
from tilios.tools.members.queries.catalogue import criteria_for
from tilios.tools.members.views.listing import chosen_columns, sent_as_sheet

PAGE = 50


@tool_view("members.own", "GET")
def search(request: Any) -> HttpResponse:
    """A search put together, and what it finds."""
    require(searching.may_search(request.person))
    return _page(request, None)


@tool_view("members.own", "GET")
def saved_search(request: Any, search_pk: int) -> HttpResponse:
    """A search kept: what it finds, and its conditions to change."""
    return _page(request, _usable(request.person, search_pk))


@tool_view("members.own", "POST")
def save_search(request: Any) -> HttpResponse:
    """Keep conditions under a name; with `search`, change that search."""
    kept = _usable(request.person, request.POST["search"]) if request.POST.get("search", "").isdecimal() else None
    made = actions.save_search(
        by=request.person,
        name=request.POST.get("name", ""),
        conditions=read_conditions(request.POST.get("conditions", "")),
        search=kept,
    )
    messages.success(request, _("This search is kept."))
    return redirect(link("members:saved_search", made.pk))


@tool_view("members.own", "POST")
def remove_search(request: Any, search_pk: int) -> HttpResponse:
    actions.remove_search(by=request.person, search=_usable(request.person, search_pk))
    messages.success(request, _("This search is forgotten."))
    return redirect(link("members:search"))


@tool_view("members.own", "POST")
def export_search(request: Any) -> HttpResponse:
    """What conditions find, as a sheet with the columns of the list. Raises NotAllowed, Invalid."""
    found = searching.found(read_conditions(request.POST.get("conditions", "")), request.person)
    return sent_as_sheet(request, found, chosen_columns(request, QueryDict())[1])


def read_conditions(text: str) -> searching.Tree:
    """The tree sent along in a form. Raises Invalid("conditions")."""
    try:
        tree = json.loads(text)
    except ValueError as error:
        raise Invalid("conditions", _("These conditions cannot be read.")) from error
    if not isinstance(tree, dict):
        raise Invalid("conditions", _("These conditions cannot be read."))
    return tree


def _usable(person: Person, pk: Any) -> SavedSearch:
    """A search that the person may use; 404 for one on fields that they do not see."""
    require(searching.may_search(person))
    usable = [search.pk for search in searching.searches(person)]
    return get_object_or_404(SavedSearch.objects.filter(pk__in=usable), pk=pk)


def _page(request: Any, kept: SavedSearch | None) -> HttpResponse:
    criteria = criteria_for(request.person)
    asked = "g-0" in request.GET
    tree = form.read_tree(request.GET) if asked or kept is None else kept.conditions
    tree = form.with_tests(form.press(tree, request.GET.get("do", "")), criteria)
    conditions, error, page = form.filled(tree), "", None
    if (asked or kept is not None) and request.GET.get("do", "search") == "search":
        try:
            rows = searching.found(conditions, request.person)
        except Invalid as refused:
            error = str(refused)
        else:
            page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    columns = chosen_columns(request, QueryDict())[1]
    context = {
        "columns": columns,
        "keeper": rules.keeps_register(request.person),
        "rows": [
            {"row": row, "cells": [{"column": column, "value": column.cell(row)} for column in columns]}
            for row in queries.rows_of(page.object_list if page else [], columns)
        ],
        "search": kept,
        "root": form.drawn(tree, criteria),
        "sections": form.sections(criteria),
        "error": error,
        "page": page,
        "conditions": json.dumps(conditions),
        "words": searching.in_words(conditions, criteria),
        "searches": searching.searches(request.person),
    }
    return render(request, "members/searches/search.html", context, status=422 if error else 200)

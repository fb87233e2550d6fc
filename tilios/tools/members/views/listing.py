"""The list of the register, and the sheets of it."""

import io
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish, record_reads
from tilios.kit.sheets import write_csv, write_ods, write_xlsx
from tilios.kit.text import slugify
from tilios.tools.members import queries, rules
from tilios.tools.members.forms.listing import ListForm
from tilios.tools.members.models import Record
from tilios.tools.members.queries.columns import Column
from tilios.tools.members.queries.joining import waiting_count
from tilios.tools.members.queries.listing import LATE, LEFT, NEVER, UP_TO_DATE

PAGE = 50
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS = "members.columns"  # session key: {structure pk as text: keys of the columns chosen}


@tool_view("members.own", "GET")
def home(request: Any) -> HttpResponse:
    """Fifty members a page for those who keep the register, the money or a group; the others find their own record."""
    if not queries.may_list(request.person):
        return redirect(link("members:own"))
    form = ListForm(request.GET, by=request.person)
    filters = form.filters()
    offered, columns = chosen_columns(request, request.GET)
    page = Paginator(queries.listed_records(request.person, filters), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "page": page,
        "rows": [
            {"row": row, "cells": [{"column": column, "value": column.cell(row)} for column in columns]}
            for row in queries.rows_of(page.object_list, columns)
        ],
        "heads": [{"column": column, **_sorting(request.GET, filters.sort, column.sort)} for column in columns],
        "by_name": _sorting(request.GET, filters.sort, "nom"),
        "offered": offered,
        "shown_keys": {column.key for column in columns},
        "figures": _figures(request),
        "keeper": rules.keeps_register(request.person),
        "waiting_count": waiting_count() if rules.keeps_register(request.person) else 0,
        "query": request.GET.urlencode(),
        "kept": [(name, text) for name, text in request.GET.items() if name not in ("page", "col") and text],
    }
    template = "members/_list.html" if request.htmx and not request.htmx.boosted else "members/home.html"
    return render(request, template, context)


@tool_view("members.own", "POST")
def export(request: Any) -> HttpResponse:
    """What is seen of the list, every page of it, as a sheet. Each is a reading that the member can see.

    Raises NotAllowed, Invalid("format").
    """
    require(queries.may_list(request.person))
    query = QueryDict(request.POST.get("query", ""))
    records = queries.listed_records(request.person, ListForm(query, by=request.person).filters())
    return sent_as_sheet(request, records, chosen_columns(request, query)[1])


def sent_as_sheet(request: Any, found: QuerySet[Record], columns: list[Column]) -> HttpResponse:
    """The records as a file of the `format` asked for. Publishes "members.exported"; raises Invalid("format")."""
    records = list(found)
    response = as_file(request, queries.sheet(records, columns), _("members"))
    record_reads(by=request.person, subjects=[record.person for record in records], what="members.export")
    publish("members.exported", by=request.person, records=len(records), format=request.POST["format"])
    return response


def as_file(request: Any, table: list[list[Any]], what: str) -> HttpResponse:
    """A table as a file of the `format` asked for, named after the structure, `what` and the day.

    Raises Invalid("format").
    """
    kind = request.POST.get("format", "")
    if kind not in MEDIA_TYPES:
        raise Invalid("format", _("Choose the format of the file."))
    response = HttpResponse(_content(table, kind, request.structure.name), content_type=MEDIA_TYPES[kind])
    name = f"{slugify(request.structure.name)}-{slugify(what)}-{timezone.localdate():%Y-%m-%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _content(table: list[list[Any]], kind: str, title: str) -> bytes:
    if kind == "csv":
        return b"".join(write_csv(table))
    file = io.BytesIO()
    (write_ods if kind == "ods" else write_xlsx)(table, file, title=title)
    return file.getvalue()


def chosen_columns(request: Any, query: QueryDict) -> tuple[list[Column], list[Column]]:
    """Those on offer, and those chosen: by the address, else the last time."""
    offered = queries.columns_for(request.person)
    kept = request.session.get(COLUMNS, {})
    place = str(request.structure.pk)
    if keys := query.getlist("col"):
        if kept.get(place) != keys:
            request.session[COLUMNS] = kept | {place: keys[:100]}
    else:
        keys = kept.get(place, [])
    return offered, queries.chosen(offered, keys)


def _sorting(query: QueryDict, current: str, name: str) -> dict[str, str]:
    """The address that orders by a column, and how it orders now; nothing for one that does not."""
    if not name:
        return {}
    changed = query.copy()
    changed["tri"] = f"-{name}" if current == name else name
    changed.pop("page", None)
    return {"url": f"?{changed.urlencode()}", "state": {name: "ascending", f"-{name}": "descending"}.get(current, "")}


def _figures(request: Any) -> list[dict[str, Any]]:
    counts = queries.figures(request.person)
    labels = {
        "here": (_("Members"), ""),
        "up_to_date": (_("Up to date"), UP_TO_DATE),
        "late": (_("Late"), LATE),
        "never": (_("Never paid"), NEVER),
        "left": (_("Have left"), LEFT),
    }
    return [
        {"count": counts[key], "label": label, "url": f"{link('members:home')}{f'?etat={state}' if state else ''}"}
        for key, (label, state) in labels.items()
    ]

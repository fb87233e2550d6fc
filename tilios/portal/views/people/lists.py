"""The list of people: search, filters, order, and what is done to many at once."""

import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.errors import Invalid
from tilios.core.journal.actions import record_reads
from tilios.core.people import actions as people
from tilios.core.people.models import Group, Person
from tilios.core.people.queries import groups
from tilios.kit.sheets import write_csv, write_ods
from tilios.kit.text import slugify
from tilios.portal import queries
from tilios.portal.forms.people.fields import role_field
from tilios.portal.forms.people.persons import FiltersForm

PAGE = 50
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "ods": "application/vnd.oasis.opendocument.spreadsheet"}


@tool_view("portal.people", "GET")
def index(request: Any) -> HttpResponse:
    """Fifty people a page. Asked by htmx, the list alone."""
    keeper = may(request.person, "portal.edit_people")
    form = FiltersForm(request.GET, keeper=keeper)
    filters = form.filters()
    page = Paginator(queries.listed_people(request.person, filters), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "page": page,
        "keeper": keeper,
        "sorts": _sorts(request.GET, filters.sort),
        "query": request.GET.urlencode(),
        "roles": role_field(request.person).choices if keeper else [],
        "groups": groups() if keeper else [],
    }
    template = "portal/people/_list.html" if request.htmx and not request.htmx.boosted else "portal/people/index.html"
    return render(request, template, context)


def _sorts(query: QueryDict, current: str) -> dict[str, dict[str, Any]]:
    """For each column that orders: the address that orders by it, and how it orders now."""
    found = {}
    for name in ("nom", "role", "recent"):
        following = f"-{name}" if current == name and f"-{name}" in queries.SORTS else name
        changed = query.copy()
        changed["tri"] = following
        changed.pop("page", None)
        state = {name: "ascending", f"-{name}": "descending"}.get(current, "")
        found[name] = {"url": f"?{changed.urlencode()}", "state": state}
    return found


@tool_view("portal.edit_people", "POST")
def selection(request: Any) -> HttpResponse:
    """Do one thing to the people chosen: a group, a role, a file. Raises Invalid when nobody is."""
    chosen = _chosen(request)
    match request.POST.get("do", ""):
        case "group":
            group = get_object_or_404(Group, pk=_number(request.POST.get("group")))
            count = people.add_many_to_group(by=request.person, people=chosen, group=group)
            messages.success(
                request,
                ngettext("%(count)s person added to %(group)s.", "%(count)s people added to %(group)s.", count)
                % {"count": count, "group": group.name},
            )
        case "role":
            _change_roles(request, chosen)
        case "csv" | "ods" as kind:
            return _file(request, chosen, kind)
        case _:
            raise Invalid("do", _("Choose what to do with the people chosen."))
    back = request.POST.get("query", "")
    return redirect(f"{link('portal:people')}?{back}" if back else link("portal:people"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def _chosen(request: Any) -> QuerySet[Person]:
    """The people ticked, or everybody the filters of the list let through."""
    if request.POST.get("everybody"):
        form = FiltersForm(QueryDict(request.POST.get("query", "")), keeper=True)
        return queries.listed_people(request.person, form.filters())
    numbers = [_number(text) for text in request.POST.getlist("person")]
    found = queries.visible_people(request.person).filter(pk__in=numbers).order_by("sort_name", "pk")
    if not found.exists():
        raise Invalid("person", _("Choose at least one person."))
    return found


@transaction.atomic
def _change_roles(request: Any, chosen: QuerySet[Person]) -> None:
    """All of them, or none: the first refusal names its reason."""
    role = _number(request.POST.get("role"))
    changed = 0
    for person in chosen:
        before = person.role
        changed += people.change_role(by=request.person, person=person, role=role).role != before
    messages.success(
        request, ngettext("%(count)s role changed.", "%(count)s roles changed.", changed) % {"count": changed}
    )


def _file(request: Any, chosen: QuerySet[Person], kind: str) -> HttpResponse:
    """The records as a sheet; each is a reading that the person can see."""
    rows = list(chosen.prefetch_related("groups"))
    record_reads(by=request.person, subjects=rows, what="people.export")
    table = [_heads(), *(_cells(person) for person in rows)]
    if kind == "csv":
        content = b"".join(write_csv(table))
    else:
        file = io.BytesIO()
        write_ods(table, file, title=request.structure.name)
        content = file.getvalue()
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    name = f"{slugify(request.structure.name)}-{slugify(_('people'))}-{timezone.localdate():%Y-%m-%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


FIELDS = (
    "family_name", "given_name", "display_name", "organisation", "email", "phone", "mobile",
    "street", "postcode", "town", "country", "birth_date",
)  # fmt: skip


def _heads() -> list[str]:
    heads = [str(Person._meta.get_field(name).verbose_name).capitalize() for name in FIELDS]  # type: ignore[union-attr]
    return [*heads, _("Groups"), _("Role"), _("Presence")]


def _cells(person: Person) -> list[Any]:
    groups = ", ".join(sorted(group.name for group in person.groups.all()))
    values = [getattr(person, name) for name in FIELDS]
    return [*values, groups, person.get_role_display(), person.get_status_display()]

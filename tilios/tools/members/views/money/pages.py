"""What every page of money does: show itself under its tab, read what was ticked, give a file."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tilios.core.blobs.serving import content_disposition
from tilios.core.errors import Invalid
from tilios.core.people.models import Person

PAGE = 50


def show(request: Any, template: str, part: str, *, form: Any = None, **context: Any) -> HttpResponse:
    """A page under the tab `part`; a form with errors is answered with 422, and keeps what was typed."""
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, f"members/money/{template}", {"form": form, "part": part, **context}, status=status)


def paged(request: Any, rows: Any, size: int = PAGE) -> Any:
    return Paginator(rows, size).get_page(request.GET.get("page"))


def posted(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def put(form: Any, error: Invalid) -> None:
    """Say an error at the field it names, else above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def ticked(request: Any, name: str, rows: QuerySet[Any]) -> list[Any]:
    """Those of `rows` whose numbers were sent under `name`; what is no number is passed over."""
    return list(rows.filter(pk__in=numbers(request.POST.getlist(name))))


def numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 18]


def last_shown(request: Any, name: str = "until") -> int:
    """The number, sent under `name`, of the last letter that a page to print has shown; 0 for none."""
    return next(iter(numbers(request.POST.getlist(name))), 0)


def somebody(pk: int) -> Person:
    """A person of the structure; 404 for another."""
    return get_object_or_404(Person.objects.filter(visit_ends_at=None), pk=pk)


def file(name: str, media_type: str, content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": content_disposition(name)})

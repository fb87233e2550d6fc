"""A bare Django: no middleware, one view that does `?queries=N` queries on the same database and lists what they gave.

The floor to which bench/pages.py compares: what Django costs for the same number of queries and nothing else.
"""

import os

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[],
        INSTALLED_APPS=[],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": os.environ["BENCH_DATABASE"],
                "CONN_MAX_AGE": None,
            }
        },
        USE_TZ=True,
    )
    django.setup()

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = engines["django"].from_string(
    "<!doctype html><title>Bare</title>{% for rows in tables %}<ul>"
    "{% for row in rows %}<li>{{ row.0 }} {{ row.1 }}</li>"
    "{% endfor %}</ul>{% endfor %}"
)


def page(request: HttpRequest) -> HttpResponse:
    tables = []
    for _query in range(int(request.GET.get("queries", "1"))):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, display_name FROM people_person ORDER BY sort_name LIMIT 20")
            tables.append(cursor.fetchall())
    return HttpResponse(PAGE.render({"tables": tables}))


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("", page), path("health", health)]
application = WSGIMiddleware(get_wsgi_application(), workers=16)  # type: ignore[arg-type]

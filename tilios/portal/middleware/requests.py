"""One log line a request: what was asked, what was answered, how long it took, how many queries."""

import logging
import time
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger("tilios.request")


class CountQueries:
    """Counts the queries of a connection while it stands in `execute_wrapper`."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        self.count += 1
        return execute(sql, params, many, context)


class RequestLog:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        queries = CountQueries()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        logger.info(
            "request",
            extra={
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                "queries": queries.count,
                "account": getattr(getattr(request, "user", None), "pk", None) or "-",
            },
        )
        return response

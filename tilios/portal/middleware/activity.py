"""When a session was last seen, for the list of devices: written every five minutes, not with every page.

allauth's own middleware writes a row for each request: five queries a page, and on SQLite the one lock of all writers.
"""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase

KEY = "seen"  # session key: [session it speaks of, moment]
EVERY_S = 300


class SessionActivity:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session = request.session
        if session.session_key and request.user.is_authenticated:
            key, moment = session.get(KEY, ("", 0))
            if key != session.session_key or time.time() - moment > EVERY_S:
                UserSession.objects.create_from_request(request)
                session[KEY] = [session.session_key, int(time.time())]
        return self.get_response(request)

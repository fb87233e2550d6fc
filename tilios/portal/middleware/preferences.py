"""The language of the account wins over the cookie and the browser's."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation


class Preferences:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = self._language(request)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)

    def _language(self, request: HttpRequest) -> str:
        known = dict(settings.LANGUAGES)
        if request.session.get("_auth_user_id") and getattr(request.user, "language", "") in known:
            return str(getattr(request.user, "language", ""))
        return ""  # LocaleMiddleware has looked at the cookie and the browser; French when they say nothing we speak

"""The addresses of « everything that concerns me »: the page that makes them, and what programs read there."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.access import attempts, networks
from tilios.core.access.guards import tool_view
from tilios.core.access.links import absolute, link
from tilios.core.access.open_pages import open_view
from tilios.core.errors import Conflict, NotAllowed
from tilios.tools.agenda.actions.feeds import make_feed, revoke_feed
from tilios.tools.agenda.models import Feed
from tilios.tools.agenda.queries.feeds import concerning, live_feed, pieces


@tool_view("agenda.view", "GET", "POST")
def home(request: Any) -> HttpResponse:
    """The addresses of one person, and a form to make one."""
    if request.method == "POST":
        busy_only = request.POST.get("contenu") == "occupe"
        try:
            make_feed(by=request.person, label=request.POST.get("nom", ""), busy_only=busy_only)
        except (Conflict, NotAllowed) as error:
            messages.error(request, str(error.message) or _("Only the person themselves can make such an address."))
        else:
            messages.success(request, _("The address is made: give it to your program."))
        return redirect(link("agenda:feeds"))
    found = [] if request.person.acted_by else Feed.objects.filter(person=request.person, revoked_at=None)
    context = {"feeds": [(one, *addresses_of(one)) for one in found], "is_acting": bool(request.person.acted_by)}
    return render(request, "agenda/feeds.html", context)


@tool_view("agenda.view", "POST")
def revoke(request: Any, feed_pk: int) -> HttpResponse:
    if request.person.acted_by:
        raise Http404
    feed = get_object_or_404(Feed.objects.filter(person=request.person), pk=feed_pk)
    revoke_feed(by=request.person, feed=feed)
    messages.success(request, _("The address is taken back: nobody reads anything there any more."))
    return redirect(link("agenda:feeds"))


def addresses_of(feed: Feed) -> tuple[str, str]:
    """The whole address of a feed, and the same as phones open it by themselves."""
    address = absolute(link("agenda:feed", feed.token))
    return address, f"webcal://{address.partition('://')[2]}"


@open_view("agenda", "GET", reason="the token in the address is the key; unknown and revoked ones do not exist")
def feed(request: Any, token: str) -> HttpResponseBase:
    """Everything that concerns a person, for their programs; nothing at all for who has it already."""
    found = live_feed(token)
    who = f"{token if found else ''} {networks.network(request)}"
    if wait := attempts.begin(feed=who):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    if found is None:
        raise Http404
    with override(request.structure.language):
        concerned = concerning(found)
    etag = concerned.etag
    if found.etag != etag:
        found.etag, found.changed_at = etag, timezone.now()
        found.save(update_fields=["etag", "changed_at"])
    told_at = int(found.changed_at.timestamp())
    headers = {
        "ETag": quote_etag(etag),
        "Last-Modified": http_date(told_at),
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
    }
    if get_conditional_response(request, etag=headers["ETag"], last_modified=told_at):
        return HttpResponse(status=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="agenda.ics"'

    def body() -> Any:
        # What is read while it is sent is said in the language and the time zone of the structure all the same.
        source = pieces(concerned)
        while True:
            with override(request.structure.language), timezone.override(request.structure.timezone):
                piece = next(source, None)
            if piece is None:
                return
            yield piece

    return StreamingHttpResponse(body(), content_type="text/calendar; charset=utf-8", headers=headers)

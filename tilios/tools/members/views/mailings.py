"""Pages of mailings: write, look at each letter, try it on oneself, send, follow, hold, stop."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_exempt

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.open_pages import open_view
from tilios.core.errors import Conflict, Invalid
from tilios.tools.members import mailing_letters
from tilios.tools.members.actions import mailings as actions
from tilios.tools.members.filling.vocabulary import for_mails
from tilios.tools.members.forms.mailings import MailingForm
from tilios.tools.members.models import Delivery, Mailing, MailingState
from tilios.tools.members.queries import mailings as queries
from tilios.tools.members.queries.choosing import EVERYBODY, label_of

PAGE = 50
STEPS = {"pause": actions.pause, "resume": actions.resume, "stop": actions.stop}


@tool_view("members.register", "GET")
def mailings(request: Any) -> HttpResponse:
    """The letters, the last ones first."""
    page = Paginator(queries.mailings(), PAGE).get_page(request.GET.get("page"))
    return render(request, "members/mailings/index.html", {"page": page})


@tool_view("members.register", "GET", "POST")
def add_mailing(request: Any) -> HttpResponse:
    """A new letter; `pour` says whom it is for, as a search that was kept gives it."""
    return _write(request, None)


@tool_view("members.register", "GET", "POST")
def change_mailing(request: Any, mailing_pk: int) -> HttpResponse:
    found = get_object_or_404(Mailing, pk=mailing_pk)
    if not found.is_draft:
        return redirect(link("members:mailing", found.pk))
    return _write(request, found)


def _write(request: Any, found: Mailing | None) -> HttpResponse:
    posted = request.method == "POST"
    initial = {"audience": request.GET.get("pour", EVERYBODY), "reply_to": request.person.email}
    form = MailingForm(
        request.POST if posted else None, instance=found, initial=None if found else initial, by=request.person
    )
    if posted and form.is_valid():
        try:
            saved = actions.save_mailing(by=request.person, mailing=found, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            return redirect(link("members:mailing", saved.pk))
    context = {"form": form, "mailing": found, "words": for_mails(request.person).listed()}
    return render(request, "members/mailings/form.html", context, status=422 if form.errors else 200)


@tool_view("members.register", "GET")
def mailing(request: Any, mailing_pk: int) -> HttpResponse:
    """A draft as each will read it, one person at a time; what became of the letters once they are sent."""
    found = get_object_or_404(queries.mailings(), pk=mailing_pk)
    return _draft(request, found) if found.is_draft else _sent(request, found)


def _draft(request: Any, found: Mailing) -> HttpResponse:
    try:
        people = queries.recipients(found, request.person)
        mailing_letters.check_words(found, request.person)
    except (Invalid, Conflict) as error:
        messages.error(request, str(error))
        return redirect(link("members:change_mailing", found.pk))
    page = Paginator(people.letters, 1).get_page(request.GET.get("page"))
    shown = page.object_list[0] if page.object_list else None
    said = mailing_letters.said_to(found, [shown], by=request.person)[0] if shown else None
    context = {
        "mailing": found,
        "audience": label_of(found.audience, request.person),
        "people": people,
        "page": page,
        "shown": shown,
        "said": said,
        "left_out": [
            (_("They refuse news"), people.refusing),
            (_("They have no mail address"), people.without_address),
            (_("Their address takes no letter"), people.returned),
            (_("They share an address with somebody who receives it"), people.sharing),
        ],
        "minutes": -(-len(people.letters) // found.per_minute),
    }
    return render(request, "members/mailings/draft.html", context)


def _sent(request: Any, found: Mailing) -> HttpResponse:
    counts = queries.standing_counts(found)
    labels = {
        queries.GONE: pgettext("of letters", "Sent"),
        queries.LEAVING: _("Leaving"),
        queries.WAITING: _("Waiting for their turn"),
        queries.RETURNED: _("Came back"),
        queries.STUCK: _("The mail server refuses"),
    }
    tabs = [(name, label, counts[name]) for name, label in labels.items()]
    show = request.GET.get("voir", "")
    if show not in labels:
        show = next((name for name in (queries.RETURNED, queries.STUCK, *labels) if counts[name]), queries.GONE)
    context = {
        "mailing": found,
        "tabs": tabs,
        "show": show,
        "total": sum(counts.values()),
        "gone": sum(counts.values()) - counts[queries.WAITING],
        "html": mailing_letters.unfilled(found),
        "page": Paginator(queries.deliveries(found, show), PAGE).get_page(request.GET.get("page")),
        "audience": label_of(found.audience, request.person),
    }
    if not request.htmx or request.htmx.boosted:
        return render(request, "members/mailings/sent.html", context)
    response = render(request, "members/mailings/_progress.html", context)
    if found.state != MailingState.SENDING:
        response["HX-Redirect"] = link("members:mailing", found.pk)
    return response


@tool_view("members.register", "POST")
def test_mailing(request: Any, mailing_pk: int) -> HttpResponse:
    """Send the letter to oneself, as the person shown would read it."""
    found = get_object_or_404(Mailing, pk=mailing_pk)
    letters = queries.recipients(found, request.person).letters
    number = request.POST.get("record", "")
    record = next((one for one in letters if str(one.pk) == number), letters[0] if letters else None)
    try:
        address = actions.send_test(by=request.person, mailing=found, record=record)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The letter is on its way to %(address)s.") % {"address": address})
    return redirect(link("members:mailing", found.pk))


@tool_view("members.register", "POST")
def start_mailing(request: Any, mailing_pk: int) -> HttpResponse:
    found = get_object_or_404(Mailing, pk=mailing_pk)
    try:
        actions.start(by=request.person, mailing=found)
    except Conflict as error:
        messages.error(request, str(error))
    return redirect(link("members:mailing", found.pk))


@tool_view("members.register", "POST")
def move_mailing(request: Any, mailing_pk: int, step: str) -> HttpResponse:
    """Hold, resume or stop. 404 for any other word."""
    found = get_object_or_404(Mailing, pk=mailing_pk)
    if step not in STEPS:
        raise Http404
    try:
        STEPS[step](by=request.person, mailing=found)
    except Conflict as error:
        messages.error(request, str(error))
    return redirect(link("members:mailing", found.pk))


@tool_view("members.register", "POST")
def copy_mailing(request: Any, mailing_pk: int) -> HttpResponse:
    made = actions.copy_mailing(by=request.person, mailing=get_object_or_404(Mailing, pk=mailing_pk))
    return redirect(link("members:change_mailing", made.pk))


@tool_view("members.register", "POST")
def remove_mailing(request: Any, mailing_pk: int) -> HttpResponse:
    actions.remove_mailing(by=request.person, mailing=get_object_or_404(Mailing, pk=mailing_pk))
    messages.success(request, _("This letter is forgotten."))
    return redirect(link("members:mailings"))


@tool_view("members.register", "POST")
def forgive(request: Any, delivery_pk: int) -> HttpResponse:
    """Write to an address again."""
    found = get_object_or_404(Delivery.objects.select_related("mailing", "record__person"), pk=delivery_pk)
    actions.forgive(by=request.person, delivery=found)
    messages.success(request, _("The next letters go to this address again."))
    return redirect(link("members:mailing", found.mailing_id))


# SECURITY: mail programs post without a page and its token (RFC 8058); what counts is the signed key of one member.
@csrf_exempt
@open_view("members", "GET", "POST", reason="the key in the letter stops the news of one member, and nothing else")
def unsubscribe(request: Any, token: str) -> HttpResponse:
    """No more news. GET asks, POST does it: a mail scanner that follows links stops nothing (RFC 8058)."""
    record = mailing_letters.record_of_token(token)
    if record is None:
        raise Http404
    if request.method == "POST":
        actions.unsubscribe(record=record)
    context = {"structure": request.structure, "done": request.method == "POST"}
    return render(request, "members/mailings/unsubscribe.html", context)

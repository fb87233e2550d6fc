"""On your phone: one press, a QR code, or the addresses of CalDAV and CardDAV; which devices are connected."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from tilios.core.access import app_passwords, connecting
from tilios.core.access.guards import public_view, tool_view
from tilios.core.access.links import link
from tilios.core.blobs.serving import content_disposition
from tilios.core.people.models import Account
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure
from tilios.tools.agenda import devices, mailed
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Item, Nature
from tilios.tools.agenda.queries.views import collections_of

SCOPE = "phone"  # of app passwords: calendars and contacts
SCOPES = ("phone", "calendar", "contacts")
FILE = "tilios.mobileconfig"
#: The parts of the page: word in the address, label, icon.
PARTS = (
    ("android", pgettext_lazy("a device", "Android"), "smartphone"),
    ("iphone", pgettext_lazy("a device", "iPhone, iPad"), "smartphone"),
    ("mac", pgettext_lazy("a device", "Mac"), "laptop"),
    ("ordinateur", pgettext_lazy("a device", "Windows, Linux"), "monitor"),
    ("nextcloud", pgettext_lazy("a device", "Nextcloud's programs"), "refresh-cw"),
)
NAMES = {
    "android": pgettext_lazy("name of a device", "Android phone"),
    "iphone": pgettext_lazy("name of a device", "iPhone or iPad"),
    "mac": pgettext_lazy("name of a device", "Mac"),
}


@tool_view("agenda.view", "GET")
def home(request: Any) -> HttpResponse:
    """What each kind of device asks for, step by step; those that are connected."""
    rights = open_spaces(request.person)
    at = request.GET.get("appareil", "")
    at = at if at in {word for word, _label, _icon in PARTS} else PARTS[0][0]
    context = {
        "at": at,
        "parts": PARTS,
        "server": f"{settings.TILIOS_URL}/",
        "host": urlsplit(settings.TILIOS_URL).netloc,
        "login": request.user.email,
        "devices": app_passwords.live(request.user).filter(scope__in=SCOPES),
        "calendars": [(one, dav_address(one)) for one in collections_of(rights, Nature.CALENDAR)],
        "invitations": mailed.personal_address(request.person) if rights.may("own") else "",
        "books": [(one, dav_address(one)) for one in collections_of(rights, Nature.BOOK)],
    }
    return render(request, "agenda/phone.html", context)


@tool_view("agenda.view", "GET", "POST")
@reauthentication_required  # SECURITY: a session left open must not become a key that stays.
def connect(request: Any) -> HttpResponseBase:
    """Name the device, then connect it: here at one press, or by a QR code that it scans."""
    kind = request.POST.get("appareil", request.GET.get("appareil", ""))
    kind = kind if kind in NAMES else "android"
    label = " ".join(request.POST.get("nom", "").split())[:80] or str(NAMES[kind])
    if request.method == "GET":
        return render(request, "agenda/phone_connect.html", {"kind": kind, "label": label})
    if "ici" in request.POST:
        _row, clear = app_passwords.create(account=request.user, scope=SCOPE, label=label)
        return _given(request, kind, request.user, clear, current_structure())
    begun = connecting.begin(label=label)
    connecting.grant(account=request.user, key=begun.key, scope=SCOPE)
    path = reverse("agenda:phone_scanned", args=[current_structure().slug, begun.poll_key])
    address = f"{settings.TILIOS_URL}{path}"
    minutes = int(connecting.LASTS.total_seconds() // 60)
    context = {"kind": kind, "label": label, "address": address, "minutes": minutes}
    return _private(render(request, "agenda/phone_qr.html", context))


@tool_view("agenda.view", "POST")
def disconnect(request: Any, password_pk: int) -> HttpResponse:
    """Take the password of a device back: it sees nothing more, at once."""
    row = get_object_or_404(app_passwords.live(request.user), pk=password_pk, scope__in=SCOPES)
    app_passwords.revoke(account=request.user, pk=row.pk)
    messages.success(request, _("“%(name)s” is disconnected.") % {"name": row.label})
    return redirect(link("agenda:phone"))


@public_view("GET", "POST", reason="the key of the QR code, made by somebody signed in, is the way in, once")
def scanned(request: HttpRequest, structure: str, key: str) -> HttpResponse:
    """What the scanned QR code opens on the device: one press connects it, and the code is spent."""
    here = get_object_or_404(Structure, slug=structure, suspended_at=None)
    asked = connecting.granted(key)
    if asked is None or asked.account is None or not asked.account.is_active:
        return _private(render(request, "agenda/phone_spent.html", {"structure": here}, status=404))
    if request.method == "GET":
        context = {
            "structure": here,
            "account": asked.account,
            "label": asked.label,
            "iphone_first": _is_apple(request),
        }
        return _private(render(request, "agenda/phone_scanned.html", context))
    given = connecting.collect(key)
    if given is None:
        raise Http404
    account, clear = given
    kind = "android" if "android" in request.POST else "iphone"
    return _given(request, kind, account, clear, here, page="ui/page.html")


def _is_apple(request: HttpRequest) -> bool:
    """Which button comes first; both are there, whatever the device says it is."""
    said = request.headers.get("User-Agent", "")
    return "iPhone" in said or "iPad" in said or "Macintosh" in said


def _given(
    request: Any, kind: str, account: Account, clear: str, structure: Structure, *, page: str = "ui/shell.html"
) -> HttpResponse:
    """The password, in the way that the device takes it: a profile for Apple, else a button that opens DAVx5."""
    if kind == "android":
        context = {
            "page": page,
            "address": devices.davx5_link(account, clear),
            "server": f"{settings.TILIOS_URL}/",
            "login": account.email,
            "password": clear,
        }
        return _private(render(request, "agenda/phone_android.html", context))
    answer = HttpResponse(devices.apple_profile(account, clear, name=structure.name), content_type=devices.PROFILE_TYPE)
    answer["Content-Disposition"] = content_disposition(FILE)
    answer["X-Content-Type-Options"] = "nosniff"
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    # SECURITY: what opens somebody's calendars stays in no cache, and is told to no other site.
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def dav_address(collection: Item) -> str:
    """Where programs that ask for the whole address of a collection find it."""
    mount = "calendars" if collection.nature == Nature.CALENDAR else "addressbooks"
    return f"{settings.TILIOS_URL}/dav/{mount}/{current_structure().slug}/{collection.address}/"

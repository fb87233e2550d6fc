"""One request of the protocol, from a page of a structure (views.py) or through a share link (shared.py)."""

import json
from collections.abc import Callable
from contextlib import suppress
from email.utils import format_datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from tilios.core.errors import Refused
from tilios.core.uploads import actions, protocol, queries
from tilios.core.uploads.errors import Malformed
from tilios.core.uploads.limits import limits
from tilios.core.uploads.models import State, Upload
from tilios.core.uploads.senders import Sender

METHODS = ("GET", "POST", "PATCH", "DELETE", "OPTIONS")
#: What the tool answered, in JSON: the sender need not ask.
RESULT = "Tilios-Upload"


def create(
    request: HttpRequest,
    sender: Sender,
    *,
    address: Callable[[str], str],
    target_of: Callable[[protocol.Metadata], Any],
) -> HttpResponse:
    """POST announces a file, with its first bytes if it likes; OPTIONS tells what is understood.

    `address(token)` is where the upload is from then on, `target_of(metadata)` where the file goes.
    """

    def run() -> HttpResponse:
        method = protocol.method_of(request)
        if method == "OPTIONS":
            return _options()
        if method != "POST":
            raise Malformed(405, {"Allow": "POST, OPTIONS"})
        protocol.require_version(request)
        length = protocol.number(request, "Upload-Length")
        said = protocol.metadata(request.headers.get("Upload-Metadata", ""))
        upload = actions.create_upload(by=sender, said=said, target=target_of(said), length=length)
        response = HttpResponse(status=201, headers={"Location": address(upload.token)})
        if request.content_type == protocol.BODY:
            body, checksum = protocol.Incoming(request), protocol.checksum(request)
            # The upload exists, whatever becomes of these bytes: its sender asks where it stands, and is told then.
            with suppress(Refused):
                actions.receive(upload=upload, offset=0, body=body, checksum=checksum)
        return _standing(response, _concluded(sender, upload))

    return _spoken(run)


def upload(request: HttpRequest, sender: Sender, token: str) -> HttpResponse:
    """HEAD tells where an upload stands, PATCH adds to it, DELETE gives it up; GET tells in JSON what became of it, and
    POST (`choice`) says what to do where a name is taken. Http404 for another's.
    """
    found = queries.of(sender).filter(token=token).first()
    if found is None:
        raise Http404

    def run() -> HttpResponse:
        match protocol.method_of(request):
            case "OPTIONS":
                return _options()
            case "HEAD":
                protocol.require_version(request)
                response = HttpResponse(status=200, headers={"Upload-Length": str(found.length)})
                return _standing(response, _concluded(sender, _alive(found)))
            case "PATCH":
                return _patch(request, sender, found)
            case "DELETE":
                protocol.require_version(request)
                actions.terminate(upload=found)
                return HttpResponse(status=204)
            case "POST":
                chosen = request.POST.get("choice", "")
                return _told(actions.conclude(by=sender, upload=found, choice=chosen))
            case "GET":
                return _told(_concluded(sender, _alive(found)))
            case _:
                raise Malformed(405, {"Allow": ", ".join(("HEAD", *METHODS))})

    return _spoken(run)


def _patch(request: HttpRequest, sender: Sender, found: Upload) -> HttpResponse:
    protocol.require_version(request)
    protocol.require_body(request)
    offset, checksum = protocol.number(request, "Upload-Offset"), protocol.checksum(request)
    actions.receive(upload=found, offset=offset, body=protocol.Incoming(request), checksum=checksum)
    return _standing(HttpResponse(status=204), _concluded(sender, found))


def _alive(found: Upload) -> Upload:
    actions.refuse_ended(found)
    return found


def _concluded(sender: Sender, found: Upload) -> Upload:
    """Whoever asks about an upload that is whole has it taken, if the answer to its last bytes was lost with them."""
    if found.state == State.RECEIVING and found.is_whole:
        return actions.conclude(by=sender, upload=found)
    return found


def _standing(response: HttpResponse, found: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(found.offset)
    response["Upload-Expires"] = format_datetime(found.expires_at, usegmt=True)
    if found.state != State.RECEIVING:
        response[RESULT] = json.dumps(_state(found))  # ASCII, on one line
    return response


def _state(found: Upload) -> dict[str, Any]:
    """What the sender's page shows."""
    state: dict[str, Any] = {"state": found.state, "name": found.name}
    if found.state == State.WAITING:
        state |= {"message": found.problem, "conflict": bool(found.result and found.result.get("conflict"))}
    elif found.state == State.DONE:
        state |= {"result": found.result}
    return state


def _told(found: Upload) -> HttpResponse:
    status = int((found.result or {}).get("status", 409)) if found.state == State.WAITING else 200
    return JsonResponse(_state(found) | {"offset": found.offset, "length": found.length}, status=status)


def _options() -> HttpResponse:
    said = {
        "Tus-Version": protocol.VERSION,
        "Tus-Extension": protocol.EXTENSIONS,
        "Tus-Max-Size": str(limits().most_bytes),
        "Tus-Checksum-Algorithm": "sha256",
    }
    return HttpResponse(status=204, headers=said)


def _spoken(run: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `run`, or of what it refuses: a status and one sentence, for programs and for people."""
    try:
        response = run()
    except Refused as error:
        response = HttpResponse(str(error.message), status=error.status, content_type="text/plain; charset=utf-8")
        for name, value in getattr(error, "headers", {}).items():
            response[name] = value
    response["Tus-Resumable"] = protocol.VERSION
    response["Cache-Control"] = "no-store"
    return response

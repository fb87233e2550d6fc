"""The protocol, request by request."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.harness import s3
from tilios.core.blobs import actions as blobs
from tilios.core.blobs import partial
from tilios.core.blobs.models import Blob
from tilios.core.structures.scope import scope
from tilios.core.uploads import actions
from tilios.core.uploads.models import Upload
from tilios.core.uploads.tests.conftest import CREATE, Tus, described
from tilios.core.uploads.tests.tray import tray

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def said(answer: Any) -> dict[str, Any]:
    """What the answer says became of the upload."""
    found: dict[str, Any] = json.loads(answer["Tilios-Upload"])
    return found


def test_the_server_says_what_it_understands(tus: Tus) -> None:
    answer = tus.send("OPTIONS", CREATE)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) >= {"creation", "termination", "expiration", "checksum"}
    assert answer["Tus-Checksum-Algorithm"] == "sha256"
    assert int(answer["Tus-Max-Size"]) > 2**31


def test_a_file_in_three_goes_is_taken_once(tus: Tus) -> None:
    url = tus.create(16, modified="1767225600000", path="Photos/été", filetype="text/plain")
    assert (tus.head(url)["Upload-Offset"], tus.head(url)["Upload-Length"]) == ("0", "16")
    assert tus.patch(url, 0, b"bon")["Upload-Offset"] == "3"
    assert tus.patch(url, 3, b"jour le")["Upload-Offset"] == "10"
    assert tus.head(url)["Upload-Offset"] == "10"
    last = tus.patch(url, 10, b" monde")
    assert (last.status_code, last["Upload-Offset"], last["Tus-Resumable"]) == (204, "16", "1.0.0")
    assert said(last) == {
        "state": "done",
        "name": "plan.txt",
        "result": {"url": "/tray/1/", "kind": "tests.file", "pk": 1},
    }
    assert tray.files == {"plan.txt": hashlib.sha256(b"bonjour le monde").hexdigest()}
    assert tray.taken == [(tus.cast.bob, "tray", "Photos/été", "plan.txt", 1767225600000)]
    assert not list(partial.folder().iterdir())


def test_a_small_file_comes_with_its_announcement(tus: Tus) -> None:
    answer = tus.announce(7, b"bonjour")
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "7")
    assert said(answer)["state"] == "done"


def test_an_empty_file_is_a_file(tus: Tus) -> None:
    assert said(tus.announce(0))["state"] == "done"
    assert tray.files == {"plan.txt": hashlib.sha256().hexdigest()}


def test_whoever_did_not_hear_the_last_answer_is_told_again_and_the_tool_is_not_asked_twice(tus: Tus) -> None:
    url = tus.create(7)
    first = said(tus.patch(url, 0, b"bonjour"))
    for answer in (tus.head(url), tus.patch(url, 7, b""), tus.head(url)):
        assert answer["Upload-Offset"] == "7"
        assert said(answer) == first
    assert tus.send("POST", url, Content_Type="application/x-www-form-urlencoded").json()["result"] == first["result"]
    assert len(tray.taken) == 1


def test_bytes_that_were_whole_when_the_server_died_are_taken_when_somebody_asks(tus: Tus) -> None:
    url = tus.create(7)
    with scope(tus.cast.fabrique):
        one = Upload.objects.get()
        with one.partial.writing(0) as write:
            write(b"bonjour")
    assert tray.taken == []
    assert said(tus.head(url))["state"] == "done"
    assert len(tray.taken) == 1


def test_bytes_go_at_the_end_and_nowhere_else(tus: Tus) -> None:
    url = tus.create(10)
    tus.patch(url, 0, b"bonjour")
    for offset in (0, 3, 8):
        answer = tus.patch(url, offset, b"xx")
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "7")
    assert tus.patch(url, 7, b"four").status_code == 413
    assert tus.head(url)["Upload-Offset"] == "7"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus_Resumable": "0.2.2"}, 412),
        ({"Content_Type": "text/plain"}, 415),
        ({"Upload_Offset": "-1"}, 400),
        ({"Upload_Offset": "un"}, 400),
        ({"Upload_Checksum": "crc32 AAAA"}, 400),
        ({"Upload_Checksum": "sha256 AAAA"}, 400),
    ],
)
def test_a_piece_that_is_not_of_the_protocol_is_refused(tus: Tus, headers: dict[str, str], status: int) -> None:
    url = tus.create(7)
    answer = tus.send("PATCH", url, b"bonjour", **({"Upload_Offset": "0"} | headers))
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/plain")
    assert tus.head(url)["Upload-Offset"] == "0"


@pytest.mark.parametrize("length", ["", "-1", "x", "9" * 19])
def test_an_announcement_says_how_long_the_file_is(tus: Tus, length: str) -> None:
    assert tus.announce(length).status_code == 400


@pytest.mark.parametrize("name", ["", "..", "a/b", "../../etc/passwd", "a\0b", "a\nb", "é" * 200])
def test_a_name_that_is_none_is_refused_with_a_sentence(tus: Tus, name: str) -> None:
    answer = tus.announce(7, filename=name)
    assert answer.status_code == 422
    assert answer.content.decode()


def test_folders_lead_nowhere_else(tus: Tus) -> None:
    assert tus.announce(7, path="../..").status_code == 422
    assert tus.announce(7, path="a/./b").status_code == 422
    assert tus.announce(7, path="/".join("a" * 60)).status_code == 422
    assert tus.announce(7, path="/Photos//2026/").status_code == 201
    with scope(tus.cast.fabrique):
        assert Upload.objects.get().path == "Photos/2026"


def test_the_tool_refuses_before_any_byte(tus: Tus) -> None:
    answer = tus.announce(7, filename="virus.exe")
    assert (answer.status_code, answer.content.decode()) == (422, "No programs here.")
    answer = tus.announce(7, target=tus.target({"folder": "closed"}))
    assert (answer.status_code, answer.content.decode()) == (403, "This folder is closed.")
    with scope(tus.cast.fabrique):
        assert not Upload.objects.exists()


def test_a_place_cannot_be_forged_nor_borrowed(tus: Tus) -> None:
    alice = Tus(tus.cast, "alice")
    for target in ("", "tray", tus.target() + "x", alice.target(), tus.target(tool="colours")):
        assert tus.announce(7, target=target).status_code == 400
    assert tus.announce(7, tool="colours", target=tus.target(tool="colours")).status_code == 400  # takes no file


def test_an_upload_opens_to_its_sender_alone(tus: Tus) -> None:
    url = tus.create(7)
    for who in ("alice", "gus", "charlie"):
        other = Tus(tus.cast, who)
        for method in ("HEAD", "PATCH", "DELETE", "GET", "POST"):
            answer = other.send(method, url, b"x" if method == "PATCH" else b"", Upload_Offset="0")
            assert answer.status_code == 404, (who, method)
    assert Tus(tus.cast, "nobody").head(url).status_code == 302
    assert tus.head(url)["Upload-Offset"] == "0"


def test_what_is_given_up_is_gone_and_says_so(tus: Tus) -> None:
    url = tus.create(7)
    tus.patch(url, 0, b"bon")
    assert tus.send("DELETE", url).status_code == 204
    assert tus.head(url).status_code == 410
    assert tus.patch(url, 3, b"jour").status_code == 410
    assert tus.send("DELETE", url).status_code == 410
    assert not list(partial.folder().iterdir())


def test_a_checksum_keeps_altered_bytes_out(tus: Tus) -> None:
    url = tus.create(7)
    right = base64.b64encode(hashlib.sha256(b"bon").digest()).decode()
    assert tus.patch(url, 0, b"bom", Upload_Checksum=f"sha256 {right}").status_code == 460
    assert tus.head(url)["Upload-Offset"] == "0"
    assert tus.patch(url, 0, b"bon", Upload_Checksum=f"sha256 {right}").status_code == 204
    assert tus.head(url)["Upload-Offset"] == "3"


def test_a_browser_that_knows_post_alone_is_served(tus: Tus) -> None:
    url = tus.create(7)
    answer = tus.send("POST", url, b"bonjour", X_HTTP_Method_Override="PATCH", Upload_Offset="0")
    assert answer.status_code == 204
    url = tus.create(7, filename="autre.txt")
    assert tus.send("POST", url, X_HTTP_Method_Override="DELETE").status_code == 204


def choose(tus: Tus, url: str, choice: str) -> Any:
    return tus.client.post(url, {"choice": choice})


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("replace", {"plan.txt": b"nouveau"}),
        ("both", {"plan.txt": b"ancien.", "plan (2).txt": b"nouveau"}),
        ("skip", {"plan.txt": b"ancien."}),
    ],
)
def test_a_name_that_is_taken_is_asked_about(tus: Tus, choice: str, names: dict[str, bytes]) -> None:
    tus.announce(7, b"ancien.")
    url = tus.create(7)
    answer = tus.patch(url, 0, b"nouveau")
    assert answer.status_code == 204
    assert said(answer) == {
        "state": "waiting",
        "name": "plan.txt",
        "message": "“plan.txt” is there already.",
        "conflict": True,
    }
    assert len(tray.taken) == 1
    assert tus.send("GET", url).status_code == 409
    assert choose(tus, url, "else").status_code == 400
    answer = choose(tus, url, choice)
    assert answer.status_code == 200
    assert answer.json()["state"] == ("skipped" if choice == "skip" else "done")
    assert choose(tus, url, choice).json() == answer.json()
    assert tray.files == {name: hashlib.sha256(content).hexdigest() for name, content in names.items()}


def test_an_upload_that_waits_keeps_its_bytes(tus: Tus) -> None:
    tus.announce(7, b"ancien.")
    url = tus.create(7)
    tus.patch(url, 0, b"nouveau")
    blobs.collect(timedelta(0))
    choose(tus, url, "replace")
    assert Blob.objects.get(sha256=tray.files["plan.txt"]).open().read() == b"nouveau"


def test_a_right_lost_meanwhile_stops_the_end_and_may_be_tried_again(tus: Tus) -> None:
    url = tus.create(7)
    tray.closed = True
    answer = said(tus.patch(url, 0, b"bonjour"))
    assert (answer["state"], answer["conflict"]) == ("waiting", False)
    assert tus.send("GET", url).status_code == 403
    tray.closed = False
    assert choose(tus, url, "").json()["state"] == "done"


def test_too_large_too_many_and_too_fast_are_refused_in_words(tus: Tus, settings: Any) -> None:
    settings.TILIOS_UPLOADS = {"most_bytes": 100}
    assert tus.announce(101).status_code == 413
    settings.TILIOS_UPLOADS = {"most_waiting_bytes": 10}
    url = tus.create(6)
    assert tus.announce(5).status_code == 429
    tus.patch(url, 0, b"bonjou")
    assert tus.announce(5).status_code == 201
    settings.TILIOS_UPLOADS = {"most_waiting": 1}
    assert tus.announce(5).status_code == 429
    settings.TILIOS_UPLOADS = {"per_minute": 2}
    answer = tus.announce(5)
    assert (answer.status_code, answer["Retry-After"]) == (429, "15")
    assert Tus(tus.cast, "alice").announce(5).status_code == 201  # each sender has a count of their own


def test_a_full_disk_says_so_and_keeps_what_had_come(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    url = tus.create(7)
    tus.patch(url, 0, b"bon")
    monkeypatch.setattr(partial, "has_room", lambda _size: False)
    assert tus.patch(url, 3, b"jour").status_code == 507
    assert tus.announce(7, filename="b.txt").status_code == 507
    monkeypatch.undo()
    assert tus.head(url)["Upload-Offset"] == "3"


def test_readers_keep_their_threads(tus: Tus, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url = tus.create(7)
    monkeypatch.setattr(actions._places, "taken", 2)
    settings.TILIOS_UPLOADS = {"at_once": 2}
    answer = tus.patch(url, 0, b"bonjour")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    settings.TILIOS_UPLOADS = {"at_once": 3}
    assert tus.patch(url, 0, b"bonjour").status_code == 204


def test_what_is_unfinished_expires_and_leaves_nothing(tus: Tus) -> None:
    old, young = tus.create(7), tus.create(7, filename="b.txt")
    tus.patch(old, 0, b"bon")
    with scope(tus.cast.fabrique):
        oldest = Upload.objects.get(name="plan.txt")
        Upload.objects.filter(pk=oldest.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tus.head(old).status_code == 410
    assert actions.expire() == 1
    assert tus.head(old).status_code == 404
    assert tus.head(young)["Upload-Offset"] == "0"
    assert [path.name for path in partial.folder().iterdir()] != [oldest.token]
    assert len(list(partial.folder().iterdir())) == 1


def test_each_piece_gives_more_time(tus: Tus) -> None:
    url = tus.create(7)
    with scope(tus.cast.fabrique):
        Upload.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
        tus.patch(url, 0, b"bon")
        assert Upload.objects.get().expires_at > timezone.now() + timedelta(days=6)


def test_a_site_of_others_cannot_send_in_the_name_of_a_reader(cast: "Cast") -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    assert cast.bob.account
    client.force_login(cast.bob.account)
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "1", "Upload-Metadata": described(filename="x")}
    assert client.post(CREATE, headers=headers).status_code == 403


def test_with_a_bucket_for_the_blobs_it_still_arrives_on_the_disk_first(tus: Tus, settings: Any, tmp_path: Any) -> None:
    settings.TILIOS_DATA = tmp_path
    with s3.running() as server:
        settings.STORAGES = settings.STORAGES | {"blobs": server.storage()}
        url = tus.create(7)
        tus.patch(url, 0, b"bon")
        assert [path.read_bytes() for path in (tmp_path / "tmp/partial").iterdir()] == [b"bon"]
        assert said(tus.patch(url, 3, b"jour"))["state"] == "done"
        assert Blob.objects.get().open().read() == b"bonjour"
        assert not list((tmp_path / "tmp/partial").iterdir())

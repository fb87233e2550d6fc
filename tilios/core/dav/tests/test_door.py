"""Who comes in, and what hostile requests get."""

import base64
import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from tilios.core.access import app_passwords
from tilios.core.access.models import AppPassword
from tilios.core.dav.models import Lock
from tilios.core.dav.tests.shelf import Shelf
from tilios.core.structures.scope import scope

BASE = "/dav/shelf/la-fabrique/"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<D:propfind xmlns:D="DAV:"><D:prop><D:x>&b;</D:x></D:prop></D:propfind>'
)
OUTSIDE = BOMB.replace('"ha"', 'SYSTEM "file:///etc/passwd"')


def send(
    dav: SimpleNamespace, method: str, path: str = BASE, body: bytes | str = b"", who: str = "bob", **headers: str
) -> http.client.HTTPResponse:
    """One request on a connection of its own; the answer, its body read in `.content`."""
    line = http.client.HTTPConnection("127.0.0.1", dav.port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if who:
        named["Authorization"] = "Basic " + base64.b64encode(":".join(dav.login(who)).encode()).decode()
    line.request(method, path, body, named)
    answer: Any = line.getresponse()
    answer.content = answer.read()
    line.close()
    return answer


def test_nobody_comes_in_without_an_app_password(dav: SimpleNamespace) -> None:
    for path in ("/dav/", "/dav/shelf/", BASE, "/dav/nothing/"):
        answer = send(dav, "PROPFIND", path, who="", Depth="0")
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    wrong = base64.b64encode(b"bob.lambert@example.org:aaaaa-bbbbb").decode()
    assert send(dav, "GET", BASE, who="", Authorization=f"Basic {wrong}").status == 401
    assert send(dav, "GET", BASE, who="", Authorization="Basic %%%").status == 401
    assert send(dav, "GET", BASE, who="", Authorization="Bearer x").status == 401


def test_a_revoked_password_and_one_of_another_scope_open_nothing(dav: SimpleNamespace) -> None:
    account = dav.cast.bob.account
    assert send(dav, "PROPFIND", Depth="0").status == 207
    AppPassword.objects.filter(account=account).update(revoked_at=timezone.now())
    assert send(dav, "PROPFIND", Depth="0").status == 401
    other = app_passwords.create(account=account, scope="calendar", label="x")[1]
    pair = base64.b64encode(f"{account.email}:{other}".encode()).decode()
    assert send(dav, "PROPFIND", who="", Depth="0", Authorization=f"Basic {pair}").status == 401


def test_a_stranger_sees_neither_the_structure_nor_that_it_exists(dav: SimpleNamespace) -> None:
    for method in ("PROPFIND", "GET", "PUT", "DELETE", "MKCOL", "LOCK"):
        there = send(dav, method, BASE + "x", who="charlie", Depth="0")
        nowhere = send(dav, method, "/dav/shelf/no-such-place/x", who="charlie", Depth="0")
        assert there.status == nowhere.status == 404
        assert there.content == nowhere.content
    listed = send(dav, "PROPFIND", "/dav/shelf/", who="charlie", Depth="1").content.decode()
    assert "l-atelier" in listed
    assert "la-fabrique" not in listed


def test_nothing_is_copied_or_moved_out_of_its_structure(dav: SimpleNamespace) -> None:
    assert send(dav, "PUT", BASE + "a.txt", b"a").status == 201
    here = f"http://127.0.0.1:{dav.port}"
    for target, expected in (
        (f"{here}/dav/shelf/l-atelier/a.txt", 403),
        ("/dav/shelf/l-atelier/a.txt", 403),
        (f"{here}/dav/shelf/la-fabrique/../l-atelier/a.txt", 400),
        (f"{here}/dav/shelf/la-fabrique/%2e%2e/l-atelier/a.txt", 400),
        (f"{here}/dav/shelf/la-fabrique/..%2fl-atelier/a.txt", 400),
        ("http://elsewhere.example/dav/shelf/la-fabrique/b.txt", 502),
        ("", 400),
    ):
        for method in ("COPY", "MOVE"):
            assert send(dav, method, BASE + "a.txt", Destination=target).status == expected, target
    assert send(dav, "GET", BASE + "a.txt").content == b"a"


HOSTILE = (
    "../l-atelier/", "%2e%2e/x", "..%2fx", "a%00b", "a%0ab", "%c0%ae%c0%ae/x", "%ff%fe", "%ed%a0%80", "a" * 5000,
    "/".join("a" * 200), "é" * 200,
)  # fmt: skip


@pytest.mark.parametrize("method", ["PROPFIND", "GET", "PUT", "DELETE", "MKCOL", "LOCK", "PROPPATCH", "REPORT"])
def test_hostile_paths_are_never_our_fault(dav: SimpleNamespace, method: str) -> None:
    for path in HOSTILE:
        assert 400 <= send(dav, method, BASE + quote(path, safe="%/."), Depth="0").status < 500, path
    assert not Shelf.top.members


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, "<a", "<a/>", "\x00", "<D:propfind xmlns:D='DAV:'/>"])
@pytest.mark.parametrize("method", ["PROPFIND", "PROPPATCH", "LOCK", "REPORT"])
def test_hostile_xml_is_refused(dav: SimpleNamespace, body: str, method: str) -> None:
    answer = send(dav, method, BASE, body, Depth="0")
    assert answer.status in {400, 403}
    assert b"root:" not in answer.content


def test_a_body_without_end_is_refused(dav: SimpleNamespace) -> None:
    assert send(dav, "PROPFIND", BASE, b"<a>" + b"x" * 1_100_000, Depth="0").status == 413


def test_an_upload_cut_half_way_leaves_what_was_there(dav: SimpleNamespace) -> None:
    assert send(dav, "PUT", BASE + "a.txt", b"whole").status == 201
    login = base64.b64encode(":".join(dav.login("bob")).encode()).decode()
    for head, part in (
        ("Content-Length: 1000000\r\n", b"half of it"),
        ("Transfer-Encoding: chunked\r\n", b"a\r\nhalf of it\r\n"),
    ):
        with socket.create_connection(("127.0.0.1", dav.port)) as line:
            start = f"PUT {BASE}a.txt HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {login}\r\n{head}\r\n"
            line.sendall(start.encode() + part)
            line.shutdown(socket.SHUT_WR)
            line.settimeout(5)
            try:
                while line.recv(4096):
                    pass
            except OSError:
                pass
        assert send(dav, "GET", BASE + "a.txt").content == b"whole"


def test_chunks_without_a_length_are_a_file(dav: SimpleNamespace) -> None:
    line = http.client.HTTPConnection("127.0.0.1", dav.port, timeout=20)
    login = base64.b64encode(":".join(dav.login("bob")).encode()).decode()
    line.request(
        "PUT", BASE + "c.txt", iter([b"one ", b"two"]), {"Authorization": f"Basic {login}"}, encode_chunked=True
    )
    assert line.getresponse().status == 201
    assert send(dav, "GET", BASE + "c.txt").content == b"one two"


def test_a_part_never_replaces_the_whole(dav: SimpleNamespace) -> None:
    send(dav, "PUT", BASE + "a.txt", b"whole")
    assert send(dav, "PUT", BASE + "a.txt", b"x", Content_Range="bytes 0-0/5").status == 400
    assert send(dav, "GET", BASE + "a.txt").content == b"whole"


def test_of_twelve_who_make_the_same_file_one_wins(dav: SimpleNamespace) -> None:
    with ThreadPoolExecutor(12) as many:
        for number in range(5):
            path = f"{BASE}new-{number}.txt"
            statuses = list(
                many.map(
                    lambda one, path=path: send(dav, "PUT", path, f"{one}".encode(), If_None_Match="*").status,
                    range(12),
                )
            )
            assert sorted(statuses) == [201, *[412] * 11]
            etag = send(dav, "GET", path).headers["ETag"]
            statuses = list(
                many.map(
                    lambda one, path=path, etag=etag: (
                        send(dav, "PUT", path, f"again {one}".encode(), If_Match=etag).status
                    ),
                    range(12),
                )
            )
            assert sorted(statuses) == [204, *[412] * 11]


LOCK = (
    '<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype>'
    "<D:owner>Bob</D:owner></D:lockinfo>"
)


def test_a_lock_keeps_others_out_even_with_its_token_until_it_expires(dav: SimpleNamespace) -> None:
    send(dav, "PUT", BASE + "a.txt", b"a")
    taken = send(dav, "LOCK", BASE + "a.txt", LOCK, Timeout="Second-60")
    token = taken.headers["Lock-Token"]
    assert send(dav, "PUT", BASE + "a.txt", b"b", who="alice").status == 423
    assert send(dav, "PUT", BASE + "a.txt", b"b", who="alice", If=f"({token})").status == 423
    assert send(dav, "UNLOCK", BASE + "a.txt", who="alice", Lock_Token=token).status == 403
    assert send(dav, "PUT", BASE + "a.txt", b"b", If=f"({token})").status == 204
    with scope(dav.cast.fabrique):
        Lock.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert send(dav, "PUT", BASE + "a.txt", b"c", who="alice").status == 204


def test_of_two_who_lock_at_once_one_holds_it(dav: SimpleNamespace) -> None:
    send(dav, "PUT", BASE + "a.txt", b"a")
    with ThreadPoolExecutor(8) as many:
        who = ["alice", "bob"] * 4
        statuses = list(many.map(lambda one: send(dav, "LOCK", BASE + "a.txt", LOCK, who=one).status, who))
    assert sorted(statuses) == [200, *[423] * 7]


def test_names_are_one_whichever_way_their_accents_are_written(dav: SimpleNamespace) -> None:
    assert send(dav, "PUT", BASE + "e%CC%81te%CC%81.txt", b"nfd").status == 201
    assert send(dav, "PUT", BASE + "%C3%A9t%C3%A9.txt", b"nfc").status == 204
    assert send(dav, "GET", BASE + "e%CC%81te%CC%81.txt").content == b"nfc"
    assert len(Shelf.top.members) == 1


@pytest.mark.parametrize("name", ["100%25.txt", "a%23b.txt", "a%3Fb.txt", "a%26b%3Cc.txt", "fin.", "%F0%9F%8C%BF.txt"])
def test_odd_names_come_back_as_they_went(dav: SimpleNamespace, name: str) -> None:
    assert send(dav, "PUT", BASE + name, b"x").status == 201
    listed = send(dav, "PROPFIND", BASE, Depth="1").content.decode()
    hrefs = [one.text or "" for one in ElementTree.fromstring(listed).iter("{DAV:}href")]
    assert unquote(hrefs[-1]) == unquote(BASE + name)
    assert send(dav, "GET", hrefs[-1]).content == b"x"
    assert send(dav, "DELETE", hrefs[-1]).status == 204

import asyncio
import tracemalloc

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tilios.core.blobs import actions
from tilios.core.blobs.errors import Damaged
from tilios.core.blobs.models import Blob, State
from tilios.core.blobs.serving import _span, blob_response, content_disposition
from tilios.core.blobs.tests.pictures import photograph
from tilios.core.blobs.tests.test_storing import Generated

pytestmark = pytest.mark.django_db

MIB = 2**20
ALPHABET = b"abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def connection_outlives_responses():
    """Closing a response would close the connection to the database, as it does after a request."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


def get(blob, *, method="get", name="fichier", inline=False, immutable=False, **headers):
    request = getattr(RequestFactory(), method)(
        "/", headers={key.replace("_", "-"): value for key, value in headers.items()}
    )
    return blob_response(blob, name=name, inline=inline, immutable=immutable, request=request)


def body(response):
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return content


def test_the_whole_is_given_with_its_length_and_name(put):
    blob = put(b"bonjour", name="a.txt")
    response = blob_response(blob, name="Compte rendu d’été.txt")
    assert (response.status_code, body(response)) == (200, b"bonjour")
    assert response["Content-Length"] == "7"
    assert response["ETag"] == f'"{blob.sha256}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    name = "Compte%20rendu%20d%E2%80%99%C3%A9t%C3%A9.txt"
    assert response["Content-Disposition"] == (
        f"attachment; filename=\"Compte rendu d'ete.txt\"; filename*=UTF-8''{name}"
    )


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.txt", 'attachment; filename="a.txt"'),
        ('a";b.txt', 'attachment; filename="a_;b.txt"'),
        ("a\r\nSet-Cookie: x", 'attachment; filename="a__Set-Cookie_ x"'),
        ("../../etc/passwd", 'attachment; filename=".._.._etc_passwd"'),
        ("100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        ("", 'attachment; filename="fichier"'),
    ],
)
def test_a_name_cannot_break_out_of_its_header(name, header):
    assert content_disposition(name) == header


@given(st.text())
def test_any_name_makes_a_header_of_ascii(name):
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script>", "page.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "dessin.svg"),
        (b'<?xml version="1.0"?><x/>', "x.xml"),
        (b"alert(1)", "x.js"),
        (b"\x7fELF\0\0", "programme"),
        (b"PK\x03\x04", "x.zip"),
    ],
)
def test_what_may_act_is_always_saved_never_shown(put, content, name):
    response = blob_response(put(content, name=name), name=name, inline=True)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")
    response.close()


def test_what_is_passive_is_shown_when_asked(put):
    picture = blob_response(put(photograph()), name="photo.jpg", inline=True)
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert picture["Content-Security-Policy"].startswith("sandbox")
    picture.close()
    pdf = blob_response(put(b"%PDF-1.7\n"), name="x.pdf", inline=True)
    assert pdf["Content-Disposition"].startswith("inline")
    assert pdf["Content-Security-Policy"] == "sandbox; default-src 'none'"
    pdf.close()
    sound = blob_response(put(b"ID3\x03\0"), name="x.mp3", inline=True)
    assert sound["Content-Security-Policy"] == "sandbox allow-same-origin; default-src 'none'; media-src 'self'"
    sound.close()
    saved = blob_response(put(b"ID3\x03\0"), name="x.mp3")
    assert saved["Content-Security-Policy"] == "sandbox; default-src 'none'"
    saved.close()


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("été\n".encode(), "utf-8"),
        ("été".encode(), "utf-8"),
        ("été\n".encode("cp1252"), "windows-1252"),
        ("été".encode("utf-16"), "utf-16"),
        (("é" * 40_000).encode()[:65537], "utf-8"),
    ],
)
def test_a_text_is_shown_as_plain_text_in_its_encoding(put, content, charset):
    response = blob_response(put(content, name="x.csv"), name="x.csv", inline=True)
    assert response["Content-Type"] == f"text/plain; charset={charset}"
    response.close()


@pytest.mark.parametrize(
    ("header", "status", "content", "content_range"),
    [
        ("bytes=0-4", 206, b"abcde", "bytes 0-4/26"),
        ("bytes=5-", 206, ALPHABET[5:], "bytes 5-25/26"),
        ("bytes=-3", 206, b"xyz", "bytes 23-25/26"),
        ("bytes=20-99", 206, b"uvwxyz", "bytes 20-25/26"),
        ("bytes=-99", 200, ALPHABET, None),
        ("bytes=0-25", 200, ALPHABET, None),
        ("bytes=26-", 416, b"", "bytes */26"),
        ("bytes=-0", 416, b"", "bytes */26"),
        ("bytes=5-2", 200, ALPHABET, None),
        ("bytes=0-1,4-5", 200, ALPHABET, None),
        ("lines=0-1", 200, ALPHABET, None),
        ("bytes=-", 200, ALPHABET, None),
        ("bytes=a-b", 200, ALPHABET, None),
    ],
)
def test_ranges(put, header, status, content, content_range):
    response = get(put(ALPHABET), Range=header)
    assert (response.status_code, body(response)) == (status, content)
    assert response.get("Content-Range") == content_range
    if status != 416:
        assert response["Content-Length"] == str(len(content))


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 30))
def test_a_range_is_within_the_bytes(first, last, size):
    request = RequestFactory().get("/", headers={"Range": f"bytes={first}-{last}"})
    span = _span(request, size, '"x"')
    if span is None:
        assert first >= size
    else:
        start, length = span
        assert 0 <= start <= start + length <= size
        if first <= last and first < size:
            assert span == (first, min(last, size - 1) - first + 1)


def test_a_range_of_what_has_changed_gives_the_whole(put):
    blob = put(ALPHABET)
    assert get(blob, Range="bytes=0-4", If_Range=f'"{blob.sha256}"').status_code == 206
    assert get(blob, Range="bytes=0-4", If_Range='"other"').status_code == 200
    assert get(blob, Range="bytes=0-4", If_Range="Wed, 21 Oct 2015 07:28:00 GMT").status_code == 200


def test_what_the_browser_has_is_not_sent_again(put):
    blob = put(ALPHABET)
    for header in (f'"{blob.sha256}"', f'"other", W/"{blob.sha256}"', "*"):
        response = get(blob, If_None_Match=header)
        assert (response.status_code, body(response)) == (304, b"")
        assert response["ETag"] == f'"{blob.sha256}"'
    assert get(blob, If_None_Match='"other"').status_code == 200


def test_an_address_that_names_the_content_is_kept_for_long(put):
    assert get(put(ALPHABET), immutable=True)["Cache-Control"] == "private, max-age=31536000, immutable"


def test_head_gives_the_headers_alone(put):
    response = get(put(ALPHABET), method="head")
    assert (response.status_code, body(response)) == (200, b"")
    assert response["Content-Length"] == "26"


def test_an_empty_file_is_given(put):
    response = get(put(b""), Range="bytes=0-")
    assert response.status_code == 416
    assert body(get(put(b""))) == b""


def test_damaged_bytes_are_not_given(put):
    blob = put(ALPHABET)
    Blob.objects.update(state=State.DAMAGED)
    blob.refresh_from_db()
    with pytest.raises(Damaged):
        blob_response(blob, name="x")


def test_memory_stays_constant_and_the_file_is_closed():
    blob = actions.store(Generated(40 * MIB))
    response = get(blob)
    tracemalloc.start()
    assert sum(map(len, response)) == 40 * MIB
    assert tracemalloc.get_traced_memory()[1] < 2 * MIB
    tracemalloc.stop()


def test_a_browser_that_leaves_closes_the_file(put, monkeypatch):
    opened = []
    read = Blob.open
    monkeypatch.setattr(Blob, "open", lambda blob: opened.append(read(blob)) or opened[-1])
    response = get(put(ALPHABET * 100_000))
    next(iter(response))
    response.close()
    assert [file.closed for file in opened] == [True]


def test_under_asgi_it_streams_as_well(put):
    blob = put(ALPHABET * 100_000)
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"range", b"bytes=26-")], "query_string": b""}
    response = blob_response(blob, name="x", request=ASGIRequest(scope, None))
    assert response.is_async

    async def read():
        return [chunk async for chunk in response]

    chunks = asyncio.run(read())
    assert len(chunks) > 5
    assert b"".join(chunks) == ALPHABET * 99_999
    response.close()

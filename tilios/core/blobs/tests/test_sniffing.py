import io
import zipfile

import pytest
from PIL import Image

from tilios.core.blobs.sniffing import media_type_of
from tilios.core.blobs.tests.pictures import encoded
from tilios.kit.sheets import write_ods, write_xlsx


def sniffed(content, **hints):
    return media_type_of(io.BytesIO(content), **hints)


def workbook(write):
    file = io.BytesIO()
    write([["a", "b"]], file)
    return file.getvalue()


def zipped(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF", "TIFF"])
def test_images_are_known(kind):
    assert (
        sniffed(encoded(Image.new("RGB", (4, 4)), kind), name="x.txt", claimed="text/html") == f"image/{kind.lower()}"
    )


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"\x1f\x8b\x08\0", "application/gzip"),
        (b"ID3\x03\0", "audio/mpeg"),
        (b"\xff\xfb\x90\0", "audio/mpeg"),
        (b"OggS\0\x02" + bytes(22) + b"\x01vorbis", "audio/ogg"),
        (b"OggS\0\x02" + bytes(22) + b"\x80theora", "video/ogg"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x18ftypisom\0\0", "video/mp4"),
        (b"\0\0\0\x18ftypM4A \0\0", "audio/mp4"),
        (b"\0\0\0\x18ftypheic\0\0", "image/heic"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm", "video/webm"),
        (b"SQLite format 3\0", "application/vnd.sqlite3"),
        (b"\x7fELF\x02\x01\x01\0", "application/octet-stream"),
        (b"", "text/plain"),
    ],
)
def test_marks_of_formats_are_known(content, media_type):
    assert sniffed(content) == media_type


def test_documents_in_a_zip_are_told_apart():
    assert sniffed(workbook(write_ods)) == "application/vnd.oasis.opendocument.spreadsheet"
    assert sniffed(workbook(write_xlsx)).endswith("spreadsheetml.sheet")
    assert sniffed(zipped("[Content_Types].xml", "word/document.xml")).endswith("wordprocessingml.document")
    assert sniffed(zipped("lisez-moi.txt"), claimed="application/pdf") == "application/zip"


def test_old_office_documents_are_told_by_their_name():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert sniffed(ole, name="Budget.XLS") == "application/vnd.ms-excel"
    assert sniffed(ole, name="budget.html") == "application/x-ole-storage"


@pytest.mark.parametrize(
    ("content", "name", "claimed", "media_type"),
    [
        ("Été à la plage".encode(), "", "", "text/plain"),
        ("Été".encode("latin-1"), "notes.txt", "", "text/plain"),
        ("Été".encode("utf-16"), "notes.txt", "", "text/plain"),
        (b"BMW et Audi", "", "", "text/plain"),
        (b"a;b\n", "membres.csv", "application/vnd.ms-excel", "text/csv"),
        (b"# Titre", "lisez-moi.md", "", "text/markdown"),
        (b"bonjour", "", "text/markdown; charset=utf-8", "text/markdown"),
        (b"BEGIN:VCALENDAR\r\n", "x.txt", "", "text/calendar"),
        (b"bonjour", "x.png", "image/png", "text/plain"),
        (b"\x00\x01\x02", "x.png", "image/png", "application/octet-stream"),
        (b"bonjour", "x.html", "", "text/html"),
        (b"  <!DOCTYPE html><html>", "x.txt", "text/plain", "text/html"),
        (b"<script>alert(1)</script>", "x.jpg", "image/jpeg", "text/html"),
        (b"\xef\xbb\xbf<svg onload=alert(1)>", "x.png", "image/png", "image/svg+xml"),
        (
            b'<?xml version="1.0"?>\n<!-- x -->\n<svg:svg xmlns:svg="http://www.w3.org/2000/svg">',
            "",
            "",
            "image/svg+xml",
        ),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "", "", "application/xhtml+xml"),
        (b'<?xml version="1.0"?><rss>', "x.txt", "", "application/xml"),
        ("<html>".encode("utf-16"), "x.txt", "", "text/html"),
    ],
)
def test_texts_are_what_they_begin_with(content, name, claimed, media_type):
    assert sniffed(content, name=name, claimed=claimed) == media_type


def test_a_claim_only_chooses_between_sound_and_film_of_the_same_container():
    webm = b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm"
    assert sniffed(webm, claimed="audio/webm") == "audio/webm"
    assert sniffed(webm, claimed="text/html") == "video/webm"

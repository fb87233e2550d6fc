"""What a page shows of each kind of document, and what its address answers."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404, HttpResponseBase
from django.template import Context, Template
from django.test import Client, RequestFactory
from PIL import Image

from tilios.core import reading
from tilios.core.blobs.models import Blob
from tilios.core.reading import answering, jailing, previews
from tilios.core.reading.models import Reading
from tilios.core.reading.previews import Preview
from tilios.core.reading.tests import hostile, samples

Put = Callable[[bytes, str], Blob]
Work = Callable[[], int]
Show = Callable[[bytes, str], Preview]


@pytest.fixture
def show(put: Put, work: Work) -> Show:
    """`show(content, name)`: its preview once all that waits is done."""

    def make(content: bytes, name: str) -> Preview:
        blob = put(content, name)
        reading.preview(blob, name=name, address="/octets")
        work()
        return reading.preview(blob, name=name, address="/octets")

    return make


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without LibreOffice."""
    monkeypatch.setattr(jailing, "can_convert", lambda: False)


def drawn(preview: Preview, rf: RequestFactory) -> str:
    context = Context({"preview": preview, "request": rf.get("/page/?tri=nom")})
    return Template("{% load reading %}{% preview preview %}").render(context)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return out.getvalue()


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_text_is_shown_at_once_by_lines(put: Put, rf: RequestFactory) -> None:
    preview = reading.preview(put(b"un\n<b>deux</b>\n", "a.txt"), name="a.txt", address="/octets")
    assert (preview.kind, preview.lines, preview.waiting) == ("text", ("un", "<b>deux</b>"), False)
    assert "&lt;b&gt;deux" in drawn(preview, rf)


def test_code_is_in_colours_once_it_is_read(show: Show, rf: RequestFactory) -> None:
    preview = show(b"def f():\n    return '<script>'\n", "a.py")
    assert preview.kind == "text"
    assert len(preview.lines) == 2
    html = drawn(preview, rf)
    assert 'class="hl-k"' in html
    assert "<script>" not in html


def test_a_long_text_is_cut_with_a_word_and_a_link_to_the_whole(show: Show, rf: RequestFactory) -> None:
    preview = show(b"une ligne\n" * 50_000, "long.txt")
    assert preview.cut
    assert len(preview.lines) == previews.MOST_LINES
    assert "/octets?vue=fichier" in drawn(preview, rf)


def test_markdown_and_pages_are_laid_out_and_cleaned(show: Show, rf: RequestFactory) -> None:
    assert "<h2>Compte rendu de la réunion</h2>" in show(samples.MARKDOWN.encode(), "a.md").html
    html = drawn(show(b"<html><h1 onclick=x>Le four</h1><script>alert(1)</script><img src=x>", "a.html"), rf)
    assert "<h2>Le four</h2>" in html
    assert "alert(1)" not in html
    assert "<img" not in html


def test_what_is_nested_without_end_shows_its_words_alone(show: Show) -> None:
    preview = show(b"<html>" + b"<ul>" * 3000 + b"au fond", "profond.html")
    assert preview.html == "<pre>au fond</pre>"


def test_html_from_a_jail_that_was_taken_over_is_cleaned_or_left_out(put: Put) -> None:
    blob = put(samples.MARKDOWN.encode(), "a.md")
    row = Reading.objects.create(blob=blob, kind="markdown", form="md", state="done", html="<p>a</p><script>b</script>")
    assert reading.preview(blob, name="a.md", address="/o").html == "<p>a</p>"
    row.html = "<ul>" * 50_000
    row.save()
    assert reading.preview(blob, name="a.md", address="/o").html == ""


def test_a_sheet_is_a_table_of_its_first_rows(show: Show, rf: RequestFactory, no_office: None) -> None:
    for form in ("csv", "xlsx"):
        preview = show(samples.sheet(form, 300), f"liste.{form}")
        assert preview.kind == "tables"
        (sheet,) = preview.shown["sheets"]
        assert len(sheet["rows"]) == 200
        assert sheet["cut"]
        html = drawn(preview, rf)
        assert '<th scope="col">Nom</th>' in html
        assert "Personne 198" in html
        assert "Personne 200" not in html


def test_a_message_shows_who_wrote_what_and_names_what_is_attached(show: Show, rf: RequestFactory) -> None:
    html = drawn(show(samples.message(), "message.eml"), rf)
    for words in (
        "Alice Moreau &lt;alice@example.org&gt;",
        "Réunion d’été",
        "Voici le compte rendu.",
        "compte rendu.odt",
    ):
        assert words in html
    assert "alert" not in html


def test_an_archive_lists_its_names_and_sizes_and_is_never_unpacked(show: Show, rf: RequestFactory) -> None:
    preview = show(hostile._zip({"dossier/a.txt": b"x" * 5000, "b/<i>.txt": b""}), "archive.zip")
    assert preview.kind == "archive"
    assert preview.shown == {"entries": [["dossier/a.txt", 5000], ["b/<i>.txt", 0]], "count": 2, "unfolded": 5000}
    assert "b/&lt;i&gt;.txt" in drawn(preview, rf)


def test_sound_and_film_are_played_by_the_browser(put: Put, rf: RequestFactory) -> None:
    sound = put(b"RIFF\0\0\0\0WAVEfmt " + bytes(100), "son.wav")
    assert "<audio" in drawn(reading.preview(sound, name="son.wav", address="/octets"), rf)
    film = put(b"\0\0\0\x20ftypisom" + bytes(100), "film.mp4")
    assert "<video" in drawn(reading.preview(film, name="film.mp4", address="/octets"), rf)


def test_an_image_is_shown_small_and_whole_on_demand(put: Put, rf: RequestFactory) -> None:
    preview = reading.preview(put(picture(), "a.png"), name="a.png", address="/octets?version=2")
    assert (preview.kind, preview.width, preview.height) == ("image", 60, 40)
    assert preview.picture == "/octets?version=2&vue=image&cote=768"
    assert 'href="/octets?version=2"' in drawn(preview, rf)


def test_what_is_unknown_gives_its_name_its_type_its_size_and_a_way_to_have_it(put: Put, rf: RequestFactory) -> None:
    html = drawn(reading.preview(put(bytes(2048), "a.bin"), name="a.bin", address="/octets"), rf)
    for words in ("a.bin", "application/octet-stream", "/octets?vue=fichier"):
        assert words in html


def test_a_pdf_is_shown_by_the_viewer_before_it_is_read(put: Put, rf: RequestFactory) -> None:
    preview = reading.preview(put(samples.pdf(2), "a.pdf"), name="a.pdf", address="/octets")
    assert (preview.kind, preview.waiting, preview.picture) == ("pdf", False, "")
    assert 'data-pdf="/octets"' in drawn(preview, rf)


def test_an_office_document_waits_for_its_pdf_and_says_so(put: Put, work: Work, rf: RequestFactory) -> None:
    blob = put(samples.written("docx"), "a.docx")
    first = reading.preview(blob, name="a.docx", address="/octets")
    assert (first.kind, first.waiting) == ("none", True)
    html = drawn(first, rf)
    assert 'hx-get="/page/?tri=nom"' in html
    assert "data-live=" in html
    assert work() == 2
    last = reading.preview(blob, name="a.docx", address="/octets")
    assert (last.kind, last.waiting, last.address) == ("pdf", False, "/octets?vue=pdf")
    assert "data-live" not in drawn(last, rf)
    assert work() == 0


def test_an_office_document_that_was_read_shows_its_words_until_its_pdf_is_made(put: Put, work: Work) -> None:
    blob = put(samples.written("docx"), "a.docx")
    reading.ask(blob, name="a.docx")
    work()
    preview = reading.preview(blob, name="a.docx", address="/octets")
    assert (preview.kind, preview.waiting) == ("html", True)
    assert "un four à pain" in preview.html


def test_without_libreoffice_an_office_document_shows_its_words(show: Show, no_office: None) -> None:
    preview = show(samples.written("odt"), "a.odt")
    assert (preview.kind, preview.waiting) == ("html", False)
    assert "un four à pain" in preview.html
    slides = show(samples.written("pptx"), "a.pptx")
    assert "un four à pain" in slides.html


def test_without_libreoffice_what_only_it_reads_says_so(show: Show, no_office: None) -> None:
    preview = show(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc")
    assert (preview.kind, preview.waiting) == ("none", False)
    assert preview.problem


def test_a_document_that_fails_says_why_in_words(show: Show, rf: RequestFactory) -> None:
    preview = show(samples.pdf_with_password(), "clos.pdf")
    assert preview.kind == "none"
    assert preview.problem in drawn(preview, rf)


def test_the_address_answers_the_document_its_pdf_and_its_picture(put: Put, work: Work, rf: RequestFactory) -> None:
    blob = put(samples.written("docx"), "lettre.docx")
    with pytest.raises(Http404):
        reading.response(rf.get("/", {"vue": "pdf"}), blob, name="lettre.docx")
    reading.preview(blob, name="lettre.docx", address="/octets")
    work()
    whole: Any = reading.response(rf.get("/"), blob, name="lettre.docx")
    assert body(whole) == samples.written("docx")
    assert "sandbox" in whole["Content-Security-Policy"]
    pdf: Any = reading.response(rf.get("/", {"vue": "pdf"}), blob, name="lettre.docx")
    assert body(pdf).startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == 'inline; filename="lettre.pdf"'
    small: Any = reading.response(rf.get("/", {"vue": "image", "cote": "192"}), blob, name="lettre.docx")
    assert Image.open(io.BytesIO(body(small))).size[1] == 192
    with pytest.raises(Http404):
        reading.response(rf.get("/", {"vue": "rien"}), blob, name="lettre.docx")


@pytest.mark.parametrize("side", ["-5", "", "abc", "99999", "٣"])
def test_a_strange_size_gives_the_usual_one(put: Put, rf: RequestFactory, side: str) -> None:
    found: Any = reading.response(rf.get("/", {"vue": "image", "cote": side}), put(picture(), "a.png"), name="a.png")
    assert found.status_code == 200


def test_a_thumbnail_is_the_first_page_once_it_is_known(put: Put, work: Work) -> None:
    blob = put(samples.pdf(1), "livre.pdf")
    assert reading.thumbnail(blob, 96) is None
    reading.ask(blob, name="livre.pdf")
    work()
    made = reading.thumbnail(blob, 96)
    assert made is not None
    assert made.media_type == "image/webp"
    assert reading.thumbnail(put(picture(), "a.png"), 48) is not None
    assert reading.thumbnail(put(b"texte", "a.txt"), 48) is None


def test_the_viewer_is_an_empty_page_that_reaches_nothing(client: Client, db: None) -> None:
    response = client.get("/visionneuse/")
    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts;")
    assert "allow-same-origin" not in policy
    assert "connect-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_a_page_of_previews_costs_few_queries(put: Put, work: Work, django_assert_max_num_queries: Any) -> None:
    blob = put(b"texte", "a.txt")
    reading.preview(blob, name="a.txt", address="/octets")
    work()
    with django_assert_max_num_queries(1):
        reading.preview(blob, name="a.txt", address="/octets")


def test_addresses_keep_what_they_had() -> None:
    assert answering.address_of("/a?b=1#c", "pdf") == "/a?b=1&vue=pdf#c"

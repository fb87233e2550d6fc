"""What bytes are, told by themselves. What the client says only chooses between kinds that are equally harmless."""

import re
from pathlib import PurePath
from typing import IO

UNKNOWN = "application/octet-stream"
HEAD = 4096
TAIL = 65536

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\x01\0", "image/x-icon"),
    (b"%PDF-", "application/pdf"),
    (b"%!PS", "application/postscript"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"(\xb5/\xfd", "application/zstd"),
    (b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"MThd", "audio/midi"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"OTTO", "font/otf"),
)
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
}
OOXML = "application/vnd.openxmlformats-officedocument."
OFFICE_PARTS = {
    b"word/document.xml": OOXML + "wordprocessingml.document",
    b"xl/workbook.xml": OOXML + "spreadsheetml.sheet",
    b"ppt/presentation.xml": OOXML + "presentationml.presentation",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_SUFFIXES = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
}
TEXT_SUFFIXES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".md": "text/markdown",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".eml": "message/rfc822",
    ".mbox": "application/mbox",
}
SAME_CONTAINER = {
    frozenset({"audio/webm", "video/webm"}),
    frozenset({"audio/mp4", "video/mp4"}),
    frozenset({"audio/ogg", "video/ogg"}),
}


def media_type_of(file: IO[bytes], *, name: str = "", claimed: str | None = None) -> str:
    """The media type of the bytes of `file`, which can be rewound. Two readings, whatever the size."""
    file.seek(0)
    head = file.read(HEAD)
    suffix = PurePath(name.lower()).suffix
    claimed = (claimed or "").partition(";")[0].strip().lower()
    if head.startswith(b"PK\x03\x04"):
        return _zip(head, file)
    found = _binary(head, suffix)
    if found is not None:
        return claimed if frozenset({found, claimed}) in SAME_CONTAINER else found
    if not _is_text(head):
        return UNKNOWN
    return _text(head, suffix, claimed)


def _binary(head: bytes, suffix: str) -> str | None:
    """The type of bytes that begin with a mark of their own."""
    if head.startswith(b"RIFF"):
        return RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head.startswith(b"OggS") and b"theora" in head[:512]:
        return "video/ogg"
    if head.startswith(OLE):
        return OLE_SUFFIXES.get(suffix, "application/x-ole-storage")
    if head[257:262] == b"ustar":
        return "application/x-tar"
    if head.startswith(b"BM") and not _is_text(head):
        return "image/bmp"
    return next((media_type for mark, media_type in SIGNATURES if head.startswith(mark)), None)


def _zip(head: bytes, file: IO[bytes]) -> str:
    """A zip, or a document kept in one. Its list of names is at its end."""
    if head[30:38] == b"mimetype":
        match = re.match(rb"application/(?:vnd\.oasis\.opendocument\.[a-z.-]+|epub\+zip)", head[38:120])
        if match:
            return match[0].decode("ascii")
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    if b"[Content_Types].xml" in head or b"[Content_Types].xml" in tail:
        for part, media_type in OFFICE_PARTS.items():
            if part in tail or part in head:
                return media_type
    return "application/zip"


def _is_text(head: bytes) -> bool:
    """Whether `head` reads as text, in UTF-8, UTF-16 with its mark, or an old Western encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", head)


def _text(head: bytes, suffix: str, claimed: str) -> str:
    """A kind of text: what it begins with, else what its name says, else what the client says."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    start = (
        (head.decode("utf-16", "ignore") if wide else head.decode("latin-1"))
        .lstrip("\ufeff\xef\xbb\xbf \t\r\n")
        .lower()
    )
    if re.match(r"<(?:!doctype html|html|head|body|script|iframe|style)\b", start):
        return "text/html"
    if re.match(r"<(?:\?xml|!doctype|!--|svg|[a-z]+:?[a-z]* xmlns)", start):
        if re.search(r"<(?:\w+:)?svg\b", start):
            return "image/svg+xml"
        if re.search(r"<html\b", start):
            return "application/xhtml+xml"
        return (
            "application/xml"
            if start.startswith(("<?xml", "<!doctype"))
            else TEXT_SUFFIXES.get(suffix, "application/xml")
        )
    if start.startswith("begin:vcalendar"):
        return "text/calendar"
    if start.startswith("begin:vcard"):
        return "text/vcard"
    if suffix in TEXT_SUFFIXES:
        return TEXT_SUFFIXES[suffix]
    return claimed if claimed in TEXT_SUFFIXES.values() else "text/plain"

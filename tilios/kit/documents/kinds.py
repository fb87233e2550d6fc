"""What kind of document bytes are, by the media type that the bytes gave and, between texts, by the name."""

from enum import StrEnum
from pathlib import PurePath

from pygments.lexers import find_lexer_class_for_filename

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."


class Kind(StrEnum):
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    PDF = "pdf"
    TEXT = "text"
    CODE = "code"
    MARKDOWN = "markdown"
    HTML = "html"
    TABLE = "table"  # CSV
    WRITING = "writing"  # docx, odt, rtf, epub
    SHEET = "sheet"  # xlsx, ods
    SLIDES = "slides"  # pptx, odp
    OFFICE = "office"  # what only an office suite reads: doc, xls, ppt, odg
    MAIL = "mail"
    ARCHIVE = "archive"
    OTHER = "other"


#: Kinds whose text can be had.
READ = frozenset(Kind) - {Kind.IMAGE, Kind.AUDIO, Kind.VIDEO, Kind.OTHER}
#: Kinds that an office suite makes a PDF of.
CONVERTED = frozenset({Kind.WRITING, Kind.SHEET, Kind.SLIDES, Kind.OFFICE})

#: Media types of documents, with the name that programs know the format by.
FORMATS = {
    OOXML + "wordprocessingml.document": (Kind.WRITING, "docx"),
    ODF + "text": (Kind.WRITING, "odt"),
    "application/rtf": (Kind.WRITING, "rtf"),
    "application/epub+zip": (Kind.WRITING, "epub"),
    OOXML + "spreadsheetml.sheet": (Kind.SHEET, "xlsx"),
    ODF + "spreadsheet": (Kind.SHEET, "ods"),
    OOXML + "presentationml.presentation": (Kind.SLIDES, "pptx"),
    ODF + "presentation": (Kind.SLIDES, "odp"),
    ODF + "graphics": (Kind.OFFICE, "odg"),
    "application/msword": (Kind.OFFICE, "doc"),
    "application/vnd.ms-excel": (Kind.OFFICE, "xls"),
    "application/vnd.ms-powerpoint": (Kind.OFFICE, "ppt"),
    "application/pdf": (Kind.PDF, "pdf"),
    "text/html": (Kind.HTML, "html"),
    "application/xhtml+xml": (Kind.HTML, "html"),
    "text/markdown": (Kind.MARKDOWN, "md"),
    "text/csv": (Kind.TABLE, "csv"),
    "text/tab-separated-values": (Kind.TABLE, "csv"),
    "message/rfc822": (Kind.MAIL, "eml"),
    "application/zip": (Kind.ARCHIVE, "zip"),
    # Drawings that may hold programs are shown as what they are written in.
    "image/svg+xml": (Kind.CODE, "svg"),
    "application/xml": (Kind.CODE, "xml"),
    "application/json": (Kind.CODE, "json"),
    "text/javascript": (Kind.CODE, "js"),
    "text/css": (Kind.CODE, "css"),
}
#: What a browser plays or shows by itself.
IMAGES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"}
PLAYED = {
    *("audio/mpeg", "audio/ogg", "audio/flac", "audio/wav", "audio/mp4", "audio/aac", "audio/webm"),
    *("video/mp4", "video/webm", "video/ogg", "video/quicktime"),
}
MARKDOWN = {".md", ".markdown", ".mdown"}
PROSE = {"", ".txt", ".text", ".log"}
MAILS = {".eml"}


def kind_of(media_type: str, name: str) -> Kind:
    """The kind of a document of this media type called `name`."""
    if media_type in FORMATS:
        return FORMATS[media_type][0]
    if media_type in IMAGES:
        return Kind.IMAGE
    if media_type in PLAYED:
        return Kind.AUDIO if media_type.startswith("audio/") else Kind.VIDEO
    return _text(PurePath(name.lower()).suffix, name) if media_type.startswith("text/") else Kind.OTHER


def format_of(media_type: str, name: str) -> str:
    """What programs call the format: "docx", "odt"; for code, its suffix; "txt" otherwise."""
    if media_type in FORMATS:
        return FORMATS[media_type][1]
    return PurePath(name.lower()).suffix.removeprefix(".") or "txt"


def _text(suffix: str, name: str) -> Kind:
    if suffix in MARKDOWN:
        return Kind.MARKDOWN
    if suffix in MAILS:
        return Kind.MAIL
    if suffix in PROSE and PurePath(name).name.lower() not in ("makefile", "dockerfile"):
        return Kind.TEXT
    return Kind.CODE if find_lexer_class_for_filename(PurePath(name).name) else Kind.TEXT

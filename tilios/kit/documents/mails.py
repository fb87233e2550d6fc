"""A message kept as a file: who wrote to whom, what they say, what is attached."""

import email
import email.policy
from email.message import EmailMessage, MIMEPart
from typing import IO, Any

from tilios.kit.documents import texts
from tilios.kit.documents.problems import Problem, Unreadable

HEADERS = ("From", "To", "Cc", "Date", "Subject")
MOST_PARTS = 500
MOST_BYTES = 64 * 2**20
BODY = 200_000  # characters shown


def read(file: IO[bytes], most: int = texts.MOST) -> tuple[str, dict[str, Any]]:
    """The text of a message, and what is shown: {"headers": [[name, value]], "body", "attachments": [[name, bytes]]}.

    The body is the plain one, or the words of the HTML one.
    """
    raw = file.read(MOST_BYTES)
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        headers = [[name, _header(message, name)] for name in HEADERS if message.get(name) is not None]
        body = _body(message)
        attached = [_attached(part) for part in _attachments(message)][:MOST_PARTS]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        raise Unreadable(Problem.DAMAGED) from error
    if not headers and not body:
        raise Unreadable(Problem.DAMAGED)
    words = [*(value for _name, value in headers), body, *(name for name, _size in attached)]
    shown = {"headers": headers, "body": body[:BODY], "cut": len(body) > BODY, "attachments": attached}
    return texts.tidy("\n".join(words), most), shown


def _header(message: EmailMessage, name: str) -> str:
    return texts.tidy(" ".join(str(message.get(name, "")).split()), 1000)


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    text = _decoded(part)
    return texts.of_html(text) if part.get_content_type() == "text/html" else texts.tidy(text).strip()


def _decoded(part: MIMEPart) -> str:
    raw = part.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return texts.decode(raw)


def _attachments(message: EmailMessage) -> list[EmailMessage]:
    return [part for part in message.walk() if part.get_filename() or part.get_content_disposition() == "attachment"]


def _attached(part: EmailMessage) -> list[Any]:
    payload = part.get_payload(decode=True)
    return [texts.tidy(part.get_filename() or part.get_content_type(), 300), len(payload) if payload else 0]

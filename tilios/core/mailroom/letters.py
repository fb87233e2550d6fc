"""A letter as it came, read without trusting it: who wrote it, its words, the calendars in it."""

import email
import email.policy
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses, parseaddr
from typing import Any

from django.utils.translation import gettext as _

from tilios.core.errors import Invalid

LARGEST = 5 * 1024 * 1024  # bytes: an answer with the pictures of a signature
LARGEST_CALENDAR = 1024 * 1024
MOST_PARTS = 200
MOST_WORDS = 5000
CALENDARS = ("text/calendar", "application/ics")
#: Headers that name who a letter was for, as it left and as servers noted it on the way.
RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


@dataclass(frozen=True)
class Letter:
    """One message. Addresses are in small letters; `senders` are those of From and Sender.

    `is_automatic`: written by a program of its own accord (RFC 3834); nothing is ever written back to it.
    `failed`: for a letter of ours that came back for good, the reason that the server gives (RFC 3464): "5.1.1 …".
    """

    senders: tuple[str, ...]
    recipients: tuple[str, ...]
    subject: str = ""
    name: str = ""
    message_id: str = ""
    text: str = ""
    calendars: tuple[bytes, ...] = ()
    is_automatic: bool = False
    is_bounce: bool = False
    failed: str = ""


def read(data: bytes, *, envelope_from: str | None = None) -> Letter:
    """The letter in `data` (RFC 5322); `envelope_from` is its return path, None where nobody says.

    Raises Invalid("letter") for what is too large, or no message at all.
    """
    if len(data) > LARGEST:
        raise Invalid("letter", _("This message is too large."))
    try:
        return _read(email.message_from_bytes(data, policy=email.policy.default), envelope_from)
    # The parser of the standard library stumbles over headers made to break it, in many ways.
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid("letter", _("This message cannot be read.")) from error


def _read(message: Message, envelope_from: str | None) -> Letter:
    senders = _addresses(message, ("From", "Sender"))
    if not senders:
        raise Invalid("letter", _("This message does not say who wrote it."))
    text, calendars, failed = "", [], ""
    # What is forwarded as an attachment (message/rfc822) is walked through as well.
    for count, part in enumerate(message.walk()):
        if count >= MOST_PARTS:
            raise Invalid("letter", _("This message has too many parts."))
        kind = part.get_content_type()
        failed = failed or _failure(part)
        if kind in CALENDARS or (part.get_filename() or "").lower().endswith(".ics"):
            payload = _bytes_of(part)
            if payload and len(payload) <= LARGEST_CALENDAR and payload not in calendars:
                calendars.append(payload)
        elif kind == "text/plain" and not text and not part.is_multipart():
            text = _bytes_of(part).decode(part.get_content_charset("utf-8"), "replace").replace("\0", "")
    return Letter(
        senders=senders,
        recipients=_addresses(message, RECIPIENTS),
        subject=_header(message, "Subject")[:300],
        name=parseaddr(_header(message, "From"))[0][:120],
        message_id=_header(message, "Message-ID")[:300],
        text=text.strip()[:MOST_WORDS],
        calendars=tuple(calendars),
        is_automatic=_is_automatic(message),
        is_bounce=envelope_from in ("", "<>") or message.get_content_type() == "multipart/report",
        failed=failed,
    )


def _failure(part: Message) -> str:
    """The reason in one block of a report of delivery (RFC 3464, 2.3); "" for a delay, and for any other part."""
    if _header(part, "Action").lower() != "failed" or not part.get("Final-Recipient"):
        return ""
    said = _header(part, "Diagnostic-Code").partition(";")[2].strip()
    return f"{_header(part, 'Status')} {said}".strip()[:300]


def _is_automatic(message: Message) -> bool:
    said = _header(message, "Auto-Submitted").lower().partition(";")[0].strip()
    return said not in ("", "no") or _header(message, "Precedence").lower() in ("bulk", "list", "junk")


def _addresses(message: Message, names: tuple[str, ...]) -> tuple[str, ...]:
    written = [str(value) for name in names for value in message.get_all(name, [])]
    found = [address.strip().lower() for _name, address in getaddresses(written) if "@" in address]
    return tuple(dict.fromkeys(found))[:100]


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).replace("\0", "").split())


def _bytes_of(part: Any) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""

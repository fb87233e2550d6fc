"""The listener to which a mail server hands letters over (LMTP, RFC 2033): on this machine, never on the open network.

Each address is judged before the letter comes; the letter is taken, in one transaction, before it is said to be.
"""

import asyncio
import logging
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller, UnixSocketController
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.core.management.base import CommandError
from django.db import DatabaseError, close_old_connections
from django.utils.translation import override

from tilios.core.errors import Refused
from tilios.core.journal.actions import through
from tilios.core.mailroom import letters, taking
from tilios.core.structures.scope import no_scope

logger = logging.getLogger("tilios.mailroom")
MOST_RECIPIENTS = 20
IDLE_S = 60


class Handler:
    """What the listener does of a letter."""

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            is_known = await asyncio.to_thread(_in_a_thread, taking.knows, address)
        except DatabaseError:
            logger.exception("the database did not answer")
            return "451 4.3.0 Try again later"
        if not is_known:
            return "550 5.1.1 Nobody takes letters at this address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """One answer for each address (RFC 2033, 4.2)."""
        content = envelope.content or b""
        data = content if isinstance(content, bytes) else content.encode()
        said = [
            await asyncio.to_thread(_in_a_thread, _take, address, data, envelope.mail_from or "")
            for address in envelope.rcpt_tos
        ]
        return "\r\n".join(said)


def _in_a_thread(function: Any, *arguments: Any) -> Any:
    close_old_connections()
    try:
        with no_scope(), override("en"):  # what servers say to one another is in English
            return function(*arguments)
    finally:
        close_old_connections()


def _take(address: str, data: bytes, envelope_from: str) -> str:
    try:
        with through("mail"):
            taking.take(address, letters.read(data, envelope_from=envelope_from))
    except Refused as error:
        return f"550 5.6.0 {' '.join(str(error.message).split())[:200] or 'Refused'}".encode(
            "ascii", "replace"
        ).decode()
    except DatabaseError:
        logger.exception("the database did not answer")
        return "451 4.3.0 Try again later"
    except Exception:  # whatever a letter breaks, the mail server keeps it and somebody reads the log
        logger.exception("a letter was not taken")
        return "451 4.3.0 Try again later"
    return "250 2.0.0 OK"


class _Room:
    """What both kinds of listeners make for each connection."""

    handler: Any
    loop: Any

    def factory(self) -> LMTP:
        return LMTP(
            self.handler,
            ident="Tilios",
            hostname="tilios",
            data_size_limit=letters.LARGEST,
            timeout=IDLE_S,
            loop=self.loop,
        )


class _OnPort(_Room, Controller):
    pass


class _OnSocket(_Room, UnixSocketController):
    pass


def started(place: str) -> Controller | UnixSocketController:
    """A listener that listens. Raises CommandError when nothing can listen there."""
    found = listener(place)
    try:
        found.start()
    except OSError as error:
        raise CommandError(f"TILIOS_LMTP: nothing can listen at {place}: {error}") from error
    return found


def listener(place: str) -> Controller | UnixSocketController:
    """A listener at `place`, "127.0.0.1:8024" or the path of a socket; `start()` and `stop()` it."""
    if place.startswith("/"):
        Path(place).unlink(missing_ok=True)  # of a process that was killed
        return _OnSocket(Handler(), place)
    host, _colon, port = place.rpartition(":")
    return _OnPort(Handler(), host.strip("[]"), int(port))

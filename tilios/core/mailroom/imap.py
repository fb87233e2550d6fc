"""A box read over IMAP: only where core/outside lets the server go, in bounded time, size and number."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError

from tilios.core.mailroom.letters import LARGEST
from tilios.core.mailroom.models import Box, Security
from tilios.core.outside import Forbidden, OutsideError, Unreachable
from tilios.core.outside.connecting import connected
from tilios.core.outside.networks import may_reach
from tilios.core.outside.sealing import unseal

PORTS = frozenset({143, 993})
WAIT_S = 30.0
MOST_AT_ONCE = 200
FIRST_DAYS = 7  # how far back a box is read the first time
FOLDER = "Tilios"


class Refusing(OutsideError):
    """The server of the box answered, and does not do what was asked."""


class _Judged(imaplib.IMAP4):
    """A connection to an address that was judged."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__(host, port, WAIT_S)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = connected(self.host, self.port, also=PORTS)
        sock.settimeout(WAIT_S)
        if self._context is None:
            return sock
        try:
            return self._context.wrap_socket(sock, server_hostname=self.host)
        except ssl.SSLError as error:
            sock.close()
            message = _("The certificate of “%(host)s” is not valid: the connection would not be safe.")
            raise Unreachable(message % {"host": self.host}) from error


class _Client(IMAPClient):
    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802  # the library's name
        return _Judged(self.host, self.port, ssl.create_default_context() if self.ssl else None)


@contextmanager
def opened(box: Box) -> Iterator[IMAPClient]:
    """The box, its folder of arrivals chosen. Raises OutsideError with a sentence for whoever set it up."""
    password = unseal(box.password)
    if password is None:
        raise Refusing(_("The password of the box cannot be read any more: type it again."))
    host = {"host": box.server}
    try:
        client = _Client(box.server, box.port, ssl=box.security == Security.TLS, timeout=WAIT_S)
    except OutsideError:
        raise
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as error:
        raise Unreachable(_("The server “%(host)s” does not answer as a mail server does.") % host) from error
    try:
        _enter(client, box, password)
        yield client
    except OutsideError:
        raise
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as error:
        raise Refusing(_("The server “%(host)s” stopped in the middle.") % host) from error
    finally:
        with suppress(OSError, IMAPClientError, imaplib.IMAP4.error):
            client.logout()


def _enter(client: IMAPClient, box: Box, password: str) -> None:
    if box.security == Security.STARTTLS:
        try:
            client.starttls(ssl.create_default_context())
        except ssl.SSLError as error:
            message = _("The certificate of “%(host)s” is not valid: the connection would not be safe.")
            raise Unreachable(message % {"host": box.server}) from error
        except (CapabilityError, IMAPClientError) as error:
            raise Refusing(_("This server does not encrypt at this port: choose port 993.")) from error
    # SECURITY: without TLS everybody on the way reads the password; a network the host opened is its own affair.
    if box.security == Security.NONE and may_reach(client.socket().getpeername()[0], ()):
        raise Forbidden(_("A password is not given to a server on the open network without encryption."))
    try:
        client.login(box.account, password)
    except LoginError as error:
        raise Refusing(_("The server does not let this account in: look at the account and the password.")) from error
    client.select_folder("INBOX")


def arrivals(client: IMAPClient, box: Box, most: int = MOST_AT_ONCE) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of what came since the box was last read, in order; b"" for what is too large to be read.

    Nothing is marked as read.
    """
    validity = int(client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"])
    if validity != box.uid_validity:
        box.uid_validity, box.last_uid = validity, 0
    if box.last_uid:
        numbers = client.search(["UID", f"{box.last_uid + 1}:*"])
    else:
        numbers = client.search(["SINCE", date.today() - timedelta(days=FIRST_DAYS)])  # noqa: DTZ011  # about a week
    for number in sorted(one for one in numbers if one > box.last_uid)[:most]:
        said = client.fetch([number], ["RFC822.SIZE"]).get(number)
        if said is None:
            continue
        if said[b"RFC822.SIZE"] > LARGEST:
            yield number, b""
        else:
            found: dict[bytes, Any] = client.fetch([number], ["BODY.PEEK[]"]).get(number, {})
            yield number, found.get(b"BODY[]", b"")


def put_away(client: IMAPClient, number: int) -> None:
    """Mark a letter that was taken as read, and move it to a folder of its own where the server does it."""
    client.add_flags([number], [rb"\Seen"])
    with suppress(IMAPClientError, imaplib.IMAP4.error):
        if not client.folder_exists(FOLDER):
            client.create_folder(FOLDER)
        client.move([number], FOLDER)

"""Real mail servers for tests: one that takes what Tilios sends, a client of its listener, and a box to be read."""

import grp
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

WITHIN_S = 10


@dataclass
class Post:
    """A mail server of the outside: `letters` are those it took, each with whom it is for."""

    port: int = 0
    letters: list[tuple[list[str], bytes]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # aiosmtpd's name
        self.letters.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 OK"


@contextmanager
def outside() -> Iterator[Post]:
    """A mail server on a free port for the length of the block."""
    post = Post(port=free_port())
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


@contextmanager
def listening() -> Iterator[int]:
    """The port of Tilios' own listener (LMTP)."""
    from tilios.core.mailroom import lmtp

    port = free_port()
    listener = lmtp.listener(f"127.0.0.1:{port}")
    listener.start()
    try:
        yield port
    finally:
        listener.stop()


def hand_over(port: int, data: bytes, to: str, sender: str = "ada@example.org") -> None:
    """Give a letter to the listener as a mail server does. Raises smtplib's errors with what it says."""
    with smtplib.LMTP("127.0.0.1", port, timeout=WITHIN_S) as client:
        client.sendmail(sender, [to], data)


def answer(
    calendar: bytes, *, method: str = "REPLY", sender: str = "ada@example.org", to: str = "agenda@example.org",
    **headers: str,
) -> bytes:  # fmt: skip
    """A letter as programs of mail write it when somebody presses "Accept"."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = f"Ada Lovelace <{sender}>", to, "Accepted: Réunion"
    letter["Message-ID"] = "<1@example.org>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content("Ada Lovelace a accepté cette invitation.\n")
    letter.add_alternative(calendar.decode(), subtype="calendar", params={"method": method})
    return letter.as_bytes(policy=SMTP)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# A box ---------------------------------------------------------------------------------------------------------------

ACCOUNT, PASSWORD = "agenda@fabrique.example", "mot-de-passe"
SETTINGS = """
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{place}/mail
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={place}
}}
"""


@dataclass
class Box:
    """A box served over IMAP at `port`; `put(data)` has a letter arrive."""

    port: int
    place: Path
    count: int = 0

    def put(self, data: bytes) -> None:
        self.count += 1
        path = self.place / "mail" / "new" / f"{int(time.time())}.M{self.count}P{os.getpid()}.test"
        path.write_bytes(data)
        path.chmod(0o666)


@contextmanager
def box() -> Iterator[Box]:
    """Dovecot, with one box, for the length of the block."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if program is None:
        raise RuntimeError("Dovecot is missing: apt-get install dovecot-imapd")
    # A short path: the sockets of Dovecot are in it.
    with tempfile.TemporaryDirectory(prefix="box", dir="/tmp") as folder:
        place, port = Path(folder), free_port()
        said = SETTINGS.format(place=place, port=port, password=PASSWORD, **_users())
        (place / "dovecot.conf").write_text(said)
        for one in (place, place / "mail", *(place / "mail" / name for name in ("new", "cur", "tmp"))):
            one.mkdir(exist_ok=True)
            one.chmod(0o777)
        process = subprocess.Popen([program, "-F", "-c", str(place / "dovecot.conf")])
        try:
            _wait_until_it_answers(port, process, place)
            yield Box(port, place)
        finally:
            process.terminate()
            process.wait(WITHIN_S)


def _users() -> dict[str, Any]:
    """As whom Dovecot works: as oneself, or, for root, as the users that Debian made for it; never as root."""
    if os.getuid():
        me, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
        return {"login": me, "internal": me, "group": group, "uid": os.getuid(), "gid": os.getgid()}
    owner = pwd.getpwnam("mail")
    return {"login": "dovenull", "internal": "dovecot", "group": "dovecot", "uid": owner.pw_uid, "gid": owner.pw_gid}


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], place: Path) -> None:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as sock:
                if sock.recv(64).startswith(b"* OK"):
                    return
        except OSError:
            time.sleep(0.1)
    log = place / "dovecot.log"
    raise RuntimeError(f"Dovecot does not answer: {log.read_text() if log.exists() else 'it said nothing'}")

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.mailroom import lmtp
from tilios.portal.checks import load_all


class Command(BaseCommand):
    help = "Take the letters that a mail server hands over (LMTP), in a process of its own; `tilios run` does it too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", default=settings.TILIOS_LMTP, help="127.0.0.1:8024, or the path of a socket")

    def handle(self, *args: Any, at: str, **options: Any) -> None:
        if not at or not settings.TILIOS_MAIL_DOMAIN:
            raise CommandError("Set TILIOS_LMTP and TILIOS_MAIL_DOMAIN first: deploy/README.md.")
        load_all()
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        listener = lmtp.started(at)
        self.stdout.write(f"Letters for {settings.TILIOS_MAIL_DOMAIN} are taken at {at}")
        self.stdout.flush()
        stopping.wait()
        listener.stop()

import logging
import signal
import sys
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from tilios.core.documents import limits
from tilios.core.documents.rooms import house as rooms
from tilios.core.jobs.worker import WorkerThread
from tilios.core.live import hub
from tilios.core.mailroom import lmtp
from tilios.core.people.models import Account
from tilios.portal import first_run, memory
from tilios.portal.checks import load_all

logger = logging.getLogger("tilios")


class Server(uvicorn.Server):
    """uvicorn waits for open answers when it stops: streams and rooms, which have no end, are told to end."""

    async def shutdown(self, sockets: Any = None) -> None:
        hub.close()
        await rooms.close()
        await super().shutdown(sockets)


class Command(BaseCommand):
    help = "Serve everything in one process: web, websockets, jobs."
    requires_system_checks = ["tilios"]  # an unguarded route, an unknown icon, an unexported model does not start

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--demo", action="store_true", help="load the demonstration if the instance is empty")
        parser.add_argument("--no-worker", action="store_true", help="leave background work to another process")

    def handle(self, *args: Any, host: str, port: int, demo: bool, no_worker: bool, **options: Any) -> None:
        memory.be_sparing()
        call_command("tilios_init")
        if demo and not Account.objects.exists():
            call_command("tilios_demo", quiet=True)
        load_all()
        self._greet(host, port, demo)
        worker = None if no_worker else WorkerThread()
        if worker:
            worker.start()
        mailroom = lmtp.started(settings.TILIOS_LMTP) if settings.TILIOS_LMTP and worker else None
        server = Server(
            uvicorn.Config(
                "tilios.config.asgi:application",
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # TILIOS_TRUSTED_PROXIES says what to believe (core/access/networks.py)
                timeout_graceful_shutdown=20,
                lifespan="off",
                ws_max_size=limits.MESSAGE + 1024,
                ws_per_message_deflate=False,  # changes are small; a compressor costs each reader 300 KB and its time
            )
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            # uvicorn raises the signal that stopped it once more when it is done: the worker still has to finish.
            signal.signal(number, lambda *_: None)
        server.run()
        if mailroom:
            mailroom.stop()
        if worker and not worker.stop():
            logger.warning("the job at hand was not finished; it is taken again at the next start")
        if not server.started:
            sys.exit(1)

    def _greet(self, host: str, port: int, demo: bool) -> None:
        from tilios.portal import demonstration

        lines = [f"Tilios: http://{host}:{port}"]
        if not Account.objects.exists():
            lines.append(
                f"First administrator: http://{host}:{port}/premiers-pas/ with the code {first_run.new_code()}"
            )
        elif demo:
            lines += [
                f"  {account['role']:<14} {account['email']:<28} {account['password']}"
                for account in demonstration.accounts()
            ]
        self.stdout.write("\n" + "\n".join(lines) + "\n")
        self.stdout.flush()

"""A calendar of 5,000 events over CalDAV beside Radicale, in one run: see docs/performance.md for what is looked for.

.venv/bin/python -m bench calendars
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.calendars import events, peers
from bench.calendars.visits import Client
from bench.measure import Row, compare

ROUNDS = 9
GROWTH = (100, 5_000, 50_000)


def run() -> list[Row]:
    """What programs of calendars ask, of each server in turn; then synchronisation as a calendar grows."""
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-calendars-")))
        found = [
            stack.enter_context(peers.radicale(folder / "radicale")),
            stack.enter_context(peers.tilios(folder / "tilios")),
        ]
        clients = {peer.name: Client(peer) for peer in found}
        for client in clients.values():
            client.fill(events.COUNT)
        for what, visit in Client.VISITS.items():
            timed = {name: (lambda one=client, asked=visit: asked(one)) for name, client in clients.items()}
            rows += compare(f"{what}, {events.COUNT} events", timed, unit="ms", rounds=ROUNDS)
        rows += _growth(found[1])
    return rows


def _growth(ours: "peers.Peer") -> list[Row]:
    """One change told, in calendars of several sizes."""
    clients = {}
    for count in GROWTH:
        clients[f"{count} events"] = client = Client(ours.calendar(f"of-{count}"))
        client.make()
        client.fill(count)
    timed = {name: client.sync_ms for name, client in clients.items()}
    return compare("one change synchronised", timed, unit="ms", rounds=15)

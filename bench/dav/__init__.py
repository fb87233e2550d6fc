"""Files over WebDAV beside Apache mod_dav and wsgidav, in one run: see docs/performance.md for what is looked for.

.venv/bin/python -m bench dav
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.dav import memory, nginx, peers
from bench.dav.visits import ALL, FOUR, MIB, Client
from bench.measure import Row, compare

ENTRIES = 5_000
BIG = 200 * MIB
SMALL_TIMES = 500
ROUNDS = 5
GROWTH = (100, 1_000, 5_000, 50_000)


def run() -> list[Row]:
    """PROPFIND, PUT, GET, DELETE of three servers in turn; growth with a folder; memory of Tilios at 2 GB."""
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-dav-")))
        folder.chmod(0o755)
        found = [
            stack.enter_context(peers.wsgidav(folder / "wsgidav")),
            stack.enter_context(peers.apache(folder / "apache")),
            stack.enter_context(peers.tilios(folder / "tilios")),
        ]
        clients = {peer.name: Client(peer) for peer in found}
        for peer in found:
            peer.fill("many", ENTRIES)
        rows += _lists(clients)
        rows += _big(clients)
        rows += _small(clients, stack, folder)
        rows += _growth(clients["Tilios"])
        rows += memory.run(clients["Tilios"])
    return rows + nginx.run()


def _lists(clients: dict[str, Client]) -> list[Row]:
    rows: list[Row] = []
    for what, body in (("four properties", FOUR), ("allprop", ALL)):
        timed = {
            name: (lambda one=client, asked=body: one.propfind_ms("many", asked, ENTRIES))
            for name, client in clients.items()
        }
        rows += compare(f"PROPFIND of {ENTRIES} files, {what}", timed, unit="ms", rounds=2 * ROUNDS + 1)
    return rows


def _big(clients: dict[str, Client]) -> list[Row]:
    put = {name: (lambda one=client: 1000 * one.put_s("big.bin", BIG)) for name, client in clients.items()}
    rows = compare("PUT of 200 MB", put, unit="ms")
    get = {name: (lambda one=client: 1000 * one.get_s("big.bin", BIG)) for name, client in clients.items()}
    return rows + compare("GET of 200 MB", get, unit="ms")


def _small(clients: dict[str, Client], stack: ExitStack, folder: Path) -> list[Row]:
    """The same Tilios, told by eatmydata that every sync is done at once, shows what syncing costs."""
    unsynced = peers.tilios(folder / "unsynced", "Tilios, not synced", LD_PRELOAD="libeatmydata.so")
    both = {**clients, "Tilios, not synced": Client(stack.enter_context(unsynced))}
    for client in both.values():
        client.expect({201}, "MKCOL", "small")
        client.expect({201}, "PUT", "small/one.bin", b"x" * 10_240)
    per_round = SMALL_TIMES // ROUNDS
    put = {name: (lambda one=client: one.small_put_ms("small", per_round)) for name, client in both.items()}
    rows = compare("PUT of 10 KB", put, unit="ms")
    get = {name: (lambda one=client: one.small_get_ms("small/one.bin", per_round)) for name, client in clients.items()}
    rows += compare("GET of 10 KB", get, unit="ms")
    many = {name: (lambda one=client: one.many_gets("small/one.bin")) for name, client in clients.items()}
    rows += compare("GET of 10 KB, eight at once", many, unit="requests/s", rounds=3)
    gone = {name: (lambda one=client: one.delete_ms("small", 40)) for name, client in clients.items()}
    return rows + compare("DELETE", gone, unit="ms")


def _growth(ours: Client) -> list[Row]:
    """Microseconds an entry: what is left when the time of an almost empty folder is taken away."""
    for count in GROWTH:
        ours.peer.fill(f"of {count}", count)
    ours.peer.fill("of 1", 1)

    def each(count: int) -> float:
        floor = min(ours.propfind_ms("of%201", FOUR, 1) for _time in range(5))
        return 1000 * (ours.propfind_ms(f"of%20{count}", FOUR, count) - floor) / count

    timed = {f"{count} entries": (lambda count=count: each(count)) for count in GROWTH}
    return compare("PROPFIND, each entry", timed, unit="µs")

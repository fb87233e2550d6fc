"""Two pages people see most, beside a bare Django view that does as many queries: what the house adds.

The signed-in dashboard, and a poll of 100 voters; the bare view has no session, no middleware, no menu, no rights.
"""

import os
import re
import tempfile
from pathlib import Path

from bench.load import Visitor, requests_per_second
from bench.measure import Row, compare
from bench.serving import serving
from tests.harness import server as servers

VOTERS = 100
FILL = """
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions
from tilios.tools.polls.tests.contract import marks, open_dates
with scope(Structure.objects.get(slug="la-fabrique")):
    alice = Person.objects.get(email__startswith="alice@")
    poll = open_dates(alice, days=5)
    for number in range({voters}):
        actions.key_in_ballot(by=alice, poll=poll, name=f"Voix {{number}}", marks=marks(poll, 2, 1, 0, 2, 0))
    print("POLL", poll.pk)
"""


def queries_of(log: Path, path: str) -> int:
    """The number of queries of the last request of `path`, as the server's own log says."""
    found = re.findall(rf"path={re.escape(path)} status=200 \S+ queries=(\d+)", log.read_text("utf-8"))
    if not found:
        raise RuntimeError(f"no request of {path} in {log}")
    return int(found[-1])


def run() -> list[Row]:
    """Median time one by one, and pages a second with eight visitors at once."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, servers.running(Path(folder) / "data") as tilios:
        printed = tilios.tilios("manage", "shell", "-v0", "-c", FILL.format(voters=VOTERS))
        poll = printed.split("POLL ")[1].split()[0]
        alice = tilios.account("admin", "la-fabrique")
        visitor = Visitor(tilios.url)
        visitor.sign_in(alice.email, alice.password)
        environment = {**os.environ, "BENCH_DATABASE": str(tilios.data / "tilios.sqlite3")}
        with serving("bench.bare:application", environment, 8393) as bare_url:
            for what, path in (
                ("dashboard", "/s/la-fabrique/"),
                (f"poll of {VOTERS} voters", f"/s/la-fabrique/sondages/{poll}/"),
            ):
                visitor.median_ms(path, times=5)
                queries = queries_of(tilios.log, path)
                floor, bare = f"/?queries={queries}", Visitor(bare_url)
                rows += compare(
                    f"{what} ({queries} queries), one by one",
                    {
                        "bare view": lambda v=bare, p=floor: v.median_ms(p),  # type: ignore[misc]
                        "Tilios": lambda p=path: visitor.median_ms(p),  # type: ignore[misc]
                    },
                    unit="ms",
                )
                rows += compare(
                    f"{what}, eight at once",
                    {
                        "bare view": lambda u=bare_url + floor: requests_per_second(u),  # type: ignore[misc]
                        "Tilios": lambda u=tilios.url + path: requests_per_second(u, visitor.cookie),  # type: ignore[misc]
                    },
                    unit="pages/s",
                    rounds=3,
                )
    return rows

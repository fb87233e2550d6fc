"""Live texts beside Hocuspocus and y-websocket, in one run: see docs/performance.md for what is looked for.

.venv/bin/python -m bench documents            about seven minutes
BENCH_QUICK=1 .venv/bin/python -m bench documents   one of them, to see that it runs
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.documents import opening, servers, writing
from bench.measure import Row


def run() -> list[Row]:
    """Memory of texts at rest, letters on their way at several crowds, what is on the disk, opening a long history."""
    quick = bool(os.environ.get("BENCH_QUICK"))
    servers.install()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-documents-")))
        storing = stack.enter_context(servers.hocuspocus(folder / "storing", stores=True))
        ours = stack.enter_context(servers.tilios(folder / "tilios"))
        forgetful = stack.enter_context(servers.hocuspocus(folder / "forgetful", stores=False))
        plain = stack.enter_context(servers.y_websocket(folder / "plain"))
        rows = opening.at_rest([storing, ours], texts=10 if quick else 100, people=30 if quick else 300)
        rows += writing.stored_when_seen([storing, ours], times=20)
        rows += writing.crowds([storing, ours], [forgetful, plain], quick=quick)
        rows += opening.long_histories(storing, ours, folder, edits=2_000 if quick else 50_000)
    return rows

"""What the one process costs: time from the command to the first answer, memory at rest with the demo."""

import tempfile
import time
from pathlib import Path

from bench.measure import Row, compare
from tests.harness import server as servers

SETTLE_S = 3


def resident_mb(pid: int) -> float:
    """Resident memory of the process, in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no process {pid}")


def run() -> list[Row]:
    """Started three times on the same data: start time in s, resident memory in MB after a page and a rest."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with servers.running(data):
            pass  # makes the demo: the start measured is that of an instance in use

        memory: list[float] = []

        def start_s() -> float:
            begun = time.perf_counter()
            with servers.running(data, demo=False) as server:
                taken = time.perf_counter() - begun
                time.sleep(SETTLE_S)
                memory.append(resident_mb(server.process.pid))
            return taken

        rows = compare("start to first answer", {"Tilios": start_s}, unit="s", rounds=3)
        rows += compare("memory at rest", {"Tilios": memory.pop}, unit="MB", rounds=2)
    return rows

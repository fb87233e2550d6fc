"""Resident memory of Tilios, at its highest, while 2 GB come in and go out."""

from pathlib import Path

from bench.dav.visits import MIB, Client
from bench.measure import Row, compare

SIZE = 2048 * MIB


def highest_mb(pid: int) -> float:
    """The peak of resident memory since `forget_peak`, in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no process {pid}")


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")


def run(client: Client) -> list[Row]:
    """Twice each: the peaks of an upload and of a download of 2 GB."""
    pid = client.peer.pid

    def sent() -> float:
        forget_peak(pid)
        client.put_s("huge.bin", SIZE)
        return highest_mb(pid)

    def taken() -> float:
        forget_peak(pid)
        client.get_s("huge.bin", SIZE)
        return highest_mb(pid)

    return [
        *compare("memory while 2 GB come in", {"Tilios": sent}, unit="MB", rounds=1),
        *compare("memory while 2 GB go out", {"Tilios": taken}, unit="MB", rounds=1),
    ]

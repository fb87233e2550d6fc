"""What is let into the jail can take neither memory, nor time, nor room, nor what is not its own."""

import io
import socket
import tempfile
import time
from pathlib import Path

import pytest

from tilios.kit import jail
from tilios.kit.jail import MIB, Crashed, Exhausted, Limits, Walls

SMALL = Limits(memory=256 * MIB, output=MIB, cpu_s=2, wall_s=4)


def run(what: str, given: str = "", *, stdin: bytes = b"", limits: Limits = SMALL) -> str:
    with tempfile.TemporaryFile() as file:
        file.write(stdin)
        file.seek(0)
        return jail.run("tilios.kit.tests.greedy", [what, given], stdin=file, limits=limits).decode()


def test_this_machine_has_the_strongest_walls() -> None:
    assert jail.walls() is Walls.BUBBLEWRAP, "install bubblewrap: sudo apt-get install bubblewrap"


def test_a_document_comes_in_and_an_answer_goes_out() -> None:
    assert run("repeat", "3", stdin=b"four ") == "four four four "


def test_memory_is_counted() -> None:
    assert 16 <= int(run("memory")) < 256


@pytest.mark.parametrize("what", ["compute", "sleep"])
def test_time_is_counted_whether_it_is_spent_or_waited(what: str) -> None:
    started = time.monotonic()
    with pytest.raises(Exhausted):
        run(what)
    assert time.monotonic() - started < SMALL.wall_s + 3


def test_room_on_the_disk_is_counted() -> None:
    with pytest.raises((Exhausted, Crashed)):
        run("write")


def test_an_answer_longer_than_asked_for_is_refused() -> None:
    with pytest.raises(Exhausted):
        run("repeat", str(2 * MIB), stdin=b"x")


def test_no_network_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Crashed):
        run("connect", str(server.getsockname()[1]))


def test_the_files_of_the_server_are_not_there(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a key", "utf-8")
    with pytest.raises(Crashed):
        run("read", str(secret))
    with pytest.raises(Crashed):
        run("read", "/etc/passwd")


def test_what_our_environment_holds_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILIOS_DATABASE_URL", "postgresql://user:password@host/name")
    assert "TILIOS_DATABASE_URL" not in run("environment")
    assert "PATH" in run("environment")


@pytest.mark.parametrize("walls", [Walls.NAMESPACES, Walls.LIMITS])
def test_nobody_stays_behind(walls: Walls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "walls", lambda: walls)  # where a child could write what this test reads
    mark = tmp_path / "mark"
    run("leave_a_child", str(mark))
    time.sleep(2.5)
    assert not mark.exists()


@pytest.mark.parametrize("walls", [Walls.NAMESPACES, Walls.LIMITS])
def test_with_lower_walls_the_limits_hold_all_the_same(walls: Walls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "walls", lambda: walls)
    assert run("repeat", "2", stdin=b"pain ") == "pain pain "
    assert int(run("memory")) < 256
    with pytest.raises(Exhausted):
        run("sleep")


def test_with_namespaces_alone_there_is_no_network_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "walls", lambda: Walls.NAMESPACES)
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Crashed):
        run("connect", str(server.getsockname()[1]))


def test_a_stream_that_is_no_file_is_refused_rather_than_misread() -> None:
    with pytest.raises(io.UnsupportedOperation):
        jail.run("tilios.kit.tests.greedy", ["repeat", "1"], stdin=io.BytesIO(b"x"), limits=SMALL)

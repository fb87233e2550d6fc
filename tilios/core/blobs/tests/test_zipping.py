import io
import shutil
import subprocess
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.harness import programs
from tilios.core.blobs import actions
from tilios.core.blobs.errors import Damaged
from tilios.core.blobs.models import Blob, State
from tilios.core.blobs.tests.test_storing import Generated
from tilios.core.blobs.zipping import Entry, _length, _members, _Names, _pieces, is_compressed, zip_response

pytestmark = pytest.mark.django_db
MIB = 2**20
NOON_MS = int(datetime(2026, 5, 4, 12, 30, 10, tzinfo=UTC).timestamp() * 1000)


def opened(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response)))


def test_files_and_folders_come_out_as_they_went_in(put):
    text, image = put(b"bonjour " * 100, name="a.txt"), put(b"\x89PNG\r\n\x1a\n" + b"x" * 50)
    entries = [
        Entry("Été", None, NOON_MS),
        Entry("Été/compte rendu.txt", text, NOON_MS),
        Entry("Été/affiche.png", image, NOON_MS),
        Entry("vide", None, NOON_MS),
        Entry("vide.txt", put(b""), NOON_MS),
    ]
    response = zip_response(entries, name="L’été")
    assert response["Content-Type"] == "application/zip"
    assert "%C3%A9t%C3%A9.zip" in response["Content-Disposition"]
    archive = opened(response)
    assert archive.testzip() is None
    assert archive.namelist() == ["Été/", "Été/compte rendu.txt", "Été/affiche.png", "vide/", "vide.txt"]
    assert archive.read("Été/compte rendu.txt") == b"bonjour " * 100
    kinds = {info.filename: info.compress_type for info in archive.infolist()}
    assert kinds["Été/compte rendu.txt"] == zipfile.ZIP_DEFLATED
    assert kinds["Été/affiche.png"] == zipfile.ZIP_STORED
    with timezone.override("Europe/Paris"):
        paris = opened(zip_response(entries, name="x"))
    assert paris.getinfo("Été/affiche.png").date_time == (2026, 5, 4, 14, 30, 10)


@pytest.mark.parametrize("program", ["unzip", "7z"])
def test_other_programs_open_it(put, tmp_path, program):
    packages = {"unzip": "unzip", "7z": "p7zip-full"}
    path = programs.find(program, package=packages[program])
    entries = [
        Entry("Été/compte rendu.txt", put(b"bonjour"), NOON_MS),
        Entry("🌿/a.png", put(b"\x89PNG\r\n\x1a\n"), NOON_MS),
    ]
    archive = tmp_path / "x.zip"
    archive.write_bytes(b"".join(zip_response(entries, name="x")))
    command = [path, "-q", "-d", "out", "x.zip"] if program == "unzip" else [path, "x", "-oout", "x.zip"]
    if program == "unzip":
        command = [path, "-q", "x.zip", "-d", "out"]
    environment = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "TZ": "Europe/Paris"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "out/Été/compte rendu.txt").read_bytes() == b"bonjour"
    assert (tmp_path / "out/🌿/a.png").exists()
    assert int((tmp_path / "out/Été/compte rendu.txt").stat().st_mtime) == NOON_MS // 1000
    shutil.rmtree(tmp_path / "out")


def test_the_length_is_told_when_everything_is_stored(put):
    image = put(b"\x89PNG\r\n\x1a\n" + b"x" * 5000)
    response = zip_response([Entry("é/a.png", image, 0), Entry("b", None, 0), Entry("vide", put(b""), 0)], name="x")
    assert len(b"".join(response)) == int(response["Content-Length"])
    assert "Content-Length" not in zip_response([Entry("a.txt", put(b"bonjour"), 0)], name="x")
    empty = zip_response([], name="x")
    assert len(b"".join(empty)) == int(empty["Content-Length"])


@pytest.mark.parametrize("sizes", [(70_000 * [0]), [2**31 - 5, 3], [2**31 + 5, 7, 0], [2**32 + 1]])
def test_the_length_is_right_beyond_what_the_old_format_holds(sizes, monkeypatch):
    """Counted without checksums, which would take longer than all the rest."""
    blobs = [Blob(sha256="0" * 64, size=size, media_type="image/png") for size in sizes]
    members = _members(Entry(f"dossier/{number}.png", blob, NOON_MS) for number, blob in enumerate(blobs))
    piece = bytes(64 * MIB)

    class Zeros(io.RawIOBase):
        def read(self, size=-1):
            return piece[:size]

    monkeypatch.setattr(Blob, "open", lambda _blob: Zeros())
    monkeypatch.setattr("tilios.core.blobs.zipping.CHUNK", len(piece))
    monkeypatch.setattr(zipfile, "crc32", lambda _data, crc=0: crc)
    tail = b""
    total = 0
    for given_out in _pieces(members):
        total += len(given_out)
        tail = given_out
    assert total == _length(members)
    assert (b"PK\x06\x06" in tail) == (len(sizes) > 65_535 or total > 2**31)


HOSTILE = st.text(st.sampled_from('aAéÉ./\\:*?"<>|\0 -_') | st.characters(), max_size=12)


@given(st.lists(st.tuples(HOSTILE, st.booleans()), max_size=12))
def test_names_are_fit_for_windows_and_each_stands_once(paths):
    names = _Names()
    found = [names.of(path, is_folder=is_folder) for path, is_folder in paths]
    files = [name for name in found if name and not name.endswith("/")]
    assert len({name.casefold() for name in files}) == len(files)
    for name in found:
        parts = name.rstrip("/").split("/")
        assert not {"..", "."} & set(parts)
        assert not set(name) & set('<>:"\\|?*\0')
        assert not any(part.endswith((".", " ")) for part in parts if part)


def test_what_differs_by_capitals_alone_gets_a_number_and_folders_stay_together():
    names = _Names()
    assert [names.of(path) for path in ("A/x.txt", "a/x.txt", "A/X.txt", "A/CON", "../etc/passwd", "A/x.txt")] == [
        "A/x.txt",
        "a (2)/x.txt",
        "A/X (2).txt",
        "A/_CON",
        "fichier/etc/passwd",
        "A/x (3).txt",
    ]


def test_a_file_known_to_be_damaged_leaves_a_note(put):
    good, bad = put(b"bon"), put(b"mauvais")
    bad.state = State.DAMAGED
    archive = opened(zip_response([Entry("a.txt", good, 0), Entry("b.txt", bad, 0)], name="x"))
    assert archive.namelist()[0] == "a.txt"
    [note] = archive.namelist()[1:]
    assert note.startswith("b.txt (")
    assert archive.read(note)


def test_bytes_that_are_missing_break_the_archive_off(put, on_disk):
    gone, cut = put(b"\x89PNG\r\n\x1a\n gone"), put(b"\x89PNG\r\n\x1a\n cut")
    on_disk(gone).unlink()
    on_disk(cut).write_bytes(b"\x89PNG")
    for blob in (gone, cut):
        with pytest.raises(Damaged):
            b"".join(zip_response([Entry("a.png", blob, 0)], name="x"))


def test_dates_before_zip_and_after_it_are_brought_within():
    for moment in (-10_000_000_000, 0, 10_000_000_000_000):
        assert opened(zip_response([Entry("a", None, moment)], name="x")).namelist() == ["a/"]


def test_memory_stays_constant_and_a_reader_that_leaves_closes_the_file():
    blob = actions.store(Generated(40 * MIB))
    entries = [Entry(f"{number}.bin", blob, 0) for number in range(2)]
    response = zip_response(entries, name="x")
    tracemalloc.start()
    next(iter(response))
    assert sum(len(piece) for piece in response) > 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MIB
    response = zip_response(entries, name="x")
    next(iter(response))
    response.close()


@pytest.mark.parametrize(
    ("media_type", "compressed"),
    [
        ("image/jpeg", True),
        ("image/svg+xml", False),
        ("text/csv", False),
        ("application/pdf", True),
        ("application/vnd.oasis.opendocument.text", True),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", True),
        ("application/octet-stream", False),
        ("audio/wav", False),
        ("video/mp4", True),
    ],
)
def test_what_is_compressed_already_is_known(media_type, compressed):
    assert is_compressed(media_type) is compressed

"""Programs that people use, against the running server: what comes back is what went, byte by byte."""

import filecmp
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from django.db import connection

from tests.harness import programs

#: The protocol is the same on both databases: the large number is for one of them.
FILES = 2_000 if connection.vendor == "sqlite" else 300
ODD = (
    "é à ü", "e\u0301crit", "100 %", "a#b", "fin.", "a&b", "a+b=c", "l'été", 'dit "oui"', "MAJ", "maj", " d'abord",
    "[crochets]", "🌿", "日本語", "x;y,z", "~tilde", "%41", "a" * 200,
)  # fmt: skip


def run(*command: str | Path, timeout_s: int = 400, **options: object) -> str:
    done = subprocess.run(  # type: ignore[call-overload]
        [str(part) for part in command], capture_output=True, text=True, timeout=timeout_s, check=False, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout + done.stderr


def forest(top: Path, count: int, names: Sequence[str] = ODD) -> None:
    """`count` files in nested folders with odd names, none like another."""
    luck = Random(7)
    folders = [top]
    for number, name in enumerate(names):
        folders.append(luck.choice(folders[: 1 + number // 3]) / name)
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = luck.choice(folders) / f"{names[number % len(names)][:60]} {number}.bin"
        path.write_bytes(luck.randbytes(luck.choice((0, 1, 100, 3000))) + str(number).encode())
        os.utime(path, (1_500_000_000 + number, 1_500_000_000 + number))


def same(one: Path, other: Path) -> None:
    """Both hold the same names, however their accents are written, and the same bytes."""
    listed = [
        {
            unicodedata.normalize("NFC", str(path.relative_to(top))): path.read_bytes()
            for path in top.rglob("*")
            if path.is_file()
        }
        for top in (one, other)
    ]
    assert listed[0].keys() == listed[1].keys()
    assert listed[0] == listed[1]


@pytest.fixture
def rclone(dav: SimpleNamespace, tmp_path: Path) -> dict[str, str]:
    """The environment in which `far:` is Bob's common space."""
    email, password = dav.login("bob")
    binary = programs.find("rclone", package="rclone")
    hidden = run(binary, "obscure", password).strip()
    return {
        **os.environ,
        "RCLONE_CONFIG": str(tmp_path / "rclone.conf"),
        "RCLONE_CONFIG_FAR_TYPE": "webdav",
        "RCLONE_CONFIG_FAR_URL": f"{dav.url}Commun/",
        "RCLONE_CONFIG_FAR_VENDOR": "owncloud",  # the dialect that keeps dates
        "RCLONE_CONFIG_FAR_USER": email,
        "RCLONE_CONFIG_FAR_PASS": hidden,
    }


@pytest.mark.slow
def test_rclone_copies_two_thousand_odd_files_there_and_back(rclone: dict[str, str], tmp_path: Path) -> None:
    here, back = tmp_path / "here", tmp_path / "back"
    forest(here, FILES)
    binary = programs.find("rclone", package="rclone")
    run(binary, "copy", "--transfers", "8", here, "far:", env=rclone)
    run(binary, "check", here, "far:", env=rclone)  # byte by byte: `same`, once they are back
    removed = sorted(path for path in here.rglob("*.bin"))[::10]
    for path in removed:
        path.unlink()
    (here / "nouveau.txt").write_text("nouveau", "utf-8")
    run(binary, "sync", here, "far:", env=rclone)
    run(binary, "copy", "--transfers", "8", "far:", back, env=rclone)
    same(here, back)
    moment = int((back / "nouveau.txt").stat().st_mtime)
    assert moment == int((here / "nouveau.txt").stat().st_mtime)


@pytest.mark.slow
def test_cadaver_makes_moves_copies_and_fetches(dav: SimpleNamespace, tmp_path: Path) -> None:
    email, password = dav.login("bob")
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1\nlogin {email}\npassword {password}\n", "ascii")
    (tmp_path / ".netrc").chmod(0o600)
    content = os.urandom(100_000)
    (tmp_path / "sent.bin").write_bytes(content)
    script = (
        "mkcol dossier\nput sent.bin dossier/a.bin\ncopy dossier/a.bin dossier/b.bin\n"
        "move dossier/b.bin dossier/c.bin\n"
        "lock dossier/c.bin\nunlock dossier/c.bin\npropset dossier/c.bin couleur vert\npropget dossier/c.bin couleur\n"
        "ls dossier\nget dossier/c.bin got.bin\ndelete dossier/a.bin\nls dossier\nquit\n"
    )
    said = run(
        programs.find("cadaver", package="cadaver"), f"{dav.url}Commun/",
        input=script, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert "failed" not in said.lower(), said
    assert "vert" in said
    assert (tmp_path / "got.bin").read_bytes() == content
    assert dav.client("bob", "Commun/").listing("dossier/") == {"c.bin"}


@pytest.mark.slow
def test_curl_resumes_a_download_and_asks_whether_it_changed(dav: SimpleNamespace, tmp_path: Path) -> None:
    curl, content = programs.find("curl", package="curl"), os.urandom(3_000_000)
    (tmp_path / "sent.bin").write_bytes(content)
    login = ["--silent", "--show-error", "--fail", "--user", ":".join(dav.login("bob"))]
    url = f"{dav.url}Commun/grand.bin"
    run(curl, *login, "--upload-file", tmp_path / "sent.bin", url)
    got = tmp_path / "got.bin"
    got.write_bytes(content[:1_234_567])
    run(curl, *login, "--continue-at", "-", "--output", got, url)
    assert filecmp.cmp(tmp_path / "sent.bin", got, shallow=False)
    part = tmp_path / "part.bin"
    run(curl, *login, "--range", "1000-1999", "--output", part, url)
    assert part.read_bytes() == content[1000:2000]
    head = run(curl, *login, "--head", url)
    etag = next(line for line in head.splitlines() if line.lower().startswith("etag")).split(" ", 1)[1]
    told = ["--write-out", "%{http_code}", "--output", tmp_path / "none"]
    assert run(curl, *login, *told, "--header", f"If-None-Match: {etag}", url) == "304"
    chunked = ["--header", "Transfer-Encoding: chunked", "--upload-file", "-"]
    run(curl, *login, *chunked, f"{dav.url}Commun/morceaux.bin", input="en morceaux")
    assert run(curl, *login, f"{dav.url}Commun/morceaux.bin") == "en morceaux"


@pytest.fixture
def mounted(dav: SimpleNamespace, tmp_path: Path) -> Iterator[Path]:
    """Bob's common space as a folder of this machine, by davfs2."""
    email, password = dav.login("bob")
    mount = programs.find("mount.davfs", package="davfs2", folders=("/usr/sbin", "/sbin"))
    assert os.geteuid() == 0, "only root may mount: run this test as root, as `make test` does in a container"
    # davfs2 leaves root for a user of its own, who may not enter the folders of the tests.
    place = Path(tempfile.mkdtemp(prefix="tilios-davfs-", dir="/tmp"))
    cache = Path(tempfile.mkdtemp(prefix="tilios-davfs-cache-", dir="/tmp"))
    for folder in (place, cache):
        folder.chmod(0o777)
    secrets, settings = tmp_path / "secrets", tmp_path / "davfs2.conf"
    secrets.write_text(f"{dav.url}Commun/ {email} {password}\n", "ascii")
    secrets.chmod(0o600)
    settings.write_text(
        f"secrets {secrets}\ncache_dir {cache}\ndelay_upload 0\nask_auth 0\nuse_locks 1\n"
        "dir_refresh 0\nfile_refresh 0\n",
        "ascii",
    )
    run(mount, "-o", f"conf={settings}", f"{dav.url}Commun/", place, timeout_s=60)
    try:
        yield place
    finally:
        run("umount", place, timeout_s=120)
        place.rmdir()
        shutil.rmtree(cache)


@pytest.mark.slow
def test_davfs2_mounts_the_files_as_a_folder(dav: SimpleNamespace, mounted: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    # What davfs2 creates it must find again under the same name: Tilios gives all names back composed.
    forest(here, 40, [unicodedata.normalize("NFC", name) for name in ODD])
    shutil.copytree(here, mounted / "forêt")
    (mounted / "forêt" / "à part.txt").write_text("un", "utf-8")
    (mounted / "forêt" / "à part.txt").rename(mounted / "déplacé.txt")
    shutil.rmtree(mounted / "forêt" / ODD[0], ignore_errors=True)
    client = dav.client("bob", "Commun/")
    deadline = time.monotonic() + 60
    while "déplacé.txt" not in client.listing() and time.monotonic() < deadline:
        time.sleep(0.5)
    assert client.get("déplacé.txt").content == b"un"
    for path in (one for one in here.rglob("*.bin") if ODD[0] not in one.relative_to(here).parts):
        far = client.get("forêt/" + str(path.relative_to(here)))
        while far.content != path.read_bytes() and time.monotonic() < deadline:
            time.sleep(0.5)
            far = client.get("forêt/" + str(path.relative_to(here)))
        assert hashlib.sha256(far.content).digest() == hashlib.sha256(path.read_bytes()).digest(), path

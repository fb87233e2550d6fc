"""Programs that people use, against the running server: python-caldav, vdirsyncer, khal, curl."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import caldav
import pytest

from tests.harness import programs
from tilios.tools.agenda.tests.writing import card, event

VDIRSYNCER = """
[general]
status_path = "{folder}/status/"

[pair agenda]
a = "here"
b = "there"
collections = ["structure"]
conflict_resolution = {resolution}

[pair contacts]
a = "cards_here"
b = "cards_there"
collections = ["structure"]
conflict_resolution = {resolution}

[storage here]
type = "filesystem"
path = "{folder}/agenda/"
fileext = ".ics"

[storage there]
type = "caldav"
url = "{url}/"
username = "{email}"
password = "{password}"

[storage cards_here]
type = "filesystem"
path = "{folder}/contacts/"
fileext = ".vcf"

[storage cards_there]
type = "carddav"
url = "{url}/"
username = "{email}"
password = "{password}"
"""
KHAL = """
[calendars]
[[structure]]
path = {folder}/agenda/structure
type = calendar
[locale]
timeformat = %H:%M
dateformat = %d/%m/%Y
longdateformat = %d/%m/%Y
datetimeformat = %d/%m/%Y %H:%M
longdatetimeformat = %d/%m/%Y %H:%M
default_timezone = Europe/Paris
local_timezone = Europe/Paris
[sqlite]
path = {folder}/khal.db
"""


class Desk:
    """A computer on which vdirsyncer keeps calendars and contacts in a folder, and khal reads them."""

    def __init__(self, folder: Path, dav: SimpleNamespace, *, resolution: str = '"a wins"') -> None:
        self.folder = folder
        folder.mkdir()
        email, password = dav.login("bob")
        settings = VDIRSYNCER.format(folder=folder, url=dav.url, email=email, password=password, resolution=resolution)
        (folder / "vdirsyncer").write_text(settings, "utf-8")
        (folder / "khal").write_text(KHAL.format(folder=folder), "utf-8")

    def run(self, name: str, *words: str, fails: bool = False) -> str:
        settings = {"vdirsyncer": ["-c", str(self.folder / "vdirsyncer")], "khal": ["-c", str(self.folder / "khal")]}
        command = [str(Path(sys.executable).parent / name), *settings[name], *words]
        # No certificate is asked for on this machine: the server is reached in clear, as behind a front server.
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, input="y\n" * 20,
                              env={**os.environ, "LANG": "C.UTF-8", "HOME": str(self.folder)})  # fmt: skip
        assert fails or done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def sync(self, *, fails: bool = False) -> str:
        return self.run("vdirsyncer", "sync", fails=fails)

    def file(self, name: str) -> Path:
        return self.folder / "agenda" / "structure" / name


@pytest.fixture
def desk(dav: SimpleNamespace, tmp_path: Path) -> Desk:
    made = Desk(tmp_path / "desk", dav)
    made.run("vdirsyncer", "discover")
    return made


def test_vdirsyncer_carries_both_ways_and_khal_reads(dav: SimpleNamespace, desk: Desk) -> None:
    there = dav.client("bob")
    there.put("un.ics", event("un", "Atelier soudure"))
    there.ask("PUT", "/dav/addressbooks/la-fabrique/structure/zoe.vcf", card("zoe"))
    desk.sync()
    assert "Atelier soudure" in desk.file("un.ics").read_text()
    assert "Zoé Durand" in (desk.folder / "contacts" / "structure" / "zoe.vcf").read_text()
    assert "Atelier soudure" in desk.run("khal", "list", "01/12/2026", "1d")
    desk.file("deux.ics").write_text(event("deux", "Repas partagé").replace("\r\n", "\n"))
    desk.file("un.ics").write_text(event("un", "Atelier bois").replace("\r\n", "\n"))
    desk.sync()
    assert "Repas partagé" in there.get("deux.ics").text
    assert "Atelier bois" in there.get("un.ics").text
    there.ask("DELETE", "un.ics")
    desk.file("deux.ics").unlink()
    desk.sync()
    assert not desk.file("un.ics").exists()
    assert there.get("deux.ics").status == 404


def test_a_conflict_is_seen_and_one_side_wins(dav: SimpleNamespace, desk: Desk, tmp_path: Path) -> None:
    there = dav.client("bob")
    there.put("un.ics", event("un", "Première"))
    desk.sync()
    there.put("un.ics", event("un", "Chez eux"))
    desk.file("un.ics").write_text(event("un", "Chez nous"))
    desk.sync()
    assert "Chez nous" in there.get("un.ics").text
    careful = Desk(tmp_path / "careful", dav, resolution="null")
    careful.run("vdirsyncer", "discover")
    careful.sync()
    there.put("un.ics", event("un", "Chez eux"))
    careful.file("un.ics").write_text(event("un", "Ici"))
    assert "conflict" in careful.sync(fails=True).lower()
    assert "Chez eux" in there.get("un.ics").text
    assert "Ici" in careful.file("un.ics").read_text()


@pytest.fixture
def principal(dav: SimpleNamespace) -> Any:
    email, password = dav.login("bob")
    return caldav.DAVClient(url=f"{dav.url}/", username=email, password=password).principal()


def test_python_caldav_finds_makes_searches_and_removes(dav: SimpleNamespace, principal: Any) -> None:
    names = {str(one.get_display_name()) for one in principal.get_calendars()}
    assert "Agenda de la structure" in names
    made = principal.make_calendar(name="Vélo", cal_id="velo")
    made.save_event(event("un", "Sortie", start="20261201T090000Z", more="RRULE:FREQ=DAILY;COUNT=3\r\n"))
    from datetime import UTC, datetime

    start, end = datetime(2026, 12, 2, tzinfo=UTC), datetime(2026, 12, 4, tzinfo=UTC)
    assert len(made.search(start=start, end=end, event=True, expand=True)) == 2
    (found,) = made.get_events()
    found.icalendar_component["summary"] = "Grande sortie"
    found.save()
    assert (
        "Grande sortie"
        in dav.client("bob").ask("GET", f"/dav/calendars/la-fabrique/velo/{found.url.path.rpartition('/')[2]}").text
    )
    token = made.get_objects_by_sync_token(load_objects=False).sync_token
    found.delete()
    changes = made.get_objects_by_sync_token(sync_token=token, load_objects=False)
    assert len(list(changes)) == 1
    assert made.get_events() == []


def test_curl_follows_to_the_calendars(dav: SimpleNamespace) -> None:
    email, password = dav.login("bob")
    curl = programs.find("curl", package="curl")
    asked = '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
    done = subprocess.run(
        [curl, "-sS", "-L", "-X", "PROPFIND", "-H", "Depth: 0", "-u", f"{email}:{password}", "--data", asked,
         f"{dav.url}/.well-known/caldav"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert f"/dav/principals/{dav.cast.bob.account.pk}/" in done.stdout

"""Take everything out, erase a person: the pages."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.cast import Cast
from tilios.core.jobs.worker import run_all
from tilios.core.journal.models import Entry
from tilios.core.people.models import Person
from tilios.core.portability.models import Takeout
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

URL = "/s/la-fabrique/transfert/"


def latest(cast: Cast) -> Takeout:
    with scope(cast.fabrique):
        return Takeout.objects.latest("pk")


def test_from_the_button_to_the_file(cast: Cast) -> None:
    client = cast.client("alice")
    assert "Préparer une archive" in client.get(URL).content.decode()
    assert client.post(f"{URL}archives/").status_code == 302
    page = client.get(URL).content.decode()
    assert "hx-get" in page
    assert "<progress" in page
    run_all()
    part = client.get(f"{URL}archives/en-cours/").content.decode()
    assert "hx-get" not in part
    address = f"{URL}archives/{latest(cast).pk}/"
    assert address in part
    answer = client.get(address)
    assert "la-fabrique-" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "manifest.json" in archive.namelist()
    verbs = set(Entry.objects.filter(structure=cast.fabrique).values_list("verb", flat=True))
    assert {"portal.export_asked", "portal.exported", "portal.archive_downloaded"} <= verbs
    assert client.post(f"{address}retirer/").status_code == 302
    assert client.get(address).status_code == 404


def test_a_second_one_waits_for_the_first(cast: Cast) -> None:
    cast.client("alice").post(f"{URL}archives/")
    assert cast.client("alice").post(f"{URL}archives/").status_code == 409


def test_an_expired_archive_is_gone(cast: Cast) -> None:
    client = cast.client("alice")
    client.post(f"{URL}archives/")
    run_all()
    takeout = latest(cast)
    with scope(cast.fabrique):
        Takeout.objects.update(expires_at=timezone.now())
    assert client.get(f"{URL}archives/{takeout.pk}/").status_code == 404


def test_an_attempt_that_failed_is_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("tilios.core.portability.takeouts.export", fail)
    client = cast.client("alice")
    client.post(f"{URL}archives/")
    run_all()
    page = client.get(URL).content.decode()
    assert "n’a pas pu être faite" in page
    assert "no space left" not in page
    assert client.post(f"{URL}archives/").status_code == 302


def test_erasing_is_shown_asked_done_and_proved(cast: Cast) -> None:
    client = cast.client("alice")
    url = f"/s/la-fabrique/personnes/{cast.bob.pk}/effacer/"
    assert "La fiche de la personne" in client.get(url).content.decode()
    wrong = client.post(url, {"name": "Bobby"})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.content.decode()
    answer = client.post(url, {"name": " bob LAMBERT "}, follow=True)
    page = answer.content.decode()
    assert "Preuve d’effacement" in page
    assert "Cette attestation est bien celle que ce serveur a faite" in page
    assert "Lambert" not in page
    with scope(cast.fabrique):
        assert not Person.objects.filter(pk=cast.bob.pk).exists()
    assert client.get(url).status_code == 404
    journal = client.get("/s/la-fabrique/journal/").content.decode()
    assert "voir la preuve" in journal
    assert "Lambert" not in journal


def test_oneself_and_the_last_administrator_are_refused_before(cast: Cast) -> None:
    page = cast.client("alice").get(f"/s/la-fabrique/personnes/{cast.alice.pk}/effacer/").content.decode()
    assert "ne peut pas être effacée" in page
    assert 'name="name"' not in page


def test_the_commands(cast: Cast, tmp_path: Path) -> None:
    out = io.StringIO()
    file = tmp_path / "la-fabrique.zip"
    call_command("tilios_export", "la-fabrique", str(file), stdout=out)
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="already there"):
        call_command("tilios_export", "la-fabrique", str(file))
    call_command("tilios_export", "la-fabrique", str(file), "--force", stdout=out)
    call_command("tilios_import", str(file), "--slug", "copie", stdout=out)
    assert "/s/copie/" in out.getvalue()
    with pytest.raises(CommandError, match="copie"):
        call_command("tilios_import", str(file), "--slug", "copie")
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(CommandError, match="zip"):
        call_command("tilios_import", str(file))
    for arguments in (["tilios_export", "nowhere", "x.zip"], ["tilios_import", "nowhere.zip"], ["tilios_erase", "no"]):
        with pytest.raises(CommandError):
            call_command(*arguments)
    call_command("tilios_erase", "copie", "--yes", stdout=out)
    assert set(Structure.objects.values_list("slug", flat=True)) == {"la-fabrique", "l-atelier"}

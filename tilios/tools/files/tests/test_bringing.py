"""Files brought in from zips: tried out, brought in, taken up again, undone."""

import io
import json
import stat
import struct
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tilios.core.blobs import actions as blobs
from tilios.core.errors import Conflict, NotAllowed
from tilios.core.jobs.worker import run_all, take_one
from tilios.core.journal.models import Entry
from tilios.core.structures.scope import scope
from tilios.tools.files.actions import bringing as actions
from tilios.tools.files.bringing import coming, jobs, zips
from tilios.tools.files.models import Bringing, Item, Usage
from tilios.tools.files.models.bringing import BringingState, LineState
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.tests import contract

if TYPE_CHECKING:
    from tests.cast import Cast

BASE = "/s/la-fabrique/fichiers/"


@pytest.fixture
def shelf(cast: "Cast") -> Any:
    """Everybody's space, in which bob works."""
    with scope(cast.bob.structure):
        yield contract.common(cast.bob)[1]


def zipped(*members: tuple[Any, bytes], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def member(name: str, *, mode: int = 0, date: tuple[int, ...] = (2024, 5, 4, 18, 30, 0)) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date)  # type: ignore[arg-type]
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def looked(cast: "Cast", shelf: Item, *contents: bytes, source: str = "zip") -> Bringing:
    """A bringing whose dry run is done."""
    by = cast.bob
    bringing = actions.begin(by=by, rights=Rights(by), folder=shelf, source=source)
    for number, content in enumerate(contents):
        blob = blobs.store(io.BytesIO(content), name="a.zip")
        actions.add_part(by=by, bringing=bringing, blob=blob, name=f"a-{number}.zip")
    actions.look(by=by, bringing=bringing)
    run_all()
    bringing.refresh_from_db()
    return bringing


def brought(cast: "Cast", bringing: Bringing, choice: str = "both") -> Bringing:
    actions.start(by=cast.bob, rights=Rights(cast.bob), bringing=bringing, choice=choice)
    run_all()
    bringing.refresh_from_db()
    return bringing


def undone(cast: "Cast", bringing: Bringing) -> Bringing:
    actions.undo(by=cast.bob, bringing=bringing)
    run_all()
    bringing.refresh_from_db()
    return bringing


def tree(folder: Item, above: str = "") -> dict[str, bytes | None]:
    """Everything alive below a folder, with its bytes; None for folders."""
    found: dict[str, bytes | None] = {}
    for item in Item.objects.filter(parent=folder, in_trash=False).select_related("blob"):
        path = above + item.name
        found[path] = None if item.is_folder else item.content.open().read()
        if item.is_folder:
            found |= tree(item, f"{path}/")
    return found


def reasons(bringing: Bringing, state: str) -> dict[str, str]:
    return dict(bringing.lines.filter(state=state).values_list("path", "reason"))


def test_nothing_is_written_before_somebody_says_yes(cast: "Cast", shelf: Item) -> None:
    bringing = looked(cast, shelf, zipped(("Photos/plage.txt", b"sable"), ("note.txt", b"bonjour")))
    assert bringing.state == BringingState.LOOKED
    assert (bringing.counts["files"], bringing.counts["folders"], bringing.counts["size"]) == (2, 1, 12)
    assert tree(shelf) == {}
    assert brought(cast, bringing).state == BringingState.DONE
    assert tree(shelf) == {"Photos": None, "Photos/plage.txt": b"sable", "note.txt": b"bonjour"}
    assert Entry.objects.filter(verb="files.brought_in").count() == 1
    assert not bringing.parts.exists()


def test_dates_are_kept_local_or_exact(cast: "Cast", shelf: Item) -> None:
    exact = member("exact.txt")
    exact.extra = struct.pack("<HHBl", 0x5455, 5, 1, 1_600_000_000)
    brought(cast, looked(cast, shelf, zipped((member("local.txt"), b"a"), (exact, b"b"))))
    assert Item.objects.get(name="local.txt").modified_at.isoformat() == "2024-05-04T16:30:00+00:00"  # Paris, summer
    assert Item.objects.get(name="exact.txt").modified_ms == 1_600_000_000_000


def test_names_are_mended_and_listed(cast: "Cast", shelf: Item) -> None:
    long = "é" * 200 + ".txt"
    bringing = looked(
        cast, shelf, zipped(("/abs.txt", b"1"), ("sous\\dos.txt", b"2"), ("a/../monte.txt", b"3"), (long, b"4"))
    )
    mended = dict(bringing.lines.filter(is_mended=True).values_list("path", "to"))
    assert set(mended) == {long}
    brought(cast, bringing)
    assert set(tree(shelf)) == {"abs.txt", "sous", "sous/dos.txt", "monte.txt", mended[long]}


def test_names_of_old_programs_are_read_as_they_were_meant(cast: "Cast", shelf: Item) -> None:
    content = zipped(("AAAAA.txt", b"utf8"), ("BBB.txt", b"dos"), ("CCC.txt", b"capitale"))
    for placeholder, raw in ((b"AAAAA", "été".encode()), (b"BBB", b"m\x82t"), (b"CCC", b"\xb5me")):
        content = content.replace(placeholder, raw)
    brought(cast, looked(cast, shelf, content))
    assert set(tree(shelf)) == {"été.txt", "mét.txt", "Áme.txt"}


def test_hostile_members_are_refused_by_name_and_the_rest_comes(cast: "Cast", shelf: Item) -> None:
    big = b"\0" * 3_000_000
    content = zipped(
        ("../evil.txt", b"x"),
        ("..\\..\\evil2.txt", b"x"),
        (member("lien", mode=stat.S_IFLNK | 0o777), b"/etc/passwd"),
        (member("tube", mode=stat.S_IFIFO | 0o644), b""),
        ("/".join("d" * 45) + "/profond.txt", b"x"),
        ("bombe.bin", big),
        ("__MACOSX/._note.txt", b"x"),
        (".DS_Store", b"x"),
        ("bon.txt", b"bon"),
    )
    bringing = looked(cast, shelf, content)
    assert reasons(bringing, LineState.REFUSED) == {
        "../evil.txt": "outside",
        "..\\..\\evil2.txt": "outside",
        "lien": "link",
        "tube": "special",
        "/".join("d" * 45) + "/profond.txt": "deep",
        "bombe.bin": "bomb",
    }
    assert set(reasons(bringing, LineState.SKIPPED)) == {"__MACOSX/._note.txt", ".DS_Store"}
    brought(cast, bringing)
    assert tree(shelf) == {"bon.txt": b"bon"}


def test_what_is_locked_or_packed_in_a_dangerous_way_is_refused(cast: "Cast", shelf: Item) -> None:
    bzip = member("bzip.txt")
    bzip.compress_type = zipfile.ZIP_BZIP2
    content = bytearray(zipped(("ferme.txt", b"x"), (bzip, b"x")))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    bringing = looked(cast, shelf, bytes(content))
    assert reasons(bringing, LineState.REFUSED) == {"ferme.txt": "encrypted", "bzip.txt": "method"}


@pytest.mark.parametrize(
    # A zip holds the time: two workers that name a test after its bytes do not name it alike.
    "content",
    [b"pas un zip", b"", zipped(("a", b"x"))[:-10], zipped()],
    ids=["words", "nothing", "cut", "empty"],
)
def test_what_is_no_zip_is_said_and_another_can_be_given(cast: "Cast", shelf: Item, content: bytes) -> None:
    bringing = looked(cast, shelf, content)
    assert bringing.state == BringingState.PREPARING
    assert bringing.problem


def test_a_zip_whose_members_lie_one_over_the_other_is_refused(cast: "Cast", shelf: Item) -> None:
    content = bytearray(zipped(("un.txt", b"x" * 100), ("deux.txt", b"y" * 100)))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[second + 42 : second + 46] = b"\0\0\0\0"  # both begin at the start
    assert looked(cast, shelf, bytes(content)).state == BringingState.PREPARING


def test_a_list_of_members_beyond_all_measure_is_not_even_read(cast: "Cast", shelf: Item, monkeypatch: Any) -> None:
    monkeypatch.setattr(zips, "LONGEST_READ", 100)
    assert "zip" in looked(cast, shelf, zipped(*[(f"{n}.txt", b"x") for n in range(10)])).problem


def test_a_member_that_is_damaged_does_not_hold_up_the_others(cast: "Cast", shelf: Item) -> None:
    content = bytearray(zipped((zipfile.ZipInfo("abime.txt"), b"a" * 50), ("bon.txt", b"bon")))
    content[content.index(b"a" * 50) + 10] = ord("b")
    bringing = brought(cast, looked(cast, shelf, bytes(content)))
    assert bringing.state == BringingState.DONE
    assert reasons(bringing, LineState.FAILED) == {"abime.txt": "damaged"}
    assert tree(shelf) == {"bon.txt": b"bon"}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("both", {"note.txt": b"avant", "note (2).txt": b"nouveau"}),
        ("replace", {"note.txt": b"nouveau"}),
        ("skip", {"note.txt": b"avant"}),
    ],
)
def test_a_name_that_is_taken_is_dealt_with_as_chosen(
    cast: "Cast", shelf: Item, choice: str, expected: dict[str, bytes]
) -> None:
    contract.write(cast.bob, "note.txt", b"avant")
    contract.write(cast.bob, "pareil.txt", b"pareil")
    bringing = looked(cast, shelf, zipped(("note.txt", b"nouveau"), ("pareil.txt", b"pareil")))
    assert bringing.counts["taken"] == 2
    brought(cast, bringing, choice)
    assert tree(shelf) == {**expected, "pareil.txt": b"pareil"}
    assert undone(cast, bringing).state == BringingState.UNDONE
    assert tree(shelf) == {"note.txt": b"avant", "pareil.txt": b"pareil"}


def test_folders_that_are_there_are_filled_and_what_stands_in_the_way_of_one_is_kept(cast: "Cast", shelf: Item) -> None:
    there = contract.folder(cast.bob, "Photos")
    contract.write(cast.bob, "ici.txt", b"ici", there)
    contract.write(cast.bob, "Textes", b"un fichier")
    brought(cast, looked(cast, shelf, zipped(("Photos/venu.txt", b"venu"), ("Textes/a.txt", b"a"))))
    assert tree(shelf) == {
        "Photos": None,
        "Photos/ici.txt": b"ici",
        "Photos/venu.txt": b"venu",
        "Textes": b"un fichier",
        "Textes (2)": None,
        "Textes (2)/a.txt": b"a",
    }


def test_killed_and_taken_again_it_goes_on_and_no_file_comes_twice(cast: "Cast", shelf: Item, monkeypatch: Any) -> None:
    names = [f"d{number % 3}/{number}.txt" for number in range(12)]
    bringing = looked(cast, shelf, zipped(*[(name, name.encode()) for name in names]))
    actions.start(by=cast.bob, rights=Rights(cast.bob), bringing=bringing, choice="both")
    real, calls = coming.write_file, []

    def dies(**arguments: Any) -> Any:
        calls.append(arguments["name"])
        written = real(**arguments)
        if len(calls) in {3, 7}:
            raise KeyboardInterrupt  # after the write, before the line is noted: the worst moment
        return written

    monkeypatch.setattr(coming, "write_file", dies)
    for _turn in range(2):
        bringing.refresh_from_db()
        with pytest.raises(KeyboardInterrupt):
            jobs.work.func(bringing.structure_id, bringing.pk, bringing.run)
    bringing.refresh_from_db()
    assert 0 < bringing.lines.filter(state=LineState.DONE, is_folder=False).count() < 12
    run_all()
    assert {path for path, content in tree(shelf).items() if content is not None} == set(names)
    assert Item.objects.filter(is_folder=False).count() == 12


def test_the_work_is_cut_in_slices_so_that_letters_leave_meanwhile(cast: "Cast", shelf: Item, monkeypatch: Any) -> None:
    monkeypatch.setattr(jobs, "SLICE_S", 0.0)
    bringing = looked(cast, shelf, zipped(*[(f"{n}.txt", b"%d" % n) for n in range(5)]))
    actions.start(by=cast.bob, rights=Rights(cast.bob), bringing=bringing, choice="both")
    turns = 0
    while take_one("here"):
        turns += 1
    assert turns >= 5
    bringing.refresh_from_db()
    assert bringing.state == BringingState.DONE
    assert len(tree(shelf)) == 5


def test_stopped_by_hand_it_waits_and_goes_on(cast: "Cast", shelf: Item) -> None:
    bringing = looked(cast, shelf, zipped(("a.txt", b"a")))
    actions.start(by=cast.bob, rights=Rights(cast.bob), bringing=bringing, choice="both")
    actions.stop(by=cast.bob, bringing=bringing)
    run_all()
    assert tree(shelf) == {}
    actions.go_on(by=cast.bob, bringing=bringing)
    run_all()
    assert tree(shelf) == {"a.txt": b"a"}


def test_without_room_it_stops_with_a_sentence_and_goes_on_once_there_is_some(cast: "Cast", shelf: Item) -> None:
    Usage.objects.filter(person=None).update(quota=15)
    bringing = looked(cast, shelf, zipped(("a.txt", b"a" * 10), ("b.txt", b"b" * 10)))
    assert brought(cast, bringing).state == BringingState.STOPPED
    assert "place" in bringing.problem
    assert tree(shelf) == {"a.txt": b"a" * 10}
    Usage.objects.filter(person=None).update(quota=100)
    actions.go_on(by=cast.bob, bringing=bringing)
    run_all()
    assert set(tree(shelf)) == {"a.txt", "b.txt"}


def test_undoing_leaves_what_somebody_changed_since(cast: "Cast", shelf: Item) -> None:
    members = [("D/a.txt", b"a"), ("D/b.txt", b"b"), ("E/c.txt", b"c"), ("F/G/d.txt", b"d"), ("r.txt", b"r")]
    bringing = brought(cast, looked(cast, shelf, zipped(*members)))
    contract.write(cast.bob, "a.txt", b"retouche", Item.objects.get(name="D"))
    contract.write(cast.bob, "ajout.txt", b"ajout", Item.objects.get(name="G"))
    Item.objects.filter(name="r.txt").update(name="autrement.txt")
    assert undone(cast, bringing).state == BringingState.UNDONE
    assert tree(shelf) == {
        "D": None,
        "D/a.txt": b"retouche",
        "F": None,
        "F/G": None,
        "F/G/ajout.txt": b"ajout",
        "autrement.txt": b"r",
    }
    # A folder of which nothing stays goes whole: one thing in the trash, which comes back with what it holds.
    assert Item.objects.get(name="E").trashed_ms is not None
    assert Item.objects.get(name="c.txt").trashed_ms is None
    assert Entry.objects.filter(verb="files.bringing_undone").count() == 1


def test_a_takeout_in_two_parts_gives_photos_their_dates_and_names(cast: "Cast", shelf: Item) -> None:
    title = "Une photo de la fête du village avec tout le monde devant la mairie.jpg"
    about = {"title": title, "photoTakenTime": {"timestamp": "1500000000"}}
    one = zipped(
        ("Takeout/archive_browser.html", b"<html>"),
        ("Takeout/Drive/Budget.xlsx", b"xlsx"),
        (f"Takeout/Google Photos/2017/{title[:47]}.jpg", b"image"),
    )
    two = zipped((f"Takeout/Google Photos/2017/{title[:46]}.json", json.dumps(about).encode()))
    bringing = looked(cast, shelf, one, two, source="takeout")
    assert bringing.counts["mended"] == 1
    assert bringing.counts["left_out"] == 2
    brought(cast, bringing)
    assert set(tree(shelf)) == {
        "Drive",
        "Drive/Budget.xlsx",
        "Google Photos",
        "Google Photos/2017",
        f"Google Photos/2017/{title}",
    }
    assert Item.objects.get(name=title).modified_ms == 1_500_000_000_000


def test_the_folder_around_a_dropbox_is_opened(cast: "Cast", shelf: Item) -> None:
    content = zipped(("/", b""), ("Mon Dropbox/", b""), ("Mon Dropbox/a.txt", b"a"), ("Mon Dropbox/B/b.txt", b"b"))
    brought(cast, looked(cast, shelf, content, source="dropbox"))
    assert tree(shelf) == {"a.txt": b"a", "B": None, "B/b.txt": b"b"}


def test_rights_are_asked_when_it_begins_and_again_when_it_runs(cast: "Cast", shelf: Item) -> None:
    with pytest.raises(NotAllowed):
        actions.begin(by=cast.gus, rights=Rights(cast.gus), folder=shelf, source="zip")
    bringing = looked(cast, shelf, zipped(("a.txt", b"a")))
    actions.start(by=cast.bob, rights=Rights(cast.bob), bringing=bringing, choice="both")
    shelf.grants.all().delete()
    run_all()
    assert [line.state for line in bringing.lines.all()] == [LineState.FAILED]
    with pytest.raises(NotAllowed):
        actions.undo(by=cast.alice, bringing=bringing)


def test_what_nobody_confirmed_and_what_is_too_old_is_forgotten(cast: "Cast", shelf: Item) -> None:
    bringing = looked(cast, shelf, zipped(("a.txt", b"a")))
    actions.forget_old()
    assert Bringing.objects.filter(pk=bringing.pk).exists()
    old = timezone.now() - timedelta(days=3)
    Bringing.objects.update(created_at=old, beat_at=old)
    actions.forget_old()
    assert not Bringing.objects.exists()


def test_too_late_to_undo_is_said(cast: "Cast", shelf: Item) -> None:
    bringing = brought(cast, looked(cast, shelf, zipped(("a.txt", b"a"))))
    Bringing.objects.update(created_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Conflict):
        actions.undo(by=cast.bob, bringing=bringing)


# Pages ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def bob(cast: "Cast", client: Client) -> Client:
    client.force_login(cast.bob.account)
    return client


def test_by_ordinary_forms_a_zip_is_given_looked_at_brought_in_and_undone(bob: Client, shelf: Item) -> None:
    assert "takeout.google.com" in bob.get(f"{BASE}{shelf.pk}/apporter/").content.decode()
    assert bob.post(f"{BASE}{shelf.pk}/apporter/", {"source": "nulle-part"}).status_code == 422
    page = bob.post(f"{BASE}{shelf.pk}/apporter/", {"source": "zip"})["Location"]
    assert bob.post(f"{page}regarder/").status_code == 422
    assert bob.post(f"{page}envoyer/", {"files": SimpleUploadedFile("a.txt", b"x")}).status_code == 422
    content = zipped(("é.txt", b"x"), ("../evil.txt", b"x"))
    assert bob.post(f"{page}envoyer/", {"files": SimpleUploadedFile("a.zip", content)}).status_code == 302
    assert bob.post(f"{page}regarder/").status_code == 302
    assert "http-equiv" in bob.get(page).content.decode()
    run_all()
    assert "../evil.txt" in bob.get(page).content.decode()
    bob.post(f"{page}commencer/", {"choice": "both"})
    run_all()
    report = b"".join(bob.get(f"{page}rapport.csv")).decode("utf-8-sig")
    assert "é.txt" in report
    assert "Son chemin sort du zip" in report
    assert tree(shelf) == {"é.txt": b"x"}
    bob.post(f"{page}annuler/")
    run_all()
    assert tree(shelf) == {}
    assert bob.post(f"{page}annuler/").status_code == 409


def test_a_zip_that_is_here_can_be_chosen(bob: Client, cast: "Cast", shelf: Item) -> None:
    here = contract.write(cast.bob, "archive.zip", zipped(("a.txt", b"a")))
    page = bob.post(f"{BASE}{shelf.pk}/apporter/", {"source": "zip"})["Location"]
    assert "archive.zip" in bob.get(page).content.decode()
    bob.post(f"{page}ajouter/", {"fichier": here.pk})
    bob.post(f"{page}regarder/")
    run_all()
    assert "a.txt" in bob.get(page).content.decode()


def test_nobody_sees_what_another_brings_in(cast: "Cast", shelf: Item) -> None:
    bringing = looked(cast, shelf, zipped(("a.txt", b"a")))
    for who in ("alice", "gus", "charlie"):
        assert cast.client(who).get(f"{BASE}apporter/{bringing.pk}/").status_code == 404

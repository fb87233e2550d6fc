"""The files as programs see them over WebDAV: rights, names, versions, times, room, quirks of systems."""

from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.utils import timezone

from tests.harness.webdav import DAV, Client
from tilios.core.access.models import AppPassword
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope
from tilios.tools.files.models import Item, Level, Rules, Usage, Version
from tilios.tools.files.tests.planting import common, content_of, file, folder, own_list

BASE = "/dav/files/la-fabrique/"


@pytest.fixture
def bob(dav: SimpleNamespace) -> Client:
    return dav.client("bob", "Commun/")


@pytest.fixture
def alice(dav: SimpleNamespace) -> Client:
    return dav.client("alice", "Commun/")


@pytest.fixture
def closed(dav: SimpleNamespace) -> Item:
    """Commun/Projets/Bureau/secret.txt, which Bob, a member, may not see; he may change the rest of Projets."""
    with scope(dav.cast.fabrique):
        outer = folder(dav.cast.alice, common(dav.cast.alice), "Projets")
        file(dav.cast.alice, outer, "plan.txt", b"plan")
        inner = folder(dav.cast.alice, outer, "Bureau")
        file(dav.cast.alice, inner, "secret.txt", b"secret")
        return own_list(inner, (Role.ADMIN, Level.MANAGE))


# Rights


def test_what_one_may_not_see_is_not_there(bob: Client, closed: Item) -> None:
    assert bob.listing("Projets/") == {"plan.txt"}
    assert bob.ask("PROPFIND", "", Depth="infinity").text.count("secret") == 0
    there, nowhere = "Projets/Bureau/secret.txt", "Projets/Rien/secret.txt"
    for method in ("GET", "PROPFIND", "DELETE", "PROPPATCH", "LOCK", "REPORT", "COPY", "MOVE"):
        headers = {"Destination": BASE + "Commun/x"} if method in {"COPY", "MOVE"} else {"Depth": "0"}
        answers = [bob.ask(method, path, **headers) for path in (there, nowhere)]
        assert answers[0].status == answers[1].status, method
        assert answers[0].content == answers[1].content, method
        assert b"secret" not in answers[0].content
    assert bob.put(there, b"x").status == bob.put(nowhere, b"x").status == 409


def test_a_name_that_is_taken_by_what_one_does_not_see_is_refused_without_a_word_of_it(
    bob: Client, closed: Item
) -> None:
    answer = bob.ask("MKCOL", "Projets/Bureau")
    assert answer.status in {403, 405, 409}
    assert bob.put("Projets/Bureau", b"x").status in {403, 405, 409}
    assert b"secret" not in answer.content


def test_a_copy_leaves_the_unseen_behind_and_a_move_of_it_is_refused(bob: Client, alice: Client, closed: Item) -> None:
    assert bob.ask("COPY", "Projets", Destination=BASE + "Commun/Copie").status == 201
    assert bob.listing("Copie/") == alice.listing("Copie/") == {"plan.txt"}
    assert bob.ask("MOVE", "Projets", Destination=BASE + "Commun/Ailleurs").status == 403
    assert bob.ask("DELETE", "Projets").status == 403
    assert bob.ask("COPY", "Copie", Destination=BASE + "Commun/Projets").status == 403
    assert alice.get("Projets/Bureau/secret.txt").content == b"secret"
    assert bob.listing() == {"Projets/", "Copie/"}


def test_one_passes_through_folders_to_what_one_is_let_into(dav: SimpleNamespace, bob: Client, closed: Item) -> None:
    with scope(dav.cast.fabrique):
        shared = folder(dav.cast.alice, closed, "Partage")
        file(dav.cast.alice, shared, "a.txt", b"a")
        own_list(shared, (dav.cast.bob, Level.VIEW))
    assert bob.listing("Projets/") == {"plan.txt", "Bureau/"}
    assert bob.listing("Projets/Bureau/") == {"Partage/"}
    assert bob.get("Projets/Bureau/Partage/a.txt").content == b"a"
    assert bob.get("Projets/Bureau/secret.txt").status == 404
    for name in ("Projets/Bureau/x.txt", "Projets/Bureau/Partage/x.txt", "Projets/Bureau/Partage/a.txt"):
        assert bob.put(name, b"x").status == 403, name
    assert bob.ask("DELETE", "Projets/Bureau/Partage/a.txt").status == 403


def test_at_the_level_add_one_brings_things_and_changes_only_those(dav: SimpleNamespace, bob: Client) -> None:
    with scope(dav.cast.fabrique):
        box = folder(dav.cast.alice, common(dav.cast.alice), "Boîte")
        file(dav.cast.alice, box, "a.txt", b"a")
        own_list(box, (Role.MEMBER, Level.ADD))
    assert bob.put("Boîte/b.txt", b"b").status == 201
    assert bob.put("Boîte/b.txt", b"b2").status == 204
    assert bob.put("Boîte/a.txt", b"x").status == 403
    assert bob.ask("DELETE", quote("Boîte/a.txt")).status == 403
    assert bob.ask("MOVE", quote("Boîte/a.txt"), Destination=quote(BASE + "Commun/a.txt")).status == 403
    assert bob.ask("DELETE", quote("Boîte/b.txt")).status == 204


def test_each_has_their_own_space_and_managers_see_no_other(dav: SimpleNamespace) -> None:
    alice, bob = dav.client("alice"), dav.client("bob")
    assert bob.put("Personnel/journal.txt", b"mine").status == 201
    assert alice.get("Personnel/journal.txt").status == 404
    assert alice.listing() == bob.listing() == {"Commun/", "Personnel/"}
    for method in ("PUT", "MKCOL", "DELETE"):
        assert bob.ask(method, "Nouveau" if method != "DELETE" else "Commun").status == 403
    assert bob.ask("MOVE", "Commun", Destination=BASE + "Autre").status == 403


def test_another_structure_is_not_there_even_by_detours(dav: SimpleNamespace, bob: Client) -> None:
    charlie = dav.client("charlie")
    assert charlie.ask("PROPFIND", BASE, Depth="0").status == 404
    assert charlie.ask("PROPFIND", "/dav/files/l-atelier/", Depth="1").status == 207
    assert bob.put("a.txt", b"a").status == 201
    here = f"http://127.0.0.1:{dav.port}"
    for target in (
        "/dav/files/l-atelier/Commun/a.txt",
        f"{here}/dav/files/la-fabrique/../l-atelier/Commun/a.txt",
        f"{here}/dav/files/la-fabrique/%2e%2e/l-atelier/Commun/a.txt",
        f"{here}/dav/files/la-fabrique/..%2fl-atelier/Commun/a.txt",
        f"{here}/dav/files/l-atelier%2fCommun/a.txt",
        "http://ailleurs.example/dav/files/la-fabrique/Commun/b.txt",
        "http://[::1/dav/files/la-fabrique/Commun/b.txt",
        "file:///etc/passwd",
    ):
        for method in ("COPY", "MOVE"):
            assert bob.ask(method, "a.txt", Destination=target).status in {400, 403, 502}, target
    assert charlie.ask("PROPFIND", "/dav/files/l-atelier/", Depth="infinity").text.count("a.txt") == 0
    assert bob.listing() == {"a.txt"}


HOSTILE = (
    "../l-atelier/Commun/", "%2e%2e/x", "..%2fx", "a%00b", "a%0ab", "%c0%ae%c0%ae/x", "%e0%80%af", "%ff%fe",
    "%ed%a0%80",
    "a" * 5000, "/".join("a" * 200), "%C3%A9" * 200, "%", "%zz", "a%7f",
)  # fmt: skip


@pytest.mark.parametrize("method", ["PROPFIND", "GET", "PUT", "DELETE", "MKCOL", "LOCK", "PROPPATCH", "REPORT", "COPY"])
def test_hostile_paths_are_never_our_fault(dav: SimpleNamespace, bob: Client, method: str) -> None:
    for path in HOSTILE:
        for whole in (BASE + "Commun/" + path, BASE + path, "/dav/" + path):
            answer = bob.ask(method, whole, Depth="0", Destination=BASE + "Commun/" + path)
            assert answer.status < 500, (whole, answer.status)
    with scope(dav.cast.atelier):
        assert not Item.objects.filter(parent__isnull=False).exists()


# Names


@pytest.mark.parametrize(
    "name",
    ["100 % à nous.txt", "a#b?.txt", "fin.", "fin...", "a&b<c>.txt", "a+b;c=d.txt", "é" * 127, "🌿.txt", "a\\b", "'"],
)
def test_names_come_back_as_they_went(bob: Client, name: str) -> None:
    assert bob.put(name, b"x").status == 201
    assert bob.listing() == {name}
    assert bob.get(name).content == b"x"
    assert bob.ask("DELETE", quote(name)).status == 204


def test_accents_are_one_name_however_they_are_written_and_case_is_kept(bob: Client) -> None:
    assert bob.put("e\u0301te\u0301.txt", b"nfd").status == 201
    assert bob.put("\u00e9t\u00e9.txt", b"nfc").status == 204
    assert bob.put("\u00c9t\u00e9.txt", b"capital").status == 201
    assert bob.listing() == {"\u00e9t\u00e9.txt", "\u00c9t\u00e9.txt"}
    assert bob.get("e\u0301te\u0301.txt").content == b"nfc"


def test_a_name_too_long_is_refused_and_255_bytes_are_not(bob: Client) -> None:
    assert bob.put("a" * 255, b"x").status == 201
    assert bob.put("a" * 256, b"x").status == 400


# Bytes


def test_an_overwrite_keeps_what_was_as_a_version(dav: SimpleNamespace, bob: Client) -> None:
    first = bob.put("a.txt", b"one").headers["ETag"]
    second = bob.put("a.txt", b"two", If_Match=first).headers["ETag"]
    assert first != second
    assert bob.put("a.txt", b"three", If_Match=first).status == 412
    with scope(dav.cast.fabrique):
        assert [content_of(one) for one in Version.objects.all()] == [b"one"]


def test_times_that_programs_send_are_kept(dav: SimpleNamespace, bob: Client) -> None:
    answer = bob.put("a.txt", b"a", X_OC_Mtime="1400000000")
    assert answer.headers["X-OC-Mtime"] == "accepted"
    listed = bob.ask("PROPFIND", "a.txt", Depth="0").xml
    assert listed.findtext(f".//{DAV}getlastmodified") == "Tue, 13 May 2014 16:53:20 GMT"
    assert bob.put("b.txt", b"b", X_OC_Mtime="1400000000.75").headers["X-OC-Mtime"] == "accepted"
    for wrong in ("", "soon", "-5", "1e400", "nan", "9" * 40):
        answer = bob.put("c.txt", b"c", X_OC_Mtime=wrong)
        assert answer.status in {201, 204}
        assert "X-OC-Mtime" not in answer.headers, wrong
    with scope(dav.cast.fabrique):
        assert Item.objects.get(name="b.txt").modified_ms == 1_400_000_000_750


def test_ranges_and_conditions_on_reading(bob: Client) -> None:
    etag = bob.put("a.txt", b"0123456789").headers["ETag"]
    part = bob.get("a.txt", Range="bytes=2-4")
    assert (part.status, part.content, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert bob.get("a.txt", Range="bytes=-3").content == b"789"
    assert bob.get("a.txt", Range="bytes=20-").status == 416
    assert bob.get("a.txt", If_None_Match=etag).status == 304
    assert bob.get("a.txt", Range="bytes=2-4", If_Range='"other"').content == b"0123456789"
    head = bob.ask("HEAD", "a.txt")
    assert (head.content, head.headers["Content-Length"], head.headers["ETag"]) == (b"", "10", etag)


def test_what_is_read_can_run_nothing(bob: Client) -> None:
    bob.put("page.html", b"<script>alert(1)</script>", Content_Type="text/html")
    answer = bob.get("page.html")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_is_thrown_away_is_gone_for_programs_and_kept_in_the_trash(dav: SimpleNamespace, bob: Client) -> None:
    bob.ask("MKCOL", "a")
    bob.put("a/b.txt", b"b")
    assert bob.ask("DELETE", "a").status == 204
    assert bob.get("a/b.txt").status == 404
    assert bob.put("a", b"a file of that name").status == 201
    with scope(dav.cast.fabrique):
        assert content_of(Item.objects.get(name="b.txt", in_trash=True)) == b"b"


# Room


def test_a_full_structure_and_a_full_space_answer_507_and_keep_what_was(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("a.txt", b"1" * 80)
    mine = dav.client("bob", "Personnel/")
    with scope(dav.cast.fabrique):
        Usage.objects.filter(person=None).update(quota=100)
    for name in ("a.txt", "b.txt"):
        assert bob.put(name, b"2" * 50).status == 507
    assert bob.ask("COPY", "a.txt", Destination=BASE + "Commun/c.txt").status == 507
    assert bob.get("a.txt").content == b"1" * 80
    with scope(dav.cast.fabrique):
        Usage.objects.filter(person=None).update(quota=None)
        Rules.objects.create(person_quota=10)
    assert mine.put("a.txt", b"1" * 11).status == 507
    assert bob.ask("COPY", "a.txt", Destination=BASE + "Personnel/a.txt").status == 507
    assert mine.put("a.txt", b"1" * 10).status == 201


def test_the_room_told_is_the_structures_and_never_the_disks(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("a.txt", b"1" * 80)
    body = '<D:propfind xmlns:D="DAV:"><D:prop><D:quota-used-bytes/><D:quota-available-bytes/></D:prop></D:propfind>'
    free = bob.ask("PROPFIND", "", body, Depth="0").xml
    assert free.findtext(f".//{DAV}quota-used-bytes") == "80"
    assert not free.findtext(f".//{DAV}quota-available-bytes")
    with scope(dav.cast.fabrique):
        Usage.objects.filter(person=None).update(quota=100)
    told = bob.ask("PROPFIND", "", body, Depth="0").xml
    assert told.findtext(f".//{DAV}quota-available-bytes") == "20"


# Systems and their habits


def test_what_systems_leave_behind_is_out_of_sight_unless_the_structure_says_so(
    dav: SimpleNamespace, bob: Client
) -> None:
    for name in (".DS_Store", "._photo.jpg", "Thumbs.db", "photo.jpg"):
        assert bob.put(name, b"x").status == 201
    assert bob.listing() == {"photo.jpg"}
    assert bob.get(".DS_Store").content == b"x"  # the program that left it finds it
    with scope(dav.cast.fabrique):
        Rules.objects.create(hides_system_files=False)
    assert bob.listing() == {".DS_Store", "._photo.jpg", "Thumbs.db", "photo.jpg"}


def test_office_programs_of_windows_find_the_headers_they_look_for(bob: Client) -> None:
    for method in ("OPTIONS", "PROPFIND"):
        answer = bob.ask(method, "", Depth="0")
        assert answer.headers["DAV"] == "1, 2, 3"
        assert answer.headers["MS-Author-Via"] == "DAV"
    assert {"LOCK", "PROPPATCH", "REPORT"} <= set(bob.ask("OPTIONS").headers["Allow"].split(", "))


def test_the_dates_that_windows_sets_are_taken_and_given_back(bob: Client) -> None:
    bob.put("a.txt", b"a")
    body = (
        '<D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:set><D:prop>'
        "<Z:Win32CreationTime>Tue, 13 May 2014 16:53:20 GMT</Z:Win32CreationTime>"
        "<Z:Win32FileAttributes>00000020</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>"
    )
    assert set(bob.ask("PROPPATCH", "a.txt", body).statuses().values()) == {200}
    asked = (
        '<D:propfind xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:prop><Z:Win32CreationTime/></D:prop>'
        "</D:propfind>"
    )
    assert "Tue, 13 May 2014" in bob.ask("PROPFIND", "a.txt", asked, Depth="0").text


def test_a_depth_that_is_missing_means_everything_below(bob: Client) -> None:
    bob.ask("MKCOL", "a")
    bob.ask("MKCOL", "a/b")
    bob.put("a/b/c.txt", b"c")
    paths = bob.ask("PROPFIND", "a").paths
    assert paths == [BASE + "Commun/a/", BASE + "Commun/a/b/", BASE + "Commun/a/b/c.txt"]


def test_addresses_of_a_listing_lead_to_what_they_list(bob: Client) -> None:
    bob.ask("MKCOL", quote("é & <b>"))
    bob.put("é & <b>/ü #1.txt", b"found")
    (listed,) = [path for path in bob.ask("PROPFIND", quote("é & <b>/"), Depth="1").paths if path.endswith("txt")]
    assert bob.ask("GET", quote(listed)).content == b"found"


def test_a_folder_opened_in_a_browser_lists_what_it_holds(bob: Client) -> None:
    bob.put("<b>.txt", b"x")
    page = bob.ask("GET", "").text
    assert "&lt;b&gt;.txt" in page
    assert "<b>" not in page


# The door


def test_a_password_taken_back_opens_nothing_from_the_next_request_on(dav: SimpleNamespace, bob: Client) -> None:
    assert bob.ask("PROPFIND", "", Depth="0").status == 207
    AppPassword.objects.filter(account=dav.cast.bob.account).update(revoked_at=timezone.now())
    assert bob.ask("PROPFIND", "", Depth="0").status == 401


def test_guesses_are_slowed_and_others_are_not(dav: SimpleNamespace, bob: Client) -> None:
    guess = Client(dav.port, dav.cast.bob.account.email, "aaaaa-aaaaa-aaaaa-aaaaa-aaaaa", BASE)
    assert {guess.ask("PROPFIND", "", Depth="0").status for _guess in range(22)} == {401}
    assert bob.ask("PROPFIND", "", Depth="0").status == 401  # the account waits, from this network
    assert dav.client("alice").ask("PROPFIND", "", Depth="0").status == 207


def test_a_role_taken_away_closes_the_folder_at_once(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("a.txt", b"a")
    with scope(dav.cast.fabrique):
        Person.objects.filter(pk=dav.cast.bob.pk).update(role=Role.GUEST)
    assert bob.get("a.txt").status == 404

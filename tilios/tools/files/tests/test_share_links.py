"""Behind share links to files: what each kind shows and takes, and everything it refuses."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import sharing
from tilios.core.access.models import ShareLink
from tilios.core.errors import NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.notify.models import Notification
from tilios.core.shelves.actions.rights import give_own_list, inherit_again
from tilios.core.structures.scope import scope
from tilios.tools.files.actions.rules import set_structure_room
from tilios.tools.files.actions.trash import trash_item
from tilios.tools.files.models import Brought, Item, Version
from tilios.tools.files.queries import tree
from tilios.tools.files.queries.links import LinkRights
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.tests.contract_sharing import closed_folder, common, make_folder, personal, write

VisitorOf = Callable[[str], SimpleNamespace]


@pytest.fixture
def place(cast: Cast) -> SimpleNamespace:
    """« Dossier » holds a.txt, « Dedans » with b.txt, and « Fermé » with c.txt, closed; beside it lies d.txt."""
    with scope(cast.fabrique):
        top = make_folder(cast.alice, "Dossier")
        inner = make_folder(cast.alice, "Dedans", top)
        closed = closed_folder(cast.alice, "Fermé", top)
        return SimpleNamespace(
            cast=cast,
            top=top,
            inner=inner,
            closed=closed,
            a=write(cast.alice, "a.txt", b"un", top),
            b=write(cast.alice, "b.txt", b"deux", inner),
            c=write(cast.alice, "c.txt", b"trois", closed),
            d=write(cast.alice, "d.txt", b"quatre"),
        )


def link_to(place: SimpleNamespace, mode: str, target: Item | None = None, **options: object) -> ShareLink:
    with scope(place.cast.fabrique):
        return sharing.create_link(by=place.cast.alice, target=target or place.top, mode=mode, **options)  # type: ignore[arg-type]


def guest_of(link: ShareLink, visitor_of: VisitorOf) -> SimpleNamespace:
    """`get(step)`, `post(step, data)` behind the link, and `status(step)`."""
    one = visitor_of(link.token)

    def url(step: str) -> str:
        return one.url + (f"{step}/" if step else "")

    return SimpleNamespace(
        get=lambda step="": one.client.get(url(step)),
        post=lambda step, data: one.client.post(url(step), data),
        status=lambda step="": one.client.get(url(step)).status_code,
    )


def sent(*names: str, content: bytes = b"octets") -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for name in names]


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def names_in(place: SimpleNamespace, folder: Item) -> set[str]:
    with scope(place.cast.fabrique):
        return set(Item.objects.filter(parent=folder, in_trash=False).values_list("name", flat=True))


# What is shown -------------------------------------------------------------------------------------------------------


def test_a_link_shows_what_is_below_and_gives_its_bytes(place: SimpleNamespace, visitor_of: VisitorOf) -> None:
    link = link_to(place, "view")
    guest = guest_of(link, visitor_of)
    page = guest.get().content.decode()
    assert "a.txt" in page
    assert "Dedans" in page
    assert "Fermé" not in page
    assert "b.txt" in guest.get(f"d{place.inner.pk}").content.decode()
    shown = guest.get(f"f{place.b.pk}-brut")
    assert body(shown) == b"deux"
    assert shown["Content-Security-Policy"].startswith("sandbox")
    saved = guest.get(f"f{place.b.pk}-telecharger")
    assert (body(saved), saved["Content-Disposition"].startswith("attachment")) == (b"deux", True)
    with scope(place.cast.fabrique):
        link.refresh_from_db()
    assert (link.openings, link.downloads) == (1, 1)


def test_a_zip_behind_a_link_leaves_out_what_is_closed_and_looking_gives_none(
    place: SimpleNamespace, visitor_of: VisitorOf
) -> None:
    archive = zipfile.ZipFile(
        io.BytesIO(body(guest_of(link_to(place, "view"), visitor_of).get(f"d{place.top.pk}-zip")))
    )
    assert set(archive.namelist()) == {"Dossier/", "Dossier/a.txt", "Dossier/Dedans/", "Dossier/Dedans/b.txt"}
    assert guest_of(link_to(place, "look"), visitor_of).status(f"d{place.top.pk}-zip") == 403
    assert guest_of(link_to(place, "view"), visitor_of).status(f"d{place.closed.pk}-zip") == 404


@pytest.mark.parametrize("mode", ["view", "look", "edit"])
def test_what_is_beside_above_or_closed_is_not_there(place: SimpleNamespace, visitor_of: VisitorOf, mode: str) -> None:
    guest = guest_of(link_to(place, mode), visitor_of)
    with scope(place.cast.atelier):
        theirs = write(place.cast.charlie, "atelier.txt")
    with scope(place.cast.fabrique):
        space = common(place.cast.alice)[1]
    for number in (place.d.pk, place.c.pk, theirs.pk, 10**17):
        for end in ("", "-brut", "-telecharger"):
            assert guest.status(f"f{number}{end}") == 404, (number, end)
    for number in (space.pk, place.closed.pk, place.a.pk):
        assert guest.status(f"d{number}") == 404, number
    for step in (f"f{place.inner.pk}", "x12", "d", f"d{place.top.pk}-brut", f"f{place.a.pk}-rien", "commenter"):
        assert guest.status(step) == 404, step
    files = {"name": "Zoé", "files": sent("x.txt")}
    assert guest.post(f"d{space.pk}-ajouter", files).status_code == 404
    assert guest.post(f"f{place.c.pk}-remplacer", files).status_code == 404


def test_a_link_shows_no_more_when_a_folder_is_closed_afterwards(place: SimpleNamespace, visitor_of: VisitorOf) -> None:
    guest = guest_of(link_to(place, "view"), visitor_of)
    assert guest.status(f"f{place.b.pk}") == 200
    alice = place.cast.alice
    with scope(place.cast.fabrique):
        give_own_list(by=alice, rights=Rights(alice), folder=place.inner)
    assert guest.status(f"f{place.b.pk}") == 404
    assert guest.status(f"d{place.inner.pk}") == 404
    with scope(place.cast.fabrique):
        inherit_again(by=alice, rights=Rights(alice), folder=place.inner)
    assert guest.status(f"f{place.b.pk}") == 200


@pytest.mark.parametrize("mode", ["view", "look", "edit", "drop"])
def test_a_link_to_what_was_thrown_away_opens_nothing(place: SimpleNamespace, visitor_of: VisitorOf, mode: str) -> None:
    guest = guest_of(link_to(place, mode), visitor_of)
    assert guest.status() == 200
    alice = place.cast.alice
    with scope(place.cast.fabrique):
        trash_item(by=alice, rights=Rights(alice), item=place.a)
    assert guest.status(f"f{place.a.pk}") == 404
    with scope(place.cast.fabrique):
        trash_item(by=alice, rights=Rights(alice), item=place.closed)
        trash_item(by=alice, rights=Rights(alice), item=place.top)
    assert guest.status() == 404
    assert guest.post("", {"name": "Zoé", "files": sent("x.txt")}).status_code in {404, 405}


def test_a_link_revoked_or_expired_opens_nothing_and_one_with_a_password_asks(
    place: SimpleNamespace, visitor_of: VisitorOf
) -> None:
    link = link_to(place, "view", password="les clés", expires_at=timezone.now() + timedelta(hours=1))
    guest = guest_of(link, visitor_of)
    for step in ("", f"f{place.a.pk}", f"f{place.a.pk}-brut", f"f{place.a.pk}-telecharger"):
        assert b"a.txt" not in guest.get(step).content
        assert "Content-Disposition" not in guest.get(step)
    assert guest.post("", {"link_password": "raté"}).status_code == 422
    guest.post("", {"link_password": "les clés"})
    assert body(guest.get(f"f{place.a.pk}-brut")) == b"un"
    with scope(place.cast.fabrique):
        ShareLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert guest.status(f"f{place.a.pk}-brut") == 404
    with scope(place.cast.fabrique):
        ShareLink.objects.filter(pk=link.pk).update(expires_at=None)
        sharing.revoke_link(by=place.cast.alice, link=link)
    assert guest.status(f"f{place.a.pk}-brut") == 404


def test_a_link_for_one_person_asks_a_name_and_takes_no_second(place: SimpleNamespace, visitor_of: VisitorOf) -> None:
    link = link_to(place, "view", max_visitors=1)
    first, second = guest_of(link, visitor_of), guest_of(link, visitor_of)
    assert b"a.txt" not in first.get().content
    assert first.post("", {"enter": "1", "name": " "}).status_code == 422
    assert first.post("", {"enter": "1", "name": "Zoé"}).status_code == 302
    assert b"a.txt" in first.get().content
    assert second.post("", {"enter": "1", "name": "Léo"}).status_code == 409
    assert b"a.txt" not in second.get().content
    assert "Content-Disposition" not in second.get(f"f{place.a.pk}-brut")


def test_looking_offers_no_download_and_gives_nothing_a_browser_would_save(
    place: SimpleNamespace, visitor_of: VisitorOf
) -> None:
    with scope(place.cast.fabrique):
        page = write(place.cast.alice, "page.html", b"<!doctype html><p>Bonjour", place.top)
    link = link_to(place, "look")
    guest = guest_of(link, visitor_of)
    shown = guest.get(f"f{place.a.pk}").content.decode()
    assert "telecharger" not in shown
    assert "personne décidée" in shown
    assert guest.status(f"f{place.a.pk}-telecharger") == 403
    assert body(guest.get(f"f{place.a.pk}-brut")) == b"un"
    assert guest.status(f"f{page.pk}-brut") == 403
    assert guest.post(f"d{place.top.pk}-ajouter", {"name": "Zoé", "files": sent("x.txt")}).status_code == 404
    assert "x.txt" not in names_in(place, place.top)


# What is taken -------------------------------------------------------------------------------------------------------


def test_a_visitor_adds_replaces_and_throws_away_only_what_came_by_the_link(
    place: SimpleNamespace, visitor_of: VisitorOf
) -> None:
    guest = guest_of(link_to(place, "edit"), visitor_of)
    step = f"d{place.inner.pk}-ajouter"
    nameless = guest.post(step, {"files": sent("photo.jpg")})
    assert nameless.status_code == 422
    assert guest.post(step, {"name": "Zoé", "files": sent("photo.jpg", "b.txt", content=b"neuf")}).status_code == 302
    assert names_in(place, place.inner) == {"b.txt", "photo.jpg"}
    with scope(place.cast.fabrique):
        photo = Item.objects.get(name="photo.jpg")
        assert (photo.author_id, Brought.objects.get().item_id) == (None, photo.pk)
        assert Version.objects.filter(item=place.b).count() == 1
        entry = Entry.objects.filter(verb="files.added").latest("id")
        assert (entry.actor, entry.door) == (None, "link")
        assert sharing.Visitor.objects.get(pk=entry.visitor).name == "Zoé"
        assert Notification.objects.filter(notice="files.received", person=place.cast.alice).count() == 1
    assert body(guest.get(f"f{place.b.pk}-brut")) == b"neuf"
    assert guest.post(f"f{place.b.pk}-jeter", {}).status_code == 403
    assert guest.post(f"d{place.inner.pk}-jeter", {}).status_code == 403
    assert guest.post(f"d{place.top.pk}-jeter", {}).status_code == 403
    assert guest.post(f"f{photo.pk}-jeter", {}).status_code == 302
    assert names_in(place, place.inner) == {"b.txt"}


def test_a_visitors_folder_goes_only_while_all_in_it_came_by_the_link(
    place: SimpleNamespace, visitor_of: VisitorOf
) -> None:
    guest = guest_of(link_to(place, "edit"), visitor_of)
    other = guest_of(link_to(place, "edit"), visitor_of)
    step = f"d{place.top.pk}-dossier"
    assert guest.post(step, {"name": "Zoé", "folder": "Photos"}).status_code == 302
    again = guest.post(step, {"folder": "Photos"})
    assert again.status_code == 409
    assert 'value="Photos"' in again.content.decode()
    assert guest.post(step, {"folder": "a/b"}).status_code == 422
    with scope(place.cast.fabrique):
        made = Item.objects.get(name="Photos")
    assert other.post(f"d{made.pk}-jeter", {"name": "Léo"}).status_code == 403
    with scope(place.cast.fabrique):
        write(place.cast.alice, "de-la-maison.txt", parent=made)
    assert guest.post(f"d{made.pk}-jeter", {}).status_code == 403
    alice = place.cast.alice
    with scope(place.cast.fabrique):
        trash_item(by=alice, rights=Rights(alice), item=Item.objects.get(name="de-la-maison.txt"))
    assert guest.post(f"d{made.pk}-jeter", {}).status_code == 302


def test_the_name_of_a_closed_folder_is_told_by_no_refusal(place: SimpleNamespace, visitor_of: VisitorOf) -> None:
    guest = guest_of(link_to(place, "edit"), visitor_of)
    assert guest.post(f"d{place.top.pk}-dossier", {"name": "Zoé", "folder": "Fermé"}).status_code == 302
    assert "Fermé (2)" in names_in(place, place.top)
    assert guest.post(f"d{place.top.pk}-ajouter", {"files": sent("Fermé")}).status_code == 302
    assert "Fermé (3)" in names_in(place, place.top)


def test_a_link_to_a_file_takes_a_new_version_of_it_and_nothing_else(
    place: SimpleNamespace, visitor_of: VisitorOf
) -> None:
    guest = guest_of(link_to(place, "edit", place.a), visitor_of)
    assert (
        guest.post(f"f{place.a.pk}-remplacer", {"name": "Zoé", "files": sent("autre.txt", content=b"x")}).status_code
        == 302
    )
    assert body(guest.get(f"f{place.a.pk}-brut")) == b"x"
    assert "autre.txt" not in names_in(place, place.top)
    assert guest.post(f"d{place.top.pk}-ajouter", {"files": sent("y.txt")}).status_code == 404
    assert guest.post(f"f{place.a.pk}-jeter", {}).status_code == 403


def test_a_box_takes_files_shows_nothing_and_never_replaces(place: SimpleNamespace, visitor_of: VisitorOf) -> None:
    guest, other = (guest_of(link, visitor_of) for link in [link_to(place, "drop")] * 2)
    page = guest.get().content.decode()
    assert "a.txt" not in page
    assert "Dedans" not in page
    assert guest.post("", {"name": "Zoé", "files": sent("a.txt", "cv.pdf")}).status_code == 302
    after = guest.get().content.decode()
    assert "cv.pdf" in after
    assert "a (2).txt" not in after
    assert "cv.pdf" not in other.get().content.decode()
    assert names_in(place, place.top) >= {"a.txt", "a (2).txt", "cv.pdf"}
    with scope(place.cast.fabrique):
        assert not Version.objects.filter(item=place.a).exists()
        came = Item.objects.get(name="cv.pdf")
    for step in (f"f{came.pk}", f"f{came.pk}-brut", f"f{place.a.pk}-telecharger", f"d{place.top.pk}"):
        assert guest.status(step) == 404, step
    assert guest.post(f"d{place.inner.pk}-ajouter", {"files": sent("x.txt")}).status_code == 404


def test_what_cannot_be_taken_is_said_file_by_file_and_the_others_come(
    place: SimpleNamespace, visitor_of: VisitorOf
) -> None:
    guest = guest_of(link_to(place, "drop"), visitor_of)
    assert guest.post("", {"name": "Zoé"}).status_code == 422
    refused = guest.post("", {"files": sent("x.txt")})
    assert refused.status_code == 422
    with scope(place.cast.fabrique):
        set_structure_room(quota=tree.usage().used + 10)
    answer = guest.post(
        "", {"name": "Zoé", "files": [*sent("petit.txt", content=b"1234"), *sent("gros.txt", content=b"x" * 50)]}
    )
    assert answer.status_code == 413
    page = answer.content.decode()
    assert "gros.txt" in page
    assert "Zoé" in page
    assert "petit.txt" in names_in(place, place.top)
    assert "gros.txt" not in names_in(place, place.top)
    with scope(place.cast.fabrique):
        set_structure_room(quota=tree.usage().used)
    assert guest.post("", {"files": sent("rien.txt")}).status_code == 507


# Who may make a link -------------------------------------------------------------------------------------------------


def test_to_show_asks_to_change_to_let_write_asks_to_manage(place: SimpleNamespace) -> None:
    cast = place.cast
    with scope(cast.fabrique):
        assert set(sharing.modes_for(cast.bob, place.top)) == {"view", "look"}
        assert set(sharing.modes_for(cast.alice, place.top)) == {"view", "look", "edit", "drop"}
        assert set(sharing.modes_for(cast.alice, place.a)) == {"view", "look", "edit"}
        assert not sharing.modes_for(cast.gus, place.top)
        assert not sharing.modes_for(cast.bob, common(cast.bob)[1])  # a whole space: who manages it
        assert set(sharing.modes_for(cast.bob, personal(cast.bob)[1])) == {"view", "look", "edit", "drop"}
        for mode in ("edit", "drop"):
            with pytest.raises(NotAllowed):
                sharing.create_link(by=cast.bob, target=place.top, mode=mode)
        with pytest.raises(NotAllowed):
            sharing.create_link(by=cast.bob, target=place.closed, mode="view")


def test_the_rights_of_a_link_are_never_those_of_another_structure(place: SimpleNamespace) -> None:
    link = link_to(place, "edit")
    with scope(place.cast.atelier):
        theirs = make_folder(place.cast.charlie, "Dossier")
        assert LinkRights(link, place.top).level(theirs) == 0
        assert not LinkRights(link, place.top).may_add(theirs)


def test_the_share_page_explains_each_use(place: SimpleNamespace) -> None:
    page = place.cast.client("alice").get(f"/s/la-fabrique/partage/files.item/{place.top.pk}/").content.decode()
    assert "Une boîte aux lettres" in page
    assert "Pas de bouton pour télécharger" in page
    assert page.count('name="mode"') == 4

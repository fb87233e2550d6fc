"""Pictures of contacts: sent with the form, made small, kept in the card, taken away."""

import io
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tilios.core.structures.scope import scope
from tilios.kit import vcard
from tilios.tools.agenda.models import Card
from tilios.tools.agenda.tests.contract import PHOTO, card
from tilios.tools.agenda.tests.test_contacts import HOME, form_of, typed

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


def picture(kind: str = "PNG", size: tuple[int, int] = (1600, 1200), **more: object) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return SimpleUploadedFile(f"moi.{kind.lower()}", out.getvalue())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_is_made_small_and_kept_in_the_card(cast: "Cast", alice: Client, kind: str) -> None:
    assert alice.post(f"{HOME}nouveau/", typed(cast) | {"photo": picture(kind)}).status_code == 302
    with scope(cast.fabrique):
        found = Card.objects.get()
    kept = vcard.facts(found.data.encode()).photo
    assert kept is not None
    assert kept.media_type == "image/jpeg"
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == (512, 384)
    assert "PHOTO;ENCODING=b;TYPE=JPEG:" in found.data.replace("\r\n ", "")
    assert alice.get(f"{HOME}{found.pk}/photo/").headers["Content-Type"] == "image/png"


def test_a_card_of_version_four_keeps_it_in_its_own_way(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = card(cast.alice)
        Card.objects.filter(pk=found.pk).update(data=found.data.replace("VERSION:3.0", "VERSION:4.0"))
        found.refresh_from_db()
    assert alice.post(f"{HOME}{found.pk}/modifier/", form_of(alice, found) | {"photo": picture()}).status_code == 302
    with scope(cast.fabrique):
        assert "PHOTO:data:image/jpeg;base64," in Card.objects.get().data.replace("\r\n ", "")


def test_where_a_picture_was_taken_is_not_kept(cast: "Cast", alice: Client) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "chez moi"  # turned a quarter, and described
    alice.post(f"{HOME}nouveau/", typed(cast) | {"photo": picture("JPEG", exif=exif)})
    with scope(cast.fabrique):
        kept = vcard.facts(Card.objects.get().data.encode()).photo
    assert kept is not None
    assert b"chez moi" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == (384, 512)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "n&#x27;est pas une image"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\x89PNG\r\n\x1a\n coup\xe9", "n&#x27;est pas une image"),
    ],
)
def test_what_is_no_picture_is_refused_and_what_was_typed_stays(
    cast: "Cast", alice: Client, sent: bytes, words: str
) -> None:
    answer = alice.post(f"{HOME}nouveau/", typed(cast) | {"photo": SimpleUploadedFile("x.png", sent)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "1 rue du Moulin" in answer.content.decode()


def test_a_picture_of_too_many_points_is_not_opened(cast: "Cast", alice: Client) -> None:
    wide = picture("PNG", size=(12_000, 5_000))
    answer = alice.post(f"{HOME}nouveau/", typed(cast) | {"photo": wide})
    assert answer.status_code == 422
    assert "trop de points" in answer.content.decode()


def test_a_picture_that_is_elsewhere_is_neither_fetched_nor_shown(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = card(cast.alice, more="PHOTO;VALUE=URI:https://ailleurs.example/zoe.jpg\r\n")
    assert not found.has_photo
    page = alice.get(f"{HOME}{found.pk}/").content.decode()
    assert "ailleurs.example" not in page
    assert f"{found.pk}/photo/" not in page
    assert alice.get(f"{HOME}{found.pk}/photo/").status_code == 404


def test_a_picture_is_taken_away_and_stays_when_nothing_is_said(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = card(cast.alice, more=f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}\r\n")
    said = form_of(alice, found)
    alice.post(f"{HOME}{found.pk}/modifier/", said | {"job": "tisserande"})
    with scope(cast.fabrique):
        found.refresh_from_db()
    assert PHOTO in found.data.replace("\r\n ", "")
    alice.post(f"{HOME}{found.pk}/modifier/", form_of(alice, found) | {"drop_photo": "on"})
    with scope(cast.fabrique):
        found.refresh_from_db()
    assert not found.has_photo
    assert "PHOTO" not in found.data

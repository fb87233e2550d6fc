import io
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from PIL import Image, ImageCms

from tilios.core.blobs import actions, images
from tilios.core.blobs.errors import Damaged, NotAnImage, TooLarge
from tilios.core.blobs.images import dimensions, store_image, thumbnail
from tilios.core.blobs.models import Blob, State, Thumbnail
from tilios.core.blobs.tests.pictures import (
    GPS_IFD,
    SECRET,
    animation,
    encoded,
    photograph,
    png_bomb,
    png_with_text_bomb,
)

pytestmark = pytest.mark.django_db

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def kept(content, **options):
    """Blob and decoded picture of `content` once stored."""
    blob = store_image(io.BytesIO(content), **options)
    return blob, Image.open(blob.open())


def refusal_of(content, **options):
    with pytest.raises(NotAnImage) as refused:
        store_image(io.BytesIO(content), **options)
    assert Blob.objects.count() == 0
    return str(refused.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_kept_but_the_picture(kind):
    content = photograph(kind=kind)
    assert SECRET.encode() in content
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(GPS_IFD)
    blob, image = kept(content)
    assert blob.media_type == f"image/{kind.lower()}"
    assert image.format == kind
    image.load()
    assert not image.getexif()
    assert set(image.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
        "loop",
        "background",
        "timestamp",
        "duration",
    }
    written = blob.open().read()
    for trace in (SECRET.encode(), b"AppareilSecret", b"Exif", b"GPS", b"xmpmeta", b"tEXt", b"eXIf"):
        assert trace not in written


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_is_upright(orientation):
    content = photograph((400, 300), orientation)
    _blob, image = kept(content)
    assert image.size == ((300, 400) if orientation > 4 else (400, 300))
    red, blue = {
        1: ((10, 150), (390, 150)),
        2: ((390, 150), (10, 150)),
        3: ((390, 150), (10, 150)),
        4: ((10, 150), (390, 150)),
        5: ((150, 10), (150, 390)),
        6: ((150, 10), (150, 390)),
        7: ((150, 390), (150, 10)),
        8: ((150, 390), (150, 10)),
    }[orientation]
    assert image.convert("RGB").getpixel(red)[0] > 200
    assert image.convert("RGB").getpixel(blue)[2] > 200


def test_a_large_picture_is_made_smaller_and_a_small_one_stays():
    assert kept(photograph((3000, 1500)), max_side=600)[1].size == (600, 300)
    assert kept(photograph((300, 150)), max_side=600)[1].size == (300, 150)


def test_transparency_stays():
    image = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    image.putpixel((5, 5), (0, 255, 0, 255))
    for content in (encoded(image, "PNG"), encoded(image.quantize(16), "PNG"), encoded(image, "GIF")):
        blob, found = kept(content)
        assert blob.media_type == "image/png"
        assert found.convert("RGBA").getpixel((0, 0))[3] == 0
        assert found.convert("RGBA").getpixel((5, 5))[3] == 255


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGB", "RGBA"])
def test_every_kind_of_pixels_is_taken(mode):
    _blob, image = kept(encoded(Image.new(mode, (8, 8)), "PNG"))
    assert image.mode in ("RGB", "RGBA")


def test_sixteen_bits_of_grey_keep_their_light():
    _blob, image = kept(encoded(Image.new("I;16", (8, 8), 0x8000), "PNG"))
    assert image.convert("RGB").getpixel((4, 4)) == (128, 128, 128)


def test_colours_for_print_become_colours_for_the_screen():
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    _blob, found = kept(encoded(image, "JPEG", quality=95))
    assert found.mode == "RGB"
    red, green, blue = found.getpixel((4, 4))
    assert red > 200
    assert max(green, blue) < 60


def test_a_profile_is_turned_into_srgb():
    wide = ImageCms.ImageCmsProfile(io.BytesIO(_profile_with_red_and_blue_swapped()))
    content = encoded(Image.new("RGB", (8, 8), (255, 0, 0)), "PNG", icc_profile=wide.tobytes())
    _blob, image = kept(content)
    assert "icc_profile" not in image.info
    red, _green, blue = image.convert("RGB").getpixel((4, 4))
    assert blue > red
    _blob, image = kept(encoded(Image.new("RGB", (8, 8), (255, 0, 0)), "PNG", icc_profile=b"rubbish"))
    assert image.convert("RGB").getpixel((4, 4)) == (255, 0, 0)


def _profile_with_red_and_blue_swapped():
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(data[128:132], "big")
    places = {bytes(data[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    red, blue = places[b"rXYZ"], places[b"bXYZ"]
    data[red : red + 4], data[blue : blue + 4] = data[blue : blue + 4], data[red : red + 4]
    return bytes(data)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture_is_kept(kind):
    _blob, image = kept(animation(kind))
    assert getattr(image, "n_frames", 1) == 1
    red, green, blue = image.convert("RGB").getpixel((20, 15))
    assert red > 200
    assert max(green, blue) < 60


def test_the_same_picture_gives_the_same_blob():
    assert kept(photograph())[0] == kept(photograph())[0]


def test_svg_is_refused_and_told_why():
    assert "PNG" in refusal_of(SVG)
    assert "PNG" in refusal_of(b"<svg/>")


@pytest.mark.parametrize(
    "content",
    [b"", b"bonjour", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 "],
)
def test_what_is_no_image_is_refused(content):
    assert refusal_of(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_an_image_cut_short_is_refused(kind):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    content = encoded(noise, kind)
    assert refusal_of(content[: len(content) // 2])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_scrambled_image_is_read_or_refused(kind):
    whole = encoded(Image.effect_noise((60, 60), 90).convert("RGB"), kind)
    chance = random.Random(kind)
    for _attempt in range(150):
        data = bytearray(whole)
        for _change in range(chance.randint(1, 8)):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        try:
            store_image(io.BytesIO(bytes(data)))
        except NotAnImage:
            continue


def test_a_bomb_is_refused_before_it_goes_off():
    content = png_bomb()
    assert len(content) < 10_000
    assert "pixels" in refusal_of(content)
    assert "pixels" in refusal_of(png_bomb(5001, 5000))
    assert refusal_of(png_with_text_bomb())


def test_a_file_too_large_is_refused_before_it_is_read():
    with pytest.raises(TooLarge):
        store_image(io.BytesIO(bytes(2000)), max_size=1000)


def test_a_thumbnail_is_made_once(put):
    blob = put(photograph((1000, 500)))
    small = thumbnail(blob, 190)
    assert small.media_type == "image/webp"
    assert Image.open(small.open()).size == (192, 96)
    assert SECRET.encode() not in small.open().read()
    assert thumbnail(blob, 192) == small
    assert Thumbnail.objects.count() == 1
    assert thumbnail(blob, 9999) == thumbnail(blob, 1536)
    assert Thumbnail.objects.count() == 2


def test_a_thumbnail_that_is_gone_is_made_again(put, disk):
    blob = put(photograph())
    small = thumbnail(blob, 96)
    disk.delete(small.path)
    actions.scrub()
    again = thumbnail(blob, 96)
    assert again.state == State.WHOLE
    assert Image.open(again.open()).size == (96, 72)
    assert Thumbnail.objects.count() == 1


def test_what_is_no_image_has_no_thumbnail(put, disk):
    with pytest.raises(NotAnImage):
        thumbnail(put(b"bonjour"), 96)
    blob = put(photograph())
    disk.delete(blob.path)
    with pytest.raises(Damaged):
        thumbnail(blob, 96)


def test_dimensions_are_read_without_the_pixels(put):
    assert dimensions(put(photograph((123, 45)))) == (123, 45)
    with pytest.raises(NotAnImage):
        dimensions(put(b"bonjour"))


@pytest.mark.django_db(transaction=True)
def test_a_thumbnail_asked_for_by_many_at_once_is_one(put):
    blob = put(photograph((1200, 900)))

    def ask(_number):
        try:
            return thumbnail(blob, 384).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, range(6)))) == 1
    assert Thumbnail.objects.count() == 1


def test_no_more_than_two_pictures_are_held_at_once():
    assert images._decoding._initial_value == 2

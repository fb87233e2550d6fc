import string
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.text import excerpt, fold, one_edit_variants, slugify, stems, within_one_edit, words

SHORT_WORDS = st.text("abcé", max_size=6)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élection à l’Œuvre", "election a l'oeuvre"),
        ("STRASSE Straße", "strasse strasse"),
        ("e\u0301te\u0301", "ete"),
        ("Noël\u00a0– l`été", "noel - l'ete"),
        ("İstanbul Łódź Ærø", "istanbul lodz aero"),
        ("Елка й", "елка и"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_fold_forgets_accents_case_and_typography(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_fold_twice_is_fold_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_does_not_see_case(text):
    assert fold(text.upper().lower()) == fold(text.upper())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’assemblée d'octobre, qu'on prépare", ["assemblee", "octobre", "on", "prepare"]),
        ("plan d", ["plan", "d"]),
        ("C'est l'été", ["est", "ete"]),
        ("aujourd'hui", ["aujourd", "hui"]),
        ("alice@exemple.fr, 06 12", ["alice", "exemple", "fr", "06", "12"]),
        ("tiers-lieu_A4", ["tiers", "lieu", "a4"]),
        ("हिन्दी", ["हिन्दी"]),
        ("", []),
    ],
)
def test_words_are_folded_and_lose_what_french_elides(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    "same",
    [
        "élection elections ÉLECTIONS",
        "cheval chevaux",
        "décidée decidee décider décidés",
        "réunion réunions reunion",
        "adhérent adhérente adherents adhérentes",
        "modifié modification modifier",
        "dernière dernier derniere",
        "sécurité securite",
    ],
)
def test_french_forms_of_a_word_share_a_stem(same):
    assert len(set(stems(same, "fr"))) == 1


def test_stems_know_english_and_leave_other_languages_folded():
    assert stems("Meetings meeting", "en-GB") == ["meet", "meet"]
    assert stems("Élections", "de") == ["elections"]


def test_threads_do_not_mix_their_stems():
    with ThreadPoolExecutor(8) as pool:
        results = set(pool.map(lambda _: tuple(stems("élections associations réunions", "fr")), range(200)))
    assert results == {("elect", "assoc", "reunion")}


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("La Fabrique !", "la-fabrique"),
        ("L’Atelier", "l-atelier"),
        ("Œuvre à Łódź", "oeuvre-a-lodz"),
        ("Дом", "sans-nom"),
    ],
)
def test_slugify(text, slug):
    assert slugify(text) == slug


def test_a_taken_slug_gets_the_next_free_number():
    assert slugify("La Fabrique", {"la-fabrique", "la-fabrique-2"}) == "la-fabrique-3"


@given(st.text(), st.integers(8, 40))
def test_a_slug_fits_an_address(text, length):
    first = slugify(text, length=length)
    second = slugify(text, {first}, length=length)
    for slug in (first, second):
        assert 0 < len(slug) <= length
        assert set(slug) <= set(string.ascii_lowercase + string.digits + "-")
        assert slug.strip("-") == slug
    assert first != second


def test_a_long_slug_is_cut_between_words():
    assert slugify("assemblée générale extraordinaire", length=25) == "assemblee-generale"


def test_excerpt_cuts_between_words():
    assert excerpt("Un  petit\n texte", 30) == "Un petit texte"
    assert excerpt("Nous avons décidé de repeindre la salle", 25) == "Nous avons décidé de…"
    assert excerpt("anticonstitutionnellement", 10) == "anticonst…"


@given(st.text(), st.integers(1, 50))
def test_an_excerpt_is_never_longer_than_asked(text, n):
    assert len(excerpt(text, n)) <= n


@given(SHORT_WORDS, SHORT_WORDS)
def test_words_one_typo_apart_share_a_variant(a, b):
    if within_one_edit(a, b):
        assert one_edit_variants(a) & one_edit_variants(b)


@given(SHORT_WORDS, st.data())
def test_every_single_typo_is_within_one_edit(word, data):
    at = data.draw(st.integers(0, len(word)))
    letter = data.draw(st.sampled_from("abcé"))
    typos = {word[:at] + letter + word[at:]}
    if at < len(word):
        typos |= {word[:at] + word[at + 1 :], word[:at] + letter + word[at + 1 :]}
        typos.add(word[:at] + word[at : at + 2][::-1] + word[at + 2 :])
    for typo in typos:
        assert within_one_edit(word, typo)
        assert within_one_edit(typo, word)


def test_two_typos_are_too_many():
    assert not within_one_edit("fabrique", "fabirqeu")
    assert not within_one_edit("abc", "abcde")
    assert not within_one_edit("abcd", "badc")

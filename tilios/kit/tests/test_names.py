import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.names import initials, join_name, safe_filename, sort_key, split_name


@pytest.mark.parametrize(
    ("text", "given_name", "family_name"),
    [
        ("Jeanne Martin", "Jeanne", "Martin"),
        ("MARTIN Jeanne", "Jeanne", "MARTIN"),
        ("Martin, Jeanne", "Jeanne", "Martin"),
        ("Mme Jeanne  Martin", "Jeanne", "Martin"),
        ("M. Jean de La Fontaine", "Jean", "de La Fontaine"),
        ("Le Goff Yann", "Yann", "Le Goff"),
        ("Yann Le Goff", "Yann", "Le Goff"),
        ("Charles d’Artagnan", "Charles", "d’Artagnan"),
        ("DE LA TOUR Jean-Pierre", "Jean-Pierre", "DE LA TOUR"),
        ("Jean-Pierre de LA TOUR", "Jean-Pierre", "de LA TOUR"),
        ("MARTIN DUPONT Jeanne Marie", "Jeanne Marie", "MARTIN DUPONT"),
        ("Jean Pierre Martin", "Jean Pierre", "Martin"),
        ("Ben Martin", "Ben", "Martin"),
        ("Ali Ben Salah", "Ali", "Ben Salah"),
        ("M. Martin", "", "Martin"),
        ("M Martin", "M", "Martin"),
        ("Cher", "Cher", ""),
        (" , ", "", ""),
    ],
)
def test_split_name_reads_the_ways_french_people_write_names(text, given_name, family_name):
    assert split_name(text) == (given_name, family_name)


@given(st.text())
def test_split_name_invents_nothing(text):
    name = split_name(text)
    assert set(f"{name.given}{name.family}") <= set(text) | {" "}


def test_join_name_leaves_no_stray_space():
    assert join_name(" Jeanne ", "Martin") == "Jeanne Martin"
    assert join_name("Jeanne", "") == "Jeanne"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jeanne Martin", "JM"),
        ("Jean-Pierre de La Tour", "JT"),
        ("éloïse d'Artagnan", "ÉA"),
        ("Jean-Luc SAINT-JUST", "JS"),
        ("Cher", "C"),
        ("", ""),
    ],
)
def test_initials(name, expected):
    assert initials(name) == expected


def test_people_are_sorted_as_in_a_french_directory():
    people = [
        ("Yann", "Le Goff"),
        ("Ève", "Élie"),
        ("Paul", "Martin-Dupont"),
        ("Jean", "de La Fontaine"),
        ("Charles", "de Gaulle"),
        ("Zoé", "Martin"),
        ("Charles", "d’Artagnan"),
        ("Joachim", "du Bellay"),
        ("Anne", "DE GAULLE"),
        ("Koen", "De Smet"),
        ("Jeanne", "martin"),
    ]
    assert [family for _given, family in sorted(people, key=lambda person: sort_key(*person))] == [
        "d’Artagnan",
        "De Smet",
        "du Bellay",
        "Élie",
        "DE GAULLE",
        "de Gaulle",
        "de La Fontaine",
        "Le Goff",
        "martin",
        "Martin",
        "Martin-Dupont",
    ]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("compte rendu.odt", "compte rendu.odt"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ('a<b>:"c"|d?*.txt', "a_b___c__d__.txt"),
        ("CON", "_CON"),
        ("aux.txt", "_aux.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.txt", "console.txt"),
        ("..", "fichier"),
        ("", "fichier"),
        (" . ", "fichier"),
        ("///", "fichier"),
        (".gitignore", ".gitignore"),
        ("fin. ", "fin"),
        ("ligne\r\nSet-Cookie: x", "ligne__Set-Cookie_ x"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\udcff.txt", ".txt"),
    ],
)
def test_safe_filename(name, safe):
    assert safe_filename(name) == safe


def test_a_long_name_keeps_its_extension():
    safe = safe_filename("é" * 300 + ".tar.gz")
    assert safe.endswith("é.tar.gz")
    assert len(safe.encode()) in (254, 255)


@given(st.text(), st.integers(40, 255))
def test_a_safe_name_is_safe_anywhere(name, max_bytes):
    safe = safe_filename(name, max_bytes=max_bytes)
    assert 0 < len(safe.encode()) <= max_bytes
    assert not set(safe) & set('/\\:*?"<>|\0\r\n')
    assert safe not in (".", "..")
    assert safe == safe.strip(" ")
    assert not safe.endswith(".")
    assert unicodedata.is_normalized("NFC", safe)
    assert safe_filename(safe, max_bytes=max_bytes) == safe

"""Addresses as the post reads them (NF Z10-011)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.postal import CHARACTERS, LINES, capitals, is_at_home, postal

texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60)


def test_the_last_line_is_in_capitals_without_accents_nor_punctuation() -> None:
    said = postal("Zoé Le Goff", street="3 rue de l'Église", postcode="94240", town="L'Haÿ-les-Roses")
    assert said.lines == ("Zoé Le Goff", "3 rue de l'Église", "94240 L HAY LES ROSES")
    assert said.fits


def test_what_leads_to_the_door_stands_between_name_and_street() -> None:
    said = postal("Zoé", ("Chez Jo",), street="Bâtiment B\r\n3 rue Neuve", postcode="59000", town="Lille", country="FR")
    assert said.lines == ("Zoé", "Chez Jo", "Bâtiment B", "3 rue Neuve", "59000 LILLE")


def test_a_letter_abroad_bears_the_country_in_capitals_and_the_town_as_it_is_there() -> None:
    said = postal("Jan", street="Grote Markt 1", postcode="1000", town="Bruxelles", country="Belgique")
    assert said.lines[-2:] == ("1000 Bruxelles", "BELGIQUE")
    assert postal("محمد", street="14 شارع", town="تونس", country="Tunisie").lines[-2:] == ("تونس", "TUNISIE")


def test_long_lines_are_cut_between_words_and_short_ones_put_together() -> None:
    name = "Maximilienne-Alexandrine Vandenbroucke de la Fontaine"
    said = postal(name, street="Rés. A\nBât. B\nEsc. C\nPorte 4\n5 rue Neuve", postcode="59000", town="Lille")
    assert said.lines[:2] == ("Maximilienne-Alexandrine Vandenbroucke", "de la Fontaine")
    assert len(said.lines) == LINES
    assert said.fits


def test_what_does_not_fit_is_printed_whole_and_said() -> None:
    long = "\n".join(f"{number} un complément d'adresse bien trop long" for number in range(6))
    said = postal("Zoé", street=long, postcode="59000", town="Lille")
    assert not said.fits
    assert "0 un complément d'adresse bien trop" in said.lines
    assert said.lines[-1] == "59000 LILLE"


@pytest.mark.parametrize(
    ("country", "home"), [("", True), ("France", True), ("FR", True), ("FRANCE", True), ("Suisse", False)]
)
def test_what_country_stays_at_home(country: str, home: bool) -> None:
    assert is_at_home(country) is home


def test_ligatures_are_two_letters() -> None:
    assert capitals("Œuvre-en-Æsir") == "OEUVRE EN AESIR"


@given(texts, texts, texts, texts)
def test_no_line_is_empty_nor_too_long_but_the_last(name: str, street: str, town: str, country: str) -> None:
    lines = postal(name, street=street, town=town, country=country).lines
    assert all(line.strip() for line in lines)
    assert all(len(line) <= CHARACTERS for line in lines[: -2 if country.strip() else -1])

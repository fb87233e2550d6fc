import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.numerals import LARGEST, UNITS, euros_in_french, in_french

WORDS = {word: number for number, word in enumerate(UNITS[:17])}
WORDS |= {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
LARGE = {"mille": 10**3, "million": 10**6, "milliard": 10**9, "billion": 10**12}


def read(text: str) -> int:
    """The number that French words say, by adding and multiplying them as one reads."""
    total = group = 0
    for word in text.replace("-", " ").split():
        if word == "et":
            continue
        if word in ("cent", "cents"):
            group = (group or 1) * 100
        elif word.startswith("vingt") and group % 100 == 4:
            group += 76
        elif word.removesuffix("s") in LARGE:
            total, group = total + (group or 1) * LARGE[word.removesuffix("s")], 0
        else:
            group += WORDS[word]
    return total + group


@given(st.integers(0, LARGEST - 1))
def test_the_words_of_a_number_say_that_number(number: int) -> None:
    assert read(in_french(number)) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zéro"), (21, "vingt-et-un"), (70, "soixante-dix"), (71, "soixante-et-onze"), (77, "soixante-dix-sept"),
        (80, "quatre-vingts"), (81, "quatre-vingt-un"), (91, "quatre-vingt-onze"), (99, "quatre-vingt-dix-neuf"),
        (100, "cent"), (200, "deux-cents"), (203, "deux-cent-trois"), (280, "deux-cent-quatre-vingts"),
        (1000, "mille"), (1001, "mille-un"), (80_000, "quatre-vingt-mille"), (200_000, "deux-cent-mille"),
        (1_000_000, "un million"), (200_000_000, "deux-cents millions"), (80_000_000, "quatre-vingts millions"),
    ],
)  # fmt: skip
def test_a_number_is_spelt_as_the_rules_say(number: int, words: str) -> None:
    assert in_french(number) == words


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (2550, "vingt-cinq euros et cinquante centimes"), (100, "un euro"), (101, "un euro et un centime"),
        (0, "zéro euro"), (5, "cinq centimes"), (100_000_000, "un million d'euros"), (8000, "quatre-vingts euros"),
    ],
)  # fmt: skip
def test_an_amount_is_written_out(cents: int, words: str) -> None:
    assert euros_in_french(cents) == words


def test_what_is_beyond_is_refused() -> None:
    for number in (-1, LARGEST):
        with pytest.raises(ValueError, match=str(number)):
            in_french(number)

"""Words between braces: one notation for letters by mail, on paper and reminders; what is refused, and how."""

from typing import Any

import pytest
from django.utils.translation import override

from tests.cast import Cast
from tilios.core.errors import Invalid
from tilios.tools.members import actions as register
from tilios.tools.members.filling.notation import Vocabulary, Word, check, filled, filled_html
from tilios.tools.members.filling.vocabulary import for_mails, for_papers, for_reminders
from tilios.tools.members.models import FieldKind

WORDS = Vocabulary(
    [Word("given_name", "prenom", "Prénom"), Word("town", "ville", "Ville")],
    closed=[Word("amount_due", "reste_a_payer", "Reste")],
)
VALUES = {"given_name": "Zoé", "town": "Lille"}


@pytest.mark.parametrize(
    "text",
    ["{prenom}", "{ Prénom }", "{{ prenom }}", "{{PRÉNOM}}", "{given_name}", "{{ Given_Name }}", "{pre\u0301nom}",
     "{\u00a0prenom\u00a0}"],
)  # fmt: skip
def test_both_spellings_and_both_notations_are_read(text: str) -> None:
    check(WORDS, text=text)
    assert filled(text, WORDS, VALUES) == "Zoé"


def test_what_is_put_in_is_not_read_again() -> None:
    said = filled("{prenom} {ville}", WORDS, {"given_name": "{ville} {{ ville }}", "town": "Lille"})
    assert said == "{ville} {{ ville }} Lille"


def test_in_html_a_value_is_no_tag() -> None:
    assert filled_html("<p>{ville}</p>", WORDS, {"town": "<b>\"'&"}) == "<p>&lt;b&gt;&quot;&#x27;&amp;</p>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{prenon}", "{prenon} n'est pas un champ\u00a0: vouliez-vous écrire {prenom}\u00a0?"),
        ("{town_}", "{ville}"),
        ("{xyz}", "{xyz} n'est pas un champ\u00a0: choisissez-en un"),
        ("{reste_a_payer}", "réservé à qui tient les comptes"),
        ("{Amount_Due}", "réservé à qui tient les comptes"),
        ("Il fait { froid", "«\u00a0{ froid\u00a0» ne peut pas être lu\u00a0: un champ s'écrit {name}."),
        ("{% load x %}", "{% load x %}"),
        ("prenom}", "ne peut pas être lu"),
        ("{pre**nom**}", "mise en forme"),
        ("<p>{pre<strong>nom</strong>}</p>", "«\u00a0{prenom}\u00a0» n'est pas lu comme un champ"),
        ("<p>{<em>prenom</em>}</p>", "mise en forme"),
    ],
)
def test_what_is_no_word_is_refused_in_a_sentence(text: str, said: str) -> None:
    with override("fr"), pytest.raises(Invalid) as refused:
        check(WORDS, body=text)
    assert refused.value.field == "body"
    assert said in str(refused.value)


def test_the_list_speaks_the_language_of_the_reader() -> None:
    with override("fr"):
        assert WORDS.listed() == [("{prenom}", "Prénom"), ("{ville}", "Ville")]
        assert WORDS.localised("{given_name} {{ town }} {x}") == "{prenom} {ville} {x}"
    with override("en"):
        assert WORDS.listed() == [("{given_name}", "Prénom"), ("{town}", "Ville")]


def test_a_field_of_the_structure_wins_over_a_french_spelling(fabrique: Cast) -> None:
    register.add_field(by=None, name="Ville préférée", key="ville", kind=FieldKind.TEXT)
    with override("fr"):
        words = dict(for_papers(fabrique.manon).listed())
    assert words["{ville}"] == "Ville préférée"
    assert "{town}" in words
    assert for_papers(fabrique.manon).key_of("VILLE") == "ville"
    assert for_reminders().key_of("ville") is None


def test_each_spelling_names_one_word() -> None:
    for vocabulary in (for_mails(None), for_reminders()):
        spellings = [spelling for word in vocabulary.words for spelling in {word.key, word.french}]
        assert len(spellings) == len(set(spellings))
        assert all(vocabulary.key_of(spelling) for spelling in spellings)


def test_without_a_writer_neither_the_money_nor_the_fields_are_known(fabrique: Cast) -> None:
    field = register.add_field(by=None, name="Métier", kind=FieldKind.TEXT)

    def known(person: Any) -> list[bool]:
        return [for_mails(person).key_of(word) is not None for word in ("prenom", field.key, "reste_a_payer")]

    assert known(None) == known(fabrique.bob) == [True, False, False]
    assert known(fabrique.manon) == [True, True, False]
    assert known(fabrique.alice) == [True, True, True]

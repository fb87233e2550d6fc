"""Letters to many: words of a closed list, for whom each is, the address in the window, what each person reads."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.billing.tests.money import owe
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.structures.scope import scope
from tilios.tools.members import actions as register
from tilios.tools.members import queries
from tilios.tools.members.actions import papers as actions
from tilios.tools.members.filling import notation
from tilios.tools.members.filling.vocabulary import for_papers, for_reminders
from tilios.tools.members.models import Family, FieldKind, LetterTemplate, Record
from tilios.tools.members.papers import labels, letters
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.reading_papers import lines_of, pages_of

BASE = "/s/la-fabrique/adhesions/documents/"


def lived(given_name: str, **fields: Any) -> Record:
    return member(given_name, "Morvan", **{"street": "3 rue Neuve", "postcode": "59000", "town": "Lille"} | fields)


def written(cast: Cast, body: str, *, by_family: bool = True, subject: str = "") -> list[dict[str, Any]]:
    found, _without = labels.envelopes(queries.records().select_related("family"), by_family=by_family)
    template = LetterTemplate(name="Essai", subject=subject, body=body)
    return letters.written(letters.read(template, by=cast.alice), found, day=date(2026, 3, 1))


def test_each_word_stands_for_what_the_record_says(fabrique: Cast) -> None:
    lived("Zoé", title="Madame", number="A7", joined_on=date(2020, 2, 1))
    Record.objects.update(due_on=date(2026, 12, 31))
    body = "{{civility}}|{{ given_name }}|{{ family_name }}|{{ number }}|{{ dues_end }}|{{ joined_on }}|{{ town }}"
    [one] = written(fabrique, f"{body}|{{{{ structure }}}}", subject="Le {{ today }}")
    assert one["subject"] == "Le 1 mars 2026" or one["subject"] == "Le 1er mars 2026"
    assert one["body"].startswith("<p>Madame|Zoé|Morvan|A7|31 décembre 2026|1")
    assert one["body"].endswith("|Lille|La Fabrique</p>\n")


def test_a_field_of_the_structure_is_a_word_and_an_answer_its_value(fabrique: Cast) -> None:
    field = register.add_field(by=None, name="Métier", kind=FieldKind.TEXT)
    lived("Zoé", answers={field.key: "Tourneuse <sur bois>"})
    assert (f"{{{field.key}}}", "Métier") in for_papers(fabrique.manon).listed()
    [one] = written(fabrique, f"Métier : {{{{ {field.key} }}}}")
    assert "Tourneuse &lt;sur bois&gt;" in one["body"]


def test_a_family_reads_one_letter_with_all_its_names(fabrique: Cast) -> None:
    family = Family.objects.create(name="Famille Morvan")
    for name in ("Al", "Jo", "Lise"):
        lived(name, family=family)
    [one] = written(fabrique, "Bonjour {{ given_name }}, {{ name }}, {{ family_name }}")
    assert one["body"] == "<p>Bonjour Al, Jo et Lise, Famille Morvan, Morvan</p>\n"
    assert one["lines"][0] == "Famille Morvan"
    assert len(written(fabrique, "Bonjour", by_family=False)) == 3


def test_what_is_left_to_pay_is_that_of_whoever_pays(fabrique: Cast) -> None:
    payer = lived("Jo")
    lived("Lou", payer=payer)
    owe(payer.person, 2500)
    owe(payer.person, 1000)
    assert [one["body"] for one in written(fabrique, "{{ amount_due }}")] == ["<p>35,00\u00a0€</p>\n"] * 2


def test_nothing_that_people_write_is_a_tag_or_is_run(fabrique: Cast) -> None:
    lived("<script>x</script>")
    lived("**Gras** {{ number }}")
    links = "[lien](javascript:alert) ![image](http://127.0.0.1/x.png)"
    body = f"<b>{{{{ given_name }}}}</b> {links}\n\n**gras** *italique*\n\n- un"
    second, first = [one["body"] for one in written(fabrique, body)]
    assert "&lt;b&gt;" in first
    assert "<strong>Gras" not in second
    assert "{{ number }}" in second
    for one in (first, second):
        assert not [tag for tag in ("<script", "<b>", "<img", "<a ") if tag in one]
        assert "<strong>gras</strong> <em>italique</em>" in one
        assert "<li>un</li>" in one


@pytest.mark.parametrize(
    "body",
    ["{{ secret }}", "{{ person.note }}", "{{ name", "{% load x %}", "a }}", "{{ }}", "{{ name|safe }}", "{{ note }}"],
)
def test_a_word_that_is_none_is_refused_in_a_sentence(fabrique: Cast, body: str) -> None:
    client = fabrique.client("manon")
    answer = client.post(f"{BASE}lettres/nouvelle/", {"name": "Voeux", "subject": "S", "where": "ici", "body": body})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "champ" in page
    assert 'value="Voeux"' in page
    assert not LetterTemplate.objects.exists()


@given(st.text(alphabet=st.sampled_from("{}{} éEnomdKi<*"), max_size=24) | st.text(max_size=60))
def test_a_text_is_refused_or_leaves_no_brace_behind(text: str) -> None:
    words = for_reminders()
    try:
        notation.check(words, text=text)
    except Invalid:
        return
    left = notation.filled(text, words, {word.key: "" for word in words.words})
    assert not {"{", "}"} & set(left)


def test_amounts_are_for_those_who_keep_the_money(fabrique: Cast) -> None:
    assert for_papers(fabrique.alice).key_of("reste_a_payer") == "amount_due"
    assert for_papers(fabrique.manon).key_of("reste_a_payer") is None
    with pytest.raises(Invalid, match="amount_due"):
        actions.save_letter(by=fabrique.manon, name="Relance", body="{{ amount_due }}")
    letter = actions.save_letter(by=fabrique.alice, name="Relance", body="Il reste {{ amount_due }}.")
    lived("Zoé")
    with pytest.raises(Conflict):
        letters.read(letter, by=fabrique.manon)
    data = {"template": letter.pk, "each": "famille", "day": "2026-03-01"}
    refused = fabrique.client("manon").post(f"{BASE}faire/lettres/", data)
    assert refused.status_code == 409 or refused.status_code == 422
    assert fabrique.client("manon").get(f"{BASE}lettres/{letter.pk}/apercu/").status_code == 409
    assert "Il reste 0,00" in fabrique.client("alice").get(f"{BASE}lettres/{letter.pk}/apercu/").content.decode()


def test_the_preview_goes_from_one_to_the_next(fabrique: Cast) -> None:
    for name in ("Al", "Jo"):
        lived(name)
    member("Sans", "Adresse")
    letter = actions.save_letter(by=fabrique.manon, name="Voeux", body="Bonjour {{ given_name }} !")
    client, page = fabrique.client("manon"), f"{BASE}lettres/{letter.pk}/apercu/"
    first = client.get(page).content.decode()
    assert "Bonjour Al" in first
    assert "Lettre 1 sur 2" in first
    assert "n=2" in first
    assert "1 personne sans adresse" in first
    assert "Bonjour Jo" in client.get(f"{page}?n=2").content.decode()
    for odd in ("0", "99", "x", "-1", "9" * 30):
        assert client.get(page, {"n": odd}).status_code == 200
    assert Entry.objects.filter(verb="people.read", data__what="members.letter").count() >= 2


def test_the_address_stands_in_the_window_of_the_envelope(fabrique: Cast) -> None:
    street = "Résidence les Aubépines du grand parc\nBâtiment B\nEscalier 3\n12 bis rue de la République"
    lived("Zoé", street=street, country="Suisse")
    lived("Yann")
    letter = actions.save_letter(by=fabrique.manon, name="Voeux", subject="Voeux", body="Bonjour {{ given_name }},")
    data = {"template": letter.pk, "each": "famille", "day": "2026-03-01"}
    answer = fabrique.client("manon").post(f"{BASE}faire/lettres/", data)
    assert answer["Content-Type"] == "application/pdf"
    words = pages_of(answer.content)
    assert len(words) == 2
    assert "Bonjour Yann," in words[0]
    assert "SUISSE" in words[1]
    assert "Bonjour Zoé," in words[1]
    for page in range(2):
        window = [line for line in lines_of(answer.content, page) if line.left > 100 and line.top > 45 and line.text]
        assert window
        assert all(line.left > 100 and line.right < 200 and line.top >= 55 and line.bottom < 90 for line in window)


def test_a_letter_is_written_changed_and_removed(fabrique: Cast) -> None:
    client = fabrique.client("manon")
    assert "Pas encore de lettre" in client.get(f"{BASE}lettres/").content.decode()
    assert "Pas encore de lettre" in client.get(f"{BASE}faire/lettres/").content.decode()
    client.post(f"{BASE}lettres/nouvelle/", {"name": "Voeux", "subject": "", "where": "ici", "body": "Bonjour"})
    letter = LetterTemplate.objects.get()
    client.post(f"{BASE}lettres/{letter.pk}/", {"name": "AG", "subject": "AG", "where": "ici", "body": "Bonsoir"})
    letter.refresh_from_db()
    assert (letter.name, letter.body) == ("AG", "Bonsoir")
    assert "AG" in client.get(f"{BASE}lettres/").content.decode()
    with pytest.raises(Invalid):
        actions.save_letter(by=fabrique.manon, name="ag", body="x")
    with pytest.raises(NotAllowed):
        actions.save_letter(by=fabrique.bob, name="Autre", body="x")
    client.post(f"{BASE}lettres/{letter.pk}/retirer/")
    assert not LetterTemplate.objects.exists()


def test_a_letter_of_another_structure_is_none(cast: Cast) -> None:
    with scope(cast.atelier):
        theirs = LetterTemplate.objects.create(name="La leur", body="Bonjour")
    for end in ("", "apercu/"):
        assert cast.client("manon").get(f"{BASE}lettres/{theirs.pk}/{end}").status_code == 404
    assert cast.client("manon").post(f"{BASE}lettres/{theirs.pk}/retirer/").status_code == 404

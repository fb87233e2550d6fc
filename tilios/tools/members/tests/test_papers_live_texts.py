"""Letters on paper whose text is a live text: chosen, begun, read as whoever makes them sees it, filled, taken away."""

from pathlib import Path
from typing import Any

import pypdfium2.raw as raw
import pytest

from tests.cast import Cast
from tests.contracts.test_portability import take_out
from tilios.core.documents.access import Writer
from tilios.core.documents.actions import attach
from tilios.core.documents.actions.texts import append
from tilios.core.documents.building import from_html
from tilios.core.documents.models import Document
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.portability.importing import bring_in
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.core.toolbox.attachable import Text
from tilios.tools.members import queries
from tilios.tools.members.actions import papers as actions
from tilios.tools.members.models import LetterTemplate
from tilios.tools.members.papers import labels, letters, live_texts
from tilios.tools.members.tests.contract import member, picture
from tilios.tools.members.tests.reading_papers import opened, pages_of

BASE = "/s/la-fabrique/adhesions/documents/"
NEW = f"{BASE}lettres/nouvelle/"


def lived(given_name: str, **fields: Any) -> None:
    member(given_name, "Morvan", **{"street": "3 rue Neuve", "postcode": "59000", "town": "Lille"} | fields)


def text(by: Person, html: str, name: str = "Voeux", readers: Any = ()) -> Text:
    """A live text of `by` alone, or of `readers` as well."""
    made = registry.capability("text.begin")(by=by, name=name, readers=list(readers))
    write(made, html)
    return made


def write(found: Text, html: str) -> None:
    append(document=Document.objects.get(kind=found.kind, target=found.number), writer=None, data=from_html(html))


def letter(by: Person, html: str, **said: Any) -> LetterTemplate:
    made = text(by, html, readers=[(Role.MANAGER, True)])
    return actions.save_letter(by=by, name=f"Lettre {made.number}", text=made.address, **said)


def body(by: Person, template: LetterTemplate) -> str:
    """What the first person reads."""
    found, _without = labels.envelopes(queries.records().select_related("family"), by_family=True)
    return letters.written(letters.read(template, by=by), found)[0]["body"]


def test_its_words_are_filled_and_what_paper_can_print_stays(fabrique: Cast) -> None:
    lived("Zoé")
    html = (
        "<h2>Bonjour {prenom}</h2><p>Le <strong>{ Ville }</strong>, <em>ici</em> et <u>là</u></p>"
        "<ul><li>{{ name }}</li></ul>"
        "<table><tr><td>Nom</td><td>{nom_de_famille}</td></tr></table><blockquote><p>Oui</p></blockquote><hr>"
    )
    said = body(fabrique.manon, letter(fabrique.manon, html))
    for piece in (
        "Bonjour Zoé</h", "<strong>Lille</strong>, <em>ici</em> et <u>là</u>", "Zoé Morvan", "<td><p>Morvan</p></td>",
        "<blockquote><p>Oui</p></blockquote>", "<hr>",
    ):  # fmt: skip
        assert piece in said
    assert "{" not in said


def test_what_paper_cannot_show_is_left_out_and_nothing_is_run() -> None:
    drawn = (
        '<p onclick="x()" data-align="center" id="t">A&nbsp;<del>retrait</del></p><script>x</script><math><mi>x</mi>'
        '</math><p><a href="https://x.org">lien</a></p><hr class="page-break x"><span class="note x">Note</span>'
        '<img src="https://x.org/a.png" alt="a"><img src="tilios-picture:logo"><img src="files/1">'
        '<img src="tilios-picture:1" alt="<b>{prenom}" style="width: 96px"><img src="tilios-picture:formula-0" '
        'style="background: url(x)"><td style="color:red" colspan="2">'
    )
    assert live_texts.printable(drawn) == (
        '<p data-align="center">A\u00a0retrait</p><p>lien</p><hr class="page-break"><span class="note">Note</span>'
        '<img alt="a"><img><img>'
        '<img src="tilios-picture:1" alt="‹b›(prenom)" style="width: 96px"><img src="tilios-picture:formula-0">'
    )


def test_its_pictures_formulas_and_notes_are_printed_and_previewed(fabrique: Cast) -> None:
    lived("Zoé")
    made = text(fabrique.manon, "<p>Bonjour {prenom}</p>", readers=[(Role.MANAGER, True)])
    document = Document.objects.get(kind=made.kind, target=made.number)
    writer = Writer(fabrique.manon)
    attached = attach(document=document, by=writer, stream=picture(), name="plan.jpg", media_type="image/jpeg")
    image = f'<figure data-file="{attached.number}"><img src="files/{attached.number}" alt="Le {{plan}}"></figure>'
    write(made, f'{image}<p>Soit <span data-math="x^2"></span><span data-footnote>La {{ville}}.</span></p>')
    template = actions.save_letter(by=fabrique.manon, name="Plan", text=made.address)
    found = letters.read(template, by=fabrique.manon)
    assert set(found.pictures) == {str(attached.number), "formula-1"}
    client = fabrique.client("manon")
    shown = client.get(f"{BASE}lettres/{template.pk}/apercu/").content.decode()
    assert f'src="{made.page}files/{attached.number}"' in shown
    assert 'src="data:image/svg+xml;base64,' in shown
    assert 'alt="Le (plan)"' in shown
    assert client.get(f"{made.page}files/{attached.number}").status_code == 200
    data = {"template": template.pk, "each": "famille", "day": "2026-03-01"}
    body = client.post(f"{BASE}faire/lettres/", data).content
    with opened(body) as paper:
        images = [one for one in paper[0].get_objects() if one.type == raw.FPDF_PAGEOBJ_IMAGE]
    assert len(images) == 1
    assert "La Lille." in pages_of(body)[0]


def test_a_hostile_record_is_text_on_paper(fabrique: Cast) -> None:
    lived("<script>x</script>{{ numero }}", chosen_name="**Gras** {{ name }} <b>x</b>")
    said = body(fabrique.manon, letter(fabrique.manon, "<p>Bonjour {prenom}, {nom}</p>"))
    assert "Bonjour **Gras** {{ name }} &lt;b&gt;x&lt;/b&gt;, &lt;script&gt;x&lt;/script&gt;{{ numero }}" in said


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>{prenon}</p>", "vouliez-vous écrire {prenom}"),
        ("<p>{pre<strong>nom</strong>}</p>", "d'un seul tenant"),
        ("<p>{<em>prenom</em>}</p>", "d'un seul tenant"),
        ("<p>{ seul</p>", "ne peut pas être lu"),
        ("<p>{reste_a_payer}</p>", "réservé à qui tient les comptes"),
    ],
)
def test_a_word_that_is_none_is_said_on_the_form_and_when_letters_are_made(
    fabrique: Cast, html: str, said: str
) -> None:
    lived("Zoé")
    with pytest.raises(Invalid) as refused:
        letter(fabrique.manon, html)
    assert refused.value.field == "text"
    good = letter(fabrique.manon, "<p>Bonjour</p>")
    found = live_texts.seen(live_texts.address_of(good), fabrique.manon)
    assert found is not None
    write(found, html)
    with pytest.raises(Conflict):
        letters.read(good, by=fabrique.manon)
    data = {"template": good.pk, "each": "famille", "day": "2026-03-01"}
    answer = fabrique.client("manon").post(f"{BASE}faire/lettres/", data)
    assert answer.status_code in (409, 422)
    assert said in answer.content.decode().replace("&#x27;", "'")


def test_it_is_read_as_whoever_makes_the_letter_sees_it(fabrique: Cast) -> None:
    lived("Zoé")
    closed = text(fabrique.alice, "<p>Secret {prenom}</p>")
    made = actions.save_letter(by=fabrique.alice, name="Fermée", text=closed.address)
    assert "Secret Zoé" in body(fabrique.alice, made)
    with pytest.raises(Conflict):
        letters.read(made, by=fabrique.manon)
    preview = fabrique.client("manon").get(f"{BASE}lettres/{made.pk}/apercu/")
    assert preview.status_code == 409
    assert "Secret" not in preview.content.decode()
    form = fabrique.client("manon").get(f"{BASE}lettres/{made.pk}/").content.decode()
    assert "n&#x27;est plus là, ou vous est fermé" in form or "n'est plus là, ou vous est fermé" in form
    assert closed.page not in form
    with pytest.raises(Invalid) as refused:
        actions.save_letter(by=fabrique.manon, name="La mienne", text=closed.address)
    assert refused.value.field == "text"
    registry.capability("text.discard")(by=fabrique.alice, address=closed.address)
    with pytest.raises(Conflict):
        letters.read(made, by=fabrique.alice)


def test_the_text_of_another_structure_is_none(cast: Cast) -> None:
    with scope(cast.atelier):
        theirs = text(cast.charlie, "<p>Le leur</p>")
    with scope(cast.fabrique), pytest.raises(Invalid):
        actions.save_letter(by=cast.alice, name="La leur", text=theirs.address)


def test_it_is_chosen_in_the_form_then_printed(fabrique: Cast) -> None:
    lived("Zoé")
    client, found = fabrique.client("manon"), text(fabrique.manon, "<p>Bonjour {prenom}</p>")
    assert f'value="{found.address}"' in client.get(NEW).content.decode()
    said = {"name": "Voeux", "subject": "Pour {prenom}", "where": "texte", "body": "Gardé"}
    missing = client.post(NEW, said)
    assert missing.status_code == 422
    assert "Choisissez un texte à plusieurs" in missing.content.decode()
    preview = client.post(NEW, said | {"text": found.address}, follow=True).content.decode()
    assert "Bonjour Zoé" in preview
    template = LetterTemplate.objects.get()
    assert (template.body, live_texts.address_of(template)) == ("Gardé", found.address)
    page = client.get(f"{BASE}lettres/{template.pk}/").content.decode()
    assert f'href="{found.page}"' in page
    assert f'value="{found.address}" selected' in page
    paper = client.post(f"{BASE}faire/lettres/", {"template": template.pk, "each": "famille", "day": "2026-03-01"})
    assert "Bonjour Zoé" in " ".join(pages_of(paper.content))
    client.post(f"{BASE}lettres/{template.pk}/", said | {"where": "ici", "body": "Bonsoir {prenom}"})
    template.refresh_from_db()
    assert (template.text_kind, template.text_target) == ("", None)


def test_looking_for_a_text_keeps_what_was_typed(fabrique: Cast) -> None:
    client = fabrique.client("manon")
    found, other = text(fabrique.manon, "<p>x</p>", "Été à la mer"), text(fabrique.manon, "<p>y</p>", "Comptes")
    said = {"name": "Voeux", "subject": "S", "where": "texte", "text": "", "body": "Gardé"}
    for more in ({"mots": "ete", "chercher": "1"}, {"mots": "ÉTÉ"}):
        answer = client.post(NEW, said | more)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert found.address in page
        assert other.address not in page
        assert "Gardé" in page
        assert 'value="Voeux"' in page
        assert "error-summary" not in page
    assert not LetterTemplate.objects.exists()


def test_a_text_is_begun_for_the_letter_and_the_keepers_write_in_it(fabrique: Cast) -> None:
    client = fabrique.client("manon")
    refused = client.post(NEW, {"name": "", "where": "texte", "body": "Gardé", "commencer": "1"})
    assert refused.status_code == 422
    assert "Gardé" in refused.content.decode()
    page = client.post(NEW, {"name": "Voeux", "where": "texte", "body": "", "commencer": "1"}, follow=True)
    template = LetterTemplate.objects.get()
    begun = live_texts.seen(live_texts.address_of(template), fabrique.alice)
    assert begun is not None
    assert (begun.name, begun.may_write) == ("Voeux", True)
    assert f'href="{begun.page}"' in page.content.decode()
    assert live_texts.seen(begun.address, fabrique.bob) is None


def test_without_the_tool_of_texts_nothing_of_it_shows(fabrique: Cast) -> None:
    lived("Zoé")
    made = letter(fabrique.manon, "<p>Bonjour</p>")
    fabrique.fabrique.enabled_tools = [slug for slug in fabrique.fabrique.enabled_tools if slug != "pads"]
    fabrique.fabrique.save()
    client = fabrique.client("manon")
    page = client.get(NEW).content.decode()
    assert 'name="where"' not in page
    assert "commencer" not in page
    assert client.get(f"{BASE}lettres/{made.pk}/apercu/").status_code == 409
    client.post(f"{BASE}lettres/{made.pk}/", {"name": "Voeux", "body": "Bonjour {prenom}"})
    assert "Bonjour Zoé" in client.get(f"{BASE}lettres/{made.pk}/apercu/").content.decode()


def test_an_archive_takes_the_letter_and_its_text(cast: Cast, tmp_path: Path) -> None:
    with scope(cast.fabrique):
        made = letter(cast.manon, "<p>Bonjour {prenom}</p>")
        gone = letter(cast.manon, "<p>Bonsoir</p>")
        LetterTemplate.objects.filter(pk=gone.pk).update(text_target=999_999)
    arrived = bring_in(take_out(cast.fabrique, tmp_path / "a.zip"), slug="arrivee").structure
    with scope(arrived):
        one = LetterTemplate.objects.get(name=made.name)
        admin = Person.objects.filter(role=Role.ADMIN).first()
        assert admin is not None
        assert (one.text_kind, one.text_target != made.text_target) == (made.text_kind, True)
        assert "Bonjour {prenom}" in live_texts.paper_of(one, Person.objects.get(given_name=cast.manon.given_name)).html
        with pytest.raises(Conflict):
            live_texts.paper_of(LetterTemplate.objects.get(name=gone.name), admin)


def test_choosing_asks_as_many_queries_whatever_there_is(fabrique: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(55):
        text(fabrique.manon, "<p>x</p>", f"Texte {number}") if number < 3 else registry.capability("text.begin")(
            by=fabrique.manon, name=f"Texte {number}", readers=[]
        )
    with django_assert_max_num_queries(4):
        found = registry.capability("text.choose")(fabrique.manon)
    assert len(found) == 50
    assert found[0][1] == "Texte 54"
    assert not registry.capability("text.choose")(fabrique.bob)

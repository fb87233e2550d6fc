"""The demonstration: what a place writes together, as it is after a year or two."""

from importlib import resources
from typing import Any

from tilios.core.documents import actions as documents
from tilios.core.documents import queries, tree, yjs
from tilios.core.documents.access import Writer
from tilios.core.documents.building import build, from_html
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.core.shelves.actions import marks
from tilios.core.shelves.levels import Space
from tilios.core.structures.scope import current_structure
from tilios.tools.pads import library
from tilios.tools.pads.actions import texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item


def load(by: Person) -> None:
    """A year of texts in La Fabrique; a single one elsewhere."""
    rights = open_spaces(by)
    common = Item.objects.get(space=Space.COMMON)
    if current_structure().slug != "la-fabrique":
        _text(by, rights, common, "Compte rendu de l'atelier", _words("council"))
        return
    people = {person.given_name: person for person in active_people()}
    for person in people.values():
        person.structure = current_structure()
    minutes = texts.make_folder(by=by, rights=rights, parent=common, name="Comptes rendus")
    projects = texts.make_folder(by=by, rights=rights, parent=common, name="Projets")
    council = _text(by, rights, minutes, "Conseil collégial du 17 novembre", _words("council"))
    _text(by, rights, minutes, "Conseil collégial du 15 septembre", _begun("minutes"))
    charter = _text(by, rights, common, "Charte de La Fabrique", _words("charter"))
    market = _text(by, rights, projects, "Marché de Noël", _words("market"))
    _text(by, rights, projects, "Lettre à la mairie", _words("letter"))
    model = _text(by, rights, common, "Fiche d'accueil d'un atelier", _begun("needs"))
    texts.settle(by=by, rights=rights, item=model, language="fr", is_template=True)
    marks.add_tags(by=by, rights=rights, item=charter, names="règles, assemblée")
    marks.add_tags(by=by, rights=rights, item=market, names="fêtes")
    marks.set_favourite(by=by, rights=rights, item=council, wanted=True)
    other = next((person for name, person in people.items() if name in ("Bob", "Manon")), by)
    _go_on(other, council, "<p>Relu ; merci de dire ce qui manque avant vendredi.</p>")
    document = texts.document_of(council)
    documents.name_revision(document=document, by=Writer(person=by), name="Envoyé aux membres")
    documents.say(document=document, by=Writer(person=other), body="Il manque le montant de l'assurance, non ?")
    documents.say(document=document, by=Writer(person=by), body="Oui : je l'ajoute demain.")
    for item in Item.objects.filter(is_folder=False):
        texts.note_change(texts.document_of(item))


def _begun(name: str) -> str:
    found = library.template(name, "fr")
    assert found is not None
    return found.html


def _words(name: str) -> str:
    return (resources.files(__name__) / f"{name}.html").read_text(encoding="utf-8")


def _text(by: Person, rights: Any, folder: Item, name: str, html: str) -> Item:
    return texts.begin_text(by=by, rights=rights, parent=folder, name=name, state=from_html(html))


def _go_on(by: Person, item: Item, html: str) -> None:
    """Somebody else adds a paragraph at the end."""
    document = texts.document_of(item)
    doc = yjs.new_doc(queries.state(document))
    before = doc.get_state()
    tree.write(yjs.root(doc), build(html))
    documents.append(document=document, writer=Writer(person=by), data=doc.get_update(before))

"""Whom the demonstration calls: partners, suppliers, the town hall."""

from tilios.core.people import actions as people
from tilios.core.people.models import Person
from tilios.kit.vcard import Address, Contact
from tilios.tools.agenda.actions.contacts import add_card
from tilios.tools.agenda.actions.groups import add_group
from tilios.tools.agenda.models import Card, Item, Nature
from tilios.tools.agenda.queries.rights import Rights

#: Family and given names, organisation, what they do, name of their mail box, telephone, town, label, birthday.
PEOPLE = (
    ("Delattre", "Zoé", "Les Fileuses", "artiste", "zoe", "06 11 22 33 44", "Lille", "festival", (None, 5, 17)),
    ("Sow", "Amadou", "Recyclerie du Nord", "responsable", "amadou", "03 20 11 22 33", "Roubaix", "matériel", None),
    ("Carpentier", "Jeanne", "", "", "jeanne", "06 55 44 33 22", "Lille", "bénévoles", (1980, 3, 2)),
    ("Haddad", "Karim", "Mairie", "vie associative", "karim", "03 20 99 88 77", "Lille", "institutions", None),
    ("Vermeersch", "Louise", "Brasserie du Canal", "", "louise", "03 20 44 55 66", "Lambersart", "fournisseurs", None),
)
ORGANISATIONS = (
    ("Mairie de quartier", "accueil", "03 20 99 88 00", "Lille", "institutions", "Réserver la salle deux mois avant."),
    ("Imprimerie coopérative", "devis", "03 20 12 34 56", "Tourcoing", "fournisseurs", ""),
)


def add_contacts(by: Person, rights: Rights, common: Item) -> None:
    """A few people and organisations in the address book of everybody."""
    book = Item.objects.filter(parent=common, nature=Nature.BOOK).earliest("pk")
    for family, given, organisation, job, mail, phone, town, label, birthday in PEOPLE:
        fields = {
            "fn": f"{given} {family}", "n": (family, given, "", "", ""), "org": organisation, "title": job,
            "birthday": birthday, **_reached(mail, phone, town, label),
        }  # fmt: skip
        add_card(by=by, rights=rights, book=book, fields=fields)
    for name, mail, phone, town, label, note in ORGANISATIONS:
        fields = {"fn": name, "kind": "org", "org": name, "note": note, **_reached(mail, phone, town, label)}
        add_card(by=by, rights=rights, book=book, fields=fields)
    artists = Card.objects.filter(book=book, full_name__in=("Zoé Delattre", "Amadou Sow"))
    add_group(by=by, rights=rights, book=book, name="Festival", members=artists)
    zoe = {"fn": "Zoé Delattre", "n": ("Delattre", "Zoé", "", "", ""), "phones": (Contact("+33 6 11 22 33 44"),)}
    add_card(by=by, rights=rights, book=book, fields=zoe)  # twice, to be made one
    people.share_details(by=by, person=by, email=True, phones=True)


def _reached(mail: str, phone: str, town: str, label: str) -> dict[str, object]:
    return {
        "emails": (Contact(f"{mail}@demo.tilios.example", ("work",)),),
        "phones": (Contact(phone, ("cell" if phone.startswith("06") else "work",)),),
        "addresses": (Address(locality=town, country="France"),),
        "categories": (label,),
    }

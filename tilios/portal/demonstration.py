"""The demonstration: La Fabrique, a village place, and L'Atelier, its neighbour; each tool adds its own part."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from tilios.core.journal.actions import through
from tilios.core.people import actions as people
from tilios.core.people.models import Account, Person
from tilios.core.people.roles import Role
from tilios.core.structures.actions import create_structure
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.kit.passphrases import passphrase

#: key, first name, last name, email, structure, role. The cast of every test is the same.
CAST = (
    ("alice", "Alice", "Moreau", "alice@demo.tilios.example", "la-fabrique", Role.ADMIN),
    ("manon", "Manon", "Le Goff", "manon@demo.tilios.example", "la-fabrique", Role.MANAGER),
    ("bob", "Bob", "Lambert", "bob@demo.tilios.example", "la-fabrique", Role.MEMBER),
    ("gus", "Gus", "Petit", "gus@demo.tilios.example", "la-fabrique", Role.GUEST),
    ("charlie", "Charlie", "Diallo", "charlie@demo.tilios.example", "l-atelier", Role.ADMIN),
)
NEIGHBOURS = (
    ("Samira", "Benali"), ("Yves", "Kervella"), ("Lucie", "Fontaine"), ("Ahmed", "Cissé"), ("Chloé", "Garnier"),
    ("Paul", "de La Tour"), ("Inès", "Marchand"), ("Théo", "Roussel"), ("Nadia", "Haddad"), ("Jeanne", "Œuvrard"),
    ("Marc", "Bailly"), ("Fatou", "Ndiaye"), ("Élise", "Perrin"), ("Hugo", "Carpentier"), ("Rosa", "Silva"),
)  # fmt: skip
GROUPS = (
    ("Conseil collégial", "Celles et ceux qui portent la structure", ("alice", "manon", "bob")),
    ("Atelier bois", "Les personnes qui utilisent l'atelier", ("bob", "gus")),
)


def _password_file() -> Any:
    return settings.TILIOS_DATA / "secrets" / "demonstration"


def is_loaded() -> bool:
    return _password_file().is_file() and Account.objects.filter(email=CAST[0][3]).exists()


def password() -> str:
    """The one password of the demonstration's accounts, made for this instance. SECURITY: never a fixed one."""
    path = _password_file()
    if not path.is_file():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(passphrase(), "utf-8")
    return path.read_text("utf-8").strip()


def accounts() -> list[dict[str, str]]:
    """Who may sign in, in the order of the cast."""
    secret = password()
    return [
        {"email": email, "password": secret, "role": Role(role).name.lower(), "structure": slug}
        for _key, _given, _family, email, slug, role in CAST
    ]


def summary() -> dict[str, Any]:
    return {
        "structures": list(Structure.objects.order_by("pk").values("slug", "name")),
        "accounts": accounts(),
    }


@transaction.atomic
def load() -> None:
    """Load the demonstration into an empty instance."""
    with through("command"):
        fabrique = create_structure(
            name="La Fabrique",
            slug="la-fabrique",
            kind="village",
            purpose="Un tiers-lieu de village : bureaux partagés, atelier bois, café associatif.",
            email="bonjour@la-fabrique.example",
            street="3 place du Marché",
            postcode="29600",
            town="Morlaix",
            colour="#b4532a",
            enabled_tools=_default_tools(),
        )
        atelier = create_structure(
            name="L'Atelier",
            slug="l-atelier",
            kind="fablab",
            purpose="L'atelier de fabrication partagé du bourg voisin.",
            colour="#2f6f5e",
            town="Plouigneau",
            postcode="29610",
            enabled_tools=_default_tools(),
        )
        places = {fabrique.slug: fabrique, atelier.slug: atelier}
        cast = {
            key: _person(places[slug], given, family, email, role) for key, given, family, email, slug, role in CAST
        }
        Account.objects.filter(email=CAST[0][3]).update(is_host=True)
        with scope(fabrique):
            for given, family in NEIGHBOURS:
                people.create_person(by=None, given_name=given, family_name=family, town="Morlaix", postcode="29600")
            for name, description, members in GROUPS:
                group = people.create_group(by=cast["alice"], name=name, description=description)
                for number, key in enumerate(members):
                    people.add_to_group(by=cast["alice"], person=cast[key], group=group, is_manager=number == 0)
        for structure, by in ((fabrique, cast["alice"]), (atelier, cast["charlie"])):
            with scope(structure):
                for tool in registry.enabled(structure):
                    if tool.demo:
                        import_string(tool.demo)(by)


def _default_tools() -> list[str]:
    return [tool.slug for tool in registry.tools() if tool.default_on]


def _person(structure: Structure, given: str, family: str, email: str, role: int) -> Person:
    account = Account.objects.create_user(email, password(), name=f"{given} {family}", language="fr")
    EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    with scope(structure):
        person = people.create_person(
            by=None, given_name=given, family_name=family, email=email, role=role, account=account
        )
        person.structure = structure
        return person

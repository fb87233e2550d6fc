"""The cast of every test: Alice administers La Fabrique, Manon manages, Bob is a member, Gus a guest; Charlie
administers L'Atelier and must see nothing of La Fabrique; Nobody is signed out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tilios.core.people import actions as people
from tilios.core.people.models import Account, Person
from tilios.core.people.roles import Role
from tilios.core.structures.actions import create_structure
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry

PASSWORD = "un mot de passe de test"


@dataclass
class Cast:
    """`cast.alice` is a Person; `cast.client("alice")` a signed-in test client; `cast.fabrique` her structure."""

    fabrique: Structure
    atelier: Structure
    alice: Person
    manon: Person
    bob: Person
    gus: Person
    charlie: Person
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        """A client signed in as `name`, or signed out for "nobody"."""
        if name not in self.clients:
            client = Client()
            if name != "nobody":
                client.force_login(getattr(self, name).account)
            self.clients[name] = client
        return self.clients[name]


def make_person(structure: Structure, name: str, role: int, *, email: str = "", login: bool = True) -> Person:
    """Somebody of `structure`, with an account of their own unless `login` is False."""
    email = email or f"{name.lower().replace(' ', '.')}@example.org"
    account = None
    if login:
        account = Account.objects.create_user(email, PASSWORD, name=name, language="fr")
        EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    given, _space, family = name.partition(" ")
    with scope(structure):
        person = people.create_person(
            by=None, given_name=given, family_name=family, email=email, role=role, account=account
        )
        person.structure = structure
    return person


def make_cast() -> Cast:
    tools = [tool.slug for tool in registry.tools()]
    fabrique = create_structure(name="La Fabrique", slug="la-fabrique", enabled_tools=tools)
    atelier = create_structure(name="L'Atelier", slug="l-atelier", enabled_tools=tools)
    return Cast(
        fabrique=fabrique,
        atelier=atelier,
        alice=make_person(fabrique, "Alice Moreau", Role.ADMIN),
        manon=make_person(fabrique, "Manon Le Goff", Role.MANAGER),
        bob=make_person(fabrique, "Bob Lambert", Role.MEMBER),
        gus=make_person(fabrique, "Gus Petit", Role.GUEST),
        charlie=make_person(atelier, "Charlie Diallo", Role.ADMIN),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, outside any scope: doors set their own."""
    return make_cast()


@pytest.fixture
def fabrique(cast: Cast) -> Iterator[Cast]:
    """The cast, in the scope of La Fabrique: for tests of actions, queries and rules."""
    with scope(cast.fabrique):
        yield cast


@pytest.fixture
def visitor_of() -> Callable[[str], SimpleNamespace]:
    """`visitor_of(token)`: a device that came by a share link, signed out, keeping its cookies."""

    def make(token: str) -> SimpleNamespace:
        client = Client()
        return SimpleNamespace(client=client, url=f"/l/{token}/")

    return make

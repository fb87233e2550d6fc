"""The pages of the host: structures, visits, hosts, outbox."""

import io
import json
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from tests.cast import Cast
from tilios.core.access import accounts
from tilios.core.journal.models import Entry
from tilios.core.notify.models import Mail, Notification
from tilios.core.people.models import Account, Invitation, Person
from tilios.core.people.roles import Role
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

NEW = "/hebergeur/structures/nouvelle/"
IDENTITY = {"name": "Le Garage", "kind": "fablab", "country": "FR", "postcode": "29600", "town": "Morlaix"}


@pytest.fixture
def host(cast: Cast) -> Client:
    """Charlie, of L'Atelier, hosts the instance."""
    account = cast.charlie.account
    assert account is not None
    accounts.set_host(by=None, account=account, is_host=True)
    return cast.client("charlie")


def test_the_list_shows_sizes_and_the_page_says_no_name(host: Client, cast: Cast) -> None:
    page = host.get("/hebergeur/").content.decode()
    assert "La Fabrique" in page
    page = host.get("/hebergeur/structures/la-fabrique/").content.decode()
    for name in ("Alice", "Bob Lambert", "Gus"):
        assert name not in page, name


def test_the_list_takes_as_many_queries_for_many_structures(host: Client, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    host.get("/hebergeur/")
    with CaptureQueriesContext(connection) as few:
        host.get("/hebergeur/")
    for number in range(40):
        Structure.objects.create(name=f"Place {number}", slug=f"place-{number}")
    with CaptureQueriesContext(connection) as many:
        host.get("/hebergeur/")
    assert len(many) <= len(few)


def test_a_structure_is_made_in_three_steps(host: Client) -> None:
    assert host.get(f"{NEW}outils/")["Location"] == f"{NEW}identite/"
    assert host.post(f"{NEW}identite/", IDENTITY)["Location"] == f"{NEW}apparence/"
    picture = io.BytesIO()
    Image.new("RGB", (40, 40)).save(picture, "PNG")
    picture.seek(0)
    picture.name = "logo.png"
    assert host.post(f"{NEW}apparence/", {"colour": "#2f6f5e", "logo": picture})["Location"] == f"{NEW}outils/"
    fields = {"enabled_tools": ["polls"], "language": "fr", "timezone": "Europe/Paris", "who": "me"}
    assert host.post(f"{NEW}outils/", fields)["Location"] == "/hebergeur/structures/le-garage/"
    made = Structure.objects.get(slug="le-garage")
    assert (made.kind, made.colour, made.town, made.enabled_tools) == ("fablab", "#2f6f5e", "Morlaix", ["polls"])
    assert made.logo is not None
    with scope(made):
        assert [(person.display_name, person.role) for person in Person.objects.all()] == [
            ("Charlie Diallo", Role.ADMIN)
        ]
    assert host.get(f"{NEW}apparence/")["Location"] == f"{NEW}identite/"  # the draft is gone


def test_going_back_finds_what_was_typed(host: Client) -> None:
    host.post(f"{NEW}identite/", IDENTITY)
    assert "Le Garage" in host.get(f"{NEW}identite/").content.decode()
    answer = host.post(f"{NEW}identite/", IDENTITY | {"siret": "12", "town": "Brest"})
    assert answer.status_code == 422
    assert "Brest" in answer.content.decode()


def test_giving_up_forgets_the_draft(host: Client) -> None:
    host.post(f"{NEW}identite/", IDENTITY)
    assert host.post(f"{NEW}identite/", {"abandon": "yes"})["Location"] == "/hebergeur/"
    assert "Le Garage" not in host.get(f"{NEW}identite/").content.decode()


def test_somebody_else_is_invited_to_administer(host: Client, mailoutbox: list[Any]) -> None:
    host.post(f"{NEW}identite/", IDENTITY)
    host.post(f"{NEW}apparence/", {"colour": "#2f6f5e"})
    fields = {"language": "fr", "timezone": "Europe/Paris", "who": "other", "administrator": ""}
    assert host.post(f"{NEW}outils/", fields).status_code == 422
    assert host.post(f"{NEW}outils/", fields | {"administrator": "zoe@example.org"}).status_code == 302
    made = Structure.objects.get(slug="le-garage")
    with scope(made):
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.role) == ("zoe@example.org", Role.ADMIN)
        assert not any(person.is_active for person in Person.objects.all())
    assert mailoutbox[-1].to == ["zoe@example.org"]
    verbs = list(Entry.objects.filter(structure=made).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["portal.structure_created", "portal.host_stepped_in", "people.invited", "portal.host_left"]


def test_stepping_in_tells_the_administrators(host: Client, cast: Cast) -> None:
    refused = host.post("/hebergeur/structures/la-fabrique/entrer/", {"visit-reason": "hm"})
    assert refused.status_code == 422
    assert host.get("/s/la-fabrique/").status_code == 404
    reason = "Une administratrice demande de l'aide."
    answer = host.post("/hebergeur/structures/la-fabrique/entrer/", {"visit-reason": reason})
    assert answer["Location"] == "/s/la-fabrique/"
    page = host.get("/s/la-fabrique/").content.decode()
    assert "/hebergeur/structures/la-fabrique/sortir/" in page
    assert "/sortir/" not in cast.client("alice").get("/s/la-fabrique/").content.decode()
    with scope(cast.fabrique):
        told = Notification.objects.filter(notice="portal.host_stepped_in")
        assert [(row.person_id, reason in row.text) for row in told] == [(cast.alice.pk, True)]
    assert host.post("/hebergeur/structures/la-fabrique/sortir/").status_code == 302
    assert host.get("/s/la-fabrique/").status_code == 404


def test_suspending_and_opening_again(host: Client, cast: Cast) -> None:
    assert host.post("/hebergeur/structures/la-fabrique/suspendre/", {}).status_code == 422
    host.post("/hebergeur/structures/la-fabrique/suspendre/", {"suspension-reason": "Convention échue"})
    assert cast.client("alice").get("/s/la-fabrique/").status_code == 503
    host.post("/hebergeur/structures/la-fabrique/reprendre/")
    assert cast.client("alice").get("/s/la-fabrique/").status_code == 200


def test_naming_and_removing_hosts(host: Client, cast: Cast) -> None:
    assert host.post("/hebergeur/hebergeurs/", {"email": "nobody@example.org"}).status_code == 422
    host.post("/hebergeur/hebergeurs/", {"email": "Alice.Moreau@example.org"})
    alice = Account.objects.get(email="alice.moreau@example.org")
    assert alice.is_host
    assert cast.client("alice").get("/hebergeur/").status_code == 200
    host.post(f"/hebergeur/hebergeurs/{alice.pk}/retirer/")
    assert cast.client("alice").get("/hebergeur/").status_code == 404
    host.post(f"/hebergeur/hebergeurs/{cast.charlie.account_id}/retirer/")
    assert host.get("/hebergeur/").status_code == 200  # the last one stays


# The outbox ---------------------------------------------------------------------------------------------------------


def keep(subject: str, body: str, headers: dict[str, str] | None = None) -> Mail:
    connection = get_connection("tilios.core.notify.outbox.Backend")
    EmailMessage(subject, body, to=["zoe@example.org"], headers=headers, connection=connection).send()
    return Mail.objects.latest("pk")


def test_without_a_mail_server_the_host_hands_invitations_over(host: Client) -> None:
    mail = keep("Invitation", "Ouvrez https://tilios.example/invitation/abc/")
    assert "Invitation" in host.get("/hebergeur/messages/").content.decode()
    assert "/invitation/abc/" in host.get(f"/hebergeur/messages/{mail.pk}/").content.decode()
    assert Entry.objects.get(verb="portal.host_read_mail").data == {"mail": mail.pk}


def test_news_of_a_structure_are_never_shown(host: Client) -> None:
    mail = keep("Bob a répondu", "Bob a écrit : bonjour", {"List-Unsubscribe": "<https://tilios.example/stop/>"})
    for url in ("/hebergeur/messages/", f"/hebergeur/messages/{mail.pk}/"):
        page = host.get(url).content.decode()
        assert "Bob" not in page, url
    assert not Entry.objects.filter(verb="portal.host_read_mail").exists()


def test_with_a_mail_server_no_message_is_shown(host: Client, settings: Any) -> None:
    mail = keep("Invitation", "Ouvrez https://tilios.example/invitation/abc/")
    settings.TILIOS_MAIL_SERVER = object()
    page = host.get(f"/hebergeur/messages/{mail.pk}/").content.decode()
    assert "/invitation/abc/" not in page
    assert "n’est pas montré" in page


def test_a_message_that_failed_is_tried_again(host: Client, settings: Any) -> None:
    mail = keep("Invitation", "…")
    host.post(f"/hebergeur/messages/{mail.pk}/renvoyer/")
    assert "serveur de courriel" in host.get("/hebergeur/messages/").content.decode()
    settings.TILIOS_MAIL_SERVER = object()
    Mail.objects.filter(pk=mail.pk).update(tries=12, problem="550 no such box")
    assert "550 no such box" in host.get(f"/hebergeur/messages/{mail.pk}/").content.decode()
    host.post(f"/hebergeur/messages/{mail.pk}/renvoyer/")
    mail.refresh_from_db()
    assert (mail.tries, mail.problem) == (0, "")
    host.post(f"/hebergeur/messages/{mail.pk}/renvoyer/")
    assert "ou va partir" in host.get("/hebergeur/messages/").content.decode()


@pytest.mark.parametrize("state", ["", "kept", "waiting", "failed", "sent", "nonsense"])
def test_messages_are_chosen_by_state(host: Client, state: str) -> None:
    keep("Invitation", "…")
    assert host.get("/hebergeur/messages/", {"etat": state}).status_code == 200


# The command --------------------------------------------------------------------------------------------------------


def test_structures_from_the_command_line(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tilios_structure", "create", "Le Garage", "--admin", "bob.lambert@example.org")
    assert capsys.readouterr().out.strip() == "le-garage"
    assert cast.client("bob").get("/s/le-garage/").status_code == 200
    call_command("tilios_structure", "suspend", "le-garage", "--reason", "too early")
    call_command("tilios_structure", "list", "--json")
    rows = {row["slug"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["le-garage"]["suspended"]
    assert rows["la-fabrique"]["people"] == 4
    call_command("tilios_structure", "resume", "le-garage")
    call_command("tilios_structure", "list")
    assert "Le Garage" in capsys.readouterr().out
    assert Entry.objects.filter(verb="portal.structure_suspended", door="command").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "Le Garage", "--slug", "la-fabrique"),
        ("create", " "),
        ("create", "Le Garage", "--admin", "nobody@example.org"),
        ("suspend", "nowhere", "--reason", "x"),
        ("suspend", "la-fabrique", "--reason", " "),
        ("resume", "nowhere"),
    ],
)
def test_the_command_says_what_is_wrong(cast: Cast, arguments: tuple[str, ...]) -> None:
    before = Structure.objects.count()
    with pytest.raises(CommandError):
        call_command("tilios_structure", *arguments)
    assert Structure.objects.count() == before


def test_an_app_password_from_the_command_line(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tilios_app_password", "bob.lambert@example.org", "--scope", "files", "--label", "rclone")
    assert len(capsys.readouterr().out.strip().split("-")) == 5
    for email, scope_name in (("nobody@example.org", "files"), ("bob.lambert@example.org", "house")):
        with pytest.raises(CommandError):
            call_command("tilios_app_password", email, "--scope", scope_name)

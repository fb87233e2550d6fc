"""`tilios person`."""

import pytest
from django.core.management import CommandError, call_command

from tests.cast import Cast
from tilios.core.people import actions as people
from tilios.core.people.models import Invitation, Person
from tilios.core.people.roles import Role
from tilios.core.people.tests.published import last
from tilios.core.structures.scope import scope


def run(*arguments: str) -> None:
    call_command("tilios_person", *arguments)


def test_somebody_new_is_added_and_their_way_in_printed(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    with scope(cast.fabrique):
        people.create_group(by=None, name="Chorale")
    run("add", "la-fabrique", "Zoe@example.org", "--name", "Zoé Martin", "--role", "manager", "--group", "chorale")
    with scope(cast.fabrique):
        person = Person.objects.get(email="zoe@example.org")
        assert (person.display_name, person.role, person.groups.count()) == ("Zoé Martin", Role.MANAGER, 1)
        assert f"/invitation/{Invitation.objects.get().token}/" in capsys.readouterr().out
        assert last("people.added").door == "command"


def test_an_account_there_already_comes_in_at_once(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "la-fabrique", cast.charlie.email)
    with scope(cast.fabrique):
        assert Person.objects.get(account=cast.charlie.account).display_name == "Charlie Diallo"
        assert not Invitation.objects.exists()


def test_a_role_is_given(cast: Cast) -> None:
    run("role", "la-fabrique", cast.bob.email, "admin")
    with scope(cast.fabrique):
        assert Person.objects.get(pk=cast.bob.pk).role == Role.ADMIN


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "nulle-part", "zoe@example.org"),
        ("add", "la-fabrique", "bob.lambert@example.org"),
        ("add", "la-fabrique", "zoe@example.org", "--group", "inconnu"),
        ("role", "la-fabrique", "inconnue@example.org", "guest"),
        ("role", "la-fabrique", "alice.moreau@example.org", "guest"),
    ],
)
def test_what_cannot_be_done_is_said(cast: Cast, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tilios.core.errors import Refused
from tilios.core.journal.actions import through
from tilios.core.people import actions as people
from tilios.core.people import letters
from tilios.core.people.actions.invitations import invite_person
from tilios.core.people.models import Group
from tilios.core.people.queries import account_of, by_email
from tilios.core.people.roles import Role
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

ROLES = [role.name.lower() for role in Role]


class Command(BaseCommand):
    help = "Add somebody to a structure, or give somebody a role."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|role")
        add = verbs.add_parser("add", help="add somebody, and print how they sign in for the first time")
        add.add_argument("structure", help="its address, such as la-fabrique")
        add.add_argument("email")
        add.add_argument("--name", default="", help="first and last name")
        add.add_argument("--role", choices=ROLES, default="member")
        add.add_argument("--group", default="", help="name of a group they join")
        role = verbs.add_parser("role", help="give somebody another role")
        role.add_argument("structure", help="its address, such as la-fabrique")
        role.add_argument("email")
        role.add_argument("role", choices=ROLES)

    def handle(self, *args: Any, verb: str, structure: str, **options: Any) -> None:
        found = Structure.objects.filter(slug=structure).first()
        if found is None:
            raise CommandError(f"No structure has the address {structure}.")
        try:
            with scope(found), through("command"):
                self._add(**options) if verb == "add" else self._give_role(**options)
        except Refused as refused:
            raise CommandError(str(refused.message)) from refused

    def _add(self, *, email: str, name: str, role: str, group: str, **_options: Any) -> None:
        email = email.strip().lower()
        if by_email(email).exists():
            raise CommandError(f"Somebody in this structure already has the address {email}.")
        joined = Group.objects.filter(name__iexact=group).first() if group else None
        if group and joined is None:
            raise CommandError(f"No group is called {group}.")
        account = account_of(email)
        given, _space, family = name.partition(" ")
        person = people.create_person(
            by=None,
            display_name=name or (account.name if account else "") or email.partition("@")[0],
            given_name=given,
            family_name=family,
            email=email,
            role=Role[role.upper()],
            account=account,
        )
        if joined is not None:
            people.add_to_group(by=None, person=person, group=joined)
        if account is not None:
            self.stdout.write(f"{person} is in, and signs in with {email}.")
            return
        invitation = invite_person(by=None, person=person)
        self.stdout.write(f"{person} is in. To choose a password: {letters.invitation_url(invitation)}")

    def _give_role(self, *, email: str, role: str, **_options: Any) -> None:
        person = by_email(email).first()
        if person is None:
            raise CommandError(f"Nobody in this structure has the address {email}.")
        people.change_role(by=None, person=person, role=Role[role.upper()])
        self.stdout.write(f"{person} is now: {role}.")

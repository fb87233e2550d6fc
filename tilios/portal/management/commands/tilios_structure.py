import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tilios.core.errors import Refused
from tilios.core.journal.actions import through
from tilios.core.people import actions as people
from tilios.core.people.models import Account
from tilios.core.people.roles import Role
from tilios.core.structures import actions
from tilios.core.structures.models import Structure, StructureKind
from tilios.core.structures.scope import scope
from tilios.core.structures.sizes import sizes
from tilios.core.toolbox import registry
from tilios.kit.names import split_name


class Command(BaseCommand):
    help = "Create, list, suspend and resume structures."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True)
        create = kinds.add_parser("create", help="a new structure")
        create.add_argument("name")
        create.add_argument("--slug", default="", help="its address, made from the name when left out")
        create.add_argument("--kind", default=StructureKind.ASSOCIATION, choices=StructureKind.values)
        create.add_argument("--admin", default="", metavar="EMAIL", help="the account that will administer it")
        listing = kinds.add_parser("list", help="the structures and their sizes")
        listing.add_argument("--json", action="store_true")
        suspend = kinds.add_parser("suspend", help="close its doors, keeping everything")
        suspend.add_argument("slug")
        suspend.add_argument("--reason", required=True, help="read by whoever finds the door closed")
        resume = kinds.add_parser("resume", help="open its doors again")
        resume.add_argument("slug")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            with through("command"):
                getattr(self, f"_{what}")(**options)
        except Refused as error:
            raise CommandError(str(error.message)) from error

    @transaction.atomic
    def _create(self, *, name: str, slug: str, kind: str, admin: str, **_options: Any) -> None:
        account = _account(admin) if admin else None
        if slug and (slug in actions.RESERVED_SLUGS or Structure.objects.filter(slug=slug).exists()):
            raise CommandError(f"The address {slug} is taken.")
        tools = [tool.slug for tool in registry.tools() if tool.default_on]
        structure = actions.create_structure(name=name, slug=slug, kind=kind, enabled_tools=tools)
        if account is not None:
            given, family = split_name(account.name)
            with scope(structure):
                people.create_person(
                    by=None,
                    display_name=account.name or account.email,
                    given_name=given,
                    family_name=family,
                    email=account.email,
                    role=Role.ADMIN,
                    account=account,
                )
        self.stdout.write(structure.slug)

    def _list(self, *, json: bool, **_options: Any) -> None:
        structures = list(Structure.objects.order_by("name"))
        found = sizes(structures)
        rows = [
            {
                "slug": row.slug,
                "name": row.name,
                "people": found[row.pk].people,
                "bytes": found[row.pk].blob_bytes,
                "rows": found[row.pk].total_rows,
                "suspended": row.suspended_at is not None,
            }
            for row in structures
        ]
        if json:
            self.stdout.write(_as_json(rows))
            return
        for row in rows:
            state = "suspended" if row["suspended"] else "open"
            self.stdout.write(
                f"{row['slug']:<30} {state:<10} {row['people']:>6} people {row['bytes']:>14} bytes  {row['name']}"
            )

    def _suspend(self, *, slug: str, reason: str, **_options: Any) -> None:
        actions.suspend(account=None, structure=_structure(slug), reason=reason)

    def _resume(self, *, slug: str, **_options: Any) -> None:
        actions.resume(account=None, structure=_structure(slug))


def _as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False)


def _structure(slug: str) -> Structure:
    found = Structure.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"No structure has the address {slug}.")
    return found


def _account(email: str) -> Account:
    found = Account.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise CommandError(f"No account has the address {email}.")
    return found

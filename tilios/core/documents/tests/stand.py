"""A server of its own process whose polls have texts: `python -m tilios.core.documents.tests.stand PORT`.

It is Tilios as it is served, with two addresses more: `/stand/ticket/<who>` gives what a browser of Bob (or of one of
a hundred members) needs to open the text of the stand, `/stand/text` gives that text as it is stored.
"""

import asyncio
import json
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tilios.config.settings")


def person(who: str) -> Any:
    """A member of La Fabrique called `who`, with an account; made when first asked for."""
    from tilios.core.people import actions
    from tilios.core.people.models import Account, Person
    from tilios.core.people.roles import Role
    from tilios.core.structures.actions import create_structure
    from tilios.core.structures.models import Structure
    from tilios.core.structures.scope import scope

    structure = Structure.objects.filter(slug="la-fabrique").first()
    if structure is None:
        structure = create_structure(name="La Fabrique", slug="la-fabrique", enabled_tools=["polls"])
    with scope(structure):
        found = Person.objects.filter(display_name=who).first()
        if found is None:
            account = Account.objects.create_user(f"{who}@example.org", None, name=who)
            role = Role.GUEST if who.startswith("guest") else Role.MEMBER
            found = actions.create_person(by=None, given_name=who, email=account.email, role=role, account=account)
    found.structure = structure
    return found


def document(structure: Any, which: int = 0) -> Any:
    from tilios.core.documents import actions, queries
    from tilios.core.structures.scope import scope
    from tilios.tools.polls.models import Poll

    with scope(structure):
        title = f"Le texte {which}"
        poll = Poll.objects.filter(title=title).first() or Poll.objects.create(title=title)
        found = queries.document_of(poll) or actions.create(owner=poll, by=None)
    found.structure = structure
    return found


def ticket(who: str, which: int = 0) -> dict[str, Any]:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from tilios.core.documents import tickets
    from tilios.core.documents.access import Writer

    someone = person(who)
    text = document(someone.structure, which)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(someone.account_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = someone.account.get_session_auth_hash()
    session.create()
    sealed = tickets.seal(text, Writer(person=someone))
    return {"path": f"/rooms/{text.pk}?ticket={sealed}", "cookie": session.session_key}


def text(which: int = 0) -> bytes:
    from tilios.core.documents import queries
    from tilios.core.structures.scope import scope

    structure = person("bob").structure
    with scope(structure):
        return queries.state(document(structure, which))


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    from tilios.config.asgi import application as tilios

    _empty, first, *rest = scope.get("path", "").split("/") if scope["type"] == "http" else ("", "", "")
    if first != "stand":
        await tilios(scope, receive, send)
        return
    if rest[0] == "ticket":
        body = json.dumps(await asyncio.to_thread(ticket, *[rest[1], *(int(one) for one in rest[2:])])).encode()
    else:
        body = await asyncio.to_thread(text, *(int(one) for one in rest[1:]))
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def main(port: int) -> None:
    import django

    django.setup()
    import uvicorn
    from django.core.management import call_command

    from tilios.core.documents import limits
    from tilios.core.documents.tests import standing
    from tilios.portal.checks import load_all
    from tilios.portal.management.commands.tilios_run import Server

    call_command("tilios_init", verbosity=0)
    load_all()
    standing.install()
    person("bob")
    config = uvicorn.Config(
        application,
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=20,
        lifespan="off",
        ws_max_size=limits.MESSAGE + 1024,
        ws_per_message_deflate=False,
    )
    Server(config).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))

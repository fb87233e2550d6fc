"""What is put straight into the data of Tilios, by scripts for `tilios manage shell`."""

FIRST = """
import json, os, pickle
from datetime import timedelta
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.utils import timezone
from tilios.core.documents import actions as documents, queries, tickets
from tilios.core.documents.access import Writer
from tilios.core.documents.models import Document, Update
from tilios.core.people import actions as people
from tilios.core.people.models import Account, Person
from tilios.core.people.roles import Role
from tilios.core.shelves.levels import Level, Space
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.pads.actions import texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Grant, Item
fabrique = Structure.objects.get(slug="la-fabrique")
def alice():
    found = Person.objects.get(email__startswith="alice@")
    found.structure = fabrique
    return found
"""

#: 305 members, who may all write in everybody's texts.
PEOPLE = """
if "pads" not in fabrique.enabled_tools:
    fabrique.enabled_tools = [*fabrique.enabled_tools, "pads"]
    fabrique.save()
with scope(fabrique), transaction.atomic():
    open_spaces(alice())
    root = Item.objects.get(space=Space.COMMON)
    Grant.objects.filter(folder=root, role=Role.MEMBER).update(level=Level.EDIT)
    for number in range(305):
        account = Account.objects.create_user(f"writer{number}@example.org", None, name=f"Writer {number}")
        people.create_person(by=None, given_name=f"Writer {number}", email=account.email, account=account)
"""

#: COUNT new texts in everybody's space; gives the numbers of their documents.
TEXTS = """
with scope(fabrique), transaction.atomic():
    someone = alice()
    rights, root = open_spaces(someone), Item.objects.get(space=Space.COMMON)
    state = bytes.fromhex(os.environ["STATE"])
    made = [
        texts.begin_text(by=someone, rights=rights, parent=root, name="A text", state=state)
        for _number in range(int(os.environ["COUNT"]))
    ]
    print("GIVES", *(queries.document_of(item).pk for item in made))
"""

#: What COUNT members need to come to each of the texts TEXTS: address and session of each.
TICKETS = """
given = []
with scope(fabrique), transaction.atomic():
    members = Person.objects.filter(email__startswith="writer").select_related("account").order_by("pk")
    for person in members[: int(os.environ["COUNT"])]:
        person.structure = fabrique
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(person.account_id)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.account.get_session_auth_hash()
        session.create()
        for number in os.environ["TEXTS"].split():
            sealed = tickets.seal(Document(pk=int(number), structure=fabrique), Writer(person=person))
            given.append([f"/rooms/{number}?ticket={sealed}", session.session_key])
print("GIVES", json.dumps(given))
"""

#: The history in the file HISTORY, an edit a second, for each text of TEXTS; those of SUMMED come to rest.
#: Gives the bytes of the file of the database for one edit, and of the updates alone, put together.
HISTORY = """
def pages():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return os.path.getsize(settings.DATABASES["default"]["NAME"])
updates = pickle.load(open(os.environ["HISTORY"], "rb"))
numbers, first = os.environ["TEXTS"].split(), timezone.now() - timedelta(seconds=len(updates))
before = pages()
with scope(fabrique):
    person = alice()
    for number in numbers:
        text = Document.objects.get(pk=number)
        begun = text.last_number
        with transaction.atomic():
            Update.objects.bulk_create(
                [
                    Update(document=text, number=begun + at, first_number=begun + at, data=data, person=person,
                           made_at=first + timedelta(seconds=at))
                    for at, data in enumerate(updates, 1)
                ],
                5000,
            )
            Document.objects.filter(pk=text.pk).update(last_number=begun + len(updates))
    each = (pages() - before) / len(numbers) / len(updates)
    for number in os.environ["SUMMED"].split():
        text = Document.objects.get(pk=number)
        text.structure = fabrique
        documents.compact(text)
        kept = sum(len(data) for data in Update.objects.filter(document=text).values_list("data", flat=True))
print("GIVES", each, kept / len(updates))
"""

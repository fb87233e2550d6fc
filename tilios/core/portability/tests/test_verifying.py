"""`tilios verify` finds what was done behind Tilios's back, names it, and exits non-zero."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection

from tests.cast import Cast
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.storage import blob_storage
from tilios.core.conversations.models import Comment
from tilios.core.journal import triggers
from tilios.core.people import actions as people
from tilios.core.people.models import Group, Membership
from tilios.core.portability.verifying import verify
from tilios.core.structures.scope import scope, unscoped


def found(*parts: str) -> set[tuple[str, str]]:
    return {(problem.part, problem.what) for problem in verify(parts)}


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("tilios_verify", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_sound_instance(cast: Cast) -> None:
    with scope(cast.fabrique):
        group = people.create_group(by=cast.alice, name="Bureau")
        people.add_to_group(by=cast.alice, person=cast.bob, group=group)
        Comment.objects.create(kind="people.person", target=cast.bob.pk, author=cast.bob, text="Bonjour")
    assert run() == (0, "Everything holds.\n")
    assert json.loads(run("--json")[1]) == {"ok": True, "problems": []}


def test_a_row_that_points_into_another_structure(cast: Cast) -> None:
    with scope(cast.atelier):
        group = Group.objects.create(name="Voisins")
    with scope(cast.fabrique):
        membership = Membership.objects.create(person=cast.bob, group=group)
    code, said = run("walls")
    assert code == 1
    assert f"people.Membership {membership.pk}" in said


def test_links_and_references_that_cross_are_found_too(cast: Cast) -> None:
    with scope(cast.fabrique):
        comment = Comment.objects.create(kind="people.person", target=cast.charlie.pk, author=cast.bob, text="?")
    assert found("walls") == {("walls", "structure")}
    with unscoped("a test"):
        Comment.objects.filter(pk=comment.pk).update(target=cast.bob.pk)
        assert not found("walls")
        comment.mentions.add(cast.charlie)
    assert found("walls") == {("walls", "structure")}


def test_a_dangling_foreign_key_is_named(cast: Cast) -> None:
    """As a damaged disk or a lifted constraint would leave it."""
    with scope(cast.fabrique):
        group = Group.objects.create(name="Bureau")
        membership = Membership.objects.create(person=cast.bob, group=group)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE people_membership SET group_id = 999999 WHERE id = %s", [membership.pk])
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")
    code, said = run("database")
    assert code == 1
    assert f"people_membership {membership.pk}" in said
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_membership SET group_id = %s WHERE id = %s", [group.pk, membership.pk])


def test_a_journal_without_its_guard_is_said(cast: Cast) -> None:
    triggers.unprotect(connection)
    try:
        assert found("database") == {("database", "trigger")}
    finally:
        triggers.protect(connection)


def test_a_lost_or_altered_blob_is_named(cast: Cast) -> None:
    blob = blobs.store(io.BytesIO(b"Le compte rendu"), name="compte-rendu.txt")
    assert not found("blobs")
    blob_storage().delete(blob.path)
    code, said = run("blobs", "--json")
    assert code == 1
    assert blob.sha256 in json.loads(said)["problems"][0]["message"]


@pytest.mark.django_db(transaction=True)
def test_the_journal_is_part_of_it(cast: Cast) -> None:
    from tilios.core.journal.sealing import seal_everything

    seal_everything()
    assert run("journal")[0] == 0
    triggers.unprotect(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET verb = 'people.read' WHERE structure_id = %s", [cast.fabrique.pk])
    triggers.protect(connection)
    code, said = run("journal")
    assert code == 1
    assert "la-fabrique" in said


@pytest.mark.django_db(transaction=True)
def test_a_restored_database_is_accepted_once_and_the_journal_says_so(cast: Cast) -> None:
    from tilios.core.journal.models import Entry, Seal
    from tilios.core.journal.sealing import seal_everything

    seal_everything()
    triggers.unprotect(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_seal WHERE structure_id = %s", [cast.fabrique.pk])
    triggers.protect(connection)
    assert run("journal")[0] == 1
    assert run("journal", "--restored")[0] == 0
    assert Entry.objects.filter(structure=None, verb="portal.journal_restored").count() == 1
    assert seal_everything() > 0
    assert Seal.objects.filter(structure=cast.fabrique).exists()

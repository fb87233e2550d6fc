"""Search finds what a person may see, however they type it, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.things import circle, talkative  # noqa: F401
from tilios.core.people.actions import add_to_group, create_group
from tilios.core.people.models import Group, Membership, Person
from tilios.core.search import index, queries
from tilios.core.search.models import Grant, Item, Variant, Word
from tilios.core.structures.scope import OutOfScope, scope


@pytest.fixture
def shelf(cast, circle, django_capture_on_commit_callbacks):  # noqa: F811
    """`shelf(name, text)` makes a group that Bob and Alice see, indexed, its words learnt."""

    def add(name, description="", members=("alice", "bob")):
        with scope(cast.fabrique), django_capture_on_commit_callbacks(execute=True):
            group = create_group(by=None, name=name, description=description)
            for member in members:
                add_to_group(by=None, person=getattr(cast, member), group=group)
            index.update(group)
        return group

    return add


@pytest.fixture
def titles(cast):
    """`titles("bob", "words")`: the titles Bob finds, in order."""

    def ask(who, asked, **options):
        person = getattr(cast, who)
        with scope(person.structure):
            fresh = Person.objects.get(pk=person.pk)
            fresh.structure = person.structure
            return [hit.title for hit in queries.search(fresh, asked, **options).hits]

    return ask


@pytest.mark.parametrize(
    "asked",
    [
        "réunion",
        "reunion",
        "REUNIONS",
        "réunions",
        "réun",
        "l'assemblée",
        "assemblees",
        "assemblée réunion",
        "Œuvre",
        "oeuv",
    ],
)
def test_accents_capitals_plurals_and_beginnings_do_not_matter(shelf, titles, asked):
    shelf("Réunions du conseil", "Préparer l’assemblée générale, une œuvre commune")
    shelf("Autre chose", "sans rapport")
    assert titles("bob", asked) == ["Réunions du conseil"]


@pytest.mark.parametrize("asked", ["reunoin", "réuniom", "reunon", "rréunion", "assembllée", "asemblee"])
def test_one_typo_is_forgiven(shelf, titles, asked):
    shelf("Réunion du conseil", "Préparer l’assemblée générale")
    assert titles("bob", asked) == ["Réunion du conseil"]


def test_two_typos_are_not(shelf, titles):
    shelf("Réunion du conseil")
    assert titles("bob", "reonoin") == []


def test_every_word_must_stand_in_what_is_found(shelf, titles):
    shelf("Budget de la cantine")
    assert titles("bob", "budget toiture") == []


def test_title_comes_before_text_and_often_before_once(shelf, titles):
    shelf("Compte rendu", "on a parlé de compost une fois")
    shelf("Compost")
    shelf("Jardin", "compost, compost et encore compost")
    shelf("Compost du jardin", "")
    found = titles("bob", "compost")
    assert found[:2] == ["Compost", "Compost du jardin"]
    assert found[2:] == ["Jardin", "Compte rendu"]


def test_what_changed_last_comes_first_among_equals(shelf, titles):
    shelf("Potager nord")
    shelf("Potager sud")
    assert titles("bob", "potager") == ["Potager sud", "Potager nord"]


@pytest.mark.parametrize(
    "asked", ['"', "* OR", "a' & 'b", "owner : x", "NEAR(", "\0", "((", "—", "😀", "-- ;", "%", "слово"]
)
def test_signs_of_the_query_language_are_only_signs(shelf, titles, asked):
    shelf("Réunion")
    assert titles("bob", asked) == []
    assert titles("bob", f"{asked} réunion") in (["Réunion"], [])


def test_letters_of_other_alphabets_are_found(shelf, titles):
    shelf("Встреча соседей")
    assert titles("bob", "встреча") == ["Встреча соседей"]
    assert titles("bob", "встр") == ["Встреча соседей"]


def test_a_key_one_does_not_hold_finds_nothing(shelf, titles, cast):
    shelf("Conseil secret", members=("alice",))
    assert titles("alice", "secret") == ["Conseil secret"]
    assert titles("bob", "secret") == []


def test_a_stale_index_never_leaks(shelf, titles, cast):
    group = shelf("Conseil secret")
    assert titles("bob", "secret") == ["Conseil secret"]
    with scope(cast.fabrique):
        Membership.objects.filter(group=group, person=cast.bob).delete()
        grant = Grant.objects.filter(item__target=group.pk).first()
        Grant.objects.create(item=grant.item, key=f"person:{cast.bob.pk}")  # the index still says Bob may find it
    assert titles("bob", "secret") == []


def test_another_structure_finds_nothing(shelf, titles):
    shelf("Réunion du conseil")
    assert titles("charlie", "réunion") == []


def test_a_tool_switched_off_is_not_searched(shelf, titles, cast):
    shelf("Réunion")
    assert titles("bob", "réunion") == ["Réunion"]
    with scope(cast.fabrique):
        Item.objects.filter(kind="people.group").update(kind="gone.thing")
    assert titles("bob", "réunion") == []


def test_update_follows_what_changes_and_remove_forgets(shelf, titles, cast):
    group = shelf("Réunion")
    with scope(cast.fabrique):
        group.name = "Kermesse"
        index.update(group)
        assert titles("bob", "kermesse") == ["Kermesse"]
        assert titles("bob", "réunion") == []
        group.description = "hidden"
        index.update(group)
        assert not Item.objects.filter(target=group.pk, kind="people.group").exists()
        assert titles("bob", "kermesse") == []
        group.description = ""
        index.update(group)
        index.remove(group)
        assert not Item.objects.filter(target=group.pk, kind="people.group").exists()


def test_what_has_not_changed_costs_little(shelf, cast, django_assert_num_queries):
    group = shelf("Réunion")
    with scope(cast.fabrique), django_assert_num_queries(3):  # savepoint, what is known, release
        index.update(group)


def test_rebuild_makes_the_same_index(shelf, titles, cast, django_capture_on_commit_callbacks):
    shelf("Réunion du conseil", "budget")
    with scope(cast.fabrique):
        before = sorted(Item.objects.values_list("kind", "target", "title", "digest"))
        Item.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            index.rebuild()
        after = sorted(Item.objects.values_list("kind", "target", "title", "digest"))
        assert set(before) <= set(after)
        assert Word.objects.filter(word="reunion").exists()
    assert titles("bob", "budget") == ["Réunion du conseil"]
    assert titles("bob", "budgt") == ["Réunion du conseil"]


def test_nothing_is_asked_outside_a_scope(cast):
    with pytest.raises(OutOfScope):
        queries.search(cast.bob, "réunion")


def test_people_are_found_by_their_name_and_never_by_their_private_note(cast):
    with scope(cast.fabrique):
        Person.objects.filter(pk=cast.gus.pk).update(note="allergique au pollen", town="Morlaix")
        index.rebuild()
        manon = Person.objects.get(pk=cast.manon.pk)
        manon.structure = cast.fabrique
        assert [hit.title for hit in queries.search(manon, "gus").hits] == ["Gus Petit"]
        assert [hit.title for hit in queries.search(manon, "morlaix").hits] == ["Gus Petit"]
        assert queries.search(manon, "pollen").hits == []


def test_a_guest_finds_no_one_but_themselves(cast):
    with scope(cast.fabrique):
        index.rebuild()
        gus = Person.objects.get(pk=cast.gus.pk)
        gus.structure = cast.fabrique
        assert queries.search(gus, "alice").hits == []
        assert [hit.title for hit in queries.search(gus, "gus").hits] == ["Gus Petit"]


def test_words_found_are_marked_and_markup_is_not(shelf, cast):
    shelf("<b>Réunion</b>", "une <script>alert(1)</script> réunion & des choses " * 20)
    with scope(cast.fabrique):
        bob = Person.objects.get(pk=cast.bob.pk)
        bob.structure = cast.fabrique
        found = queries.search(bob, "reunions")
        hit = queries.with_texts(found.hits, found.patterns)[0]
    assert hit.title == "&lt;b&gt;<mark>Réunion</mark>&lt;/b&gt;"
    assert "<mark>réunion</mark> &amp;" in hit.text
    assert "<script>" not in hit.text


@pytest.mark.parametrize("asked", ["atelier", "ateleir"])
def test_queries_do_not_grow_with_what_is_there(cast, circle, asked, django_capture_on_commit_callbacks):  # noqa: F811
    counts = []
    for size in (10, 1000):
        with scope(cast.fabrique), django_capture_on_commit_callbacks(execute=True):
            fresh = [Group(name=f"Atelier {size} {number}") for number in range(size)]
            Group.objects.bulk_create(fresh)
            Membership.objects.bulk_create(Membership(group=group, person=cast.bob) for group in fresh)
            index.update_many(fresh)
        with scope(cast.fabrique):
            bob = Person.objects.get(pk=cast.bob.pk)
            bob.structure = cast.fabrique
            with CaptureQueriesContext(connection) as captured:
                found = queries.search(bob, asked)
                queries.with_texts(found.hits[:20], found.patterns)
        assert found.hits
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 7


def test_the_full_text_goes_with_its_row(shelf, cast):
    shelf("Réunion du conseil")
    with scope(cast.fabrique):
        assert Variant.objects.exists()
        Item.objects.all().delete()
    if connection.vendor == "sqlite":  # on PostgreSQL it is a column of the row
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_fulltext WHERE owner = %s", [f"0s{cast.fabrique.pk}"])
            assert cursor.fetchone() == (0,)


def test_a_rebuild_forgets_what_is_gone_and_words_nobody_writes_any_more(shelf, cast):
    group = shelf("Kermesse")
    with scope(cast.fabrique):
        Group.objects.filter(pk=group.pk).update(name="Brocante")
        ghost = Item.objects.create(kind="people.group", target=999_999, title="Fantôme", digest="x")
        Item.objects.create(kind="gone.thing", target=1, title="Fantôme", digest="x")
        index.rebuild()
        assert not Item.objects.filter(title="Fantôme").exists()
        assert not Item.objects.filter(pk=ghost.pk).exists()
        assert Word.objects.filter(word="brocante").exists()
        assert not Word.objects.filter(word="kermesse").exists()

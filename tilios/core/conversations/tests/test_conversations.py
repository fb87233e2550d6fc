"""Conversations: who may say what to whom, what it tells them, and what never shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.things import KIND, circle, talkative  # noqa: F401
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.conversations import actions, mentions, queries
from tilios.core.conversations.models import Comment, Reaction
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.notify.models import Notification
from tilios.core.people.models import Person
from tilios.core.structures.scope import scope
from tilios.portal.templatetags.surroundings import said


@pytest.fixture
def place(cast, circle):  # noqa: F811
    """The scope of La Fabrique, with its circle."""
    with scope(cast.fabrique):
        yield circle


def say(group, by, text, **options):
    return actions.comment(target=group, by=by, text=text, **options)


def told(person, notice):
    return [row.text for row in Notification.objects.filter(person=person, notice=notice)]


def test_what_is_said_is_kept_and_published(cast, place):
    row = say(place, cast.bob, "  Qui a les clés ?\r\n ")
    assert row.text == "Qui a les clés ?"
    entry = Entry.objects.filter(verb="portal.commented").get()
    assert (entry.actor, entry.target, entry.data) == (cast.bob.pk, place.pk, {"comment": row.pk})


@pytest.mark.parametrize("text", ["", "   \n", "\0", "x" * 5001])
def test_nothing_and_too_much_are_refused(cast, place, text):
    with pytest.raises(Invalid):
        say(place, cast.bob, text)


def test_whoever_does_not_see_a_thing_does_not_talk_about_it(cast, place):
    with pytest.raises(NotAllowed):
        say(place, cast.manon, "Bonjour")


def test_somebody_of_another_structure_does_not_talk(cast, place):
    with pytest.raises(NotAllowed):
        say(place, cast.charlie, "Bonjour")


def test_a_kind_without_comments_takes_none(cast, place):
    with pytest.raises(NotAllowed):
        actions.comment(target=cast.bob, by=cast.bob, text="Bonjour")


def test_answers_hang_under_the_first_comment(cast, place):
    first = say(place, cast.bob, "Une question")
    second = say(place, cast.gus, "Une réponse", parent=first)
    third = say(place, cast.alice, "Une réponse à la réponse", parent=second)
    assert third.parent_id == first.pk
    threads = queries.threads(KIND.name, place.pk, person=cast.bob)
    assert [reply.comment.text for reply in threads[0].replies] == ["Une réponse", "Une réponse à la réponse"]


def test_one_answers_only_what_is_said_about_the_same_thing(cast, place):
    from tilios.core.people.actions import add_to_group, create_group

    other = create_group(by=None, name="Autre")
    add_to_group(by=None, person=cast.bob, group=other)
    elsewhere = say(other, cast.bob, "Ailleurs")
    with pytest.raises(Invalid):
        say(place, cast.bob, "Ici", parent=elsewhere)


def test_mentions_tell_those_who_see_the_thing(cast, place):
    row = say(place, cast.bob, "@Alice Moreau et @manon le goff, qu'en pensez-vous ?")
    assert set(row.mentions.all()) == {cast.alice, cast.manon}
    assert row.text.startswith("@Alice Moreau et @Manon Le Goff,")
    assert told(cast.alice, "portal.mentioned")
    assert told(cast.manon, "portal.mentioned") == []  # she is not in the circle: she learns nothing


def test_a_first_name_will_do_when_one_person_bears_it(cast, place):
    row = say(place, cast.alice, "merci @gus!")
    assert list(row.mentions.all()) == [cast.gus]
    assert row.text == "merci @Gus Petit!"


def test_a_name_several_people_bear_is_said_and_nobody_is_told(cast, place):
    from tests.cast import make_person

    make_person(cast.fabrique, "Gus Grand", 20)
    row = say(place, cast.alice, "merci @Gus")
    assert not row.mentions.exists()
    assert row.unsure == ["Gus"]
    assert list(say(place, cast.alice, "merci @Gus Petit").mentions.all()) == [cast.gus]


@pytest.mark.parametrize(
    "text", ["mail alice@moreau.org", "@", "@@@", "@Alicette", "@personne", "a @ Alice Moreau", "é@Alice"]
)
def test_what_is_no_mention_names_nobody(cast, place, text):
    assert not say(place, cast.bob, text).mentions.exists()


def test_a_guest_cannot_try_names_to_learn_who_belongs(cast, place):
    row = say(place, cast.gus, "@Bob Lambert ?")
    assert not row.mentions.exists()
    assert mentions.suggestions(cast.gus, KIND.name, place.pk, "bob") == []
    say(place, cast.bob, "Me voilà")
    assert list(say(place, cast.gus, "@Bob Lambert !").mentions.all()) == [cast.bob]
    assert mentions.suggestions(cast.gus, KIND.name, place.pk, "bo") == [cast.bob]


def test_people_of_another_structure_are_not_to_be_named(cast, place):
    assert not say(place, cast.bob, "@Charlie Diallo").mentions.exists()
    assert mentions.suggestions(cast.bob, KIND.name, place.pk, "charlie") == []


def test_whoever_is_answered_is_told_once(cast, place):
    first = say(place, cast.bob, "Une question")
    say(place, cast.alice, "Une réponse", parent=first)
    assert len(told(cast.bob, "portal.replied")) == 1
    say(place, cast.alice, "@Bob Lambert : regarde", parent=first)
    assert len(told(cast.bob, "portal.replied")) == 1
    assert len(told(cast.bob, "portal.mentioned")) == 1
    say(place, cast.bob, "Je me réponds", parent=first)
    assert len(told(cast.bob, "portal.replied")) == 1


def test_one_changes_ones_own_words_alone(cast, place):
    row = say(place, cast.bob, "Bonjour")
    actions.change(comment=row, by=cast.bob, text="Bonjour @Alice Moreau")
    row.refresh_from_db()
    assert row.edited_at
    assert len(told(cast.alice, "portal.mentioned")) == 1
    actions.change(comment=row, by=cast.bob, text="Re-bonjour @Alice Moreau")
    assert len(told(cast.alice, "portal.mentioned")) == 1
    for other in (cast.gus, cast.alice):
        with pytest.raises(NotAllowed):
            actions.change(comment=row, by=other, text="Autre chose")


def test_authors_and_managers_remove_and_it_can_be_put_back(cast, place):
    row = say(place, cast.bob, "Bonjour")
    with pytest.raises(NotAllowed):
        actions.remove(comment=row, by=cast.gus)
    actions.remove(comment=row, by=cast.alice)
    assert queries.threads(KIND.name, place.pk, person=cast.bob) == []
    with pytest.raises(Conflict):
        actions.change(comment=row, by=cast.bob, text="encore")
    with pytest.raises(NotAllowed):
        actions.put_back(comment=row, by=cast.gus)
    actions.put_back(comment=row, by=cast.alice)
    assert len(queries.threads(KIND.name, place.pk, person=cast.bob)) == 1


def test_a_removed_comment_that_was_answered_keeps_its_place_without_its_words(cast, place):
    row = say(place, cast.bob, "Un gros mot")
    say(place, cast.gus, "Oh !", parent=row)
    actions.remove(comment=row, by=cast.bob)
    threads = queries.threads(KIND.name, place.pk, person=cast.gus)
    assert threads[0].comment.removed_at
    assert [reply.comment.text for reply in threads[0].replies] == ["Oh !"]


def test_removed_words_are_erased_after_thirty_days(cast, place):
    old, recent = say(place, cast.bob, "Ancien"), say(place, cast.bob, "Récent")
    for row in (old, recent):
        actions.remove(comment=row, by=cast.bob)
    Comment.objects.filter(pk=old.pk).update(removed_at=timezone.now() - timezone.timedelta(days=31))
    from tilios.core.structures.scope import no_scope

    with no_scope():
        assert actions.erase_removed() == 1
    assert [row.text for row in Comment.objects.order_by("pk")] == ["", "Récent"]
    with pytest.raises(Conflict):
        actions.put_back(comment=old, by=cast.bob)


def test_a_sign_is_put_and_taken_off(cast, place):
    row = say(place, cast.bob, "Bonjour")
    assert actions.react(by=cast.gus, comment=row, sign="thanks") is True
    assert actions.react(by=cast.alice, comment=row, sign="thanks") is True
    signs = {sign["sign"]: sign for sign in queries.said(row, person=cast.gus).reactions}
    assert (signs["thanks"]["count"], signs["thanks"]["mine"], signs["yes"]["count"]) == (2, True, 0)
    assert actions.react(by=cast.gus, comment=row, sign="thanks") is False
    assert Reaction.objects.count() == 1
    with pytest.raises(Invalid):
        actions.react(by=cast.gus, comment=row, sign="💩")


def test_a_visitor_speaks_where_their_link_leads_and_nowhere_else(cast, place):
    from tilios.core.people.actions import create_group

    link = ShareLink.objects.create(token="t", kind=KIND.name, target=place.pk, mode="read")
    lise = Visitor.objects.create(link=link, key="k", name="Lise")
    row = actions.comment(target=place, visitor=lise, text="Bonjour @Alice Moreau")
    assert row.visitor == lise
    assert row.author is None
    assert not row.mentions.exists()
    with pytest.raises(NotAllowed):
        actions.comment(target=create_group(by=None, name="Autre"), visitor=lise, text="Bonjour")
    other = Visitor.objects.create(link=link, key="l", name="Lise")
    with pytest.raises(NotAllowed):
        actions.remove(comment=row, visitor=other)
    actions.remove(comment=row, visitor=lise)


def test_acting_for_somebody_leaves_both_names(cast, place):
    gus = Person.objects.get(pk=cast.gus.pk)
    gus.structure, gus.acted_by = cast.fabrique, cast.bob
    row = say(place, gus, "Bonjour")
    assert (row.author, row.acted_by) == (cast.gus, cast.bob)
    entry = Entry.objects.filter(verb="portal.commented").get()
    assert (entry.actor, entry.on_behalf) == (cast.bob.pk, cast.gus.pk)


def test_words_are_shown_escaped_with_links_and_mentions(cast, place):
    text = "<script>alert(1)</script> @Alice Moreau https://tilios.example/a?b=1&c=2 javascript:alert(1)\n\nsuite"
    row = say(place, cast.bob, text)
    html = said(queries.said(row, person=cast.bob))
    assert "<script>" not in html
    assert '<span class="mention">@Alice Moreau</span>' in html
    assert 'href="https://tilios.example/a?b=1&amp;c=2" rel="nofollow"' in html
    assert 'href="javascript' not in html
    assert html.count("<p>") == 2


def test_a_hostile_name_in_a_mention_stays_text(cast, place):
    Person.objects.filter(pk=cast.alice.pk).update(display_name='<img src=x onerror="a">', sort_name="img src")
    row = say(place, cast.bob, 'Bonjour @<img src=x onerror="a"> https://x.example')
    row.mentions.add(cast.alice)
    assert "<img" not in said(queries.said(row, person=cast.bob))


def test_a_conversation_costs_the_same_with_ten_or_a_thousand_comments(cast, place):
    counts = []
    for size in (10, 1000):
        rows = Comment.objects.bulk_create(
            Comment(kind=KIND.name, target=place.pk, author=cast.bob, text=f"Message {number}")
            for number in range(size)
        )
        Comment.objects.bulk_create(
            Comment(kind=KIND.name, target=place.pk, author=cast.gus, text="Réponse", parent=row) for row in rows
        )
        Reaction.objects.bulk_create(Reaction(comment=row, person=cast.gus, sign="yes") for row in rows)
        with CaptureQueriesContext(connection) as captured:
            threads = queries.threads(KIND.name, place.pk, person=cast.bob, limit=queries.THREADS_SHOWN)
        counts.append(len(captured))
    assert len(threads) == queries.THREADS_SHOWN
    assert threads[-1].comment.text == "Message 999"
    assert counts[1] <= counts[0] <= 8

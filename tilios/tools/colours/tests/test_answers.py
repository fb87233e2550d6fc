"""Giving colours: who may, when, what is kept, what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.tools.colours import actions, queries, tallies
from tilios.tools.colours.drafts import Draft
from tilios.tools.colours.models import Answer, Remark, Session, Voice
from tilios.tools.colours.queries import Whom
from tilios.tools.colours.tests.contract import colours, first_of, give, open_session


def test_an_answer_is_recorded_changed_and_taken_back(fabrique: Cast) -> None:
    session = open_session(fabrique.alice)
    voice = give(session, fabrique.bob, 0, 4, -1)
    give(session, fabrique.bob, 1)
    give(session, fabrique.bob, 1, None)
    assert sorted(queries.given_by(voice, queries.current_round(session)).values()) == [-1, 1]
    assert Voice.objects.count() == 1
    assert Entry.objects.filter(verb="colours.answered").count() == 1


def test_a_remark_follows_its_answer_and_goes_with_it(fabrique: Cast) -> None:
    session = open_session(fabrique.alice)
    first = first_of(session)
    give(session, fabrique.bob, 0, remarks={first: "  Très   bien "})
    assert Remark.objects.get().text == "Très bien"
    give(session, fabrique.bob, None)
    assert not Remark.objects.exists()
    quiet = open_session(fabrique.alice, remarks=False)
    give(quiet, fabrique.bob, 0, remarks={first_of(quiet): "Chut"})
    assert not Remark.objects.exists()


@pytest.mark.parametrize("value", [5, 7, -3, 99])
def test_a_colour_off_the_scale_is_refused_whole(fabrique: Cast, value: int) -> None:
    session = open_session(fabrique.alice)
    with pytest.raises(Invalid) as refused:
        give(session, fabrique.bob, 0, value)
    assert refused.value.field == "answers"
    assert not Answer.objects.exists()


def test_statements_of_another_session_are_refused(fabrique: Cast) -> None:
    session, other = open_session(fabrique.alice), open_session(fabrique.alice)
    with pytest.raises(Invalid):
        actions.answer(whom=Whom(person=fabrique.bob), session=session, given=actions.Given(colours(other, 0)))


def test_only_those_the_session_asks_may_answer(fabrique: Cast) -> None:
    session = open_session(fabrique.alice, electorate="list", listed=[fabrique.manon])
    give(session, fabrique.manon, 0)
    with pytest.raises(NotAllowed):
        give(session, fabrique.bob, 0)
    members = open_session(fabrique.alice)
    with pytest.raises(NotAllowed):
        give(members, fabrique.gus, 0)


def test_nobody_answers_after_the_close_nor_after_the_deadline(fabrique: Cast) -> None:
    session = open_session(fabrique.alice, deadline=timezone.now() + timedelta(hours=1))
    Session.objects.filter(pk=session.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Conflict):
        give(session, fabrique.bob, 0)
    closed = open_session(fabrique.alice)
    actions.close_session(by=fabrique.alice, session=closed)
    with pytest.raises(Conflict):
        give(closed, fabrique.bob, 0)


def test_pseudonyms_are_asked_for_and_taken_once(fabrique: Cast) -> None:
    session = open_session(fabrique.alice, identity="pseudonym")
    with pytest.raises(Invalid) as refused:
        give(session, fabrique.bob, 0)
    assert refused.value.field == "pseudonym"
    voice = give(session, fabrique.bob, 0, pseudonym="Le Merle")
    with pytest.raises(Invalid):
        give(session, fabrique.manon, 0, pseudonym="le merle")
    give(session, fabrique.bob, 1)  # known already: nothing to give again
    assert tallies.name_of(session, voice) == "Le Merle"


def test_rounds_never_mix(fabrique: Cast) -> None:
    session = open_session(fabrique.alice)
    with pytest.raises(Conflict):
        actions.open_round(by=fabrique.alice, session=session)
    give(session, fabrique.bob, 4, 4, 4)
    give(session, fabrique.manon, 0, 2)
    second = actions.open_round(by=fabrique.alice, session=session)
    give(session, fabrique.bob, 0)
    session.refresh_from_db()
    first = session.rounds.get(number=1)
    assert sum(one.answered for one in tallies.sums_of(session, first).values()) == 5
    assert sum(one.answered for one in tallies.sums_of(session, second).values()) == 1
    moves = tallies.moves_between(session, first, second, queries.statements_of(session))
    assert moves == {first_of(session): {(4, 0): 1}}


def test_weights_come_from_a_group_and_never_from_the_form(fabrique: Cast) -> None:
    board = people.create_group(by=fabrique.alice, name="Bureau")
    people.add_to_group(by=fabrique.alice, person=fabrique.bob, group=board)
    drafts = [actions.CollegeDraft("Bureau", 3, board), actions.CollegeDraft("Usagers")]
    session = open_session(fabrique.alice, colleges=drafts)
    heavy, light = session.colleges.order_by("position")
    give(session, fabrique.bob, 0, college=light.pk)
    with pytest.raises(Invalid) as refused:
        give(session, fabrique.manon, 4, college=heavy.pk)
    assert refused.value.field == "college"
    give(session, fabrique.manon, 4, college=light.pk)
    session.refresh_from_db()
    sums = tallies.sums_of(session, queries.current_round(session))[first_of(session)]
    assert sums.counts == (3, 0, 0, 0, 1)


def test_a_sheet_keyed_in_never_overwrites_somebody_who_answered(fabrique: Cast) -> None:
    session = open_session(fabrique.alice)
    give(session, fabrique.bob, 0)
    given = actions.Given(colours(session, 4))
    with pytest.raises(Conflict):
        actions.key_in(by=fabrique.alice, session=session, given=given, person=fabrique.bob)
    with pytest.raises(NotAllowed):
        actions.key_in(by=fabrique.bob, session=session, given=given, name="Papier")
    sheet = actions.key_in(by=fabrique.alice, session=session, given=given, name="Papier")
    with pytest.raises(Conflict):
        actions.key_in(by=fabrique.alice, session=session, given=given, name="PAPIER")
    changed = actions.Given(colours(session, 2))
    actions.key_in(by=fabrique.alice, session=session, given=changed, voice=sheet)
    assert sorted(Answer.objects.values_list("value", flat=True)) == [0, 2]
    with pytest.raises(Invalid):
        actions.key_in(by=fabrique.alice, session=session, given=actions.Given({}), name="Vide")


def test_sums_are_read_again_after_each_change_and_kept_between(
    fabrique: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    session = open_session(fabrique.alice)
    round_ = queries.current_round(session)
    for count, person in enumerate((fabrique.bob, fabrique.manon), 1):
        give(session, person, 0)
        session.refresh_from_db()
        assert tallies.sums_of(session, round_)[first_of(session)].counts[0] == count
        with django_assert_num_queries(0):  # type: ignore[operator]
            tallies.sums_of(session, round_)


def test_what_was_promised_hidden_stays_hidden_once_somebody_answered(fabrique: Cast) -> None:
    session = open_session(fabrique.alice, results="answered")
    values = {"title": session.title, "scale": session.levels, "drafts": _drafts(session)}
    actions.change_session(by=fabrique.alice, session=session, results="closed", **values)
    give(session, fabrique.bob, 0)
    with pytest.raises(Invalid) as refused:
        actions.change_session(by=fabrique.alice, session=session, results="open", **values)
    assert refused.value.field == "results"
    with pytest.raises(Invalid) as refused:
        actions.change_session(by=fabrique.alice, session=session, identity="secret", **values)
    assert refused.value.field == "identity"


def _drafts(session: Session) -> list:
    return [Draft.of(one) for one in session.statements.all()]


def test_changing_words_keeps_answers_and_removing_a_statement_removes_them(fabrique: Cast) -> None:
    session = open_session(fabrique.alice)
    give(session, fabrique.bob, 0, 1, 2)
    first, second, _third = session.statements.all()
    drafts = [Draft("L'accueil du matin", pk=first.pk), Draft(second.text, pk=second.pk), Draft("La soupe")]
    actions.change_session(by=fabrique.alice, session=session, drafts=drafts, scale=session.levels, title="Autre")
    assert sorted(Answer.objects.values_list("value", flat=True)) == [0, 1]
    assert [one.text for one in session.statements.all()] == ["L'accueil du matin", second.text, "La soupe"]

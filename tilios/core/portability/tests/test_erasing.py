"""Erasing a person: what was shown is what is done, and nothing that names them stays where it should not."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, make_person
from tilios.core.conversations.models import Comment, Reaction
from tilios.core.errors import Conflict, NotAllowed
from tilios.core.journal.actions import publish, record_read
from tilios.core.journal.models import Entry
from tilios.core.journal.sealing import seal
from tilios.core.journal.verification import verify
from tilios.core.people import actions as people
from tilios.core.people.models import Invitation, Mandate, Person
from tilios.core.people.roles import Role
from tilios.core.portability import erasing, personal, tables, traces
from tilios.core.portability.erasing import Outcome, erase, foresee, is_genuine
from tilios.core.structures.scope import scope


@pytest.fixture
def yoanna(fabrique: Cast) -> Person:
    """Somebody with a rare name, who left traces everywhere."""
    person = make_person(fabrique.fabrique, "Yoanna Ćwirko", Role.MEMBER, email="yoanna@exemple.fr")
    person.phone, person.note = "02 98 00 11 22", "Aime les abeilles"
    person.save()
    group = people.create_group(by=fabrique.alice, name="Rucher")
    people.add_to_group(by=fabrique.alice, person=person, group=group)
    comment = Comment.objects.create(
        kind="people.group", target=group.pk, author=person, text="Je viens ! Yoanna Ćwirko, yoanna@exemple.fr"
    )
    comment.mentions.set([person, fabrique.bob])
    Comment.objects.create(kind="people.group", target=group.pk, author=fabrique.bob, text="Écrire à YOANNA@exemple.fr")
    Reaction.objects.create(comment=comment, person=person, sign="👍")
    Invitation.objects.create(token="t1", email="yoanna@exemple.fr", created_by=fabrique.alice)
    Invitation.objects.create(token="t2", email="autre@exemple.fr", created_by=person)
    Mandate.objects.create(person=fabrique.gus, delegate=person, recorded_by=fabrique.alice)
    publish("people.changed", by=person, subject=person)
    record_read(by=fabrique.manon, subject=person, what="people.record")
    mail.EmailMessage("Bonjour", "…", to=["yoanna@exemple.fr"]).send()
    return person


def test_nothing_names_the_person_any_more(fabrique: Cast, yoanna: Person) -> None:
    words = traces.Words.of(yoanna).everything
    assert {"Yoanna Ćwirko", "Ćwirko Yoanna", "yoanna@exemple.fr", "02 98 00 11 22"} == set(words)
    assert list(traces.scan(words))
    erase(by=fabrique.alice, person=yoanna)
    assert list(traces.scan(words)) == []
    assert not Person.objects.filter(pk=yoanna.pk).exists()


def test_what_was_shown_is_what_is_done(fabrique: Cast, yoanna: Person) -> None:
    before = foresee(yoanna)
    assert Person.objects.filter(pk=yoanna.pk).exists()
    entry = erase(by=fabrique.alice, person=yoanna)
    assert entry.data["deleted"] == dict(sorted(before.deleted.items()))
    assert entry.data["anonymous"] == {"conversations.Comment": 1, "people.Invitation": 1}
    assert entry.data["cleaned"] == before.cleaned == 1
    assert before.journal == 4


def test_what_they_made_for_all_stays_without_a_name(fabrique: Cast, yoanna: Person) -> None:
    erase(by=fabrique.alice, person=yoanna)
    one, other = Comment.objects.order_by("pk")
    assert (one.author, one.text) == (None, "Je viens ! [effacé], [effacé]")
    assert (other.author, other.text) == (fabrique.bob, "Écrire à [effacé]")
    assert Invitation.objects.get().created_by is None
    assert not Reaction.objects.exists()
    assert not Mandate.objects.exists()


def test_a_name_in_the_words_of_others_stays_and_is_counted(fabrique: Cast, yoanna: Person) -> None:
    Comment.objects.create(kind="people.group", target=1, author=fabrique.bob, text="Merci Yoanna Ćwirko")
    assert foresee(yoanna).mentions == 1
    assert erase(by=fabrique.alice, person=yoanna).data["mentions"] == 1


def test_the_account_stays_to_its_owner(fabrique: Cast, yoanna: Person) -> None:
    account = yoanna.account
    erase(by=fabrique.alice, person=yoanna)
    assert account is not None
    account.refresh_from_db()


def test_the_proof_is_genuine_until_it_is_changed_and_says_no_name(fabrique: Cast, yoanna: Person) -> None:
    entry = Entry.objects.get(pk=erase(by=fabrique.alice, person=yoanna).pk)
    assert is_genuine(entry)
    assert "oanna" not in str(entry.data)
    entry.data["deleted"] = {}
    assert not is_genuine(entry)


def test_the_journal_goes_on_and_its_seal_holds(fabrique: Cast, yoanna: Person) -> None:
    seal(fabrique.fabrique)
    erase(by=fabrique.alice, person=yoanna)
    seal(fabrique.fabrique)
    assert not [problem for problem in verify(fabrique.fabrique) if problem.what != "anchor"]


def test_only_those_who_may_erase_others(fabrique: Cast, yoanna: Person) -> None:
    with pytest.raises(NotAllowed):
        erase(by=fabrique.manon, person=yoanna)
    with pytest.raises(NotAllowed):
        erase(by=fabrique.alice, person=fabrique.alice)
    assert Person.objects.filter(pk__in=[yoanna.pk, fabrique.alice.pk]).count() == 2


def test_the_last_administrator_stays(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tilios.core.access.roles.may", lambda *_about: True)
    with pytest.raises(Conflict):
        erase(by=fabrique.manon, person=fabrique.alice)


def test_another_structure_is_not_touched(cast: Cast) -> None:
    with scope(cast.atelier):
        people.create_person(by=None, display_name="Bob Lambert", email=cast.bob.email)
    with scope(cast.fabrique):
        erase(by=cast.alice, person=cast.bob)
    with scope(cast.atelier):
        assert Person.objects.filter(email=cast.bob.email).count() == 1


def test_rows_that_cannot_do_without_a_person_keep_an_emptied_record(fabrique: Cast, yoanna: Person) -> None:
    """As rows the law asks to keep would, where a tool has some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(personal.PERSONAL, "people.Membership", personal.keep("La loi le demande."))
        outcome = foresee(yoanna)
        assert (outcome.kept, outcome.why) == ({"people.Membership": 1}, {"people.Membership": "La loi le demande."})
        erase(by=fabrique.alice, person=yoanna)
    yoanna.refresh_from_db()
    assert (yoanna.display_name, yoanna.email, yoanna.account, yoanna.note) == ("Personne effacée", "", None, "")
    assert not yoanna.is_active


def test_a_trace_that_would_remain_stops_everything(
    fabrique: Cast, yoanna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing.traces, "take_out", lambda *_about: 0)
    with pytest.raises(Conflict, match="rien n’a été effacé"):
        erase(by=fabrique.alice, person=yoanna)


def test_erasing_asks_no_more_queries_of_more_people(fabrique: Cast, yoanna: Person) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            foresee(yoanna)
        return len(asked)

    few = queries()
    for number in range(30):
        people.create_person(by=None, display_name=f"Personne {number}", email=f"p{number}@exemple.fr")
    assert queries() == few


def test_every_declaration_names_a_column_to_a_person_or_a_table_that_has_one() -> None:
    known = set()
    for model in tables.owned_models():
        names = [field.name for field in model._meta.concrete_fields if field.related_model is Person]
        known |= {f"{model._meta.label}.{name}" for name in names} | ({model._meta.label} if names else set())
    assert set(personal.declared()) <= known


def test_every_table_of_the_house_has_a_label_people_read() -> None:
    labels = set(personal.LABELS).union(*(said for _slug, said in tables.of_tools("LABELS")))
    for model in tables.owned_models():
        if model.__module__.startswith("tilios.tools."):
            continue
        if any(field.related_model is Person for field in model._meta.concrete_fields):
            assert model._meta.label in labels, f"LABELS: say what {model._meta.label} is"


def test_an_outcome_of_nothing_is_a_statement_too() -> None:
    assert erasing.statement(1, Outcome())["deleted"] == {}

"""Statements read and their lines attached: suggested, certain, shared out, set aside, undone."""

import io
from typing import Any

import pytest

from tests.cast import Cast
from tilios.core.billing.models import LineState, Payment, StatementFile, StatementLine
from tilios.core.people.models import Person
from tilios.tools.members.models import Record
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.money_values import lines, owed, paid

BASE = "/s/la-fabrique/adhesions/argent/"
BANK = "Date;Libellé;Débit;Crédit\n02/03/2026;VIR CAMILLE DUPONT;;20,00\n03/03/2026;LOYER;-300,00;\n"
UNKNOWN = "Quand;Quoi;Combien\n02/03/2026;VIR CAMILLE DUPONT;20,00\n03/03/2026;VIR LEO ROUX;15,00\n"
HELLOASSO = (
    "Référence commande;Date de la commande;Statut de la commande;Nom payeur;Prénom payeur;Email payeur;Montant tarif\n"
    "A1;02/03/2026;Validé;Dupont;Camille;camille@example.org;20,00\n"
    "A2;02/03/2026;Remboursé;Roux;Léo;leo@example.org;20,00\n"
)


def press(client: Any, path: str, **form: Any) -> Any:
    return client.post(BASE + path, form)


def file(text: str, name: str = "releve.csv") -> io.BytesIO:
    held = io.BytesIO(text.encode())
    held.name = name
    return held


@pytest.fixture
def camille(fabrique: Cast) -> Person:
    return member(email="camille@example.org").person


def test_a_statement_is_read_once_money_that_went_out_is_passed_over(fabrique: Cast) -> None:
    client = fabrique.client("alice")
    for _again in range(2):
        answer = press(client, "releves/", origin="bank", file=file(BANK))
        assert answer.status_code == 302
    assert [(line.label, line.amount_cents) for line in StatementLine.objects.all()] == [("VIR CAMILLE DUPONT", 2000)]
    press(client, "releves/", origin="helloasso", file=file(HELLOASSO))
    assert StatementLine.objects.filter(origin="helloasso").get().payer_email == "camille@example.org"


def test_columns_are_said_once_and_remembered(fabrique: Cast) -> None:
    client = fabrique.client("alice")
    asked = press(client, "releves/", origin="bank", file=file(UNKNOWN))
    assert asked.status_code == 302
    page = client.get(asked["Location"])
    assert [field.label for field in page.context["form"]] == ["Quand", "Quoi", "Combien"]
    token = page.context["token"]
    said = {"file": token, "column-0": "day", "column-1": "label"}
    assert press(client, "releves/colonnes/", **said).status_code == 422
    assert press(client, "releves/colonnes/", **said, **{"column-2": "amount"}).status_code == 302
    assert StatementLine.objects.count() == 2
    press(client, "releves/", origin="bank", file=file(UNKNOWN.replace("LEO", "ZOE"), "avril.csv"))
    assert StatementFile.objects.count() == 2
    assert StatementLine.objects.count() == 3


def test_a_file_on_its_way_is_read_by_who_sent_it_alone(fabrique: Cast) -> None:
    from tilios.core.access import grants

    grants.give(by=fabrique.alice, person=fabrique.bob, action="billing.record")
    place = press(fabrique.client("alice"), "releves/", origin="bank", file=file(UNKNOWN))["Location"]
    answer = fabrique.client("bob").get(place)
    assert answer.status_code == 302
    assert "colonnes" not in answer["Location"]


@pytest.mark.parametrize("content", ["", "\x00\x01", "rien\n"])
def test_what_is_no_statement_is_refused_in_words(fabrique: Cast, content: str) -> None:
    answer = press(fabrique.client("alice"), "releves/", origin="bank", file=file(content))
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert answer.context["form"].errors
    assert not StatementLine.objects.exists()


def test_rows_that_cannot_be_read_are_shown_with_the_reason(fabrique: Cast) -> None:
    answer = press(fabrique.client("alice"), "releves/", origin="bank", file=file(BANK + "hier;VIR LEO;;20,00\n"))
    assert answer.status_code == 200
    assert [number for number, _reason in answer.context["found"].refused] == [4]
    assert StatementLine.objects.count() == 1


def test_each_line_comes_with_who_may_have_paid_it_and_is_attached_in_one_press(
    fabrique: Cast, camille: Person
) -> None:
    charge = owed(camille)
    line = lines(("DUPONT CAMILLE", 2000))[0]
    client = fabrique.client("alice")
    page = client.get(f"{BASE}rapprochement/")
    [(_line, suggestions)] = page.context["lines"]
    assert suggestions[0].person == camille
    assert all(reason in page.content.decode() for reason in (suggestions[0].reasons[-1].split("“")[0],))
    answer = press(client, f"rapprochement/{line.pk}/rattacher/", person=camille.pk)
    assert answer["Location"].endswith(f"?done={line.pk}")
    charge.refresh_from_db()
    assert charge.settled_at is not None
    assert client.get(answer["Location"]).context["done"] == line
    press(client, f"rapprochement/{line.pk}/remettre/")
    charge.refresh_from_db(), line.refresh_from_db()
    assert (charge.paid_cents, line.state) == (0, LineState.WAITING)


def test_a_payment_recorded_by_hand_is_not_recorded_twice(fabrique: Cast, camille: Person) -> None:
    payment, line = paid(camille, means="transfer"), lines(("Camille Dupont", 2000))[0]
    press(fabrique.client("alice"), f"rapprochement/{line.pk}/rattacher/", person=camille.pk)
    line.refresh_from_db()
    assert (line.payment, Payment.objects.count()) == (payment, 1)


def test_those_certain_are_attached_together_and_no_other(fabrique: Cast, camille: Person) -> None:
    owed(camille)
    sure, unsure = lines(("Camille Dupont", 2000), ("Quelqu'un", 1234))
    client = fabrique.client("alice")
    assert [line.pk for line, _found in client.get(f"{BASE}rapprochement/").context["certain"]] == [sure.pk]
    press(client, "rapprochement/certains/", line=[sure.pk, unsure.pk])
    assert set(StatementLine.objects.filter(state=LineState.WAITING)) == {unsure}


def test_a_line_is_shared_among_several_people(fabrique: Cast, camille: Person) -> None:
    child, friend = (
        member("Zoé", "Dupont", payer=Record.objects.get(person=camille)).person,
        member("Léo", "Roux").person,
    )
    hers, childs, friends = owed(camille), owed(child, "Judo", 3000), owed(friend, "Atelier", 1000)
    line = lines(("Camille", 6000))[0]
    client = fabrique.client("alice")
    path = f"rapprochement/{line.pk}/"
    page = client.get(f"{BASE}{path}?person={camille.pk}&for={friend.pk}")
    assert [charge.pk for charge, _field in page.context["form"].rows()] == [hers.pk, childs.pk, friends.pk]
    who = {"person": camille.pk, "for": friend.pk}
    too_much = press(client, path, **who, **{f"part-{hers.pk}": "21"})
    assert too_much.status_code == 422
    parts = {f"part-{hers.pk}": "20", f"part-{childs.pk}": "30", f"part-{friends.pk}": "5"}
    assert press(client, path, **who, **parts).status_code == 302
    friends.refresh_from_db()
    assert (Payment.objects.get().credit_cents, friends.paid_cents) == (500, 500)


def test_a_line_is_kept_as_credit(fabrique: Cast, camille: Person) -> None:
    charge, line = owed(camille), lines(("Quelqu'un", 2000))[0]
    client = fabrique.client("alice")
    assert press(client, f"rapprochement/{line.pk}/", credit="1").status_code == 422
    press(client, f"rapprochement/{line.pk}/", person=camille.pk, credit="1")
    charge.refresh_from_db()
    assert (charge.paid_cents, Payment.objects.get().credit_cents) == (0, 2000)


def test_a_line_is_set_aside_with_a_reason_and_taken_back(fabrique: Cast) -> None:
    line = lines(("Mairie", 90000))[0]
    client = fabrique.client("alice")
    press(client, f"rapprochement/{line.pk}/ignorer/", why=" ")
    line.refresh_from_db()
    assert line.state == LineState.WAITING
    press(client, f"rapprochement/{line.pk}/ignorer/", why="Subvention")
    assert "Subvention" in client.get(f"{BASE}rapprochement/traites/").content.decode()
    press(client, f"rapprochement/{line.pk}/remettre/")
    line.refresh_from_db()
    assert line.state == LineState.WAITING


def test_the_same_line_is_not_attached_twice(fabrique: Cast, camille: Person) -> None:
    line = lines(("Camille Dupont", 2000))[0]
    client = fabrique.client("alice")
    press(client, f"rapprochement/{line.pk}/rattacher/", person=camille.pk)
    assert press(client, f"rapprochement/{line.pk}/rattacher/", person=camille.pk).status_code == 409
    assert Payment.objects.count() == 1

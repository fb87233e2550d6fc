import io

import pytest
from openpyxl import Workbook

from tests.cast import Cast, make_cast
from tilios.core.billing import actions, queries
from tilios.core.billing.models import KnownPayer, LineState, Means, Payment, StatementLine
from tilios.core.billing.reconciling import attaching
from tilios.core.billing.reconciling.attaching import attach, attach_certain, detach, ignore, take_back
from tilios.core.billing.reconciling.reading import Read, read_statement
from tilios.core.billing.reconciling.suggesting import Suggester
from tilios.core.billing.tests.money import DAY, make_treasurer, owe, pay, write_profile
from tilios.core.billing.tests.test_at_once import at_once
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.people.models import Person
from tilios.core.structures.scope import scope

BANK = """Date opération;Date valeur;Libellé;Débit;Crédit;Solde
05/03/2025;05/03/2025;VIR SEPA M BOB LAMBERT COTISATION;;25,00;1025,00
06/03/2025;06/03/2025;PRLV EDF;-120,40;;904,60
07/03/2025;07/03/2025;VIR INST MME SIMONE PETIT ADHESION GUS;;25,00;929,60
07/03/2025;07/03/2025;VIR SUBVENTION VILLE DE LILLE;;3 000,00;3929,60
"""
#: As La Banque postale writes its own: what the account is stands above the headers, in Latin letters.
WITH_PREAMBLE = """Numéro Compte;1234567X020
Type;CCP
Compte tenu en;euros
Date;31/03/2025

Date;Libellé;Montant(EUROS);Montant(FRANCS)
05/03/2025;"VIREMENT DE M LAMBERT BOB";25,00;163,99
08/03/2025;"ACHAT CB";-12,00;-78,71
"""


def read(cast: Cast, text: str, origin: str = "bank", encoding: str = "utf-8") -> Read:
    return read_statement(by=cast.manon, stream=io.BytesIO(text.encode(encoding)), name="releve.csv", origin=origin)


def line_with(words: str) -> StatementLine:
    return StatementLine.objects.get(label__contains=words)


def test_money_that_came_in_is_kept_and_what_went_out_is_not(fabrique: Cast) -> None:
    done = read(fabrique, BANK)
    assert (done.new, done.known, done.refused) == (3, 0, [])
    assert [line.amount_cents for line in queries.lines_to_match()] == [2500, 2500, 300_000]


def test_headers_are_found_below_what_a_bank_writes_above_them(fabrique: Cast) -> None:
    done = read(fabrique, WITH_PREAMBLE, encoding="iso-8859-15")
    assert done.new == 1
    assert StatementLine.objects.get().label == "VIREMENT DE M LAMBERT BOB"


def test_the_same_file_twice_and_a_file_that_overlaps_bring_a_line_once(fabrique: Cast) -> None:
    read(fabrique, BANK)
    again = read(fabrique, BANK)
    assert (again.new, again.known) == (0, 3)
    more = "09/03/2025;09/03/2025;VIR GUS PETIT;;10,00;0\n09/03/2025;09/03/2025;VIR GUS PETIT;;10,00;0\n"
    longer = read(fabrique, BANK + more)
    assert (longer.new, longer.known) == (2, 3)
    assert StatementLine.objects.count() == 5


def test_an_order_of_helloasso_is_one_payment_and_what_was_given_back_is_none(fabrique: Cast) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Référence commande", "Date de la commande", "Statut de la commande", "Nom payeur", "Prénom payeur",
                  "Email payeur", "Tarif", "Montant tarif"])  # fmt: skip
    sheet.append(
        ["101", "05/03/2025 14:02", "Validé", "Lambert", "Bob", "Bob.Lambert@example.org", "Adhésion", "25,00"]
    )
    sheet.append(["101", "05/03/2025 14:02", "Validé", "Lambert", "Bob", "Bob.Lambert@example.org", "Don", "10,00"])
    sheet.append(["102", "06/03/2025 09:00", "Remboursé", "Petit", "Gus", "gus.petit@example.org", "Adhésion", "25,00"])
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    done = read_statement(by=fabrique.manon, stream=content, name="export.xlsx", origin="helloasso")
    line = StatementLine.objects.get()
    assert (done.new, line.reference, line.amount_cents, line.label) == (1, "101", 3500, "Adhésion, Don")
    assert (line.payer_name, line.payer_email) == ("Bob Lambert", "bob.lambert@example.org")


def test_a_row_that_cannot_be_read_is_told_and_the_others_are_kept(fabrique: Cast) -> None:
    done = read(fabrique, BANK + "hier;;VIR;;25,00;\n10/03/2025;;VIR;;beaucoup;\n")
    assert done.new == 3
    assert [number for number, _why in done.refused] == [6, 7]
    assert all(why for _number, why in done.refused)


@pytest.mark.parametrize(
    ("text", "field"), [("", "file"), ("nom;prénom\nLambert;Bob\n", "columns"), ("\x7fELF\x00\x00", "file")]
)
def test_a_file_that_is_no_statement_is_refused(fabrique: Cast, text: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(fabrique, text)
    assert refused.value.field == field
    with pytest.raises(Invalid):
        read(fabrique, BANK, origin="shells")
    assert not StatementLine.objects.exists()


def test_columns_are_chosen_by_hand_where_headers_say_nothing(fabrique: Cast) -> None:
    text = "a;b;c\n05/03/2025;BOB LAMBERT;25,00\n"
    with pytest.raises(Invalid):
        read(fabrique, text)
    done = read_statement(
        by=fabrique.manon, stream=io.BytesIO(text.encode()), name="x.csv", origin="bank",
        columns=["day", "label", "amount"],
    )  # fmt: skip
    assert done.new == 1


def test_a_whole_name_with_the_very_amount_is_certain_and_says_why(fabrique: Cast) -> None:
    charge = owe(fabrique.bob, 2500)
    owe(fabrique.gus, 2500)
    read(fabrique, BANK)
    found = Suggester().suggest(line_with("BOB LAMBERT"))
    assert (found[0].person, found[0].parts, found[0].is_certain) == (fabrique.bob, {charge: 2500}, True)
    assert len(found[0].reasons) == 2
    assert not any(one.is_certain for one in found[1:])
    [paid] = attach_certain(by=fabrique.manon, lines=queries.lines_to_match())
    assert (paid.payer, queries.owed_by(fabrique.bob), queries.owed_by(fabrique.gus)) == (fabrique.bob, 0, 2500)
    assert queries.lines_to_match().count() == 2


def test_two_people_of_the_same_name_are_never_certain(fabrique: Cast) -> None:
    owe(fabrique.bob, 2500)
    twin = Person.objects.create(display_name="Bob Lambert", given_name="Bob", family_name="Lambert")
    owe(twin, 2500)
    read(fabrique, BANK)
    found = Suggester().suggest(line_with("BOB LAMBERT"))
    assert {one.person for one in found} == {fabrique.bob, twin}
    assert not any(one.is_certain for one in found)
    assert attach_certain(by=fabrique.manon, lines=queries.lines_to_match()) == []


def test_a_payment_under_another_name_is_not_lost_and_is_recognised_the_next_time(fabrique: Cast) -> None:
    owe(fabrique.gus, 2500)
    head = "Date;Libellé;Montant;Nom contrepartie\n"
    read(fabrique, head + "07/03/2025;ADHESION;25,00;Simone Petit-Durand\n")
    line = queries.lines_to_match().get()
    assert not any(one.is_certain for one in Suggester().suggest(line))
    attach(by=fabrique.manon, line=line, payer=fabrique.gus)
    assert queries.owed_by(fabrique.gus) == 0
    owe(fabrique.gus, 2500, label="Cotisation 2027")
    read(fabrique, head + "07/03/2025;ADHESION 2;25,00;PETIT-DURAND Simone\n")
    [sure] = [one for one in Suggester().suggest(queries.lines_to_match().get()) if one.is_certain]
    assert sure.person == fabrique.gus


def test_the_number_of_an_invoice_says_what_is_paid(fabrique: Cast) -> None:
    write_profile(fabrique)
    other, invoiced = owe(fabrique.bob, 4000), owe(fabrique.bob, 4000)
    invoice = actions.issue_invoice(by=None, charges=[invoiced])
    read(fabrique, f"Date;Libellé;Montant\n07/03/2025;SARL BOIS REGLEMENT {invoice.reference};40,00\n")
    [sure] = Suggester().suggest(queries.lines_to_match().get())
    assert sure.is_certain
    attach_certain(by=fabrique.manon, lines=queries.lines_to_match())
    other.refresh_from_db(), invoiced.refresh_from_db()
    assert (other.left_cents, invoiced.left_cents) == (4000, 0)


def test_a_payment_recorded_by_hand_is_not_counted_twice(fabrique: Cast) -> None:
    owe(fabrique.bob, 2500)
    by_hand = pay(fabrique.bob, 2500)
    read(fabrique, BANK)
    [found] = [one for one in Suggester().suggest(line_with("BOB LAMBERT")) if one.person == fabrique.bob]
    assert (found.payment, found.is_certain) == (by_hand, True)
    attach_certain(by=fabrique.manon, lines=queries.lines_to_match())
    assert Payment.objects.get() == by_hand
    assert detach(by=fabrique.manon, line=line_with("BOB LAMBERT")).state == LineState.WAITING
    assert Payment.objects.get() == by_hand


def test_what_was_attached_by_mistake_is_undone_and_done_again(fabrique: Cast) -> None:
    owe(fabrique.bob, 2500), owe(fabrique.gus, 2500)
    read(fabrique, BANK)
    attach(by=fabrique.manon, line=line_with("SIMONE"), payer=fabrique.bob)
    with pytest.raises(Conflict):
        attach(by=fabrique.manon, line=line_with("SIMONE"), payer=fabrique.gus)
    detach(by=fabrique.manon, line=line_with("SIMONE"))
    assert (queries.owed_by(fabrique.bob), queries.owed_by(fabrique.gus)) == (2500, 2500)
    again = attach(by=fabrique.manon, line=line_with("SIMONE"), payer=fabrique.gus)
    assert (again.means, queries.owed_by(fabrique.gus)) == (Means.TRANSFER, 0)
    detach(by=fabrique.manon, line=line_with("SIMONE"))
    with pytest.raises(Conflict):
        detach(by=fabrique.manon, line=line_with("SIMONE"))
    assert attach(by=fabrique.manon, line=line_with("SIMONE"), payer=fabrique.gus) != again


def test_a_name_learned_by_mistake_is_forgotten(fabrique: Cast) -> None:
    read(fabrique, "Date;Libellé;Montant;Nom contrepartie\n07/03/2025;ADHESION;25,00;Simone Durand\n")
    line = queries.lines_to_match().get()
    attach(by=fabrique.manon, line=line, payer=fabrique.bob)
    assert KnownPayer.objects.get().sign == "durand simone"
    detach(by=fabrique.manon, line=line)
    assert not KnownPayer.objects.exists()


def test_a_line_set_aside_says_why_and_comes_back(fabrique: Cast) -> None:
    read(fabrique, BANK)
    grant = line_with("SUBVENTION")
    with pytest.raises(Invalid):
        ignore(by=fabrique.manon, line=grant, why=" ")
    ignore(by=fabrique.manon, line=grant, why="Subvention de la ville")
    assert queries.lines_to_match().count() == 2
    with pytest.raises(Conflict):
        attach(by=fabrique.manon, line=grant, payer=fabrique.bob)
    take_back(by=fabrique.manon, line=grant)
    assert queries.lines_to_match().count() == 3


def test_a_line_that_is_nobodys_payment_says_so(fabrique: Cast) -> None:
    cheques = [pay(fabrique.bob, 2500, means=Means.CHEQUE), pay(fabrique.gus, 1500, means=Means.CHEQUE)]
    slip = actions.deposit_cheques(by=None, cheques=cheques, deposited_on=DAY).slip
    read(
        fabrique,
        "Date;Libellé;Montant\n05/03/2025;REMISE CHEQUES;40,00\n05/06/2025;REMISE CHEQUES 2;40,00\n"
        "06/03/2025;VIR HELLO ASSO MARS;300,00\n",
    )
    near, helloasso, far = queries.lines_to_match()
    suggester = Suggester()
    assert slip.reference in suggester.nobodys(near)
    assert suggester.nobodys(helloasso)
    assert suggester.nobodys(far) == ""


def test_two_lines_never_pay_the_same_charge(fabrique: Cast) -> None:
    owe(fabrique.bob, 2500)
    head, first = BANK.splitlines()[:2]
    read(fabrique, f"{head}\n{first}\n{first}\n")
    assert len(attach_certain(by=fabrique.manon, lines=queries.lines_to_match())) == 1
    assert (queries.owed_by(fabrique.bob), queries.credit_of(fabrique.bob)) == (0, 0)


def test_a_member_neither_reads_nor_attaches(fabrique: Cast) -> None:
    read(fabrique, BANK)
    line = line_with("BOB LAMBERT")
    for work in (
        lambda: read_statement(by=fabrique.bob, stream=io.BytesIO(BANK.encode()), name="x", origin="bank"),
        lambda: attach(by=fabrique.bob, line=line, payer=fabrique.bob),
        lambda: attach_certain(by=fabrique.bob, lines=[line]),
        lambda: detach(by=fabrique.bob, line=line),
        lambda: ignore(by=fabrique.bob, line=line, why="x"),
        lambda: take_back(by=fabrique.bob, line=line),
    ):
        with pytest.raises(NotAllowed):
            work()


def test_suggesting_for_a_hundred_lines_asks_no_more_queries_than_for_one(
    fabrique: Cast, django_assert_max_num_queries: object
) -> None:
    head, first = BANK.splitlines()[:2]
    read(fabrique, "\n".join([head, *[first] * 100]))
    owe(fabrique.bob, 2500)
    lines = list(queries.lines_to_match())
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        suggester = Suggester()
        assert all(suggester.suggest(line) for line in lines)


@pytest.mark.django_db(transaction=True)
def test_twenty_who_attach_one_line_at_once_record_one_payment(transactional_db: None) -> None:
    cast = make_cast()
    with scope(cast.fabrique):
        make_treasurer(cast)
        read(cast, BANK)
        line = line_with("BOB LAMBERT")
    found = at_once(
        cast, lambda _number: attaching.attach(by=cast.manon, line=line, payer=cast.bob), count=20, threads=20
    )
    assert sum(isinstance(one, Payment) for one in found) == 1
    with scope(cast.fabrique):
        assert Payment.objects.count() == 1

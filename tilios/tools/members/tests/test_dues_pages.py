"""Pages of dues: taken with the payment in one press, one's own, decided by the structure, kept to those who may."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import grants
from tilios.core.billing.models import Charge, Paper, Payment
from tilios.core.people import actions as people
from tilios.core.people.models import Membership
from tilios.tools.members import actions
from tilios.tools.members.forms.dues import read_brackets, written_brackets
from tilios.tools.members.models import Contribution, DuesKind, Opening, Rate, ReminderRule
from tilios.tools.members.tests.contract import dues, member

BASE = "/s/la-fabrique/adhesions/"


def press(client: Any, path: str, **form: Any) -> Any:
    return client.post(BASE + path, form)


def test_one_press_does_all(fabrique: Cast) -> None:
    record, rate = member(email="camille@example.org"), dues()
    group = people.create_group(by=None, name="À jour")
    Opening.objects.create(kind=rate.kind, group=group)
    answer = press(
        fabrique.client("alice"), f"fiches/{record.pk}/cotiser/{rate.kind_id}/",
        rate=rate.pk, times=1, on=timezone.localdate().isoformat(), means="cheque", cheque_number="0001234",
        bank="La Banque postale", receipt="on",
    )  # fmt: skip
    assert answer.status_code == 302
    record.refresh_from_db()
    assert record.due_on == Contribution.objects.get().last
    assert Membership.objects.filter(person=record.person, group=group).exists()
    payment = Payment.objects.get()
    assert (payment.amount_cents, payment.means, payment.cheque_number) == (2000, "cheque", "0001234")
    assert Paper.objects.get().payment == payment


def test_what_is_refused_writes_nothing_and_keeps_what_was_typed(fabrique: Cast) -> None:
    record, rate = member(), dues()
    later = (timezone.localdate() + timedelta(days=3)).isoformat()
    answer = press(
        fabrique.client("alice"), f"fiches/{record.pk}/cotiser/{rate.kind_id}/",
        rate=rate.pk, times=1, on=timezone.localdate().isoformat(), means="cash", received_on=later, note="Au stand",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Au stand" in answer.content.decode()
    assert not Contribution.objects.exists()
    assert not Charge.objects.exists()


def test_a_member_renews_their_own_without_saying_that_they_paid(fabrique: Cast) -> None:
    own, rate = actions.add_record(by=None, person=fabrique.bob), dues()
    path = f"fiches/{own.pk}/cotiser/{rate.kind_id}/"
    assert "means" not in fabrique.client("bob").get(BASE + path).context["form"].fields
    assert (
        press(fabrique.client("bob"), path, rate=rate.pk, means="cash", paid="20", on="2020-01-01").status_code == 302
    )
    taken = Contribution.objects.get()
    assert (taken.first, taken.state) == (timezone.localdate(), "expected")
    assert not Payment.objects.exists()
    page = fabrique.client("bob").get(BASE + "mes-cotisations/").content.decode()
    assert "20,00" in page


def test_nobody_takes_or_sees_the_dues_of_others(fabrique: Cast) -> None:
    actions.add_record(by=None, person=fabrique.bob)
    other, rate = member(in_directory=True), dues()
    taken = actions.contribute(by=None, record=other, kind=rate.kind, rate=rate)
    for who in ("bob", "manon"):
        assert fabrique.client(who).get(f"{BASE}cotisations/{taken.pk}/").status_code == 404, who
        assert fabrique.client(who).get(f"{BASE}cotisations/").status_code == 403, who
        path = f"fiches/{other.pk}/cotiser/{rate.kind_id}/"
        assert press(fabrique.client(who), path, rate=rate.pk).status_code == 403, who
    assert Contribution.objects.count() == 1


def test_the_treasurer_by_name_keeps_dues_and_no_register(fabrique: Cast) -> None:
    grants.give(by=fabrique.alice, person=fabrique.bob, action="members.money")
    client = fabrique.client("bob")
    assert client.get(f"{BASE}cotisations/").status_code == 200
    assert client.get(f"{BASE}fiches/nouvelle/").status_code == 403
    assert client.get(f"{BASE}reglages/cotisations/").status_code == 403


def test_what_somebody_pays_for_is_theirs_to_see(fabrique: Cast) -> None:
    parent = actions.add_record(by=None, person=fabrique.bob)
    child, rate = member("Zoé", "Martin", payer=parent), dues()
    taken = actions.contribute(by=None, record=child, kind=rate.kind, rate=rate)
    assert fabrique.client("bob").get(f"{BASE}cotisations/{taken.pk}/").status_code == 200
    assert "Zoé" in fabrique.client("bob").get(f"{BASE}mes-cotisations/").content.decode()


def test_a_kind_with_its_rates_openings_and_reminders(fabrique: Cast) -> None:
    client = fabrique.client("alice")
    answer = press(
        client, "reglages/cotisations/nouvelle/", name="Saison", span="season", months=12, season_first="01/09",
        season_last="31/08", offered_months=0, grace_days=15, renewal_days=60, account="756", is_membership="on",
    )  # fmt: skip
    assert answer.status_code == 302
    kind = DuesKind.objects.get()
    assert (kind.season_first, kind.season_last, kind.is_public) == ("09-01", "08-31", False)
    base = f"reglages/cotisations/{kind.pk}/"
    rate = {"name": "Quotient", "pricing": "brackets", "brackets": "jusqu'à 700 : 10\nau-dessus : 40", "instalments": 3}
    assert press(client, f"{base}tarifs/nouveau/", **rate).status_code == 302
    assert Rate.objects.get().brackets == [[70000, 1000], [None, 4000]]
    group = people.create_group(by=None, name="À jour")
    assert press(client, base, group=group.pk).status_code == 302
    assert press(client, base, group=group.pk).status_code == 422
    reminder = {"days": -30, "subject": "Fin le {end}", "body": "Bonjour {given_name}"}
    assert press(client, f"{base}rappels/nouveau/", **reminder).status_code == 302
    assert press(client, f"{base}rappels/nouveau/", **(reminder | {"days": 5, "body": "{name.x}"})).status_code == 422
    assert ReminderRule.objects.count() == 1
    page = client.get(BASE + base).content.decode()
    for text in ("Quotient", "À jour", "Fin le"):
        assert text in page


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"season_first": "31/02", "span": "season"}, "season_first"),
        ({"span": "months", "months": ""}, "months"),
        ({"name": ""}, "name"),
    ],
)
def test_a_kind_that_cannot_be_is_refused(fabrique: Cast, form: dict[str, Any], field: str) -> None:
    usual = {"name": "Saison", "span": "months", "months": 12, "offered_months": 0, "grace_days": 0,
             "renewal_days": 60, "account": "756"}  # fmt: skip
    answer = press(fabrique.client("alice"), "reglages/cotisations/nouvelle/", **(usual | form))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_brackets_are_read_as_they_are_written() -> None:
    brackets: list[list[int | None]] = [[70000, 1000], [100050, 2550], [None, 4000]]
    assert read_brackets(written_brackets(brackets)) == brackets


def test_dues_that_were_taken_are_archived_the_others_removed(fabrique: Cast) -> None:
    used, unused = dues("Prise"), dues("Jamais prise")
    actions.contribute(by=None, record=member(), kind=used.kind, rate=used)
    for rate in (used, unused):
        press(fabrique.client("alice"), f"reglages/cotisations/{rate.kind_id}/archiver/")
    assert list(DuesKind.objects.values_list("name", "is_archived")) == [("Prise", True)]


def test_the_sums_at_a_glance(fabrique: Cast) -> None:
    rate = dues()
    actions.contribute(by=None, record=member(), kind=rate.kind, rate=rate)
    late = actions.contribute(by=None, record=member("Late", "Lou"), kind=rate.kind, rate=rate)
    Charge.objects.filter(source_pk=late.pk).update(due_on=date(2020, 1, 1))
    page = fabrique.client("alice").get(f"{BASE}cotisations/?etat=late")
    assert page.context["totals"] == {"received": 0, "expected": 2000, "late": 2000}
    assert [row.pk for row in page.context["page"]] == [late.pk]


def test_a_rate_may_be_counted_by_a_field_of_the_structure(fabrique: Cast) -> None:
    actions.add_field(by=fabrique.alice, name="Étudiant", key="etudiant", kind="yes_no")
    kind = dues().kind
    rate = {"name": "Selon la situation", "pricing": "formula", "formula": "10 if etudiant else 25", "instalments": 1}
    path = f"reglages/cotisations/{kind.pk}/tarifs/nouveau/"
    assert press(fabrique.client("alice"), path, **rate).status_code == 302
    assert press(fabrique.client("alice"), path, **(rate | {"formula": "10 if inconnu else 25"})).status_code == 422

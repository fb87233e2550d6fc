"""Who waits for a place, month by month: what was counted stays, whatever becomes of those who waited."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.people import actions as people
from tilios.core.people.models import Membership
from tilios.tools.members.actions import community
from tilios.tools.members.actions.accepting import accept, refuse
from tilios.tools.members.actions.joining import confirm, forget_old, withdraw
from tilios.tools.members.actions.waiting import follow_waiting
from tilios.tools.members.community.lives import FOREVER, Life, Waited
from tilios.tools.members.community.months import last_day, month_of, waiting_by_month
from tilios.tools.members.models import Applicant, Application, JoinForm, Record, Status, Wait
from tilios.tools.members.queries.community import community_settings, lives, waits
from tilios.tools.members.tests.contract import dues, member
from tilios.tools.members.tests.crowding import crowd

PAGE = "/s/la-fabrique/adhesions/communaute/"
JANUARY = month_of(date(2026, 1, 1))
days = st.dates(date(2025, 11, 1), date(2026, 8, 1))
some_waits = st.lists(
    st.builds(
        lambda number, people, first, length: Waited(
            number, people if number is None else 1, first, FOREVER if length is None else first + timedelta(length)
        ),
        st.none() | st.integers(1, 3), st.integers(1, 5), days, st.none() | st.integers(0, 200),
    ),
    max_size=8,
)  # fmt: skip


def form() -> JoinForm:
    made = JoinForm.objects.create(title="Adhérer", slug="adherer", kept_days=0)
    made.kinds.add(dues().kind)
    return made


def asked(by_form: JoinForm, count: int = 1, name: str = "Zoé") -> Application:
    """An application of `count` people, confirmed now."""
    application = Application.objects.create(form=by_form, email=f"{name}@example.org".lower())
    rate = by_form.kinds.get().rates.get()
    for order in range(count):
        Applicant.objects.create(
            application=application, order=order, given_name=f"{name} {order}", family_name="Le Goff", rate=rate,
            amount_cents=2000,
        )  # fmt: skip
    return confirm(application=application)


def moved(application: Application, confirmed: date, decided: date | None = None) -> None:
    """As if it had been confirmed and answered on these days."""
    at = {"confirmed_at": datetime(*confirmed.timetuple()[:3], 12, tzinfo=UTC)}
    if decided:
        at["decided_at"] = datetime(*decided.timetuple()[:3], 12, tzinfo=UTC)
    Application.objects.filter(pk=application.pk).update(**at)
    Wait.objects.filter(application=application).delete()
    follow_waiting()


def by_month(months: int = 4) -> list[tuple[int, int]]:
    return waiting_by_month(waits(), lives(community_settings()), JANUARY, JANUARY + months - 1)


@given(some_waits)
def test_each_month_says_what_counting_on_its_last_day_says(found: list[Waited]) -> None:
    spells = ((date(2025, 12, 10), date(2026, 3, 15)), (date(2026, 5, 1), FOREVER))
    known = [Life(number, spells, ()) for number in (1, 2)]
    for at, (asking, waiting) in enumerate(waiting_by_month(found, known, JANUARY, JANUARY + 6)):
        end = last_day(JANUARY + at)
        there = [one for one in found if one.first <= end < one.until]
        assert asking == sum(one.people for one in there if one.number is None)
        assert waiting == sum(any(life.number == one.number and life.is_member(end) for life in known) for one in there)


def test_everybody_of_an_application_waits_from_the_confirmation_to_the_answer(fabrique: Cast) -> None:
    by_form = form()
    moved(asked(by_form, 3), date(2026, 1, 20), date(2026, 3, 5))
    moved(asked(by_form, 2, "Yann"), date(2026, 2, 28))
    assert [count for count, _members in by_month()] == [3, 5, 2, 2]


def test_the_answer_ends_the_wait_at_once(fabrique: Cast) -> None:
    by_form = form()
    accepted, refused, withdrawn = (asked(by_form, name=name) for name in ("Ana", "Bob", "Cid"))
    assert set(Wait.objects.values_list("until", flat=True)) == {None}
    accept(by=fabrique.alice, application=accepted)
    refuse(by=fabrique.alice, application=refused, reason="Complet")
    withdraw(application=withdrawn)
    assert set(Wait.objects.values_list("until", flat=True)) == {timezone.localdate()}


def test_past_months_stay_what_they_were_once_applications_are_erased(fabrique: Cast) -> None:
    by_form = form()
    refused, accepted = asked(by_form, 4), asked(by_form, 2, "Yann")
    moved(refused, date(2026, 1, 20))
    moved(accepted, date(2026, 1, 20))
    refuse(by=fabrique.alice, application=refused, reason="Complet")
    done = accept(by=fabrique.alice, application=accepted)
    for one in (refused, accepted):
        moved(one, date(2026, 1, 20), date(2026, 3, 5))
    before = by_month()
    assert [count for count, _members in before] == [6, 6, 0, 0]
    forget_old()
    assert done.record is not None
    Application.objects.filter(record=done.record).delete()
    assert not Application.objects.exists()
    follow_waiting()
    assert by_month() == before


def test_what_is_erased_without_an_answer_waits_no_more(fabrique: Cast) -> None:
    asked(form()).delete()
    assert Wait.objects.get().until is None
    follow_waiting()
    assert Wait.objects.get().until == timezone.localdate()


def test_members_without_a_place_are_kept_from_month_to_month(fabrique: Cast) -> None:
    status = Status.objects.create(name="En attente")
    group = people.create_group(by=None, name="Liste")
    first = member("Ana", status=status, joined_on=date(2026, 1, 10))
    second = member("Bob", joined_on=date(2026, 1, 10))
    Membership.objects.create(person=second.person, group=group)
    third = member("Cid", joined_on=date(2026, 1, 10))
    community.change_community(by=fabrique.alice, waiting_status=status, waiting_group=group)
    assert follow_waiting(today=date(2026, 2, 1)) == 2  # the first time: since they arrived
    assert [count for _asked, count in by_month()] == [2, 2, 2, 2]
    Record.objects.filter(pk=first.pk).update(status=None)
    Record.objects.filter(pk=third.pk).update(status=status)
    assert follow_waiting(today=date(2026, 3, 5)) == 2
    assert follow_waiting(today=date(2026, 3, 5)) == 0
    assert [count for _asked, count in by_month()] == [2, 2, 2, 2]
    Membership.objects.all().delete()
    follow_waiting(today=date(2026, 4, 5))
    assert [count for _asked, count in by_month()] == [2, 2, 2, 1]


def test_the_page_draws_and_lists_who_waits_and_tells_nothing_of_a_few(fabrique: Cast) -> None:
    crowd(80)
    client = fabrique.client("alice")
    assert 'id="attente"' not in client.get(PAGE).content.decode()
    month = last_day(month_of(timezone.localdate()) - 2)
    Wait.objects.create(people=7, first=month)
    section = client.get(PAGE).content.decode().split('id="attente"')[1].split("</section>")[0]
    assert '<svg class="chart"' in section
    assert ">7<" in section
    assert "Membres encore sans place" not in section
    Wait.objects.update(people=3)
    page = client.get(PAGE).content.decode()
    section = page.split('id="attente"')[1].split("</section>")[0]
    assert ">3<" not in section
    assert "moins de 5" in section
    sheet = client.post(f"{PAGE}export/", {"table": "attente", "mois": "12", "format": "csv"})
    assert "moins de 5" in sheet.content.decode()


def test_members_and_places_never_tell_how_few_have_none(fabrique: Cast) -> None:
    records = crowd(80)
    community.write_places(by=fabrique.alice, day=date(2020, 1, 1), places=100)
    status = Status.objects.create(name="En attente")
    there = [one for one in records if one.left_on is None]
    Record.objects.filter(pk__in=[one.pk for one in there[:3]]).update(status=status)
    community.change_community(by=fabrique.alice, waiting_status=status)
    follow_waiting()
    page = fabrique.client("alice").get(PAGE).content.decode()
    places = page.split('id="places"')[1].split("</section>")[0]
    assert places.count("moins de 5") >= 1

"""The page of the community: who sees it, what it holds back, its sheets, its settings, ten thousand members."""

import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast
from tests.harness.crowd import LARGE
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.models import Membership, Person
from tilios.core.structures.scope import scope
from tilios.tools.members import actions as register
from tilios.tools.members import demo
from tilios.tools.members.actions import community as actions
from tilios.tools.members.models import (
    Answer,
    CommunitySettings,
    Contribution,
    DuesKind,
    FieldKind,
    PlacesCount,
    Record,
    SavedSearch,
    Status,
)
from tilios.tools.members.queries import community as queries
from tilios.tools.members.tests.crowding import crowd

PAGE = "/s/la-fabrique/adhesions/communaute/"
SETTINGS = f"{PAGE}reglages/"
DAY = timedelta(days=1)
FEW = "moins de 5"


def content(cast: Cast, who: str = "alice", query: str = "", status: int = 200) -> str:
    response = cast.client(who).get(PAGE + query)
    assert response.status_code == status
    return response.content.decode()


def test_members_see_it_only_where_the_structure_says_so_and_nothing_but_the_figures(cast: Cast) -> None:
    with scope(cast.fabrique):
        crowd(80)
    assert "Membres comparés" not in content(cast, "manon")
    for who in ("bob", "gus", "charlie"):
        content(cast, who, status=404)
    assert (
        'href="/s/la-fabrique/adhesions/communaute/"'
        not in cast.client("bob").get("/s/la-fabrique/adhesions/ma-fiche/").content.decode()
    )
    with scope(cast.fabrique):
        actions.change_community(by=cast.alice, shown_to_members=True)
    page = content(cast, "bob")
    assert "Pyramide" in page or "Âges" in page
    assert 'name="avec"' not in page
    assert 'name="format"' not in page
    assert SETTINGS not in page
    content(cast, "gus", status=404)  # a guest is no member
    content(cast, "charlie", status=404)
    assert (
        'href="/s/la-fabrique/adhesions/communaute/"'
        in cast.client("bob").get("/s/la-fabrique/adhesions/ma-fiche/").content.decode()
    )


def test_every_figure_comes_with_its_drawing_its_table_and_how_it_is_counted(cast: Cast) -> None:
    with scope(cast.fabrique):
        crowd(200)
        actions.write_places(by=cast.alice, day=timezone.localdate() - 400 * DAY, places=300)
    for span in ("12", "24", "60", "tout", "n'importe"):
        page = content(cast, query=f"?mois={span}")
        drawings, without = page.count('<svg class="chart"'), page.count("Rien ne peut être dessiné")
        assert drawings + without == page.count("Comment c'est compté") == 9, span
        assert drawings >= 8, span
        assert page.count("<caption>") == 9
    assert "90 jours après la fin" in page.replace("\xa0", " ")


def test_without_anybody_the_page_says_when_figures_begin(cast: Cast) -> None:
    assert "Pas encore de mois à montrer" in content(cast)


def test_a_few_people_are_told_by_no_cell(cast: Cast) -> None:
    """Three arrived in one month, among a hundred: neither their number, nor their age, nor their share."""
    with scope(cast.fabrique):
        crowd(100)
        Person.objects.filter(display_name__startswith="Camille").update(birth_date=date(1980, 5, 5))
        young = Person.objects.filter(display_name__startswith="Camille")[:3]
        Person.objects.filter(pk__in=[one.pk for one in young]).update(birth_date=timezone.localdate() - 3000 * DAY)
    table = content(cast).split('id="ages"')[1].split("</section>")[0]
    assert table.count(FEW) > 1  # theirs, and what subtraction would give them by
    assert ">3<" not in table


def test_sets_are_compared_and_another_structure_or_a_hidden_search_is_not(cast: Cast) -> None:
    with scope(cast.atelier):
        other = people.create_group(by=None, name="Groupe d'ailleurs")
    with scope(cast.fabrique):
        records = crowd(60)
        group = people.create_group(by=None, name="Potagères")
        Membership.objects.bulk_create(Membership(person=one.person, group=group) for one in records[:30])
        status = Status.objects.create(name="Bienfaitrices")
        Record.objects.filter(pk__in=[one.pk for one in records[20:50]]).update(status=status)
        search = SavedSearch.objects.create(name="Toutes et tous", conditions={"all": []})
        kind = DuesKind.objects.get()
    keys = [f"groupe-{group.pk}", f"statut-{status.pk}", f"recherche-{search.pk}", f"cotisation-{kind.pk}"]
    page = content(cast, query="?" + "&".join(f"avec={key}" for key in keys))
    table = page.split('id="comparaison"')[1].split("</section>")[0]
    assert all(name in table for name in ("Potagères", "Bienfaitrices", "Toutes et tous"))
    assert "comparaison" not in content(cast, query=f"?avec={keys[0]}")  # one alone compares nothing
    page = content(cast, query=f"?avec={keys[0]}&avec=groupe-{other.pk}&avec=recherche-999999&avec=x")
    assert "comparaison" not in page
    assert "Groupe d&#x27;ailleurs" not in page


def test_two_sides_where_a_field_says_the_sex(cast: Cast) -> None:
    with scope(cast.fabrique):
        records = crowd(120)
        field = register.add_field(by=None, name="Sexe", kind=FieldKind.CHOICE, choices=["Femme", "Homme"])
        Answer.objects.bulk_create(
            Answer(record=one, field=field, text="Femme" if at % 2 else "Homme") for at, one in enumerate(records[:110])
        )
        actions.change_community(by=cast.alice, sex_field=field)
    figure = content(cast).split('id="ages"')[1].split("</section>")[0]
    assert "Femme" in figure
    assert "Non précisé" in figure


@pytest.mark.parametrize("kind", ["csv", "ods", "xlsx"])
def test_each_table_is_taken_as_a_sheet_and_the_journal_says_so(cast: Cast, kind: str) -> None:
    with scope(cast.fabrique):
        crowd(60)
    client = cast.client("manon")
    response = client.post(f"{PAGE}export/", {"table": "mouvements", "format": kind, "mois": "12"})
    assert response.status_code == 200
    assert f".{kind}" in response["Content-Disposition"]
    if kind == "csv":
        lines = response.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 13
        assert lines[0].startswith("Mois;Arrivées;")
        assert FEW in response.content.decode()
    with scope(cast.fabrique):
        assert Entry.objects.filter(verb="members.figures_exported", data__format=kind).count() == 1


def test_a_sheet_of_nothing_known_is_refused_and_none_is_for_members(cast: Cast) -> None:
    with scope(cast.fabrique):
        crowd(20)
        actions.change_community(by=cast.alice, shown_to_members=True)
    for data in ({"table": "secrets", "format": "csv"}, {"table": "membres", "format": "exe"}, {}):
        assert cast.client("alice").post(f"{PAGE}export/", data).status_code == 422
    assert cast.client("bob").post(f"{PAGE}export/", {"table": "membres", "format": "csv"}).status_code == 403


def test_settings_are_written_and_keep_what_was_typed_when_wrong(cast: Cast) -> None:
    client = cast.client("alice")
    with scope(cast.fabrique):
        status = Status.objects.create(name="En attente")
        text = register.add_field(by=None, name="Métier", kind=FieldKind.TEXT)
    said = {"renewal_days": "30", "shown_to_members": "on", "waiting_status": status.pk}
    assert client.post(SETTINGS, said).status_code == 302
    with scope(cast.fabrique):
        kept = CommunitySettings.objects.get()
        assert (kept.renewal_days, kept.shown_to_members, kept.waiting_status_id) == (30, True, status.pk)
        assert Entry.objects.filter(verb="members.settings_changed").exists()
        with pytest.raises(Invalid):
            actions.change_community(by=cast.alice, sex_field=text)
        with pytest.raises(NotAllowed):
            actions.change_community(by=cast.bob, renewal_days=3)
        with pytest.raises(TypeError):
            actions.change_community(by=cast.alice, colour="red")
    wrong = client.post(SETTINGS, {"renewal_days": "9999", "waiting_status": "-1"})
    assert wrong.status_code == 422
    assert 'value="9999"' in wrong.content.decode()
    for who, status_code in (("manon", 403), ("bob", 403), ("charlie", 404)):
        assert cast.client(who).get(SETTINGS).status_code == status_code
        assert (
            cast.client(who).post(f"{SETTINGS}places/", {"day": "2026-01-01", "places": "3"}).status_code == status_code
        )


def test_places_have_a_history_and_past_months_keep_theirs(cast: Cast) -> None:
    client, today = cast.client("alice"), timezone.localdate()
    with scope(cast.fabrique):
        crowd(100)
    for ago, places in ((500, 150), (100, 200), (100, 210)):
        data = {"day": (today - ago * DAY).isoformat(), "places": str(places)}
        assert client.post(f"{SETTINGS}places/", data).status_code == 302
    with scope(cast.fabrique):
        assert queries.places() == [(today - 500 * DAY, 150), (today - 100 * DAY, 210)]
        newest = PlacesCount.objects.first()
        assert Entry.objects.filter(verb="members.places_changed").count() == 3
    table = content(cast).split('id="places"')[1]
    assert ">150<" in table
    assert ">210<" in table
    wrong = client.post(f"{SETTINGS}places/", {"day": "hier peut-être", "places": "-4"})
    assert wrong.status_code == 422
    assert "hier peut-être" in wrong.content.decode()
    assert newest is not None
    assert client.post(f"{SETTINGS}places/{newest.pk}/retirer/").status_code == 302
    with scope(cast.fabrique):
        assert queries.places() == [(today - 500 * DAY, 150)]
        with pytest.raises(NotAllowed):
            actions.write_places(by=cast.bob, day=today, places=3)
        with pytest.raises(NotAllowed):
            actions.forget_places(by=cast.bob, count=newest)
        with pytest.raises(Invalid):
            actions.write_places(by=cast.alice, day=today, places=-1)


def test_who_waits_takes_no_place(cast: Cast) -> None:
    with scope(cast.fabrique):
        records = crowd(70)
        status, group = Status.objects.create(name="Attend"), people.create_group(by=None, name="Liste d'attente")
        here = [one for one in records if one.left_on is None]
        Record.objects.filter(pk__in=[one.pk for one in here[:4]]).update(status=status)
        Membership.objects.bulk_create(Membership(person=one.person, group=group) for one in here[3:8])
        settings = actions.change_community(by=cast.alice, waiting_status=status, waiting_group=group)
        assert len(queries.waiting(settings)) == 8
        group.delete()
        assert len(queries.waiting(queries.community_settings())) == 4


def test_the_day_of_the_record_stands_for_an_arrival_that_nobody_knows(cast: Cast) -> None:
    with scope(cast.fabrique):
        record = crowd(1)[0]
        Contribution.objects.all().delete()
        Record.objects.filter(pk=record.pk).update(joined_on=None, left_on=None)
        life = next(one for one in queries.lives(CommunitySettings()) if one.number == record.pk)
        assert life.arrived == timezone.localdate(record.created_at)


def test_the_demonstration_has_a_readable_past(cast: Cast) -> None:
    with scope(cast.fabrique):
        started = time.perf_counter()
        demo.load(cast.alice)
        print(f"demo: {time.perf_counter() - started:.2f} s")  # noqa: T201
    page = content(cast, query="?mois=24")
    assert page.count('<svg class="chart"') >= 8


def test_thousands_of_members_over_five_years(cast: Cast) -> None:
    """A bounded number of queries."""
    counts = []
    for more in (50, LARGE - 50):
        with scope(cast.fabrique):
            crowd(more, years=5)
            PlacesCount.objects.get_or_create(day=date(2020, 1, 1), places=9_000)
            groups = [people.create_group(by=None, name=f"Groupe {more} {n}") for n in range(2)]
            for at, group in enumerate(groups):
                records = Record.objects.order_by("pk")[at * 20 : at * 20 + 5_000]
                Membership.objects.bulk_create(Membership(person_id=one.person_id, group=group) for one in records)
        query = f"?mois=60&avec=groupe-{groups[0].pk}&avec=groupe-{groups[1].pk}"
        content(cast)  # what is read once by a process is read
        with CaptureQueriesContext(connection) as asked:
            started = time.perf_counter()
            content(cast, query=query)
        counts.append(len(asked))
        print(f"{more} more: {time.perf_counter() - started:.2f} s, {len(asked)} queries")  # noqa: T201
    assert counts[0] == counts[1]
    assert counts[1] < 40

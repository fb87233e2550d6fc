"""The pages of imports: upload, columns, report, undo; who sees them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import Cast
from tilios.core.access.models import ActionGrant
from tilios.core.jobs import worker
from tilios.tools.members.models import Contribution, MemberImport, Record
from tilios.tools.members.tests import exported

HOME = "/s/la-fabrique/adhesions/imports/"


def sent(cast: Cast, content: bytes, name: str = "export.csv", who: str = "alice") -> Any:
    return cast.client(who).post(HOME, {"file": SimpleUploadedFile(name, content)})


def chosen(batch: MemberImport, **said: Any) -> dict[str, Any]:
    columns = {f"column_{number}": name for number, name in enumerate(batch.columns)}
    return {**columns, "known": "update", "takes_dues": "on", "dues_name": "Adhésion", **said}


def test_from_the_file_to_the_undoing(fabrique: Cast) -> None:
    client = fabrique.client("alice")
    assert "Paheko" in client.get(HOME).content.decode()
    answer = sent(fabrique, exported.helloasso())
    batch = MemberImport.objects.get()
    page = f"{HOME}{batch.pk}/"
    assert answer["Location"] == page
    assert "HelloAsso" in client.get(page).content.decode()
    client.post(f"{page}colonnes/", chosen(batch))
    assert client.get(f"{page}avancement/", headers={"HX-Request": "true"}).status_code == 200
    worker.run_all()
    assert client.get(f"{page}avancement/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == page
    assert "MARTIN" in client.get(f"{page}?voir=created").content.decode()
    assert Record.objects.count() == 0
    client.post(f"{page}confirmer/")
    worker.run_all()
    assert (Record.objects.count(), Contribution.objects.count()) == (3, 2)
    assert "30,00" in client.get(f"{page}?voir=created").content.decode()
    client.post(f"{page}annuler/")
    worker.run_all()
    assert Record.objects.count() == 0
    assert client.get(page).status_code == 200
    assert client.get(HOME).status_code == 200


def test_a_wrong_file_comes_back_with_its_reason(fabrique: Cast) -> None:
    answer = sent(fabrique, b"%PDF-1.7", "membres.pdf")
    assert answer.status_code == 422
    assert not MemberImport.objects.exists()


def test_who_lacks_the_money_is_told_so_and_is_not_proposed_dues(fabrique: Cast) -> None:
    for action in ("members.register", "members.settings"):
        ActionGrant.objects.create(action=action, person=fabrique.manon)
    client = fabrique.client("manon")
    assert (
        'value="dues_cents"'
        in fabrique.client("alice").get(sent(fabrique, exported.helloasso())["Location"]).content.decode()
    )
    page = client.get(f"{HOME}{MemberImport.objects.get().pk}/").content.decode()
    assert 'value="dues_cents"' not in page
    assert "takes_dues" not in page


def test_who_decides_without_keeping_the_register_is_refused(fabrique: Cast) -> None:
    ActionGrant.objects.create(action="members.settings", person=fabrique.bob)
    assert fabrique.client("bob").get(HOME).status_code in {403, 404}
    assert fabrique.client("gus").get(HOME).status_code in {403, 404}

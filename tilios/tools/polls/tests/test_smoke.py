from tilios.core.access import sharing
from tilios.core.structures.scope import scope
from tilios.tools.polls.tests import contract


def test_pages(cast, visitor_of):
    with scope(cast.fabrique):
        v = contract.objects(cast.alice)
        d = contract.open_dates(cast.alice)
        link = sharing.create_link(by=cast.alice, target=d, mode="vote")
        rlink = sharing.create_link(by=cast.alice, target=d, mode="read")
        from tilios.tools.polls.models import Poll

        Poll.objects.get(pk=v["pk"])
    c = cast.client("alice")
    base = "/s/la-fabrique/sondages/"
    for path in [
        "",
        "nouveau/",
        "nouveau/dates/",
        "nouveau/choix/",
        "importer/",
        f"{v['pk']}/",
        f"{d.pk}/",
        f"{v['pk']}/saisir/",
        f"{v['pk']}/saisir/{v['ballot_pk']}/",
        f"{v['pk']}/votes/",
        f"{v['pk']}/participation/",
        f"{v['pk']}/modifier/",
        f"{d.pk}/modifier/",
        f"{v['pk']}/dupliquer/",
        f"{v['pk']}/clore/",
        f"{v['pk']}/resultats.csv",
        f"{v['pk']}/resultats.ods",
        f"{v['pk']}/resultats.svg",
        f"{v['pk']}/resultats.png",
        f"{v['pk']}/image/{v['option_pk']}/",
        f"{v['pk']}/fichier/{v['option_pk']}/",
        f"{d.pk}/?fuseau=America/Toronto",
    ]:
        r = c.get(base + path)
        assert r.status_code == 200, (path, r.status_code, r.content[:500])
    g = visitor_of(link.token)
    r = g.client.get(g.url)
    assert r.status_code == 200, r.content
    with scope(cast.fabrique):
        opts = [o.pk for o in d.options.all()]
    r = g.client.post(g.url + "voter/", {"name": "Zoé", f"mark-{opts[0]}": "2", f"mark-{opts[1]}": "1"})
    assert r.status_code == 302, r.content
    r = g.client.get(g.url)
    assert "Zoé" in r.content.decode()
    g = visitor_of(rlink.token)
    r = g.client.get(g.url)
    assert r.status_code == 200
    assert "Zoé" in r.content.decode()
    r = c.post(base + f"{d.pk}/voter/", {f"mark-{opts[0]}": "2"})
    assert r.status_code == 302
    r = c.post(base + f"{d.pk}/voter/", {})
    assert r.status_code == 422
    r = c.post(base + f"{d.pk}/clore/", {"chosen": opts[0], "outcome": "On y va"})
    assert r.status_code == 302
    r = c.get(base + f"{d.pk}/")
    assert "On y va" in r.content.decode()
    r = c.get("/s/la-fabrique/")
    assert r.status_code == 200

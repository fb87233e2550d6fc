"""Files brought in from other servers, which run for real: wsgidav, and Tilios itself."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.test import Client
from wsgidav.wsgidav_app import WsgiDAVApp

from tilios.core.errors import Invalid
from tilios.core.jobs.worker import run_all
from tilios.core.structures.scope import scope
from tilios.tools.files.actions import bringing as actions
from tilios.tools.files.bringing import jobs, servers
from tilios.tools.files.models import Bringing, Item
from tilios.tools.files.models.bringing import BringingState, LineState
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.tests import contract
from tilios.tools.files.tests.test_bringing import tree, undone

if TYPE_CHECKING:
    from tests.cast import Cast

PASSWORD = "un mot de passe d'application"


class Threaded(WSGIServer):
    """The other server, quiet."""

    def process_request(self, request: Any, client_address: Any) -> None:
        threading.Thread(target=self._serve, args=(request, client_address), daemon=True).start()

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        finally:
            self.shutdown_request(request)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Tests need no log."""


Serving = Callable[[Any], str]


@pytest.fixture
def serving() -> Iterator[Serving]:
    """`serving(app)`: the address of a WSGI application."""
    running = []

    def start(app: Any) -> str:
        server = make_server("127.0.0.1", 0, app, Threaded, Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def there(tmp_path: Path, serving: Serving, settings: Any) -> SimpleNamespace:
    """A wsgidav that shows `there.root` as a Nextcloud does, at `there.url`."""
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
    root = tmp_path / "remote"
    root.mkdir()
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/remote.php/dav/files/bob": str(root)},
            "simple_dc": {"user_mapping": {"*": {"bob": {"password": PASSWORD}}}},
            "http_authenticator": {"accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable_loggers": []},
        }
    )
    return SimpleNamespace(root=root, url=serving(app))


@pytest.fixture
def shelf(cast: "Cast") -> Any:
    with scope(cast.bob.structure):
        yield contract.common(cast.bob)[1]


def looked(cast: "Cast", shelf: Item, address: str, password: str = PASSWORD, login: str = "bob") -> Bringing:
    bringing = actions.begin(by=cast.bob, rights=Rights(cast.bob), folder=shelf, source="server")
    actions.look(by=cast.bob, bringing=bringing, address=address, login=login, password=password)
    run_all()
    bringing.refresh_from_db()
    return bringing


def brought(cast: "Cast", bringing: Bringing) -> Bringing:
    actions.start(by=cast.bob, rights=Rights(cast.bob), bringing=bringing, choice="both")
    run_all()
    bringing.refresh_from_db()
    return bringing


def fill(root: Path) -> dict[str, bytes | None]:
    """Odd names in nested folders; what should be found here."""
    wanted: dict[str, bytes | None] = {}
    for folder in ("Été", "Été/50 % & plus #1", "vide"):
        (root / folder).mkdir()
        wanted[folder] = None
    for number, name in enumerate(("a.txt", "Été/plage?.txt", "Été/50 % & plus #1/é+b;c.txt", "Été/zéro.bin")):
        content = b"" if name.endswith("zéro.bin") else f"contenu {number}".encode() * 1000
        (root / name).write_bytes(content)
        wanted[name] = content
    return wanted


def test_a_nextcloud_is_found_by_its_plain_address_and_comes_whole(
    cast: "Cast", shelf: Item, there: SimpleNamespace
) -> None:
    wanted = fill(there.root)
    bringing = looked(cast, shelf, there.url)
    assert bringing.problem == ""
    assert bringing.address == f"{there.url}/remote.php/dav/files/bob/"
    assert (bringing.counts["files"], bringing.counts["folders"]) == (4, 3)
    assert tree(shelf) == {}
    assert PASSWORD not in bringing.password
    assert brought(cast, bringing).state == BringingState.DONE
    assert bringing.password == ""
    assert tree(shelf) == wanted
    there_ms = int((there.root / "a.txt").stat().st_mtime) * 1000
    assert Item.objects.get(name="a.txt").modified_ms == there_ms
    undone(cast, bringing)
    assert tree(shelf) == {}


def test_a_wrong_password_is_said_erased_and_can_be_given_again(
    cast: "Cast", shelf: Item, there: SimpleNamespace
) -> None:
    bringing = looked(cast, shelf, there.url, password="faux")
    assert bringing.state == BringingState.PREPARING
    assert "identifiant" in bringing.problem
    assert bringing.password == ""
    actions.look(by=cast.bob, bringing=bringing, address=there.url, login="bob", password=PASSWORD)
    run_all()
    bringing.refresh_from_db()
    assert bringing.state == BringingState.LOOKED


def test_cut_in_slices_it_lists_and_brings_each_thing_once(
    cast: "Cast", shelf: Item, there: SimpleNamespace, monkeypatch: Any
) -> None:
    wanted = fill(there.root)
    monkeypatch.setattr(jobs, "SLICE_S", 0.0)
    brought(cast, looked(cast, shelf, f"{there.url}/remote.php/dav/files/bob/"))
    assert tree(shelf) == wanted


def test_a_file_that_went_meanwhile_is_reported_and_the_others_come(
    cast: "Cast", shelf: Item, there: SimpleNamespace
) -> None:
    fill(there.root)
    bringing = looked(cast, shelf, there.url)
    (there.root / "a.txt").unlink()
    assert brought(cast, bringing).state == BringingState.DONE
    assert list(bringing.lines.filter(state=LineState.FAILED).values_list("path", "reason")) == [("a.txt", "gone")]
    assert "Été/plage?.txt" in tree(shelf)


def test_the_other_server_gone_it_stops_and_goes_on_with_the_password_given_again(
    cast: "Cast", shelf: Item, there: SimpleNamespace, monkeypatch: Any
) -> None:
    wanted = fill(there.root)
    bringing = looked(cast, shelf, there.url)

    def gone(*_arguments: Any) -> Any:
        raise servers.Unreachable("parti")

    with monkeypatch.context() as away:
        away.setattr(servers, "read", gone)
        brought(cast, bringing)
    assert (bringing.state, bringing.problem, bringing.password) == (BringingState.STOPPED, "parti", "")
    with pytest.raises(Invalid):
        actions.go_on(by=cast.bob, bringing=bringing)
    actions.go_on(by=cast.bob, bringing=bringing, password=PASSWORD)
    run_all()
    assert tree(shelf) == wanted


def test_without_leave_of_the_host_no_private_server_is_reached(
    cast: "Cast", shelf: Item, there: SimpleNamespace, settings: Any
) -> None:
    settings.TILIOS_OUTSIDE_NETWORKS = []
    bringing = looked(cast, shelf, there.url.replace("http://", "https://"))
    assert bringing.state == BringingState.PREPARING
    assert "privé" in bringing.problem


HOSTILE = """<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">
{}</d:multistatus>"""
MEMBER = (
    "<d:response><d:href>{}</d:href><d:propstat><d:prop><d:resourcetype/><d:getcontentlength>3</d:getcontentlength>"
    "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
)


def test_a_server_that_points_elsewhere_is_not_followed(
    cast: "Cast", shelf: Item, serving: Serving, settings: Any
) -> None:
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
    asked = []
    hrefs = ("/admin/secret.txt", "/dav/../x.txt", "http://169.254.169.254/dav/meta.txt", "/dav/a/b.txt", "/dav/ok.txt")
    names = ("/dav/..%2Fsorti.txt", "/dav/%2e%2e")

    def answer(environ: Any, start: Any) -> list[bytes]:
        asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if environ["REQUEST_METHOD"] == "GET":
            start("200 OK", [("Content-Length", "3")])
            return [b"abc"]
        body = HOSTILE.format("".join(MEMBER.format(href) for href in (*hrefs, *names))).encode()
        start("207 Multi-Status", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]

    bringing = brought(cast, looked(cast, shelf, f"{serving(answer)}/dav/"))
    assert bringing.state == BringingState.DONE
    got = {path for method, path in asked if method == "GET"}
    assert all(path.startswith("/dav/") for path in got)
    assert set(tree(shelf)) <= {"meta.txt", "ok.txt", ".._sorti.txt", "_"}
    assert "ok.txt" in tree(shelf)


def test_a_list_that_is_a_trap_is_refused(cast: "Cast", shelf: Item, serving: Serving, settings: Any) -> None:
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
    body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'

    def answer(_environ: Any, start: Any) -> list[bytes]:
        start("207 Multi-Status", [("Content-Length", str(len(body)))])
        return [body]

    assert looked(cast, shelf, f"{serving(answer)}/dav/").state == BringingState.PREPARING


def test_tilios_itself_can_be_the_other_server(dav: SimpleNamespace, settings: Any) -> None:
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
    cast = dav.cast
    with scope(cast.bob.structure):
        source = contract.folder(cast.bob, "Source")
        contract.write(cast.bob, "Été 50 %.txt", b"bonjour", source)
        target = contract.folder(cast.bob, "Arrivée")
        login, password = dav.login("bob")
        brought(cast, looked(cast, target, f"{dav.url}Commun/Source/", password, login))
        assert tree(target) == {"Été 50 %.txt": b"bonjour"}


def test_the_form_keeps_what_was_typed_but_the_password(cast: "Cast", client: Client, shelf: Item) -> None:
    client.force_login(cast.bob.account)
    page = client.post(f"/s/la-fabrique/fichiers/{shelf.pk}/apporter/", {"source": "server"})["Location"]
    answer = client.post(f"{page}regarder/", {"address": "ftp://nuage.example.org", "login": "bob", "password": "chut"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "ftp://nuage.example.org" in text
    assert 'value="bob"' in text
    assert "chut" not in text


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cloud.example.org", "https://cloud.example.org/remote.php/dav/files/b%40c/"),
        ("https://cloud.example.org/", "https://cloud.example.org/remote.php/dav/files/b%40c/"),
        (
            "https://example.org/cloud/index.php/apps/files/?dir=/",
            "https://example.org/cloud/remote.php/dav/files/b%40c/",
        ),
        ("https://c.example.org/remote.php/dav/files/x/Photos", "https://c.example.org/remote.php/dav/files/x/Photos/"),
    ],
)
def test_an_address_is_completed(typed: str, first: str) -> None:
    assert servers.candidates(typed, "b@c")[0] == first

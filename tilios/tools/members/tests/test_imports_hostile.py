"""Files that are damaged, wrong or made to harm: a sentence, and nothing written."""

import gzip
import io
import re
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast
from tilios.core.errors import Invalid
from tilios.tools.members.imports import reading, sqldump
from tilios.tools.members.imports.galette import WANTED
from tilios.tools.members.models import MemberImport, Record
from tilios.tools.members.tests import exported
from tilios.tools.members.tests.test_imports import brought, read


def refused(cast: Cast, content: bytes) -> str:
    with pytest.raises(Invalid) as found:
        read(cast, content)
    assert not MemberImport.objects.exists()
    return str(found.value)


def test_a_database_of_another_program_says_where_to_get_the_right_one(fabrique: Cast) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "other.sqlite")
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE users (id INTEGER)")
        base.commit()
        base.close()
        assert "Paheko" in refused(fabrique, path.read_bytes())


def test_a_dump_of_another_program_says_what_to_export(fabrique: Cast) -> None:
    assert "Galette" in refused(
        fabrique, b"CREATE TABLE `wp_posts` (\n  `ID` int\n);\nINSERT INTO `wp_posts` VALUES (1);"
    )


@pytest.mark.parametrize("end", [b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_sqlite_file(fabrique: Cast, end: bytes) -> None:
    assert refused(fabrique, end)


def test_views_and_virtual_tables_of_an_sqlite_file_are_never_asked(fabrique: Cast) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trap.sqlite")
        path.write_bytes(exported.paheko())
        base = sqlite3.connect(path)
        base.execute("DROP TABLE services")
        base.execute(
            "CREATE VIEW services AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n"
        )
        base.commit()
        base.close()
        batch = read(fabrique, path.read_bytes())
        assert (batch.program, batch.total) == ("paheko", 5)


@pytest.mark.parametrize(
    ("dump", "table"),
    [
        (exported.mysql, b"INSERT INTO `galette_adherents`"),
        (exported.postgresql, b"COPY public.galette_adherents"),
    ],
)
@pytest.mark.parametrize("length", [450, 700, 900])
def test_a_dump_cut_short_is_refused_with_its_line(fabrique: Cast, dump: Any, table: bytes, length: int) -> None:
    content = dump(exported.galette_tables())
    assert re.search(r"(line|ligne) \d+", refused(fabrique, content[: content.index(table) + length]))


def test_what_looks_like_a_statement_inside_a_text_is_text() -> None:
    text = (
        "CREATE TABLE `g_logs` (\n  `id` int,\n  `said` text\n);\n"
        "INSERT INTO `g_logs` VALUES (1,'x\nINSERT INTO `g_adherents` VALUES (1,\\'a\\');'),(2,'y''z');\n"
        "INSERT INTO `g_adherents` (`id_adh`, `nom_adh`) VALUES (5,'L\\'Été\\n');\n"
    )
    assert sqldump.tables(text, WANTED) == {"adherents": [{"id_adh": "5", "nom_adh": "L'Été\n"}]}


def test_a_dump_that_unpacks_without_end_is_stopped(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 2**20)
    assert refused(fabrique, gzip.compress(b"0" * (2**20 + 1)))
    assert refused(fabrique, b"\x1f\x8b\x08 damaged")


def test_a_zip_that_is_no_workbook(fabrique: Cast) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"0" * 2**22)
    assert refused(fabrique, file.getvalue())


@pytest.mark.parametrize("content", [b"", b"Nom;Pr\xc3\xa9nom\n", b"%PDF-1.7 x", b"\x89PNG\r\n"])
def test_what_is_no_list_of_members(fabrique: Cast, content: bytes) -> None:
    assert refused(fabrique, content)


def test_formulas_stay_text(fabrique: Cast) -> None:
    brought(fabrique, 'Nom;Prénom\n"=HYPERLINK(""http://x"")";Jo\n')
    assert Record.objects.get().person.family_name == '=HYPERLINK("http://x")'

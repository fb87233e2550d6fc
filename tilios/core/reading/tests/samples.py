"""Documents made by the programs that people make them with. Each is bytes; making one may take seconds, once."""

import io
import json
import subprocess
import tempfile
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import pypandoc

from tests.harness import programs
from tilios.kit import sheets

MARKDOWN = """# Compte rendu de la réunion

L’été à **La Fabrique** : [le site](https://example.org).

- un four à pain
- deux tables

| Objet | Nombre |
|-------|--------|
| Tables | 2 |
"""
WORDS = ("Compte rendu", "L’été à La Fabrique", "un four à pain", "Tables")
OFFICE = "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"


@cache
def written(form: str) -> bytes:
    """The report as docx, odt, epub, pptx or html, by pandoc."""
    pandoc = pypandoc.get_pandoc_path()  # the one that Tilios itself brings
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, f"made.{form}")
        command = [pandoc, "--standalone", "--metadata", "title=Réunion", "--from", "markdown", "--output", made]
        subprocess.run(command, input=MARKDOWN.encode(), check=True, capture_output=True)
        return made.read_bytes()


@cache
def converted(source: bytes, form: str, to: str, options: str = "") -> bytes:
    """`source`, of format `form`, as `to`, by LibreOffice."""
    office = programs.find("soffice", package=OFFICE)
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder, f"document.{form}")
        before.write_bytes(source)
        command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to"]
        command += [f"{to}{options}", "--outdir", f"{folder}/made", before]
        subprocess.run(command, check=True, capture_output=True)
        return Path(folder, "made", f"document.{to}").read_bytes()


@cache
def pdf(pages: int = 3) -> bytes:
    """A PDF with a heading on each page, by WeasyPrint."""
    from tilios.ui import pdf as printing

    parts = "".join(
        f"<h1>Chapitre {number}</h1><p>Le fournil ouvre à sept heures.</p>" for number in range(1, pages + 1)
    )
    html = f"<html lang=fr><style>h1 {{ break-before: page }}</style><body>{parts}</body></html>"
    made: bytes = printing._weasyprint().HTML(string=html).write_pdf()
    return made


def pdf_with_password() -> bytes:
    """A PDF that opens with a password, by LibreOffice."""
    options = {
        "EncryptFile": {"type": "boolean", "value": "true"},
        "DocumentOpenPassword": {"type": "string", "value": "secret"},
    }
    return converted(written("odt"), "odt", "pdf", f":writer_pdf_Export:{json.dumps(options)}")


def sheet(form: str, rows: int = 3) -> bytes:
    """People and their town, as csv, xlsx or ods."""
    lines = [["Nom", "Ville"], *([f"Personne {number}", "Lyon"] for number in range(rows))]
    if form == "csv":
        return b"".join(sheets.write_csv(lines))
    out = io.BytesIO()
    {"xlsx": sheets.write_xlsx, "ods": sheets.write_ods}[form](lines, out)
    return out.getvalue()


def message() -> bytes:
    """A message with a file attached."""
    made = EmailMessage()
    made["From"] = "Alice Moreau <alice@example.org>"
    made["To"] = "bob@example.org"
    made["Subject"] = "Réunion d’été"
    made["Date"] = "Mon, 02 Jun 2025 10:00:00 +0200"
    made.set_content("Bonjour,\n\nVoici le compte rendu.\n")
    made.add_alternative("<p>Bonjour, <b>voici</b> le compte rendu.</p><script>alert(1)</script>", subtype="html")
    made.add_attachment(b"x" * 2048, maintype="application", subtype="octet-stream", filename="compte rendu.odt")
    return made.as_bytes()

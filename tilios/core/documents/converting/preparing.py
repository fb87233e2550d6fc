"""An office document made ready for pandoc: what it would lose is put in it as signs (see `carrying`)."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from lxml import etree

from tilios.core.documents.converting import carrying, carrying_docx, carrying_odt, running
from tilios.kit.documents import archives
from tilios.kit.documents.problems import Problem, Unreadable

DEEPEST = 200  # elements inside one another: pandoc takes a time that grows quickly beyond
MOST_ELEMENTS = 1_500_000
MOST_FORMULAS = 300
MATHML = "http://www.w3.org/1998/Math/MathML"
_PARTS = {"odt": ("content.xml", "styles.xml"), "docx": ("word/document.xml", "word/styles.xml")}


def prepared(data: bytes, form: str) -> bytes:
    """`data`, an odt or a docx, with the signs in it. Raises Unreadable."""
    main, named = _PARTS[form]
    made = io.BytesIO()
    with archives.opened(io.BytesIO(data)) as before:
        document = parsed(archives.part(before, main))
        styles = parsed(archives.part(before, named)) if named in before.namelist() else None
        if form == "odt":
            if carrying_odt.is_too_heavy(document):
                raise Unreadable(Problem.TOO_HEAVY)
            carrying_odt.signed(document, styles, _formulas(before, document))
        else:
            carrying_docx.signed(document, styles)
        content = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as after:
            for part in before.infolist():
                after.writestr(part, content if part.filename == main else archives.part(before, part.filename))
    return made.getvalue()


def parsed(content: bytes) -> Any:
    """The root of a part. Raises Unreadable for what is no XML, names entities, or is nested beyond reason."""
    content = carrying.SIGNS.sub("", content.decode("utf-8", "replace")).encode() if b"\xee\x9f" in content else content
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(Problem.DAMAGED) from error
    # SECURITY: entities multiply what they stand for.
    if root.getroottree().docinfo.doctype:
        raise Unreadable(Problem.DAMAGED)
    depth = 0
    for count, (event, _element) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST or count > 2 * MOST_ELEMENTS:
            raise Unreadable(Problem.TOO_HEAVY)
    return root


def _formulas(archive: zipfile.ZipFile, document: Any) -> Callable[[str], str | None]:
    """The TeX of each formula of an odt, by its folder. pandoc reads the MathML of them all at once."""
    held: dict[str, str] = {}
    names = set(archive.namelist())
    for one in document.iter(f"{carrying_odt.DRAW}object"):
        folder = one.get(carrying_odt.HREF, "").removeprefix("./").strip("/")
        if f"{folder}/content.xml" in names and len(held) < MOST_FORMULAS:
            root = parsed(archives.part(archive, f"{folder}/content.xml"))
            if root.tag == f"{{{MATHML}}}math":
                etree.strip_elements(root, f"{{{MATHML}}}annotation", with_tail=False)
                held[folder] = etree.tostring(root, encoding="unicode")
    if not held:
        return lambda _folder: None
    page = "".join(f"<p>{formula}</p>" for formula in held.values())
    blocks = json.loads(running.pandoc(page.encode(), "html", "json"))["blocks"]
    found = [block["c"][0]["c"][1] if block["c"] and block["c"][0]["t"] == "Math" else None for block in blocks]
    known = dict(zip(held, found, strict=True)) if len(found) == len(held) else {}
    return known.get

"""The French catalogues: `compile`, `extract` and `check`, with Babel alone (no gettext program).

A tool carries its own catalogue, `tilios/tools/NAME/locale/fr/LC_MESSAGES/django.po`. Everything else is in
`locale/fr/parts/NAME.po`, one part per package of the core, one for the portal, one for the design system;
`compile` merges the parts into the one catalogue that Django reads.
"""

import argparse
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.template.exceptions import TemplateSyntaxError
from django.utils.translation.template import templatize

from dev.places import ROOT, say

LANGUAGE = "fr"
SOURCES = ROOT / "tilios"
PARTS = ROOT / "locale" / LANGUAGE / "parts"
MERGED = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.mo"

_PLAIN = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
KEYWORDS = {
    "_": None,
    "gettext_noop": None,
    **_PLAIN,
    **{f"{name}_lazy": arguments for name, arguments in _PLAIN.items()},
}

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Sentence:
    """What the interface says in English: (context, singular, plural); the key that catalogues are compared by."""

    context: str
    singular: str
    plural: str

    @classmethod
    def of(cls, message: Message) -> "Sentence":
        forms = _forms(message.id)
        return cls(message.context or "", forms[0], forms[1] if len(forms) > 1 else "")

    def __str__(self) -> str:
        shown = " / ".join(repr(form) for form in (self.singular, self.plural) if form)
        return f"{shown} (context {self.context!r})" if self.context else shown


def main() -> int:
    parser = argparse.ArgumentParser(description="The French catalogues.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("compile", help="make the .mo files that Django reads")
    commands.add_parser("extract", help="add to each catalogue the sentences of its source that have no French yet")
    commands.add_parser("check", help="fail when a sentence has no French, or a wrong one")
    return {"compile": compile_catalogues, "extract": extract, "check": check}[parser.parse_args().command]()


def compile_catalogues() -> int:
    parts = Catalog(locale=LANGUAGE)
    for path in _parts():
        for message in _messages(_read(path)):
            parts[message.id] = message
    _write_mo(MERGED, parts)
    for path in _tool_catalogues():
        _write_mo(path.with_suffix(".mo"), _read(path))
    return 0


def extract() -> int:
    known = {Sentence.of(message) for path in _catalogues() for message in _messages(_read(path))}
    missing: dict[Path, dict[Sentence, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    for sentence, place in _sentences():
        if sentence not in known:
            missing[_catalogue_of(place.path)][sentence].append((str(place.path.relative_to(ROOT)), place.line))
    for path, sentences in sorted(missing.items()):
        catalogue = _read(path) if path.is_file() else Catalog(locale=LANGUAGE, project="Tilios", fuzzy=False)
        for sentence, places in sentences.items():
            identifier = (sentence.singular, sentence.plural) if sentence.plural else sentence.singular
            catalogue.add(identifier, context=sentence.context or None, locations=places)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, include_lineno=False)
        say(f"{path.relative_to(ROOT)}: {len(sentences)} to translate")
    return 0


def check() -> int:
    faults: dict[str, list[str]] = defaultdict(list)
    french: dict[Sentence, tuple[str, tuple[str, ...]]] = {}
    for path in _catalogues():
        name = str(path.relative_to(ROOT))
        try:
            messages = list(_messages(_read(path)))
        except PoFileError as error:
            faults[name].append(f"cannot be read: {error}")
            continue
        for message in messages:
            sentence = Sentence.of(message)
            faults[name] += _faults_of(message, sentence)
            forms = _forms(message.string)
            other_name, other_forms = french.setdefault(sentence, (name, forms))
            if other_forms != forms:
                faults[name].append(
                    f"{sentence}: said otherwise in {other_name}; give one of them a context (pgettext)"
                )
    for sentence, place in _sentences():
        if sentence not in french:
            faults[str(place.path.relative_to(ROOT))].append(f"line {place.line}: no French for {sentence}")
    for name, sentences in sorted(faults.items()):
        for fault in sentences:
            say(f"{name}: {fault}")
    return 1 if any(faults.values()) else 0


def _faults_of(message: Message, sentence: Sentence) -> Iterator[str]:
    forms = _forms(message.string)
    if message.fuzzy:
        yield f"{sentence}: is marked fuzzy"
    if not all(forms) or (sentence.plural and len(forms) < 2):
        yield f"{sentence}: is not translated"
        return
    asked = set(PLACEHOLDER.findall(sentence.singular + sentence.plural))
    for index, form in enumerate(forms):
        given = set(PLACEHOLDER.findall(form))
        # The singular may say "one" in words.
        if given - asked or (asked - given and not (sentence.plural and index == 0)):
            yield f"{sentence}: placeholders {_listed(asked)} became {_listed(given)}"


def _listed(placeholders: set[str]) -> str:
    return ", ".join(sorted(placeholders)) or "none"


# Catalogues ----------------------------------------------------------------------------------------------------------


def _parts() -> list[Path]:
    return sorted(PARTS.glob("*.po"))


def _tool_catalogues() -> list[Path]:
    return sorted(SOURCES.glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/django.po"))


def _catalogues() -> list[Path]:
    return [*_parts(), *_tool_catalogues()]


def _catalogue_of(source: Path) -> Path:
    """The catalogue where a new sentence of `source` goes."""
    match source.relative_to(SOURCES).parts:
        case ("tools", tool, *_):
            return SOURCES / "tools" / tool / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
        case ("core", package, *_):
            return PARTS / f"{package.removesuffix('.py')}.po"
        case (package, *_):
            return PARTS / f"{package.removesuffix('.py')}.po"
    raise ValueError(source)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, abort_invalid=True)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    """Every message of `catalogue` but its header."""
    return (message for message in catalogue if message.id)


def _forms(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value or "",) if isinstance(value, str | None) else tuple(value)


def _write_mo(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)


# Sentences of the source ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    path: Path
    line: int


def _sentences() -> Iterator[tuple[Sentence, Place]]:
    """Every sentence of the Python files and templates, as many times as it is said."""
    for path in sorted(SOURCES.rglob("*")):
        inside = set(path.relative_to(SOURCES).parts)
        if inside & {"tests", "migrations", "static", "__pycache__"}:
            continue
        if path.suffix == ".py":
            code = path.read_text("utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in inside:
            code = _template_as_python(path)
        else:
            continue
        for line, said, _comments, context in babel_extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS):
            singular, *plural = _forms(said)
            yield Sentence(context or "", singular, plural[0] if plural else ""), Place(path, line)


def _template_as_python(path: Path) -> str:
    """Django's own rewriting of a template for xgettext, made fit for Python's tokenizer."""
    try:
        code = templatize(path.read_text("utf-8"), origin=str(path))
    except (SyntaxError, TemplateSyntaxError) as error:
        raise SystemExit(f"{path.relative_to(ROOT)}: {error}") from error
    return "\n".join(line.strip() for line in code.split("\n"))


if __name__ == "__main__":
    sys.exit(main())

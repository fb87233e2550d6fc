"""What word processors mean by their HTML: lists that are no lists, notes, boxes to tick."""

import re
from typing import Any

import lxml.html

_LEVEL = re.compile(r"level(\d+)")
_ORDERED = re.compile(r"^\s*(\d+|[a-z]{1,3}|[ivxlc]+)[.)]", re.IGNORECASE)


def untangle(root: Any) -> None:
    """Have the lists of Word be lists, in place."""
    for paragraph in list(root.iter("p")):
        if paragraph.getparent() is not None and "mso-list" in (paragraph.get("style") or ""):
            _gather(paragraph)


def _gather(first: Any) -> None:
    """The paragraphs of one list of Word, which follow one another and say how deep they stand."""
    lines, following = [], first
    while following is not None and following.tag == "p" and "mso-list" in (following.get("style") or ""):
        lines.append(following)
        following = following.getnext()
    parent, place = first.getparent(), first.getparent().index(first)
    stack: list[tuple[int, Any]] = []
    for line in lines:
        found = _LEVEL.search(line.get("style") or "")
        level = int(found[1]) if found else 1
        sign = _take_sign(line)
        while stack and stack[-1][0] > level:
            stack.pop()
        if not stack or stack[-1][0] < level:
            made = lxml.html.Element("ol" if _ORDERED.match(sign) else "ul")
            if stack:
                stack[-1][1][-1].append(made)
            else:
                parent.insert(place, made)
            stack.append((level, made))
        item = lxml.html.Element("li")
        line.tail = None
        line.attrib.pop("style", None)
        item.append(line)
        stack[-1][1].append(item)


def _take_sign(line: Any) -> str:
    """The bullet or number that Word writes as text, taken out of the paragraph."""
    for span in line.iter("span"):
        if "mso-list" in (span.get("style") or "") and "ignore" in (span.get("style") or "").lower():
            sign = str(span.text_content())
            tail = span.tail or ""
            parent, before = span.getparent(), span.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + tail
            else:
                parent.text = (parent.text or "") + tail
            parent.remove(span)
            return sign
    return ""


def notes(root: Any) -> dict[str, Any]:
    """The notes at the end of `root` by their identifier, taken out of it: those of pandoc, and ours."""
    found: dict[str, Any] = {}
    for section in list(root.iter("section", "aside")):
        if section.get("role") != "doc-endnotes" and "footnotes" not in (section.get("class") or ""):
            continue
        for item in section.iter("li"):
            if item.get("id"):
                for back in list(item.iter("a")):
                    if back.get("role") == "doc-backlink" or set(_classes(back)) & {"footnote-back", "note-back"}:
                        back.drop_tree()
                found[item.get("id")] = item
        section.drop_tree()
    return found


def note_called(element: Any) -> str:
    """The identifier of the note that `element` calls; nothing when it calls none."""
    link = element if element.tag == "a" else element.find("a") if element.tag == "sup" else None
    if link is None or not (link.get("href") or "").startswith("#"):
        return ""
    return str(link.get("href"))[1:]


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def is_task_list(element: Any) -> bool:
    """Whether every item begins with a box to tick, as pandoc and the sites of code write them."""
    items = [child for child in element if child.tag == "li"]
    return bool(items) and all(
        "data-checked" in item.attrib or item.find(".//input[@type='checkbox']") is not None for item in items
    )


def is_checked(item: Any) -> bool:
    if "data-checked" in item.attrib:
        return bool(item.get("data-checked") == "true")
    box = item.find(".//input[@type='checkbox']")
    return box is not None and "checked" in box.attrib

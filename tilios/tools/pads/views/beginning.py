"""Begin a text: blank, from a template of ours or of the structure, or from a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid, Refused
from tilios.core.people.models import Person
from tilios.core.shelves.pages import numbers_in
from tilios.tools.pads import library
from tilios.tools.pads.actions import bringing, texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item
from tilios.tools.pads.queries import texts as queries
from tilios.tools.pads.queries.rights import Rights, visible_items
from tilios.tools.pads.views.opening import opened

MOST_FILES = 20


@tool_view("pads.write", "GET", "POST")
def new(request: Any) -> HttpResponse:
    """Choose how the text begins and where; one press makes it."""
    rights = open_spaces(request.person)
    asked = request.POST if request.method == "POST" else request.GET
    if request.method == "GET":
        return _new_page(request, rights, asked)
    place = _place(rights, asked)
    if place is None:
        return _new_page(request, rights, asked, problem=_("Choose where to put the text."), status=422)
    try:
        made = _begin(request.person, rights, place, asked)
    except Refused as error:
        return _new_page(request, rights, asked, problem=error.message, status=error.status)
    return redirect(link("pads:item", made.pk))


def _place(rights: Rights, asked: Any) -> Item | None:
    """The folder that is asked for, where the person may add; the first of their spaces when none is named."""
    if numbers := numbers_in([asked.get("dans", "")]):
        folder = Item.objects.filter(pk=numbers[0], is_folder=True, in_trash=False).first()
        return folder if folder is not None and rights.may_add(folder) else None
    return next(iter(queries.places_to_write(rights)), None)


def _begin(by: Person, rights: Rights, place: Item, asked: Any) -> Item:
    name, begins = asked.get("name", ""), asked.get("modele", "")
    if numbers := numbers_in([begins]):
        template = queries.templates_seen(rights).filter(pk=numbers[0]).first()
        if template is None:
            raise Invalid("modele", _("This template is not there any more."))
        made = texts.copy_text(by=by, rights=rights, item=template, parent=place)
        return texts.rename(by=by, rights=rights, item=made, name=name.strip() or template.name)
    language = library.LANGUAGES.get(asked.get("langue", ""), get_language() or "fr")[:2]
    if not begins:
        return texts.begin_text(by=by, rights=rights, parent=place, name=name, language=language)
    found = library.template(begins, language)
    if found is None:
        raise Invalid("modele", _("This template is not there any more."))
    title = name.strip() or found.title
    return texts.begin_text(by=by, rights=rights, parent=place, name=title, state=found.state(), language=language)


def _new_page(request: Any, rights: Rights, asked: Any, *, problem: Any = "", status: int = 200) -> HttpResponse:
    language = library.LANGUAGES.get(asked.get("langue", ""), get_language() or "fr")[:2]
    context = {
        "places": queries.places_to_write(rights),
        "place": _place(rights, asked),
        "language": language,
        "languages": [("fr", _("In French")), ("en", _("In English"))],
        "ours": library.templates(language),
        "theirs": list(queries.templates_seen(rights)[:50]),
        "typed": asked.get("name", ""),
        "problem": problem,
        "reads": bringing.READS,
        "most": MOST_FILES,
    }
    return render(request, "pads/new.html", context, status=status)


@tool_view("pads.write", "POST")
def bring(request: Any, pk: int) -> HttpResponse:
    """Texts of the files that are sent, in this folder. What a file could not give is said."""
    rights, folder = opened(request, pk, folder=True)
    files = request.FILES.getlist("file")[:MOST_FILES]
    if not files:
        messages.error(request, _("Choose a file first."))
        return redirect(link("pads:item", folder.pk))
    made: list[Item] = []
    for file in files:
        try:
            brought = bringing.bring(by=request.person, rights=rights, folder=folder, name=file.name or "", file=file)
        except Refused as error:
            messages.error(request, f"{file.name} : {error.message}")
            continue
        made.append(brought.item)
        if brought.missing:
            missing = ngettext(
                "%(name)s: %(count)s picture could not be taken.",
                "%(name)s: %(count)s pictures could not be taken.",
                brought.missing,
            )
            messages.warning(request, missing % {"name": brought.item.name, "count": brought.missing})
    if made:
        said = ngettext("%d text is brought in.", "%d texts are brought in.", len(made)) % len(made)
        undo.offer(request, said, take_out, numbers=[one.pk for one in made], folder=folder.pk)
    return redirect(link("pads:item", made[0].pk if len(made) == 1 else folder.pk))


@undo.undoable
def take_out(*, by: Person, numbers: list[int], folder: int) -> str:
    """Undo of bringing in: the texts go to the trash."""
    rights = Rights(by)
    for item in visible_items(by).filter(pk__in=numbers, is_folder=False):
        texts.throw_away(by=by, rights=rights, item=item)
    return link("pads:item", folder)

"""Letters to many: their text, and what each person would read."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.actions import record_reads
from tilios.tools.members.actions import papers as actions
from tilios.tools.members.filling.vocabulary import for_papers
from tilios.tools.members.forms.papers import LetterForm
from tilios.tools.members.models import LetterTemplate
from tilios.tools.members.papers import labels, letters, live_texts
from tilios.tools.members.queries.choosing import Choice, chosen


@tool_view("members.register", "GET")
def templates(request: Any) -> HttpResponse:
    return render(request, "members/papers/letters.html", {"letters": LetterTemplate.objects.all()})


@tool_view("members.register", "GET", "POST")
def add_template(request: Any) -> HttpResponse:
    return _form(request, None)


@tool_view("members.register", "GET", "POST")
def change_template(request: Any, letter_pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(LetterTemplate, pk=letter_pk))


@tool_view("members.register", "POST")
def remove_template(request: Any, letter_pk: int) -> HttpResponse:
    actions.remove_letter(by=request.person, letter=get_object_or_404(LetterTemplate, pk=letter_pk))
    messages.success(request, _("The letter is removed."))
    return redirect(link("members:letter_templates"))


@tool_view("members.register", "GET")
def preview(request: Any, letter_pk: int) -> HttpResponse:
    """The letter as one person would read it; `n` says which, from 1. Raises Conflict for a word that is gone."""
    template = get_object_or_404(LetterTemplate, pk=letter_pk)
    choice = Choice.read(request.GET)
    each = "personne" if request.GET.get("each") == "personne" else "famille"
    found, without = labels.envelopes(chosen(choice, request.person), by_family=each == "famille")
    text = request.GET.get("n", "1")
    number = min(max(int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1, 1), max(len(found), 1))
    context: dict[str, Any] = {
        "template": template, "choice": choice, "each": each, "number": number, "count": len(found),
        "without": len(without), "fits": True,
    }  # fmt: skip
    if found:
        one = found[number - 1]
        with override(request.structure.language):
            text = letters.read(template, by=request.person).on_screen()
            context["letter"] = letters.written(text, [one])[0]
        context["fits"] = one.postal.fits
        record_reads(
            by=request.person, subjects=[record.person for record in one.letter.records], what="members.letter"
        )
    return render(request, "members/papers/preview.html", context)


def _form(request: Any, letter: LetterTemplate | None) -> HttpResponse:
    """Written without a script: looking for a text, or beginning one, sends the form, which loses nothing."""
    data, words = request.POST if request.method == "POST" else None, request.POST.get("mots", "")[:100].strip()
    begins, saves = "commencer" in request.POST, "enregistrer" in request.POST
    if "chercher" in request.POST or (words and not begins and not saves):  # Return in the box of words looks too
        typed = {name: request.POST.get(name, "") for name in LetterForm.base_fields}
        form = LetterForm(by=request.person, initial=typed, words=words)
    else:
        form = LetterForm(data, by=request.person, letter=letter, words=words, begins=begins)
    if form.is_valid() and (made := _saved(request, form, letter)):
        return redirect(link("members:change_letter" if begins else "members:preview_letter", made.pk))
    context = {
        "form": form, "letter": letter, "words": for_papers(request.person).listed(), "asked": words,
        "text": live_texts.seen(live_texts.address_of(letter), request.person),
        "is_live": letter is not None and live_texts.is_written_there(letter),
    }  # fmt: skip
    return render(request, "members/papers/letter.html", context, status=422 if form.errors else 200)


def _saved(request: Any, form: LetterForm, letter: LetterTemplate | None) -> LetterTemplate | None:
    """The letter as it was sent; None where it is refused, the reason on the form."""
    said = form.cleaned_data
    try:
        if form.begins:
            said.pop("text", "")
            made = actions.begin_letter(by=request.person, letter=letter, **said)
            messages.success(request, _("The live text is begun: open it and write, with the fields below."))
            return made
        made = actions.save_letter(by=request.person, letter=letter, **said)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except (Conflict, NotAllowed) as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _("The letter is saved."))
        return made
    return None

"""What is chosen of each paper, and the forms of what the papers are made with: sheets of labels, letters."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Person
from tilios.tools.members.models import LabelSheet, LetterTemplate
from tilios.tools.members.papers import labels, lists, live_texts
from tilios.tools.members.papers.labels import PAGE, Sheet
from tilios.tools.members.queries import columns_for
from tilios.tools.members.queries.columns import FIRST
from tilios.ui.fields import DayField

MOST_BLANK_ROWS = 200
HERE, LIVE = "ici", "texte"
EACH = [("famille", _("One for each family at one address")), ("personne", _("One for each person"))]


class PaperForm(forms.Form):
    """The base of the forms below: bound to what a page sent, or to what is chosen at first.

    What was sent can be kept as JSON, for the job that makes the paper later.
    """

    def __init__(self, data: QueryDict | None = None, *, by: Person) -> None:
        super().__init__(data)
        self.by, self.sent = by, data if data is not None else QueryDict()

    def as_json(self) -> dict[str, list[str]]:
        return {name: self.sent.getlist(name) for name in self.fields if name in self.sent}

    @classmethod
    def kept(cls, options: dict[str, list[str]], *, by: Person) -> "PaperForm":
        """The form as `as_json` kept it."""
        data = QueryDict(mutable=True)
        for name, texts in options.items():
            data.setlist(name, texts)
        return cls(data, by=by)

    def with_defaults(self) -> "PaperForm":
        """The form bound to what it proposes, for the figures of a page just opened."""
        options = {}
        for name, field in self.fields.items():
            value = self.get_initial_for_field(field, name)
            shown = field.prepare_value(value)
            if value is True or (value not in (None, False, "")):
                texts = shown if isinstance(shown, (list, tuple)) else [shown]
                options[name] = ["on" if text is True else str(text) for text in texts]
        return self.kept(options, by=self.by)


class CardsForm(PaperForm):
    title = forms.CharField(label=_("Title of the cards"), max_length=30, initial=_("Member card"))
    with_photo = forms.BooleanField(label=_("With the photograph"), required=False, initial=True)
    with_due = forms.BooleanField(
        label=_("With the last day that the dues cover"),
        required=False,
        help_text=_("Cards printed once for several years are better without: the code says it."),
    )


class LabelsForm(PaperForm):
    sheet = forms.ChoiceField(label=_("Sheet of labels"))
    first = forms.IntegerField(
        label=_("First label to print on"),
        min_value=1,
        initial=1,
        help_text=_("On a sheet begun, count from the top left, line by line."),
    )
    each = forms.ChoiceField(label=_("How many"), choices=EACH, widget=forms.RadioSelect, initial="famille")
    outlines = forms.BooleanField(
        label=_("With the edges of the labels"), required=False, help_text=_("To try the place on plain paper.")
    )

    def __init__(self, data: QueryDict | None = None, *, by: Person) -> None:
        super().__init__(data, by=by)
        self.sheets = {sheet.key: sheet for sheet in labels.sheets()}
        self.fields["sheet"].choices = [(s.key, labels.described(s)) for s in self.sheets.values()]  # type: ignore[attr-defined]
        self.initial["sheet"] = labels.SOLD[0].key

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        sheet = self.sheets.get(said.get("sheet", ""))
        if sheet is not None and said.get("first") and said["first"] > sheet.count:
            text = _("This sheet has %(count)s labels.") % {"count": sheet.count}
            self.add_error("first", text)
        return said | {"sheet": sheet}


class AttendanceForm(PaperForm):
    title = forms.CharField(label=_("Title"), max_length=120, initial=_("Attendance sheet"))
    day = DayField(label=_("Day"), required=False, initial=timezone.localdate)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    columns = forms.MultipleChoiceField(
        label=_("Columns beside the name"), required=False, widget=forms.CheckboxSelectMultiple
    )
    blank_rows = forms.IntegerField(
        label=_("Empty lines at the end"),
        min_value=0,
        max_value=MOST_BLANK_ROWS,
        initial=5,
        help_text=_("For those who are not in the list."),
    )
    landscape = forms.BooleanField(label=_("Pages lying down"), required=False)

    def __init__(self, data: QueryDict | None = None, *, by: Person) -> None:
        super().__init__(data, by=by)
        self.fields["columns"].choices = lists.attendance_columns()  # type: ignore[attr-defined]
        self.initial["columns"] = list(lists.ATTENDANCE_FIRST)


class ListingForm(PaperForm):
    """The register on paper."""

    title = forms.CharField(label=_("Title"), max_length=120, initial=_("Register of members"))
    columns = forms.MultipleChoiceField(
        label=_("Columns beside the name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Eight or so can be read with ease."),
    )

    def __init__(self, data: QueryDict | None = None, *, by: Person) -> None:
        super().__init__(data, by=by)
        self.offered = columns_for(by)
        names = [(column.key, str(column.label)[:1].upper() + str(column.label)[1:]) for column in self.offered]
        self.fields["columns"].choices = names  # type: ignore[attr-defined]
        self.initial["columns"] = list(FIRST)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        keys = set(said.get("columns", ()))
        return said | {"columns": [column for column in self.offered if column.key in keys]}


class RecordsForm(PaperForm):
    """Records to be checked and signed."""

    note = forms.CharField(
        label=_("What to do with it"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        initial=_("Please check what we know of you, correct it by hand, sign, and give this page back to us."),
    )


class LettersForm(PaperForm):
    template: Any = forms.ModelChoiceField(None, label=_("Letter"), empty_label=None)
    each = forms.ChoiceField(label=_("How many"), choices=EACH, widget=forms.RadioSelect, initial="famille")
    day = DayField(label=_("Day of the letter"), initial=timezone.localdate)

    def __init__(self, data: QueryDict | None = None, *, by: Person) -> None:
        super().__init__(data, by=by)
        self.fields["template"].queryset = LetterTemplate.objects.all()  # type: ignore[attr-defined]
        first = LetterTemplate.objects.first()
        self.initial["template"] = first.pk if first else None


class BlankForm(PaperForm):
    """The blank form to join."""

    title = forms.CharField(label=_("Title"), max_length=120, initial=_("Membership form"))
    with_dues = forms.BooleanField(label=_("With the dues and their rates"), required=False, initial=True)
    note = forms.CharField(
        label=_("Below the form"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        initial=_(
            "What you write here is kept by the structure to manage memberships, and given to nobody else. You may ask "
            "to see it, correct it or have it erased."
        ),
    )


class SheetForm(forms.ModelForm):
    """A sheet of labels of one's own. The action writes it."""

    class Meta:
        model = LabelSheet
        fields = ("name", "columns", "rows", "width", "height", "left", "top", "gap_x", "gap_y")
        labels = {
            "name": _("Name"),
            "columns": _("Labels across"),
            "rows": _("Labels down"),
            "width": _("Width of a label, in mm"),
            "height": _("Height of a label, in mm"),
            "left": _("Margin on the left, in mm"),
            "top": _("Margin at the top, in mm"),
            "gap_x": _("Gap between columns, in mm"),
            "gap_y": _("Gap between rows, in mm"),
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        sizes = [said.get(name) for name in self.Meta.fields[1:]]
        if None in sizes:
            return said
        columns, rows, *others = sizes
        sheet = Sheet("", "", columns, rows, *(float(size) for size in others))  # type: ignore[arg-type]
        across, down = sheet.size
        if across > PAGE[0] or down > PAGE[1]:
            text = _("These labels take %(across)s × %(down)s mm: an A4 sheet has 210 × 297.")
            raise forms.ValidationError(text % {"across": f"{across:.1f}", "down": f"{down:.1f}"})
        return said

    def _post_clean(self) -> None:
        """Leave the sheet as it is, but judge what each number may be."""
        for name in self.Meta.fields:
            field = LabelSheet._meta.get_field(name)
            if name in self.cleaned_data:
                try:
                    field.run_validators(self.cleaned_data[name])  # type: ignore[union-attr]
                except forms.ValidationError as error:
                    self.add_error(name, error)


class LetterForm(forms.Form):
    """A letter to many: its text is written here, or is a live text. The action judges its words and who sees it.

    `begins` is whether a new live text is asked for; `words` name the texts to choose among.
    """

    name = forms.CharField(label=_("Name of the letter"), max_length=80, help_text=_("For you: nobody else reads it."))
    subject = forms.CharField(label=pgettext_lazy("of a letter", "Subject"), max_length=200, required=False)
    where = forms.ChoiceField(
        label=_("The text is written"),
        choices=[
            (HERE, pgettext_lazy("where a text is", "Here")),
            (LIVE, pgettext_lazy("where a text is", "In a live text")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Live text"),
        widget=forms.Select,
        error_messages={"required": _("Choose a live text, or begin one.")},
        help_text=_("Read again each time letters are made, with its pictures and its formulas."),
    )
    body = forms.CharField(
        label=_("Text of the letter"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={"required": _("Write something here.")},
        help_text=_("**Bold**, *italic*, a line that begins with “- ” for a list."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        by: Person,
        letter: LetterTemplate | None = None,
        initial: dict[str, Any] | None = None,
        words: str = "",
        begins: bool = False,
    ) -> None:
        super().__init__(data, initial=initial or self._kept(letter))
        self.begins = begins
        if live_texts.is_on_offer():
            self.fields["text"].widget.choices = self._choices(by, words)
        else:
            del self.fields["where"], self.fields["text"]
        if data is not None:
            for name in {"text", "body"} & self.fields.keys():
                self.fields[name].required = name == self._asked and not begins

    @property
    def _asked(self) -> str:
        """The field that holds the text, by what was sent."""
        return "text" if "where" in self.fields and self.data.get("where") == LIVE else "body"

    @staticmethod
    def _kept(letter: LetterTemplate | None) -> dict[str, Any]:
        if letter is None:
            return {"where": HERE}
        address, where = live_texts.address_of(letter), LIVE if live_texts.is_written_there(letter) else HERE
        return {"name": letter.name, "subject": letter.subject, "body": letter.body, "text": address, "where": where}

    def _choices(self, by: Person, words: str) -> list[tuple[str, str]]:
        """The text that is chosen, where it is seen, then those to choose among."""
        found = live_texts.choices(by, words)
        chosen = str(self["text"].value() or "")
        if chosen and chosen not in dict(found) and (text := live_texts.seen(chosen, by)):
            found.insert(0, (chosen, text.name))
        return [("", "—"), *found]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said.pop("where", None)
        return said if self._asked == "text" else said | {"text": ""}

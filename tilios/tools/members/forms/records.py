"""The form of a record: all of it for those who keep the register, what is theirs for the members."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings as configured
from django.core.validators import validate_email
from django.db.models import Model
from django.forms.models import fields_for_model
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.images import store_image
from tilios.core.people.models import Person
from tilios.kit.ids import check_rna, check_siret
from tilios.kit.refusals import Refusal
from tilios.tools.members import queries, rules
from tilios.tools.members.actions.records import OWN_FIELDS
from tilios.tools.members.forms.answers import PREFIX, answer_fields, answers_in
from tilios.tools.members.models import Family, Field, Record, RecordKind
from tilios.ui.fields import DayField

PHOTO_SIDE = 1024  # pixels
SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        _("Who it is"),
        ("kind", "given_name", "family_name", "organisation", "chosen_name", "title", "birth_date", "birth_place",
         "photo", "photo_removed"),
    ),
    (
        _("To reach them"),
        ("email", "other_emails", "phone", "mobile", "street", "postcode", "town", "country", "website", "language"),
    ),
    (
        _("In the association"),
        ("number", "status", "joined_on", "is_exempt", "family", "payer", "profession", "siret", "head_count"),
    ),
    (_("What they agree to"), ("in_directory", "in_public_list", "photos_allowed", "newsletter")),
    (pgettext_lazy("of the register", "More"), ()),
    (_("Notes"), ("public_note", "note")),
)  # fmt: skip
MORE = 4  # the section of the fields of the structure
OF_PERSON = (
    "given_name", "family_name", "organisation", "email", "phone", "mobile", "street", "postcode", "town", "country",
    "note",
)  # fmt: skip
OF_RECORD = (
    "chosen_name", "title", "profession", "website", "birth_place", "number", "status", "is_exempt", "siret",
    "head_count", "public_note", "in_directory", "in_public_list", "photos_allowed", "newsletter",
)  # fmt: skip
HELP = {
    "chosen_name": _("The name by which they wish to be called."),
    "number": _("Left empty: the next one."),
    "in_directory": _(
        "With photograph, town, profession and website, and the mail and phones that they show of themselves."
    ),
    "note": _("Read by those who keep the register, not by the member."),
    "siret": _("Of an organisation: fourteen digits, or W and nine characters."),
    "head_count": _("How many people the organisation has."),
    "is_exempt": _("Counted as up to date without paying."),
}


class RecordForm(forms.Form):
    """`record` None for a new one, of `person` if they are of the structure already."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        by: Person,
        record: Record | None = None,
        person: Person | None = None,
    ) -> None:
        super().__init__(data, files)
        self.by, self.record = by, record
        self.person = record.person if record else (person or Person())
        self.fields |= built_in_fields()
        self.structure_fields = self._structure_fields()
        answers = queries.answers_of([record], self.structure_fields)[record.pk] if record else {}
        self.fields |= answer_fields(self.structure_fields, answers)
        self._leave_out()
        self._fill()

    def sections(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """The fields under their titles, empty sections left out."""
        for number, (title, names) in enumerate(SECTIONS):
            asked = [name for name in names if name in self.fields]
            if number == MORE:
                asked = [name for name in self.fields if name.startswith(PREFIX)]
            if asked:
                yield title, [self[name] for name in asked]

    def said(self) -> dict[str, Any]:
        """What a valid form says, as actions.add_record and change_record take it; photograph and files are stored.

        Raises TooLarge, NotAnImage, DiskFull.
        """
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith(PREFIX)}
        photo, removed = said.pop("photo", None), said.pop("photo_removed", False)
        if photo:
            said["photo"] = store_image(photo, max_side=PHOTO_SIDE)
        elif removed:
            said["photo"] = None
        return said | {"answers": answers_in(self, self.structure_fields)}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean_other_emails(self) -> list[str]:
        found = self.cleaned_data["other_emails"].replace(",", " ").split()
        for address in found:
            validate_email(address)
        return list(dict.fromkeys(address.lower() for address in found))[:10]

    def clean_siret(self) -> str:
        text = self.cleaned_data["siret"].strip()
        if not text:
            return ""
        try:
            return check_rna(text) if text[:1] in "wW" else check_siret(text)
        except Refusal as refusal:
            raise forms.ValidationError(gettext(refusal.message) % refusal.params) from refusal

    def clean_payer(self) -> Record | None:
        text = self.cleaned_data["payer"]
        found = queries.records_called(text)
        if not text.strip():
            return None
        if not found:
            raise forms.ValidationError(gettext("Nobody in the register has this number or this name."))
        if len(found) > 1:
            names = ", ".join(f"{record} ({record.number})" for record in found)
            raise forms.ValidationError(gettext("Several members match: write a number. %(names)s") % {"names": names})
        return found[0]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "kind" not in self.fields or self.errors:
            return said
        if said["kind"] == RecordKind.ORGANISATION and not said["organisation"].strip():
            self.add_error("organisation", _("Please give the name of the organisation."))
        elif not any(said[name].strip() for name in ("given_name", "family_name", "organisation", "chosen_name")):
            self.add_error("given_name", _("Please give a name."))
        return said

    def _structure_fields(self) -> list[Field]:
        if self.record is None:
            return queries.fields()
        return [field for field in queries.fields() if rules.changes_field(self.by, self.record, field)]

    def _leave_out(self) -> None:
        """Take away what is not theirs to change, or says nothing here."""
        if not rules.keeps_register(self.by):
            for name in [name for name in self.fields if name not in OWN_FIELDS and not name.startswith(PREFIX)]:
                if name != "photo_removed":
                    del self.fields[name]
        # SECURITY: those who keep the register do not read the note about themselves.
        if self.person.pk == self.by.pk:
            self.fields.pop("note", None)
        settings = queries.settings()
        if not settings.has_public_list:
            self.fields.pop("in_public_list", None)
        else:
            columns = ", ".join(queries.public_words(settings))
            self.fields["in_public_list"].help_text = gettext(
                "Everybody on the web sees the name, and: %(columns)s."
            ) % {"columns": columns}
        if self.record is None or self.record.photo_id is None:
            del self.fields["photo_removed"]
        if "family" in self.fields and not self.fields["family"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["family"]

    def _fill(self) -> None:
        record: Model = self.record or Record()
        for name in self.fields:
            if name in OF_PERSON or name == "birth_date":
                self.initial[name] = getattr(self.person, name)
            elif name in (*OF_RECORD, "kind", "joined_on", "family", "language"):
                self.initial[name] = getattr(record, name)
        if self.record is not None:
            self.initial["other_emails"] = "\n".join(self.record.other_emails)
            self.initial["payer"] = self.record.payer.number if self.record.payer else ""


def built_in_fields() -> dict[str, forms.Field]:
    """The fields of every register."""
    own = fields_for_model(Person, fields=OF_PERSON)
    own |= fields_for_model(Record, fields=[name for name in OF_RECORD if name != "website"])
    found: dict[str, forms.Field] = {name: field for name, field in own.items() if field is not None}
    for name, text in HELP.items():
        found[name].help_text = str(text)
    for name in ("phone", "mobile"):
        found[name].widget = forms.TextInput(attrs={"type": "tel"})
    for name in ("street", "note", "public_note"):
        found[name].widget = forms.Textarea(attrs={"rows": 2})
    found["number"].required = False
    found["website"] = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    return found | {
        "kind": forms.ChoiceField(label=_("Kind"), choices=RecordKind.choices, widget=forms.RadioSelect),
        "birth_date": DayField(label=_("Birth date"), required=False),
        "joined_on": DayField(label=_("Member since"), required=False),
        "other_emails": forms.CharField(
            label=_("Other email addresses"),
            required=False,
            help_text=_("One a line."),
            widget=forms.Textarea(attrs={"rows": 2}),
        ),
        "language": forms.ChoiceField(
            label=_("Language of letters"), required=False, choices=[("", _("Of the structure")), *configured.LANGUAGES]
        ),
        "family": forms.ModelChoiceField(
            label=_("Family"), queryset=Family.objects.order_by("name"), required=False, empty_label=_("No family")
        ),
        "payer": forms.CharField(
            label=_("Paid by"),
            required=False,
            help_text=_("Number or name of the member who pays the dues; empty for one who pays their own."),
        ),
        "photo": forms.FileField(
            label=_("Photograph"),
            required=False,
            help_text=_("JPEG, PNG or WebP. Where it was taken is not kept."),
            widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        ),
        "photo_removed": forms.BooleanField(label=_("Remove the photograph"), required=False),
    }


class LeavingForm(forms.Form):
    """When somebody leaves, and why."""

    on = DayField(label=_("Leaves on"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

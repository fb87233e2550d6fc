"""How a form is written: label, help and errors tied together, optional fields said in words."""

from functools import cached_property
from pathlib import Path
from typing import Any

import django.forms
from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Set as FORM_RENDERER. `{{ form }}` gives the summary of errors and every field; `{{ form.name.as_field_group }}`
    gives one field, and `{% form_errors form %}` the summary, for a page that lays its fields out itself.
    """

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"

    @cached_property
    def engine(self) -> Any:
        """Our templates come first, so that choices are written as in templates/django/forms/widgets/."""
        folders = [Path(__file__).parent / "templates", Path(django.forms.__file__).parent / "templates"]
        return self.backend({"APP_DIRS": True, "DIRS": folders, "NAME": "tilios-forms", "OPTIONS": {}})

import re

import pytest
from django import forms
from django.forms import formset_factory

from tilios.ui.forms import Renderer


class Poll(forms.Form):
    default_renderer = Renderer

    title = forms.CharField(label="Title", help_text="Seen in lists.")
    closes = forms.DateField(label="Closes", required=False)
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "<B>")])
    groups = forms.MultipleChoiceField(
        label="Groups", required=False, widget=forms.CheckboxSelectMultiple, choices=[("Team", [("x", "X")])]
    )
    secret = forms.BooleanField(label="Secret", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.data.get("title") == "twice":
            raise forms.ValidationError("Already there")
        return super().clean()


@pytest.fixture(autouse=True)
def _english(settings):
    from django.utils import translation

    with translation.override("en"):
        yield


def test_every_field_has_its_label_and_its_help():
    page = str(Poll())
    for name in ("title", "closes", "secret"):
        assert f'for="id_{name}"' in page
    assert 'aria-describedby="id_title_helptext"' in page
    assert 'id="id_title_helptext"' in page
    assert "<legend>Kind</legend>" in page
    assert "&lt;B&gt;" in page


def test_optional_fields_say_so_in_words():
    page = str(Poll())
    assert page.count("(optional)") == 2  # the date and the groups: a box alone is always free
    assert "*" not in page


def test_an_error_is_tied_to_its_field_and_gathered_at_the_top():
    page = str(Poll({"title": "", "kind": "a"}))
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_title_helptext id_title_error"' in page
    assert re.search(r'class="error-summary" role="alert".*<a href="#id_title">Title: ', page, re.DOTALL)
    assert "One answer must be corrected" in page


def test_an_error_of_the_whole_form_is_in_the_summary():
    assert "<li>Already there</li>" in str(Poll({"title": "twice", "kind": "a"}))


def test_a_form_without_error_has_no_summary():
    assert "error-summary" not in str(Poll())
    assert "error-summary" not in str(Poll({"title": "t", "kind": "a"}))


def test_hidden_fields_are_kept_once():
    assert str(Poll()).count('name="token"') == 1


def test_choices_are_single_targets_and_groups_have_a_name():
    page = str(Poll())
    assert '<label class="choice" for="id_kind_0">' in page
    assert 'role="group" aria-label="Team"' in page


def test_a_formset_keeps_its_management_form():
    page = str(formset_factory(Poll, extra=2)())
    assert 'name="form-TOTAL_FORMS"' in page
    assert page.count('class="card"') == 2

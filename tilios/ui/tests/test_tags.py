from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from tilios.ui import tones


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_what_people_wrote_is_escaped_everywhere():
    nasty = "<script>x</script>"
    page = render(
        "{% badge t %}{% avatar t %}{% stat t t note=t %}{% crumb t t %}{% tab t t %}{% copy_button t t %}"
        "{% progress 1 2 t %}{% card title=t url=t %}{{ t }}{% endcard %}{% callout title=t %}{{ t }}{% endcallout %}"
        "{% empty title=t text=t %}{{ t }}{% endempty %}{% menu label=t %}{{ t }}{% endmenu %}"
        "{% dialog id='d' title=t %}{{ t }}{% enddialog %}{% tabs t %}{{ t }}{% endtabs %}{% plate text=t %}",
        t=nasty,
    )
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_what_stands_between_tags_is_kept_as_markup():
    page = render('{% empty title="T" text="t" %}<a href="/new">New</a>{% endempty %}')
    assert '<a href="/new">New</a>' in page
    assert '<div class="buttons">' not in render('{% empty title="T" text="t" %} {% endempty %}')


def test_the_page_one_is_on_is_told_to_screen_readers():
    assert 'aria-current="page"' in render('{% tab "Open" "/o" current=True %}')
    assert "aria-current" not in render('{% tab "Open" "/o" %}')
    assert render('{% crumb "Here" %}') == '<li><span aria-current="page">Here</span></li>'


def test_a_progress_of_unknown_length_has_no_value():
    assert "value=" not in render('{% progress None 100 "Copy" %}').replace("progress-value", "")
    assert 'value="3" max="8"' in render('{% progress 3 8 "Copy" %}')
    assert 'hx-get="/jobs/1"' in render('{% progress 3 8 "Copy" poll="/jobs/1" %}')


def test_pages_keep_the_rest_of_the_query():
    request = RequestFactory().get("/polls/?state=open&page=3&q=a%26b")
    page = render("{% pagination page %}", page=Paginator(range(95), 10).page(3), request=request)
    assert "?state=open&amp;page=4&amp;q=a%26b" in page
    assert page.count('aria-current="page"') == 1


def test_one_page_needs_no_links():
    assert render("{% pagination page %}", page=Paginator(range(5), 10).page(1)) == ""


@pytest.mark.parametrize(
    ("tags", "tone"),
    [("success", "success"), ("undo success", "success"), ("error", "danger"), ("", "info"), ("debug", "info")],
)
def test_a_message_has_the_tone_of_its_tags(tags, tone):
    assert render("{{ tags|toast_tone }}", tags=tags) == tone


@pytest.mark.parametrize(
    ("name", "letters"),
    [("La Fabrique", "LF"), ("alice", "A"), ("Maison de l’Économie solidaire", "MS"), ("Jean-Luc Pé", "JP"), ("", "")],
)
def test_initials_are_one_or_two_capitals(name, letters):
    assert tones.initials(name) == letters


def test_a_name_always_has_the_same_tone():
    assert tones.tone_of("Alice Martin") == tones.tone_of("Alice Martin")
    assert {tones.tone_of(str(number)) for number in range(200)} == set(tones.TONES)
    assert tones.section_tone("decide") == "garance"
    assert tones.section_tone("never seen") in tones.TONES


def test_a_toast_asks_for_its_undo_once():
    asked = []

    class Shell:
        @property
        def undo(self):
            asked.append(1)
            return {"label": "", "url": "/undo", "token": "abc"}

    messages = [
        SimpleNamespace(tags="success undo", __str__=lambda: "Deleted"),
        SimpleNamespace(tags="success"),
    ]
    page = render('{% include "ui/toasts.html" %}', messages=messages, shell=Shell())
    assert asked == [1]
    assert 'action="/undo"' in page
    assert 'value="abc"' in page

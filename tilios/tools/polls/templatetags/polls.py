"""{% load polls %}: the bar of a result, the address of an option's picture or file."""

from fractions import Fraction
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tilios.core.access.links import link
from tilios.tools.polls import decision
from tilios.tools.polls.telling import grades
from tilios.ui import charts

register = template.Library()

ROUTES = {"image": "polls:image", "fichier": "polls:file"}


@register.simple_tag(takes_context=True)
def option_file(context: Context, what: str, option: Any) -> str:
    """Where the picture ("image") or the file ("fichier") of `option` is, for a person or behind a share link."""
    token = context.get("share_token")
    if token:
        return reverse("share_step", args=[token, f"{what}-{option.pk}"])
    return link(ROUTES[what], option.poll_id, option.pk)


@register.filter
def unbroken(name: str) -> str:
    """A name whose hours "18:00 – 20:00" stay on one line: a dash lets lines break after it, a word joiner does not."""
    return name.replace("–\N{NO-BREAK SPACE}", "–\N{WORD JOINER}\N{NO-BREAK SPACE}")


@register.filter(name="voices")
def voices_of(number: Any) -> str:
    """A number of voices, or a share, exact or to two decimals."""
    return decision.voices(Fraction(number))


@register.simple_tag
def bar(line: Any, result: Any) -> SafeString:
    """The counts of a line as a stretch of colours; silent for screen readers, which read the figures beside."""
    highest = max(result.highest, 1)
    parts, x = [], 0.0
    for level, count in line.cells:
        width = 100 * float(count) / float(highest)
        if count:
            parts.append((level.css, f"{x:.2f}", f"{max(width - 0.4, 0.4):.2f}", f"{level.label} : {count}"))
        x += width
    stretches = format_html_join(
        "", '<rect class="bar-{}" x="{}" y="0" width="{}" height="10"><title>{}</title></rect>', parts
    )
    middle = '<rect class="bar-middle" x="49.8" y="0" width="0.4" height="10"></rect>' if result.kind.middle else ""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-ground" x="0" y="0" width="100" height="10"></rect>{}{}</svg>',
        stretches,
        mark_safe(middle),  # noqa: S308 (written above)
    )


@register.simple_tag
def step_table(step: Any) -> SafeString:
    """The table of a step of a count, in a frame that scrolls."""
    return charts.table(step.head, step.rows, caption=step.title)


@register.simple_tag
def median_of(result: Any, line: Any) -> str:
    return grades.median(result, line)


@register.simple_tag
def grade_legend(result: Any) -> SafeString:
    """What the colours of a merit profile stand for, from the best grade to the worst."""
    marks = format_html_join(
        "",
        '<li><svg class="grade-mark" viewBox="0 0 10 10" aria-hidden="true">'
        '<rect class="bar-{}" width="10" height="10"></rect></svg>{}</li>',
        ((level.css, level.label) for level in result.levels),
    )
    return format_html('<ul class="grade-legend">{}</ul>', marks)

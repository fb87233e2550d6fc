"""{% load ui %}: the components of the design system, described in docs/design-system.md."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tilios.kit.money import format_cents
from tilios.ui import devices, icons
from tilios.ui import qr as qr_codes
from tilios.ui.dates import day_in_words
from tilios.ui.tones import initials as initials_of
from tilios.ui.tones import section_tone as section_tone_of
from tilios.ui.tones import tone_of

register = template.Library()

TONES = frozenset({"info", "success", "warning", "danger"})


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """{% icon "calendar" %}, or {% icon "lock" label=_("Private") %} when it says something alone."""
    return icons.icon(name, label=label, size=size)


@register.simple_tag
def plate(icon: str = "", text: str = "", section: str = "", size: str = "") -> SafeString:
    """An enamel plate with an icon or a few letters: {% plate icon="vote" section="decide" size="l" %}."""
    css = f" plate--{size}" if size else ""
    tone = f"tone-{section_tone_of(section)}" if section else "plate--accent"
    inside = icons.icon(icon) if icon else text
    return format_html('<span class="plate{} {}" aria-hidden="true">{}</span>', css, tone, inside)


@register.simple_tag
def avatar(name: str, url: str = "", size: str = "") -> SafeString:
    """A person beside their written name: {% avatar person.display_name size="s" %}. Silent for screen readers."""
    css = f"avatar avatar--{size}" if size else "avatar"
    if url:
        return format_html('<img class="{}" src="{}" alt="" loading="lazy">', css, url)
    return format_html('<span class="{} tone-{}" aria-hidden="true">{}</span>', css, tone_of(name), initials_of(name))


@register.simple_tag
def badge(text: str, tone: str = "", icon: str = "") -> SafeString:
    """{% badge _("Open") tone="success" icon="check" %}; tones: accent, info, success, warning, danger."""
    css = f"badge badge--{tone}" if tone else "badge"
    return format_html('<span class="{}">{}{}</span>', css, icons.icon(icon) if icon else "", text)


@register.simple_tag
def progress(value: float | None, max: float = 100, label: str = "", poll: str = "") -> str:  # noqa: A002
    """{% progress 3 8 _("Files imported") %}. With `poll`, an address, the bar asks it for its next self every two
    seconds, until the answer has no `poll` any more. A `value` of None is a wait of unknown length.
    """
    share = None if value is None or not max else round(100 * value / max)
    return render_to_string(
        "ui/components/progress.html", {"value": value, "max": max, "share": share, "label": label, "poll": poll}
    )


@register.simple_tag
def stat(label: str, value: Any, note: str = "") -> SafeString:
    """A figure, inside <dl class="stats">: {% stat _("Members") 128 note=_("12 more than last year") %}."""
    extra = format_html('<dd class="stat-note">{}</dd>', note) if note else ""
    return format_html('<div class="stat">{}<dd>{}</dd><dt>{}</dt></div>', extra, value, label)


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    """One step of {% block breadcrumbs %}; without address it is the page itself."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, label)
    return format_html('<li><span aria-current="page">{}</span></li>', label)


@register.simple_tag
def tab(label: str, url: str, current: bool = False, icon: str = "", count: int | None = None) -> SafeString:
    """One tab, inside {% tabs %}: {% tab _("Open") url current=True count=3 %}."""
    return format_html(
        '<li><a href="{}"{}>{}{}{}</a></li>',
        url,
        SafeString(' aria-current="page"') if current else "",
        icons.icon(icon) if icon else "",
        label,
        format_html(' <span class="badge">{}</span>', count) if count is not None else "",
    )


@register.simple_block_tag
def tabs(content: str, label: str) -> SafeString:
    """{% tabs _("Views of the agenda") %}{% tab … %}{% tab … %}{% endtabs %}."""
    return format_html('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>', label, content)


@register.simple_block_tag
def card(content: str, title: str = "", url: str = "", icon: str = "", section: str = "", level: int = 2) -> str:
    """{% card title="…" icon="calendar" %}…{% endcard %}; with `url` the whole card leads there."""
    context = {"content": content, "title": title, "url": url, "icon": icon, "level": level}
    context["tone"] = section_tone_of(section) if section else ""
    return render_to_string("ui/components/card.html", context)


@register.simple_block_tag
def callout(content: str, tone: str = "info", title: str = "") -> str:
    """{% callout tone="warning" title="…" %}…{% endcallout %}; tones: info, success, warning, danger."""
    return render_to_string("ui/components/callout.html", {"content": content, "tone": tone, "title": title})


@register.simple_block_tag
def empty(content: str, title: str, text: str, icon: str = "sprout", section: str = "", level: int = 2) -> str:
    """What a list says before its first item: what will live here, why, and (between the tags) how to begin."""
    context = {"content": SafeString(content.strip()), "title": title, "text": text, "icon": icon, "section": section}
    return render_to_string("ui/components/empty.html", {**context, "level": level})


@register.simple_block_tag
def menu(content: str, label: str, icon: str = "", shown: bool = True, small: bool = False, start: bool = False) -> str:
    """A button that opens links and buttons: {% menu label=_("More") icon="ellipsis" shown=False %}…{% endmenu %}."""
    context = {"content": content, "label": label, "icon": icon, "shown": shown, "small": small, "start": start}
    return render_to_string("ui/components/menu.html", context)


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> str:  # noqa: A002
    """{% dialog id="folder" title="…" %}…{% enddialog %}, opened by <button popovertarget="folder" data-dialog>."""
    return render_to_string("ui/components/dialog.html", {"content": content, "id": id, "title": title})


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page, name: str = "page") -> str:
    """{% pagination page %}: links to the pages of a Paginator, that keep the rest of the query. One page: nothing."""
    if page.paginator.num_pages < 2:
        return ""
    query = context["request"].GET.copy() if "request" in context else None

    def address(number: int) -> str:
        if query is None:
            return f"?{name}={number}"
        query[name] = str(number)
        return f"?{query.urlencode()}"

    return render_to_string(
        "ui/components/pagination.html",
        {
            "page": page,
            "previous": address(page.previous_page_number()) if page.has_previous() else "",
            "next": address(page.next_page_number()) if page.has_next() else "",
            "steps": list(_steps(page, address)),
        },
    )


def _steps(page: Page, address: Any) -> Iterable[dict[str, Any]]:
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if isinstance(number, int):
            yield {"number": number, "url": address(number), "current": number == page.number}
        else:
            yield {"number": None}


@register.simple_tag
def form_errors(form: BaseForm) -> str:
    """The summary of errors at the head of a form whose fields the page lays out itself."""
    return render_to_string("ui/forms/errors.html", {"form": form})


@register.simple_tag
def copy_button(text: str, label: str = "") -> str:
    """A button that copies `text`; it appears only where the script can do it."""
    return render_to_string("ui/components/copy.html", {"text": text, "label": label})


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    return qr_codes.svg(text, label=label)


@register.filter
def section_tone(slug: str) -> str:
    """The dye of a section, for a class: class="tone-{{ section.slug|section_tone }}"."""
    return section_tone_of(slug)


@register.filter
def in_words(day: date) -> str:
    """A day with its name: {{ poll.deadline|in_words }}, "mardi 1er décembre 2026"."""
    return day_in_words(timezone.localtime(day).date() if isinstance(day, datetime) else day)


@register.filter
def initials(name: str) -> str:
    return initials_of(name)


@register.filter
def toast_tone(tags: str) -> str:
    """The tone of a Django message, from its tags ("success undo", "error"…)."""
    words = set(tags.split())
    return "danger" if "error" in words else next(iter(sorted(words & TONES)), "info")


@register.filter
def device(user_agent: str) -> str:
    """A browser and its system in words: {{ session.user_agent|device }}."""
    return devices.device_name(user_agent)


@register.filter
def device_icon(user_agent: str) -> str:
    return devices.device_icon(user_agent)


@register.filter
def cents(amount: Any) -> str:
    """{{ charge.amount_cents|cents }}: an amount as people read it, nothing for None."""
    return "" if amount is None else format_cents(int(amount), get_language() or "fr")

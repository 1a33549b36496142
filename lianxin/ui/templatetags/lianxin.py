"""`{% load lianxin %}`: the components and the ways figures and days are said. Printing only; nothing is asked here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from django import template
from django.conf import settings
from django.template import loader
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lianxin.base import days
from lianxin.ui import parts, say
from lianxin.ui.appearance import Appearance
from lianxin.ui.around import Around
from lianxin.ui.charts import Bars, Places, Running
from lianxin.ui.forms import Field, Form
from lianxin.ui.notices import Notice, notices
from lianxin.ui.rows import icon, mark, printed_rows

register = template.Library()


# Ways of saying


@register.filter
def say_day(day: dt.date | None) -> str:
    """2021年3月5日; nothing for no day."""
    return days.say_day(day) if day else ""


@register.filter
def say_weekday(day: dt.date | None) -> str:
    return days.say_weekday(day) if day else ""


@register.filter
def thousands(number: say.Number | None) -> str:
    return say.say_number(number)


@register.filter
def yuan(amount: say.Number | None) -> str:
    return say.say_yuan(amount)


@register.filter
def wan(amount: say.Number | None) -> str:
    return say.say_wan(amount)


@register.filter
def percent(ratio: say.Number | None) -> str:
    return say.say_percent(ratio)


# Small parts


register.simple_tag(icon)
register.simple_tag(mark)


@register.simple_tag
def figure(value: say.Number | str | None, unit: str = "", href: str = "", fold: str = "") -> SafeString:
    """A number in a sentence, threaded when it opens: `{% figure n "户" url fold="distinct" %}`. None is 没有数."""
    shown = value if isinstance(value, str) else say.say_number(value)
    if value is None:
        return format_html('<span class="num is-unknown">{}</span>', shown)
    measure = format_html('<span class="u">{}</span>', unit) if unit else ""
    note = format_html('<span class="vh">（{}）</span>', parts.FOLD_WORDS.get(fold, fold)) if fold else ""
    if not href:
        return format_html('<span class="num">{}{}{}</span>', shown, measure, note)
    return format_html('<a class="fig" href="{}">{}{}{}</a>', href, shown, measure, note)


@register.inclusion_tag("ui/parts/big_figure.html")
def big_figure(figure: parts.Figure, heading: str = "h2") -> dict[str, object]:
    """A figure with its fold, last year and target: `{% big_figure page.visits %}`."""
    return {"figure": figure, "heading": heading}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(events: Sequence[parts.Event], label: str = "经过") -> dict[str, object]:
    """Events on a thread, oldest first: `{% timeline page.events %}`."""
    return {"events": events, "label": label}


@register.inclusion_tag("ui/parts/plan.html")
def plan(todos: Sequence[parts.Todo], label: str = "今天要做的") -> dict[str, object]:
    """The day on a thread: what is done is solid, what is ahead is dotted."""
    return {"todos": todos, "label": label}


@register.inclusion_tag("ui/parts/lines.html")
def lines(items: Sequence[parts.Line]) -> dict[str, object]:
    """A list of links, each with its arrow."""
    return {"items": items}


@register.inclusion_tag("ui/parts/pager.html")
def pager(pages: parts.Pages, target: str = "") -> dict[str, object]:
    """Newer and older; `target` is the id that htmx replaces."""
    return {"pages": pages, "target": target}


@register.inclusion_tag("ui/parts/rows.html")
def rows(table: parts.Table) -> dict[str, object]:
    """A table that becomes cards on a phone: `{% rows page.table %}`."""
    return {"table": table, "body": printed_rows(table)}


@register.inclusion_tag("ui/parts/chips.html")
def chips_filter(chips: Sequence[parts.Chip], label: str, target: str = "") -> dict[str, object]:
    """Filters as links; `target` is the id that htmx replaces."""
    return {"chips": chips, "label": label, "target": target}


@register.inclusion_tag("ui/parts/crumbs.html")
def crumbs(steps: Sequence[parts.Crumb]) -> dict[str, object]:
    return {"steps": steps}


@register.inclusion_tag("ui/parts/crumbs.html")
def trail(*steps: str) -> dict[str, object]:
    """The same said in the template: label, address, label, address, … and the label of this page."""
    return {"steps": [parts.Crumb(label, href) for label, href in zip_longest(steps[::2], steps[1::2], fillvalue="")]}


@register.inclusion_tag("ui/parts/known.html")
def known(facts: Sequence[parts.Known], title: str = "已有数据，无需再填") -> dict[str, object]:
    """What the register already says, so that nobody asks again."""
    return {"facts": facts, "title": title}


@register.inclusion_tag("ui/charts/bars.html")
def bars_chart(chart: Bars) -> dict[str, object]:
    return {"chart": chart}


@register.inclusion_tag("ui/charts/running.html")
def running_chart(chart: Running) -> dict[str, object]:
    return {"chart": chart}


@register.inclusion_tag("ui/charts/places.html")
def places_chart(chart: Places) -> dict[str, object]:
    return {"chart": chart}


@register.simple_block_tag
def section(content: SafeString, title: str, aside: str = "", href: str = "", id: str = "") -> SafeString:  # noqa: A002
    """A section under a strong rule; `aside` is a word at its right end, a link when it has an address."""
    at_end = SafeString("")
    if aside:
        at_end = format_html('<a href="{}">{}</a>', href, aside) if href else format_html("<p>{}</p>", aside)
    return format_html(
        '<section class="sec"{}><div class="sec-h"><h2>{}</h2>{}</div>{}</section>',
        format_html(' id="{}"', id) if id else "",
        title,
        at_end,
        content,
    )


# Forms


@register.simple_tag
def field(asked: Field) -> SafeString:
    """One question with its label, help and mistake: `{% field form.heard %}`."""
    return loader.render_to_string(asked.template, {"field": asked})


@register.inclusion_tag("ui/parts/mistakes.html")
def mistakes(form: Form) -> dict[str, object]:
    """What is wrong, above the form, each line leading to its field."""
    return {"form": form}


@register.simple_block_tag
def step(content: SafeString, question: str = "", hint: str = "", state: str = "") -> SafeString:
    """A knot of the form's thread. Without a question its one field's label is the question."""
    asked = format_html('<h2 class="step-q">{}<small>{}</small></h2>', question, hint) if question else ""
    return format_html('<section class="step{}">{}{}</section>', f" is-{state}" if state else "", asked, content)


@register.simple_tag
def chrome(name: str, around: Around) -> SafeString:
    """A part that says only what stands around the page: printed once for all pages and readers it is the same for."""
    print_part = _printed.__wrapped__ if settings.DEBUG else _printed
    return print_part(name, replace(around, title="", look=Appearance()))


@lru_cache(maxsize=512)
def _printed(name: str, around: Around) -> SafeString:
    return loader.render_to_string(f"ui/parts/{name}.html", {"around": around})


@register.simple_tag(takes_context=True)
def waiting_notices(context: Context) -> list[Notice]:
    """What waits to be said to this reader; a page without a request (500) has nothing."""
    request = context.get("request")
    return list(notices(request)) if request is not None else []

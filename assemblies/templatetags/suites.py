"""Tags that print words, states, dates, and the small drawings beside them.

Templates never print a field that holds words in several languages: ``{% words %}`` chooses the
text, sets ``lang`` and says what is not yet translated.
"""

import datetime
from calendar import monthrange
from collections.abc import Iterable
from functools import cache

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assemblies import dates, drawings, enums
from assemblies.additions import added_to
from assemblies.words import Choice, choose

register = template.Library()

IN_LANGUAGE = {
    "fr": _("in French"),
    "nl": _("in Dutch"),
    "en": _("in English"),
    "de": _("in German"),
}
TEXT_IN_LANGUAGE = {
    "fr": _("Text in French."),
    "nl": _("Text in Dutch."),
    "en": _("Text in English."),
    "de": _("Text in German."),
}
#: Kinds of action by which the authority decides.
DECIDING_KINDS = frozenset({enums.Kind.RESPONSE, enums.Kind.VOTE, enums.Kind.DECISION})


# -- words ------------------------------------------------------------------------------------


@register.simple_tag
def words(
    value: object, note: object = True, plain: object = False, owed: object = True
) -> SafeString:
    """The words of ``value`` in the reader's language, else in another, with ``lang`` and a note.

    ``note=False``: ``lang`` only. ``plain=True``: the text alone, for attributes and titles.
    ``owed=False``: the assembly publishes nothing in the reader's language, so nothing is missing;
    the note says in which language the text is.
    """
    choice = choose(value)
    if plain or not choice.missing:
        return conditional_escape(choice.text)
    text = format_html('<span lang="{}">{}</span>', choice.language, choice.text)
    if note is False:
        return text
    return format_html("{} {}", text, _language_tag(choice, owed))


@register.simple_tag
def words_block(value: object, note: object = True, owed: object = True) -> SafeString:
    """The same for a longer text: paragraphs from blank lines, the note above them."""
    choice = choose(value)
    paragraphs = linebreaks_filter(choice.text) if choice else SafeString()
    if not choice.missing:
        return paragraphs
    above = "" if note is False else language_note(choice, owed=owed)
    return format_html('{}<div lang="{}">{}</div>', above, choice.language, paragraphs)


@register.simple_tag
def language_tag(value: object, owed: object = True) -> SafeString:
    """Only the note of ``{% words %}``, for where the words themselves are a link."""
    choice = choose(value)
    return _language_tag(choice, owed) if choice.missing else SafeString()


@register.simple_tag
def language_note(value: object = None, owed: object = True, language: str = "") -> SafeString:
    """The note above a longer text: "Not yet translated. Text in French.".

    Without ``language`` it is that of ``value``, and there is no note if it is the reader's.
    """
    choice = choose(value)
    if not language and not choice.missing:
        return SafeString()
    code = language or choice.language
    context = {
        "owed": owed is not False,
        "text_in": TEXT_IN_LANGUAGE.get(code),
        "language": code,
        "name": _own_name(code),
    }
    return render_to_string("components/language_note.html", context)


@register.simple_tag
def in_language(code: str) -> SafeString:
    """In which language something is: "in French", or the language's own name."""
    if known := IN_LANGUAGE.get(code):
        return conditional_escape(known)
    return format_html('<span lang="{}">{}</span>', code, _own_name(code))


@register.filter
def is_translated(value: object) -> bool:
    """Whether ``value`` exists in the reader's language, so that a text under it needs its note."""
    return not choose(value).missing


@register.filter
def has_words(value: object) -> bool:
    """Whether there is a text in any language."""
    return bool(choose(value))


def _language_tag(choice: Choice, owed: object) -> SafeString:
    says = in_language(choice.language) if owed is False else gettext("not yet translated")
    return format_html('<span class="language-tag">{}</span>', says)


def _own_name(code: str) -> str:
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return code


# -- states -----------------------------------------------------------------------------------


@register.simple_tag
def tone(axis: str, code: str) -> str:
    """How far: the ink of a value, as the end of a class name."""
    return enums.TONES.get(axis, {}).get(code, "plain")


@register.inclusion_tag("components/state.html")
def state(
    axis: str, code: str, words: object = None, since: object = None, axis_name: object = True
) -> dict:
    """The chip of one state: sign, words and, for the ear, the name of the axis.

    ``words``: the recommendation kind's own word for it. ``since``: the first and last day between
    which it became so, or one day.
    ``axis_name=False`` where the text before the chip names the axis.
    """
    values = enums.VALUES.get(axis)
    known = values is not None and code in values.values
    return {
        "axis": axis,
        "code": code if known else "",
        "tone": tone(axis, code),
        "axis_label": enums.Axis(axis).label if known and axis_name is not False else "",
        "label": words if choose(words) else (values(code).label if values and known else ""),
        "since": dates.since(*rows(since)) if since else "",
    }


@register.inclusion_tag("components/counts.html")
def counts(
    measures: object = None, done: int | None = None, total: int | None = None, large: bool = False
) -> dict:
    """One square a measure, and the same in words: "2 of 5 delivered". Never a percentage.

    ``measures``: implementation codes, or measures, in the measures' own order. Where only the
    numbers are known, ``done`` and ``total``: words without squares.
    """
    codes = [m if isinstance(m, str) else str(_item(m, "implementation")) for m in rows(measures)]
    if codes or total is None:
        total, done = len(codes), sum(code in enums.DONE_IMPLEMENTATIONS for code in codes)
    done = int(done or 0)
    width, height, shapes = drawings.measures(codes)
    return {
        "total": total,
        "text": ngettext("%(done)s of %(total)s delivered", "%(done)s of %(total)s delivered", done)
        % {"done": done, "total": total},
        "width": width,
        "height": height,
        "shapes": _drawn(shapes),
        "large": large,
    }


@register.simple_tag
def units(count: int, axis: str = "", code: str = "") -> SafeString:
    """One square a recommendation, in the ink of the state they share."""
    width, height, shapes = drawings.units(count, tone(axis, code) if axis else "full")
    return format_html(
        '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true">{2}</svg>',
        width,
        height,
        _drawn(shapes),
    )


@register.simple_tag
def bar(count: int, total: int) -> SafeString:
    """So many full squares of so many; nothing where nobody would count them."""
    if not total or total > drawings.COUNTABLE:
        return SafeString()
    width, height, shapes = drawings.share(count, total)
    return format_html(
        '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true">{2}</svg>',
        width,
        height,
        _drawn(shapes),
    )


def _drawn(svg: str) -> SafeString:
    """Trusts what this project drew itself; never an editor's or a reader's text."""
    return mark_safe(svg)  # noqa: S308


# -- signs ------------------------------------------------------------------------------------


@cache
def _drawing(name: str) -> str:
    return render_to_string(f"icons/{name}.svg").strip()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """The icon of this name, drawn inline; a name without a file is an error."""
    drawing = _drawing(name)
    if css:
        drawing = drawing.replace('class="icon"', f'class="icon {conditional_escape(css)}"', 1)
    return _drawn(drawing)


@register.simple_tag
def mark(
    seed: str,
    size: int = 5,
    shape: str = "rings",
    count: int | None = None,
    drawn: int | None = None,
    css: str = "",
) -> SafeString:
    """The drawn-lots mark: a grid of signs, some full, by a lot that the seed decides.

    ``size``: signs on a side; or ``count`` signs, as many as a panel had members, of which
    ``drawn`` are full, as many as its committee has. ``shape``: ``rings`` or ``lozenges``.
    """
    number = min(int(count or size * size), 400)
    full = min(int(drawn or round(number * drawings.SHARE)), number)
    width, height, shapes = drawings.mark(str(seed), number, full, shape)
    return format_html(
        '<svg class="mark{0}" viewBox="0 0 {1} {2}" width="{1}" height="{2}" '
        'aria-hidden="true">{3}</svg>',
        f" {css}" if css else "",
        width,
        height,
        _drawn(shapes),
    )


@register.simple_tag
def example(obj: object) -> SafeString:
    """The mark of what is invented; nothing for what is real."""
    if not (obj if isinstance(obj, bool) else _item(obj, "example")):
        return SafeString()
    return format_html('<span class="example">{}</span>', gettext("Example"))


@register.filter
def sign(action: object) -> str:
    """Who speaks in an action: ``citizens``, ``decides`` (the authority), or "" (a fact)."""
    kind, body = _item(action, "kind"), _item(action, "body")
    citizens = _item(body, "kind") in enums.CITIZENS_BODIES
    if kind == enums.Kind.OPINION or (citizens and kind != enums.Kind.HANDOVER):
        return "citizens"
    return "decides" if kind in DECIDING_KINDS else ""


# -- dates ------------------------------------------------------------------------------------


@register.simple_tag
def day(date: datetime.date | None) -> SafeString:
    """A day in words, with the day itself for machines."""
    if not date:
        return SafeString()
    return format_html('<time datetime="{}">{}</time>', date.isoformat(), dates.day(date))


@register.simple_tag
def happened(first: datetime.date | None, last: datetime.date | None = None) -> SafeString:
    """When it happened, as exactly as it is known: a day, a month, a year, or a span."""
    first, last = first or last, last or first
    if not first or not last:
        return SafeString()
    text = dates.span(first, last)
    if machine := _period(first, last):
        return format_html('<time datetime="{}">{}</time>', machine, text)
    return format_html("<span>{}</span>", text)


def _period(first: datetime.date, last: datetime.date) -> str:
    """What a ``datetime`` attribute can say of it: a day, a month or a year."""
    if first == last:
        return first.isoformat()
    if first.year != last.year or first.day != 1:
        return ""
    if (first.month, last.month, last.day) == (1, 12, 31):
        return f"{first:%Y}"
    if first.month == last.month and last.day == monthrange(last.year, last.month)[1]:
        return f"{first:%Y-%m}"
    return ""


@register.simple_tag
def deadline(said: object, date: datetime.date | None = None) -> SafeString:
    """A due date in the words of whoever gave it, in quotation marks, and the day if known."""
    quoted = SafeString()
    if choose(said):
        marks = gettext("“%(said)s”")
        quoted = format_html(marks.replace("%(said)s", "{}"), words(said, note=False))
    return format_html("{}{}{}", quoted, ", " if quoted and date else "", day(date))


# -- what other rooms add ---------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def added(context: template.Context, place: str, subject: object = None) -> SafeString:
    """What rooms above the domain show here (``assemblies.additions``)."""
    request = context.get("request")
    if request is None:
        return SafeString()
    return format_html_join("", "{}", ((html,) for html in added_to(place, request, subject)))


# -- lists ------------------------------------------------------------------------------------


@register.filter
def rows(value: object) -> list:
    """A list as it is, or the rows of a related manager (those prefetched, where they were)."""
    if not value:
        return []
    if callable(every := getattr(value, "all", None)):
        return list(every())
    return list(value) if isinstance(value, Iterable) else [value]


@register.filter
def chosen(items: object) -> object:
    """The item of a menu that is the current one, if any."""
    return next((item for item in rows(items) if _item(item, "current")), None)


@register.simple_tag
def names(bodies: object) -> SafeString:
    """The names of one or several bodies or topics, each a link where it has a page."""
    return format_html_join(", ", "{}", ((_linked(each),) for each in rows(bodies)))


def _linked(body: object) -> SafeString:
    name = words(getattr(body, "name", body), note=False)
    url = getattr(body, "url", "")
    return format_html('<a href="{}">{}</a>', url, name) if url else name


@register.simple_tag
def targets_of(action: object, here: object = None) -> list:
    """What an action is about, without the recommendation or measure of the page itself."""
    return [
        target
        for target in rows(_item(action, "targets"))
        if not here or here not in (_item(target, "recommendation"), _item(target, "measure"))
    ]


def _item(obj: object, name: str) -> object:
    return obj.get(name) if isinstance(obj, dict) else getattr(obj, name, None)


@register.filter
def file_size(size: int) -> str:
    """How large a document is, in round numbers: "640 kB", "2.1 MB"."""
    if size < 1_000_000:
        return gettext("%(size)s kB") % {"size": max(1, round(size / 1000))}
    return gettext("%(size)s MB") % {"size": number_format(size / 1_000_000, 1)}


@register.filter
def both_official(sources: object) -> bool:
    """Whether one of the sources is official in several languages: then none is a translation."""
    versions: dict[object, set[object]] = {}
    for source in rows(sources):
        if _item(source, "official"):
            versions.setdefault(_item(source, "position"), set()).add(_item(source, "language"))
    return any(len(languages) > 1 for languages in versions.values())

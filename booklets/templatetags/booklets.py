"""Signs of a booklet: as the pages draw them, or as paper does, where style sheets bring them."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from assemblies import enums
from assemblies.templatetags import suites
from assemblies.words import choose

register = template.Library()


@register.simple_tag(takes_context=True)
def chip(context: Any, axis: str, code: str, words: Any = None) -> SafeString:
    """One state: on a page the domain's own chip; on paper its sign comes from the style sheet."""
    if not context.get("printed"):
        from django.template.loader import render_to_string

        return SafeString(
            render_to_string("components/state.html", suites.state(axis, code, words)).strip()
        )
    values = enums.VALUES.get(axis)
    if values is None or code not in values.values:
        return SafeString()
    label = words if choose(words) else values(code).label
    return format_html(
        '<span class="state state--{} state--{}"><i class="sign sign--{}"></i>{}</span>',
        axis,
        suites.tone(axis, code),
        code,
        suites.words(label, note=False),
    )


@register.simple_tag(takes_context=True)
def squares(context: Any, codes: list[str]) -> SafeString:
    """One square a measure, and the same in words."""
    told = suites.counts(codes)
    if not context.get("printed"):
        from django.template.loader import render_to_string

        return SafeString(render_to_string("components/counts.html", told).strip())
    if not codes:
        return format_html("<span>{}</span>", gettext("No measure"))
    drawn = format_html_join(
        "", '<i class="square square--{}"></i>', ((code or "not_started",) for code in codes)
    )
    return format_html('<span class="counts">{} <span>{}</span></span>', drawn, told["text"])


@register.simple_tag(takes_context=True)
def units(context: Any, number: int, axis: str, code: str) -> SafeString:
    """One square a recommendation; paper shows the number alone."""
    return SafeString() if context.get("printed") else suites.units(number, axis, code)


@register.simple_tag(takes_context=True)
def evidence(context: Any, source: dict[str, Any]) -> SafeString:
    """One source: its title, in its language, and where it can be read."""
    language = source.get("language") or ""
    marked = format_html(' lang="{}"', language) if language and language != get_language() else ""
    title = format_html("<span{}>{}</span>", marked, source["title"] or source["url"])
    if not source["url"]:
        return title
    return format_html('<a href="{}">{}</a>', source["url"], title)


@register.simple_tag(takes_context=True)
def untranslated(context: Any, language: str) -> SafeString:
    """The note above a text that stands in another language; on paper without its sign."""
    owed = context.get("owed", True)
    if not context.get("printed"):
        return suites.language_note(language=language, owed=owed)
    said = suites.TEXT_IN_LANGUAGE.get(language) or suites.in_language(language)
    if owed is False:
        return format_html('<p class="language-note">{}</p>', said)
    return format_html('<p class="language-note">{} {}</p>', gettext("Not yet translated."), said)


@register.simple_tag(takes_context=True)
def told(context: Any, value: object) -> SafeString:
    """A longer text: paragraphs, with the note above them where it is not translated."""
    choice = choose(value)
    text = suites.words_block(value, note=False)
    if not choice.missing:
        return text
    return format_html("{}{}", untranslated(context, choice.language), text)


@register.filter
def many(number: int, nouns: str) -> str:
    """A number with its noun: "60 recommendations"."""
    told = {
        "recommendations": ngettext(
            "%(count)s recommendation", "%(count)s recommendations", number
        ),
        "measures": ngettext("%(count)s measure", "%(count)s measures", number),
        "steps": ngettext("%(count)s step", "%(count)s steps", number),
    }[nouns]
    return told % {"count": number}

"""What stands in the head of every page: its address, its languages, how it looks when shared."""

import json
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

from babel.core import get_global
from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import gettext

from assemblies.pages.common import directory_of, reader_language, site_url
from assemblies.sharing import card, contents, described
from portal.env import BASE_DIR

register = template.Library()

#: Open Graph names a language with a country; where it is not the likeliest one, it stands here.
LOCALES = {"nl": "nl_BE", "en": "en_GB"}
#: As ``json_script`` of Django: nothing in a text can end the element that holds it.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


# -- the icon of the tab -------------------------------------------------------------------------


@register.simple_tag
@cache
def tab_icon() -> SafeString:
    """The site's sign, inside the page: a browser asks for nothing more to show it."""
    drawing = (BASE_DIR / "static/images/suites.svg").read_text("utf-8").strip()
    # The quotation marks that an address may hold as they are: shorter than their escapes.
    address = quote(drawing.replace('"', "'"), safe="='/:;,().-+!*@$")
    return format_html(
        '<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{}">',
        mark_safe(address),  # noqa: S308 -- a file of ours
    )


# -- blocks said twice --------------------------------------------------------------------------


class Capture(template.Node):
    """What a page's block says, kept under a name: a block itself can stand in one place only."""

    def __init__(self, name: str, nodelist: template.NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        said = " ".join(normalize_newlines(strip_tags(self.nodelist.render(context))).split())
        context[self.name] = mark_safe(said)  # noqa: S308 -- a template's own, already escaped
        return SafeString()


@register.tag
def capture(parser: Any, token: Any) -> Capture:
    """``{% capture name %}…{% endcapture %}``: its text, on one line and without elements."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(name, nodelist)


# -- addresses ----------------------------------------------------------------------------------


def _existing(context: template.Context) -> list[dict[str, Any]]:
    """The languages in which the page exists, with its address in each; none for a stray one."""
    languages = context.get("languages")
    found = languages() if callable(languages) else languages
    return [each for each in found or () if each["exists"]]


def _here(context: template.Context) -> str:
    """The page's own address for search engines.

    Where the page is not in the reader's language, and only its frame is: the page it is in.
    """
    canonical = context.get("canonical_url") or ""
    existing = _existing(context)
    if not canonical or not existing or any(each["current"] for each in existing):
        return canonical
    return _address(context, existing[0])


def _address(context: template.Context, language: dict[str, Any]) -> str:
    """The page in another language, at the same place of a list."""
    query = urlsplit(context.get("canonical_url") or "").query
    return f"{site_url(language['code'])}{language['path']}{f'?{query}' if query else ''}"


@register.simple_tag(takes_context=True)
def canonical(context: template.Context) -> SafeString:
    """The one address of this content."""
    address = _here(context)
    return format_html('<link rel="canonical" href="{}">', address) if address else SafeString()


@register.simple_tag(takes_context=True)
def alternates(context: template.Context) -> SafeString:
    """The same page in each language that it exists in, and the one for readers of another."""
    existing = _existing(context)
    if not context.get("canonical_url") or not existing:
        return SafeString()
    named = [(each["code"], _address(context, each)) for each in existing]
    return format_html_join(
        "",
        '<link rel="alternate" hreflang="{}" href="{}">',
        [*named, ("x-default", named[0][1])],
    )


@register.simple_tag(takes_context=True)
def feeds(context: template.Context) -> SafeString:
    """The feeds that a browser or a reader finds here: of the page's own steps, of the site's.

    ``steps_of``: the filters of the timeline that choose the page's steps.
    """
    own = context.get("steps_of")
    if not (own or context.get("canonical_url")):
        return SafeString()
    address = reverse("timeline:feed")
    named = [(gettext("All steps"), address)]
    if own:
        named.insert(0, (gettext("Steps of this page"), f"{address}?{own}"))
    return format_html_join(
        "",
        '<link rel="alternate" type="application/atom+xml" title="{}" href="{}">',
        ((f"Suites, {title}", url) for title, url in named),
    )


# -- shared -------------------------------------------------------------------------------------


def _locale(code: str) -> str:
    """A language as Open Graph names it, with the country that most of its readers live in."""
    if code in LOCALES:
        return LOCALES[code]
    language, _separator, country = code.partition("-")
    likely = str(get_global("likely_subtags").get(language, "")).rsplit("_", 1)
    country = country or (likely[1] if len(likely) > 1 else "")
    return f"{language}_{country.upper()}" if country else language


def _card(context: template.Context) -> card.Card:
    """The picture of the page: its own, its assembly's, or the site's."""
    own = context.get("card")
    if own is not None:
        return own
    request = context["request"]
    example = bool(context.get("noindex") or context.get("example"))
    assembly = getattr(request, "assembly", None) or context.get("assembly")
    if assembly is not None and assembly.pk:
        return contents.of_assembly(directory_of(request), assembly, example=example)
    return contents.of_site(example=example)


@register.simple_tag(takes_context=True)
def sharing(context: template.Context, title: str, description: str) -> SafeString:
    """How the page looks where somebody shares its address; nothing for errors and drafts."""
    if not context.get("canonical_url") or context.get("draft"):
        return SafeString()
    picture = _card(context)
    existing = [each["code"] for each in _existing(context)]
    own = reader_language()
    # As the canonical address: where only the frame is in the reader's language, the page's own.
    language = own if own in existing or not existing else existing[0]
    properties = [
        ("og:site_name", contents.NAME),
        ("og:type", "article" if context.get("work") else "website"),
        ("og:title", title),
        ("og:description", description),
        ("og:url", _here(context)),
        ("og:locale", _locale(language)),
        *(("og:locale:alternate", _locale(code)) for code in existing if code != language),
        ("og:image", context["site_url"] + picture.url),
        ("og:image:type", "image/png"),
        ("og:image:width", card.WIDTH),
        ("og:image:height", card.HEIGHT),
        ("og:image:alt", picture.alternative),
    ]
    return format_html(
        '{}<meta name="twitter:card" content="summary_large_image">{}',
        format_html_join(
            "",
            '<meta property="{}" content="{}">',
            (each for each in properties if each[1]),
        ),
        _data(context),
    )


def _data(context: template.Context) -> SafeString:
    """The page's facts as data: no script, so the policy on scripts lets it pass."""
    graph = [
        each
        for each in (described.trail(context.get("breadcrumbs") or []), context.get("work"))
        if each
    ]
    if not graph:
        return SafeString()
    said = json.dumps(
        {"@context": described.CONTEXT, "@graph": graph}, ensure_ascii=False, separators=(",", ":")
    )
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(said.translate(ESCAPES)),  # noqa: S308 -- escaped just now
    )

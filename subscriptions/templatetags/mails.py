"""Words in mails: in HTML with their language, in plain text with a note where it is another."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from assemblies.enums import TONES as TONE
from assemblies.templatetags.suites import in_language
from assemblies.words import choose
from subscriptions.mail_styles import INKS, TONES

register = template.Library()

SIGNS = {"full": "■", "going": "◧", "part": "◧", "no": "☒", "open": "□"}


@register.simple_tag
def said(value: object) -> SafeString:
    """Words for HTML: marked and noted where they are not in the language of the mail."""
    choice = choose(value)
    if not choice.missing:
        return format_html("{}", choice.text)
    return format_html(
        '<span lang="{}">{}</span> ({})', choice.language, choice.text, in_language(choice.language)
    )


@register.simple_tag
def said_plainly(value: object) -> SafeString:
    """The same for plain text, unescaped."""
    choice = choose(value)
    note = f" ({in_language(choice.language)})" if choice.missing else ""
    return mark_safe(choice.text + note)  # noqa: S308 -- plain text, never read as HTML


@register.simple_tag
def ink(name: str) -> str:
    """The second ink of an assembly, for a heading."""
    return INKS.get(name, "#17191f")


@register.simple_tag
def chip(axis: str, code: str) -> str:
    """What a state looks like, by how far it is."""
    return TONES[TONE.get(axis, {}).get(code, "plain")]


@register.simple_tag
def sign(axis: str, code: str) -> str:
    """The same as a sign, for those who see no colours and for programs that drop styles."""
    return SIGNS.get(TONE.get(axis, {}).get(code, "plain"), "")


@register.simple_tag
def example_word() -> str:
    return gettext("Example")

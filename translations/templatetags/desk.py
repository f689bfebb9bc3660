"""Tags of the translators' desk."""

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assemblies import directory
from assemblies.models import Assembly
from translations import reach
from translations.glossary import Term

register = template.Library()


@register.simple_tag
def language_itself(code: str) -> SafeString:
    """A language, named in itself and marked so."""
    return format_html('<span lang="{}">{}</span>', code, dict(settings.LANGUAGES).get(code, code))


@register.simple_tag
def term_in(term: Term, language: str) -> str:
    """The word of a term in a language; a dash where none is settled."""
    return term[language] or "–"


@register.simple_tag(takes_context=True)
def assembly_name(context: Context, assembly: Assembly | None) -> SafeString:
    """An assembly in the language of the admin; of none, what all of them share."""
    kept = context.render_context
    if "directory" not in kept:  # one look for all names of a template
        kept["directory"] = directory.current()
    name = reach.name_of(assembly, kept["directory"])
    return format_html('<span lang="{}">{}</span>', name.language, name.text)

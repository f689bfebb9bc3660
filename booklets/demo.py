"""The booklets of the demo: two editions of one Brussels cycle, and one of Paris, all marked.

They are frozen when the demo is loaded; the worker makes their PDF files and brings them online.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Locale, Page

from assemblies.models import Assembly, Cycle
from booklets import editions
from booklets.models import BookletPage, Edition

D = datetime.date


@dataclass(frozen=True, slots=True)
class Example:
    """One booklet of the demo; ``place``: the reference of a cycle or the code of an assembly."""

    place: str
    number: int
    closing_on: datetime.date
    words: dict[str, dict[str, str]] = field(default_factory=dict)


def _habiter(number: int) -> dict[str, dict[str, str]]:
    return {
        "fr": {
            "title": f"Habiter la ville, livret de suivi\N{NO-BREAK SPACE}{number}",
            "slug": f"livret-{number}",
            "subtitle": (
                "Ce que le gouvernement a répondu aux recommandations du premier cycle, et ce qui "
                "a été fait"
            ),
            "foreword": (
                "<p>Ce livret est fait pour la démonstration. Il montre comment une autorité rend "
                "compte aux personnes tirées au sort\u202f: ce qu’elles ont demandé, ce qu’on leur "
                "a répondu, ce qui est fait, et ce qu’elles en jugent.</p><p>Les fiches qui "
                "portent le mot Exemple sont inventées.</p>"
            ),
            "colophon": "<p>Livret de démonstration. Textes sous licence CC BY 4.0.</p>",
        },
        "nl": {
            "title": f"Wonen in de stad, opvolgingsbrochure\N{NO-BREAK SPACE}{number}",
            "slug": f"brochure-{number}",
            "subtitle": (
                "Wat de regering geantwoord heeft op de aanbevelingen van de eerste cyclus, en wat "
                "er gedaan is"
            ),
            "foreword": (
                "<p>Deze brochure is gemaakt voor de demonstratie. Ze toont hoe een overheid "
                "rekenschap aflegt aan mensen die geloot zijn: wat zij gevraagd hebben, wat hun "
                "geantwoord is, wat er gedaan is en wat zij ervan vinden.</p><p>De fiches waarop "
                "Voorbeeld staat, zijn verzonnen.</p>"
            ),
            "colophon": "<p>Demonstratiebrochure. Teksten onder licentie CC BY 4.0.</p>",
        },
    }


EXAMPLES = (
    Example("BXL-C1", 1, D(2025, 9, 30), _habiter(1)),
    Example("BXL-C1", 2, D(2026, 9, 30), _habiter(2)),
    Example(
        "PAR",
        1,
        D(2026, 6, 30),
        {
            "fr": {
                "title": "Paris, livret de suivi\N{NO-BREAK SPACE}1",
                "slug": "livret-1",
                "subtitle": "Ce que deviennent les vœux et les délibérations des promotions",
                "foreword": (
                    "<p>Ce livret est fait pour la démonstration. Il rassemble toutes les "
                    "promotions de l’assemblée\u202f: chaque acte adopté oblige la Ville à en "
                    "rendre compte.</p>"
                ),
                "colophon": "<p>Livret de démonstration. Textes sous licence CC BY 4.0.</p>",
            }
        },
    ),
)


def make() -> list[Edition]:
    """Freeze the booklets that are not there yet; where the demo is not loaded, none."""
    made = []
    for example in EXAMPLES:
        row: Any = (
            Cycle.objects.filter(reference=example.place).first()
            or Assembly.objects.filter(code=example.place).first()
        )
        code = f"{example.place}-L{example.number}"
        if row is None or Edition.objects.filter(code=code).exists():
            continue
        page = _draft(example, row.page.specific)
        editions.freeze(page)
        made.append(Edition.objects.get(code=code))
    return made


def _draft(example: Example, parent: Page) -> BookletPage:
    first: BookletPage | None = None
    for language, words in example.words.items():
        locale = Locale.objects.get(language_code=language)
        above = parent.get_translation_or_none(locale) if first else parent
        if above is None:
            continue
        page = BookletPage(
            **words,
            number=example.number,
            closing_on=example.closing_on,
            locale=locale,
            example=True,
            live=False,
            **({"translation_key": first.translation_key} if first else {}),
        )
        type(above).objects.get(pk=above.pk).add_child(instance=page)
        page.save_revision()
        first = first or page
    if first is None:
        raise ValueError("A booklet of the demo has no words.")
    return first

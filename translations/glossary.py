"""The field's terms, side by side: what a translator must not translate afresh.

The vocabulary is that of ``docs/domain.md``; the words for states and kinds of step are the
catalogue's own, so that a text says what the pages around it say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from assemblies.enums import VALUES, Kind


@dataclass(frozen=True)
class Term:
    """One term in several languages; ``note`` says what to mind."""

    words: dict[str, str]
    note: object = ""
    #: Other forms that a text may have, by language.
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, language: str) -> str:
        return self.words.get(language, "")


def _term(fr: str, nl: str, en: str, note: object = "", /, **forms: tuple[str, ...]) -> Term:
    return Term({"fr": fr, "nl": nl, "en": en}, note, forms)


VOCABULARY: tuple[Term, ...] = (
    _term(
        "assemblée citoyenne (permanente)",
        "burgerraad",
        "(permanent) citizens’ assembly",
        fr=("assemblée citoyenne", "assemblées citoyennes"),
        nl=("burgerraden",),
    ),
    _term(
        "cycle",
        "cyclus",
        "cycle",
        _("One model; the label belongs to the assembly."),
        nl=("cycli",),
        fr=("cycles",),
    ),
    _term("promotion", "lichting", "panel year", fr=("promotions",), nl=("lichtingen",)),
    _term(
        "tirage au sort",
        "loting",
        "sortition",
        fr=("tirées au sort", "tirés au sort"),
        nl=("geloot", "gelote"),
    ),
    _term(
        "recommandation",
        "aanbeveling",
        "recommendation",
        fr=("recommandations",),
        nl=("aanbevelingen",),
    ),
    _term("vœu", "motie", "resolution", fr=("vœux",), nl=("moties",)),
    _term("délibération", "besluit", "council decision", fr=("délibérations",), nl=("besluiten",)),
    _term(
        "mesure",
        "maatregel",
        "measure",
        _("What the administration does."),
        fr=("mesures",),
        nl=("maatregelen",),
    ),
    _term("direction", "directie", "directorate", fr=("directions",), nl=("directies",)),
    _term("service", "dienst", "department", fr=("services",), nl=("diensten",)),
    _term("service responsable", "verantwoordelijke dienst", "lead body"),
    _term("direction pilote", "verantwoordelijke dienst", "lead body", _("Paris says so.")),
    _term("services associés", "meewerkende diensten", "contributing bodies"),
    _term("suites données", "opvolging", "follow-up", fr=("suite donnée",)),
    _term("état d’avancement", "stand van zaken", "state of play"),
    _term(
        "droit de suite",
        "recht op opvolging",
        "right of follow-up",
        _("Not the right of artists, and not that of heirs."),
    ),
    _term("devoir de suite", "plicht tot opvolging", "duty of follow-up"),
    _term("reddition des comptes", "verantwoording", "accountability"),
    _term("comité de suivi", "opvolgingscomité", "follow-up committee"),
    _term(
        "livret de suivi",
        "opvolgingsbrochure",
        "follow-up booklet",
        fr=("livrets de suivi",),
        nl=("opvolgingsbrochures",),
    ),
    _term("première réponse", "eerste antwoord", "first response"),
    _term("réponse finale", "definitief antwoord", "final response"),
    _term("date prévue", "streefdatum", "due date"),
    _term("en retard", "te laat", "overdue"),
    _term("étape", "stap", "step", fr=("étapes",), nl=("stappen",)),
    _term("chronologie", "tijdlijn", "timeline"),
    _term("suivre", "volgen", "follow"),
    _term("se désabonner", "uitschrijven", "unsubscribe"),
    _term("affaires courantes", "lopende zaken", "caretaker period"),
    _term("rectificatif", "rechtzetting", "correction", fr=("rectificatifs",)),
)


def states(languages: Iterable[str]) -> list[Term]:
    """The words for every state and kind of step, as the pages say them."""
    labels = [value for values in VALUES.values() for value in values]
    labels += list(Kind)
    found: dict[object, dict[str, str]] = {label: {} for label in labels}
    for language in languages:
        with override(language):
            for label in labels:
                found[label][language] = str(label.label)
    return [Term(words) for words in found.values()]


def found_in(texts: Iterable[tuple[str, str]], language: str) -> list[Term]:
    """The terms that stand in these texts (language, text), and have a word in ``language``."""
    spoken = {code: " ".join(t.casefold() for c, t in texts if c == code) for code, _t in texts}
    return [
        term
        for term in VOCABULARY
        if term[language]
        and any(_stands_in(term, code, text) for code, text in spoken.items() if code != language)
    ]


def _stands_in(term: Term, code: str, text: str) -> bool:
    words = (re.sub(r"\s*\(.*?\)\s*", "", term[code]), *term.forms.get(code, ()))
    return any(
        re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", text.replace("'", "’"))
        for word in words
        if word
    )

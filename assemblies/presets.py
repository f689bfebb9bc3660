"""Regimes ready to load, as plain data: a starting point for a city that then describes its own.

Delays and answers are those of the domain model's table of presets; the six-monthly reports are
those of DemocracyNext's guide "After the assembly". Our own assumptions, where no source gives a
number: ``silent_after_months`` of all three, and the 3 months within which Paris names the lead
body of a measure.
"""

from typing import TypedDict


class RulePreset(TypedDict):
    """A duty rule ready to load: the fields of ``duties.Rule`` without its key, and its label."""

    code: str
    label: dict[str, str]
    trigger: str
    subject: str
    delay: int
    unit: str
    every: int
    count: int
    answered_by: list[str]
    stage: str
    closed_by: list[str]


class RegimePreset(TypedDict):
    """A regime ready to load, with its words by language."""

    code: str
    name: dict[str, str]
    explanation: dict[str, str]
    silent_after_months: int
    has_citizens_body: bool
    citizens_voice: dict[str, str]
    rules: list[RulePreset]


PRESETS: dict[str, RegimePreset] = {
    "brussels": {
        "code": "brussels",
        "name": {
            "fr": "Bruxelles\u202f: réponse du gouvernement et comité de suivi",
            "nl": "Brussel: antwoord van de regering en opvolgingscomité",
            "en": "Brussels: response of the government and follow-up committee",
        },
        "explanation": {
            "fr": (
                "Les recommandations ne sont pas contraignantes et ne sont pas votées\u202f: le "
                "gouvernement y répond. Le droit de suite n’est pas inscrit dans la loi\u202f; un "
                "comité de suivi tiré au sort parmi les membres le porte pendant l’année qui suit "
                "la fin du cycle. Une première réponse est attendue trois mois après la remise, la "
                "réponse finale après douze mois. Dans l’année, deux réunions formelles "
                "rassemblent les membres et les responsables politiques et administratifs."
            ),
            "nl": (
                "De aanbevelingen zijn niet bindend en er wordt niet over gestemd: de regering "
                "geeft een antwoord. Het recht op opvolging staat niet in de wet; een "
                "opvolgingscomité, geloot onder de deelnemers, waakt erover in het jaar na het "
                "einde van de cyclus. Een eerste antwoord wordt verwacht drie maanden na de "
                "overhandiging, het definitieve antwoord na twaalf maanden. In de loop van dat "
                "jaar komen deelnemers, politici en ambtenaren twee keer formeel samen."
            ),
        },
        "silent_after_months": 12,
        "has_citizens_body": True,
        "citizens_voice": {
            "fr": (
                "Le comité de suivi donne son avis sur la réponse et sur ce qui est réalisé. Cet "
                "avis est publié en entier, à côté de l’état officiel."
            ),
            "nl": (
                "Het opvolgingscomité beoordeelt het antwoord en de uitvoering. Die beoordeling "
                "wordt volledig gepubliceerd, naast de officiële stand van zaken."
            ),
        },
        "rules": [
            {
                "code": "initial_response",
                "label": {
                    "fr": "Première réponse du gouvernement",
                    "nl": "Eerste antwoord van de regering",
                },
                "trigger": "handover",
                "subject": "cycle",
                "delay": 3,
                "unit": "months",
                "every": 0,
                "count": 1,
                "answered_by": ["response"],
                "stage": "initial",
                "closed_by": [],
            },
            {
                "code": "final_response",
                "label": {
                    "fr": "Réponse finale du gouvernement",
                    "nl": "Definitief antwoord van de regering",
                },
                "trigger": "handover",
                "subject": "recommendation",
                "delay": 12,
                "unit": "months",
                "every": 0,
                "count": 1,
                "answered_by": ["response"],
                "stage": "final",
                "closed_by": [],
            },
            {
                "code": "formal_meetings",
                "label": {
                    "fr": "Réunion formelle avec le comité de suivi",
                    "nl": "Formele vergadering met het opvolgingscomité",
                },
                "trigger": "handover",
                "subject": "cycle",
                "delay": 12,
                "unit": "months",
                "every": 0,
                "count": 2,
                "answered_by": ["meeting"],
                "stage": "",
                "closed_by": [],
            },
        ],
    },
    "paris": {
        "code": "paris",
        "name": {
            "fr": "Paris\u202f: vote du Conseil et droit de suite dans l’acte",
            "nl": "Parijs: stemming in de Raad en recht op opvolging in het besluit",
            "en": "Paris: vote of the Council and follow-up written into the act",
        },
        "explanation": {
            "fr": (
                "Les vœux et les délibérations sont soumis au vote du Conseil de Paris. Chaque "
                "acte adopté contient un article qui oblige la Ville à rendre compte. Une "
                "direction pilote est nommée pour chaque mesure. Une fois par an, jusqu’à la fin "
                "du suivi, un livret de suivi est publié et une réunion annuelle a lieu."
            ),
            "nl": (
                "De Raad van Parijs stemt over de moties en de besluiten. Elk aangenomen besluit "
                "bevat een artikel dat de stad verplicht verantwoording af te leggen. Voor elke "
                "maatregel wordt een verantwoordelijke directie aangewezen. Eén keer per jaar, tot "
                "het einde van de opvolging, verschijnt een opvolgingsbrochure en vindt een "
                "jaarlijkse vergadering plaats."
            ),
        },
        "silent_after_months": 12,
        "has_citizens_body": False,
        "citizens_voice": {
            "fr": (
                "Il n’y a pas de comité de suivi\u202f: les membres s’expriment une fois par an, à "
                "la réunion annuelle. Leurs questions et les réponses sont publiées."
            ),
            "nl": (
                "Er is geen opvolgingscomité: de leden nemen één keer per jaar het woord, op de "
                "jaarlijkse vergadering. Hun vragen en de antwoorden worden gepubliceerd."
            ),
        },
        "rules": [
            {
                "code": "lead",
                "label": {
                    "fr": "Direction pilote nommée",
                    "nl": "Verantwoordelijke directie aangewezen",
                },
                "trigger": "publication",
                "subject": "measure",
                "delay": 3,
                "unit": "months",
                "every": 0,
                "count": 1,
                "answered_by": ["lead"],
                "stage": "",
                "closed_by": ["end"],
            },
            {
                "code": "booklet",
                "label": {"fr": "Livret de suivi", "nl": "Opvolgingsbrochure"},
                "trigger": "adoption",
                "subject": "recommendation",
                "delay": 12,
                "unit": "months",
                "every": 12,
                "count": 1,
                "answered_by": ["report"],
                "stage": "",
                "closed_by": ["end"],
            },
            {
                "code": "annual_meeting",
                "label": {"fr": "Réunion annuelle", "nl": "Jaarlijkse vergadering"},
                "trigger": "adoption",
                "subject": "recommendation",
                "delay": 12,
                "unit": "months",
                "every": 12,
                "count": 1,
                "answered_by": ["meeting"],
                "stage": "",
                "closed_by": ["end"],
            },
        ],
    },
    "democracynext": {
        "code": "democracynext",
        "name": {
            "fr": "Guide DemocracyNext\u202f: rapports d’avancement publics",
            "nl": "Gids van DemocracyNext: openbare voortgangsrapporten",
            "en": "DemocracyNext guide: public progress reports",
        },
        "explanation": {
            "fr": (
                "Selon le guide de DemocracyNext «\u202fAfter the assembly\u202f», l’autorité "
                "publie un premier rapport d’avancement trois mois après la remise, puis un "
                "nouveau tous les six mois, jusqu’à la fin du suivi."
            ),
            "nl": (
                "Volgens de gids “After the assembly” van DemocracyNext publiceert de overheid een "
                "eerste voortgangsrapport drie maanden na de overhandiging, en daarna om de zes "
                "maanden een nieuw, tot het einde van de opvolging."
            ),
        },
        "silent_after_months": 6,
        "has_citizens_body": True,
        "citizens_voice": {
            "fr": (
                "Un comité de suivi, formé de membres tirés au sort, donne son avis sur les "
                "réponses et sur ce qui est réalisé."
            ),
            "nl": (
                "Een opvolgingscomité van gelote leden beoordeelt de antwoorden en de uitvoering."
            ),
        },
        "rules": [
            {
                "code": "progress_report",
                "label": {
                    "fr": "Rapport d’avancement public",
                    "nl": "Openbaar voortgangsrapport",
                },
                "trigger": "handover",
                "subject": "cycle",
                "delay": 3,
                "unit": "months",
                "every": 6,
                "count": 1,
                "answered_by": ["report"],
                "stage": "",
                "closed_by": ["end"],
            },
        ],
    },
}


def load_presets() -> list[str]:
    """Write the presets that the site lacks as regimes with their duties; returns their codes.

    A regime that is there already stays as its owner made it.
    """
    from django.db import transaction

    from assemblies.models.regime import DutyRule, Regime

    loaded = []
    for code, preset in PRESETS.items():
        if Regime.objects.filter(code=code).exists():
            continue
        regime = Regime(
            code=code,
            name=preset["name"],
            explanation=preset["explanation"],
            silent_after_months=preset["silent_after_months"],
            has_citizens_body=preset["has_citizens_body"],
            citizens_voice=preset["citizens_voice"],
        )
        regime.duty_rules = [
            DutyRule(
                code=rule["code"],
                label=rule["label"],
                trigger=rule["trigger"],
                subject=rule["subject"],
                delay=rule["delay"],
                unit=rule["unit"],
                every=rule["every"],
                count=rule["count"],
                answered_by=rule["answered_by"],
                answered_by_stage=rule["stage"],
                closed_by=rule["closed_by"],
                sort_order=order,
            )
            for order, rule in enumerate(preset["rules"])
        ]
        with transaction.atomic():
            regime.save()
        loaded.append(code)
    return loaded

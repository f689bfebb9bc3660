"""Small exchange folders for tests."""

import csv
import json
from pathlib import Path
from typing import Any

from exchange import tables

LANGUAGES = ("fr", "nl")

#: One assembly with one cycle, a recommendation in two languages, a measure, and three actions.
SMALL: dict[str, list[dict[str, Any]]] = {
    "regimes": [
        {
            "key": "r",
            "code": "own",
            "name_fr": "À nous",
            "silent_after_months": 6,
            "has_citizens_body": "true",
        }
    ],
    "duty_rules": [
        {
            "key": "d",
            "regime": "r",
            "code": "answer",
            "label_fr": "Réponse",
            "trigger": "handover",
            "subject": "recommendation",
            "delay": 3,
            "unit": "months",
            "every": 0,
            "count": 1,
            "answered_by": "response|referral",
        }
    ],
    "topics": [{"key": "t", "slug": "eau", "name_fr": "Eau", "name_nl": "Water"}],
    "assemblies": [
        {
            "key": "a",
            "code": "LGE",
            "languages": "fr|nl",
            "regime": "r",
            "committee": "c",
            "example": "true",
            "title_fr": "Assemblée",
            "title_nl": "Burgerraad",
            "presentation_fr": "<p>Bonjour.</p>",
        }
    ],
    "bodies": [
        {
            "key": "g",
            "slug": "gov",
            "name_fr": "Gouvernement",
            "kind": "government",
            "assembly": "a",
            "example": "true",
        },
        {
            "key": "c",
            "slug": "com",
            "name_fr": "Comité",
            "kind": "committee",
            "assembly": "a",
            "parent": "z",
            "example": "true",
        },
        {
            "key": "z",
            "slug": "zoo",
            "name_fr": "Assemblée",
            "kind": "assembly",
            "assembly": "a",
            "example": "true",
        },
    ],
    "kinds": [
        {
            "key": "k",
            "assembly": "a",
            "code": "wish",
            "name_fr": "souhait",
            "plural_fr": "souhaits",
            "deciding_body": "g",
        }
    ],
    "kind_words": [
        {"key": "w", "kind": "k", "axis": "response", "value": "accepted", "word_fr": "Retenu"}
    ],
    "cycles": [
        {
            "key": "y",
            "assembly": "a",
            "code": "C1",
            "title_fr": "Cycle 1",
            "title_nl": "Cyclus 1",
            "handed_over_on": "2024-01-31",
            "example": "true",
        }
    ],
    "groups": [
        {"key": "g2", "cycle": "y", "parent": "g1", "title_fr": "Objectif", "sort_order": 1},
        {"key": "g1", "cycle": "y", "title_fr": "Priorité", "sort_order": 1},
    ],
    "recommendations": [
        {
            "key": "x",
            "cycle": "y",
            "label": "1.1",
            "kind": "k",
            "group": "g2",
            "topics": "t",
            "addressees": "g|c",
            "language": "nl",
            "example": "true",
            "title_fr": "De l’eau",
            "title_nl": "Water",
            "verbatim_fr": "<p>Nous demandons de l’eau.</p>",
            "verbatim_nl": "Wij vragen water.",
        },
        {
            "key": "x2",
            "cycle": "y",
            "kind": "k",
            "language": "fr",
            "example": "true",
            "title_fr": "De l’ombre",
            "verbatim_fr": "<p>Nous demandons de l’ombre.</p>",
        },
    ],
    "measures": [
        {
            "key": "m",
            "cycle": "y",
            "label": "1.1.1",
            "title_fr": "Une fontaine",
            "announced_on": "2024-04-02",
            "announced_by": "g",
            "first_lead": "g",
            "example": "true",
        }
    ],
    "measure_serves": [{"key": "mx", "measure": "m", "recommendation": "x"}],
    "actions": [
        {
            "key": "a3",
            "assembly": "a",
            "kind": "correction",
            "happened_first": "2024-04-02",
            "happened_last": "2024-04-02",
            "published_elsewhere_on": "2024-06-01",
            "body": "g",
            "axis": "response",
            "value": "rejected",
            "reason": "law",
            "corrects": "a1",
            "example": "true",
            "title_fr": "Non, en fait",
            "reason_text_fr": "Une loi s’y oppose.",
        },
        {
            "key": "a2",
            "assembly": "a",
            "kind": "outcome",
            "happened_first": "2024-05-01",
            "happened_last": "2024-05-31",
            "body": "g",
            "axis": "implementation",
            "value": "delivered",
            "example": "true",
            "title_fr": "La fontaine coule",
        },
        {
            "key": "a1",
            "assembly": "a",
            "kind": "response",
            "stage": "final",
            "happened_first": "2024-04-02",
            "happened_last": "2024-04-02",
            "body": "g",
            "axis": "response",
            "value": "accepted",
            "link": "new",
            "concerned_body": "g",
            "example": "true",
            "title_fr": "Oui",
            "title_nl": "Ja",
        },
    ],
    "targets": [
        {"key": "t1", "action": "a1", "recommendation": "x"},
        {"key": "t2", "action": "a2", "measure": "m"},
        {"key": "t3", "action": "a3", "recommendation": "x"},
    ],
    "sources": [
        {
            "key": "s2",
            "action": "a2",
            "position": 1,
            "language": "fr",
            "title": "Photo",
            "url": "https://example.org/photo",
            "official": "false",
        }
    ],
    "announced_counts": [
        {
            "key": "n",
            "cycle": "y",
            "counts": "panel",
            "number": 12,
            "words_fr": "douze personnes",
            "source_title_fr": "Affiche",
            "example": "true",
        }
    ],
    "withdrawals": [
        {
            "key": "q",
            "recommendation": "x2",
            "withdrawn_on": "2024-09-01",
            "reason_fr": "Saisie deux fois.",
            "example": "true",
        }
    ],
}


def small(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    """The small folder's rows; ``small(actions={"a1": {"link": ""}})`` changes some of them.

    None in place of a row's changes takes the row away.
    """
    rows = {name: [dict(row) for row in given] for name, given in SMALL.items()}
    for name, by_key in changes.items():
        found = {row["key"]: row for row in rows.setdefault(name, [])}
        for key, change in by_key.items():
            if change is None:
                rows[name].remove(found[key])
            elif key in found:
                found[key].update(change)
            else:
                rows[name].append({"key": key, **change})
    return rows


def write(folder: Path, rows: dict[str, list[dict[str, Any]]], *, described: bool = True) -> Path:
    """Write a folder as our own exports look."""
    for name, given in rows.items():
        headers = [column.header for column in tables.table(name, LANGUAGES).columns]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headers, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(given)
    if described:
        description = {
            "name": "test",
            "resources": [tables.resource(name, LANGUAGES) for name in rows],
        }
        (folder / "datapackage.json").write_text(json.dumps(description), encoding="utf-8")
    return folder

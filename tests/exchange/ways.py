"""The two ways of loading a folder, and everything that each leaves in the database."""

import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from exchange import reader, writer
from tests.exchange import folders

#: What every load leaves behind is in these; search engines of our own follow the change log.
APPS = ("assemblies", "exchange", "wagtailcore", "wagtailsearch")
#: Rows whose own key says nothing: nobody names them.
UNNAMED = {
    "StateSpan",
    "DueSpan",
    "ReferenceIndex",
    "PageLogEntry",
    "ModelLogEntry",
    "IndexEntry",
    "Origin",
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|\+\d\d:?\d\d)?")
UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")


def everything() -> dict[str, Counter]:
    """All rows of all tables, without moments and random keys; on PostgreSQL without keys at all:
    its sequences leave gaps, so fingerprints, which hold keys, differ as well."""
    found = {}
    for label in APPS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if not model._meta.managed or "FTS" in model.__name__:
                continue
            fields = [field for field in model._meta.concrete_fields if _kept(model, field)]
            names = [field.attname for field in fields]
            # Without a name, Django would give every column.
            rows = model._base_manager.values_list(*(names or ["pk"]))
            found[model._meta.label] = Counter(
                tuple(f"{f.name}={_plain(f, v)}" for f, v in zip(fields, row, strict=bool(names)))
                for row in rows
            )
    return found


def _kept(model: type[models.Model], field: models.Field) -> bool:
    if field.name in ("title_norm", "content_path_hash", "wagtail_reference_index_ignore"):
        return False
    if field.primary_key and (model.__name__ in UNNAMED or model._meta.auto_created):
        return False
    if connection.vendor == "sqlite":
        return True
    if (model.__name__, field.name) == ("StateSpan", "value"):
        return False  # of a lead, the key of its body
    keyed = field.primary_key or field.remote_field or isinstance(field, models.JSONField)
    return not keyed and field.name not in (
        *("fingerprint", "object_id", "to_object_id", "content_path", "row", "path", "listed"),
        "object_str",
    )


def _plain(field: models.Field, value: Any) -> str:
    if isinstance(field, models.DateTimeField | models.UUIDField):
        return str(value is not None)
    text = json.dumps(value, sort_keys=True, default=str)
    return UUID.sub("key", MOMENT.sub("moment", text))


def load(folder: Path, *, in_bulk: bool, name: str = "test") -> writer.Outcome:
    package = reader.read(folder, folders.LANGUAGES)
    assert [str(problem) for problem in package.problems] == []
    return writer.write(package, name, in_bulk=in_bulk)


def both(folder: Path) -> tuple[dict[str, Counter], dict[str, Counter]]:
    """What each of the two ways leaves behind, the bulk path first."""
    found = []
    for in_bulk in (True, False):
        with transaction.atomic():
            load(folder, in_bulk=in_bulk)
            found.append(everything())
            transaction.set_rollback(True)
    return found[0], found[1]


def rich() -> dict[str, list[dict[str, Any]]]:
    """The small folder with an act, measures without label, and a correction of a correction."""
    return folders.small(
        acts={
            "v": {
                "cycle": "y",
                "number": "2024 V. 7",
                "title_fr": "Vœu relatif à l’ombre",
                "session_first": "2024-03-01",
                "session_last": "2024-03-31",
                "council": "g",
                "result": "adopted_amended",
                "recommendations": "x2",
                "what_changed_fr": "Moins d’arbres.",
                "link": "planned",
                "url": "https://example.org/v",
                "votes_for": 30,
                "example": "true",
            }
        },
        measures={
            "m2": {
                "cycle": "y",
                "title_fr": "Planter",
                "title_nl": "Planten",
                "announced_on": "2024-04-03",
                "announced_by": "g",
                "contributors": "c|z",
                "first_deadline": "2025-01-01",
                "first_deadline_words_fr": "au printemps",
                "example": "true",
            },
            "m3": {
                "cycle": "y",
                "title_fr": "Arroser",
                "announced_on": "2024-04-03",
                "announced_by": "g",
                "example": "true",
            },
        },
        measure_serves={
            "s2": {"measure": "m2", "recommendation": "x2", "part_fr": "les arbres"},
            "s3": {"measure": "m2", "recommendation": "x"},
            "s4": {"measure": "m3", "recommendation": "x2"},
        },
        actions={
            "a4": {
                "assembly": "a",
                "kind": "correction",
                "happened_first": "2024-04-02",
                "happened_last": "2024-04-02",
                "published_elsewhere_on": "2024-07-01",
                "body": "g",
                "corrects": "a3",
                "withdraws": "true",
                "example": "true",
                "title_fr": "Retirée",
                "reason_text_fr": "Erreur.",
            },
            "a5": {
                "assembly": "a",
                "kind": "budget",
                "happened_first": "2024-06-01",
                "happened_last": "2024-06-30",
                "body": "g",
                "cycle": "y",
                "amount": "12500.50",
                "example": "true",
                "title_fr": "Un budget",
                "title_nl": "Een budget",
            },
        },
        recommendations={
            "x3": {
                "cycle": "y",
                "label": "1.2 bis",
                "kind": "k",
                "deciding_body": "c",
                "addressees": "z|c|g",
                "language": "fr",
                "handed_over_on": "2024-02-02",
                "votes_for": 12,
                "example": "true",
                "title_fr": "De l’ombre",
                "title_nl": "Schaduw",
                "summary_nl": "Kort.",
                "verbatim_fr": "<p>Encore de l’ombre.</p>",
                "verbatim_nl": "<p>Nog schaduw.</p>",
            },
            "x4": {
                "cycle": "y",
                "kind": "k",
                "language": "fr",
                "example": "true",
                "title_fr": "De l’ombre",
                "verbatim_fr": "<p>Toujours de l’ombre.</p>",
            },
        },
    )


VALUES: dict[str, list[dict[str, Any]]] = {
    "response": [
        {"value": "accepted", "link": "new", "concerned_body": "g"},
        {"value": "rejected", "reason": "law", "reason_text_fr": "La loi."},
        {"value": "under_study", "decision_due": "2025-06-01"},
        {"value": "partial", "link": "done", "reason_text_fr": "En partie."},
    ],
    "implementation": [
        {"value": "under_way"},
        {"value": "preparation"},
        {"value": "partly", "what_is_missing_fr": "Le reste.", "what_is_missing_nl": "De rest."},
        {"value": "stopped", "reason_text_fr": "Plus d’argent."},
    ],
    "opinion": [
        {"value": "to_clarify", "opinion_object": "answer"},
        {"value": "insufficient", "opinion_object": "whole"},
    ],
}
KINDS = {"response": "response", "implementation": "progress", "opinion": "opinion"}


def at_random(seed: int) -> dict[str, list[dict[str, Any]]]:
    """The rich folder with more recommendations, measures and actions, drawn at random."""
    draw = random.Random(seed)
    rows = rich()
    asked = [row["key"] for row in rows["recommendations"]]
    for number in range(draw.randint(3, 8)):
        key = f"r{number}"
        asked.append(key)
        languages = draw.choice((("fr",), ("nl", "fr"), ("fr", "nl")))
        rows["recommendations"].append(
            {
                "key": key,
                "cycle": "y",
                "label": draw.choice(("", f"{number + 2}", f"{number + 2}.1")),
                "kind": "k",
                "group": draw.choice(("", "g1", "g2")),
                "topics": draw.choice(("", "t")),
                "language": languages[0],
                "example": "true",
                **{f"title_{code}": f"{key} {code}" for code in languages},
                **{f"verbatim_{code}": f"<p>{key} – {code}</p>" for code in languages},
            }
        )
    said: dict[str, dict[str, Any]] = {}
    for number in range(draw.randint(10, 25)):
        axis = draw.choice(("response", "implementation", "opinion", ""))
        day = f"2024-{draw.randint(4, 9):02d}-{draw.randint(1, 28):02d}"
        row = {
            "key": f"n{number}",
            "assembly": "a",
            "kind": KINDS.get(axis, "meeting"),
            "happened_first": day,
            "happened_last": day,
            "body": "c" if axis == "opinion" else draw.choice(("g", "z")),
            "axis": axis,
            "example": "true",
            "title_fr": f"Étape {number}",
            **(draw.choice(VALUES[axis]) if axis else {}),
        }
        before = draw.choice([None, None, *said])
        if before is not None and said[before]["happened_last"] <= day:
            corrected = said.pop(before)
            row |= {
                "kind": "correction",
                "corrects": before,
                "body": corrected["body"],
                "reason_text_fr": "Une erreur.",
            }
        said[row["key"]] = row
        rows["actions"].append(row)
        aimed = draw.sample(asked, draw.randint(1, 3))
        rows["targets"] += [
            {"key": f"{row['key']}-{each}", "action": row["key"], "recommendation": each}
            for each in aimed
        ]
    draw.shuffle(rows["actions"])
    return rows

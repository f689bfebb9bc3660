"""What is missing in a booklet: said to the editor before freezing, and to readers after. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

#: The sorts of gap, in the order of the checklist.
SORTS = ("late", "refusal", "evidence", "lead", "translation", "foreword")

#: Where words stand in a snapshot: table → the fields that hold them.
WORDED: dict[str, tuple[str, ...]] = {
    "recommendations": ("title", "verbatim", "summary"),
    "measures": ("title", "text"),
    "actions": (
        *("title", "text", "reason_text", "what_changed", "what_is_missing", "deadline_words"),
        *("old_words", "new_words"),
    ),
    "bodies": ("name",),
    "topics": ("name",),
    "groups": ("title",),
    "kinds": ("name", "plural"),
    "cycles": ("title", "theme", "question"),
}


def entries(snapshot: dict[str, Any], table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a table of a snapshot, each with its permanent name."""
    rows = snapshot[table]
    if isinstance(rows, dict):
        yield from rows.items()
    else:
        for row in rows:
            yield row["reference"], row


def missing_words(snapshot: dict[str, Any], language: str) -> Iterator[tuple[str, str, str]]:
    """(table, name, field) of every text that exists in another language and not in this one."""
    for table, fields in WORDED.items():
        for name, row in entries(snapshot, table):
            for field in fields:
                said = row.get(field)
                if isinstance(said, dict) and any(said.values()) and not said.get(language):
                    yield table, name, field


def owed_in(snapshot: dict[str, Any]) -> list[str]:
    """The languages in which the edition appears and its assembly publishes."""
    publishes = snapshot["assembly"].get("languages") or snapshot["edition"]["languages"]
    return [code for code in snapshot["edition"]["languages"] if code in publishes]


def gaps(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything that is missing, by sort; each says what it is about."""
    found = [
        *_late(snapshot),
        *_refusals(snapshot["recommendations"], snapshot["actions"]),
        *_evidence(snapshot),
        *(
            {"sort": "lead", "table": "measures", "name": reference}
            for reference, measure in snapshot["measures"].items()
            if not measure["lead"] and measure["implementation"]["code"] not in ("void", "stopped")
        ),
        *_translations(snapshot),
        *(
            {"sort": "foreword", "table": "texts", "name": language, "language": language}
            for language in owed_in(snapshot)
            if not snapshot["texts"].get(language, {}).get("foreword")
        ),
    ]
    return sorted(found, key=lambda each: SORTS.index(each["sort"]))


def _late(snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for table in ("cycles", "recommendations", "measures"):
        for name, row in entries(snapshot, table):
            for duty in row["duties"]:
                if duty["status"] == "late":
                    yield {
                        "sort": "late",
                        "table": table,
                        "name": name,
                        "rule": duty["rule"],
                        "due": duty["due"],
                        "sentence": duty["sentence"],
                    }


def _refusals(
    sheets: Iterable[dict[str, Any]], actions: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    for sheet in sheets:
        answer = sheet["response"]
        if answer["code"] in ("rejected", "partial"):
            said = actions.get(str(answer.get("action")), {})
            if not any((said.get("reason_text") or {}).values()):
                yield {
                    "sort": "refusal",
                    "table": "recommendations",
                    "name": sheet["reference"],
                    "action": answer.get("action"),
                }


def _evidence(snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for table in ("recommendations", "measures"):
        for name, row in entries(snapshot, table):
            value = row["implementation"]
            if value["code"] in ("delivered", "continuous"):
                said = snapshot["actions"].get(str(value.get("action")), {})
                if not said.get("sources"):
                    yield {
                        "sort": "evidence",
                        "table": table,
                        "name": name,
                        "action": value.get("action"),
                    }


def _translations(snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One entry for each thing and language, with the fields that are missing there."""
    for language in owed_in(snapshot):
        fields: dict[tuple[str, str], list[str]] = {}
        for table, name, field in missing_words(snapshot, language):
            fields.setdefault((table, name), []).append(field)
        for (table, name), missing in fields.items():
            yield {
                "sort": "translation",
                "table": table,
                "name": name,
                "language": language,
                "fields": missing,
            }

"""The data of an edition as tables: CSV files in the format in which this site exchanges data.

One row a thing, one column a language; keys are the permanent names of the snapshot. Two tables
more say what the edition computed: ``states`` and ``changes``.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

#: Counted up when the tables of an unchanged snapshot come out differently.
VERSION = 1
#: Files are dated so, since nothing in them depends on the day they are asked for.
DATED = (1980, 1, 1, 0, 0, 0)

Row = dict[str, Any]


def languages_of(snapshot: dict[str, Any]) -> list[str]:
    found = list(snapshot["edition"]["languages"])
    for sheet in snapshot["recommendations"]:
        found += [code for code in sheet["title"] if code not in found]
    return found


def _worded(name: str, said: Any, codes: list[str]) -> Row:
    said = said or {}
    return {f"{name}_{code}": said.get(code, "") for code in codes}


def tables(snapshot: dict[str, Any]) -> dict[str, list[Row]]:
    """Table → its rows, all with the same columns."""
    codes = languages_of(snapshot)
    found = {
        "recommendations": list(_recommendations(snapshot, codes)),
        "measures": list(_measures(snapshot, codes)),
        "measure_serves": [
            {
                "key": f"{measure}.{sheet['reference']}",
                "measure": measure,
                "recommendation": sheet["reference"],
                **_worded(
                    "part",
                    snapshot["measures"][measure]["serves"].get(sheet["reference"]),
                    codes,
                ),
            }
            for sheet in snapshot["recommendations"]
            for measure in sheet["measures"]
        ],
        "actions": list(_actions(snapshot, codes)),
        "targets": list(_targets(snapshot)),
        "sources": list(_sources(snapshot)),
        "bodies": [
            {
                "key": slug,
                "slug": slug,
                **_worded("name", body["name"], codes),
                "acronym": body["acronym"],
                "kind": body["kind"],
                "example": _bool(body["example"]),
            }
            for slug, body in snapshot["bodies"].items()
        ],
        "states": list(_states(snapshot, codes)),
        "changes": [
            {
                name: each.get(name) or ""
                for name in ("noun", "reference", "axis", "before", "after", "on", "action")
            }
            for each in (snapshot["changes"] or {}).get("states", ())
        ],
    }
    return {name: rows for name, rows in found.items() if rows}


def _bool(value: Any) -> str:
    return "true" if value else "false"


def _recommendations(snapshot: dict[str, Any], codes: list[str]) -> Iterator[Row]:
    for sheet in snapshot["recommendations"]:
        votes = sheet["votes"] or ["", "", ""]
        yield {
            "key": sheet["reference"],
            "cycle": sheet["cycle"],
            "label": sheet["number"],
            "kind": sheet["kind"],
            "deciding_body": sheet["deciding_body"] or "",
            "group": sheet["group"] or "",
            "topics": "|".join(sheet["topics"]),
            "addressees": "|".join(sheet["addressees"]),
            "handed_over_on": sheet["handed_over_on"] or "",
            **dict(zip(("votes_for", "votes_against", "votes_abstained"), votes, strict=True)),
            "language": sheet["original"],
            "example": _bool(sheet["example"]),
            **_worded("title", sheet["title"], codes),
            **_worded("summary", sheet["summary"], codes),
            **_worded("verbatim", sheet["verbatim"], codes),
        }


def _measures(snapshot: dict[str, Any], codes: list[str]) -> Iterator[Row]:
    for reference, measure in snapshot["measures"].items():
        yield {
            "key": reference,
            "cycle": measure["cycle"],
            "label": measure["number"],
            **_worded("title", measure["title"], codes),
            **_worded("text", measure["text"], codes),
            "announced_on": measure["announced_on"],
            "announced_by": measure["announced_by"] or "",
            "contributors": "|".join(measure["contributors"]),
            "example": _bool(measure["example"]),
        }


ACTION_CODES = ("kind", "stage", "axis", "value", "link", "reason")
ACTION_WORDS = ("title", "text", "reason_text", "what_changed", "what_is_missing", "deadline_words")


def _actions(snapshot: dict[str, Any], codes: list[str]) -> Iterator[Row]:
    for number, said in snapshot["actions"].items():
        row: Row = {
            "key": number,
            "assembly": snapshot["assembly"]["code"],
            "happened_first": said["first"],
            "happened_last": said["last"],
            "body": said["body"] or "",
            "cycle": said["cycle"] or "",
            "group": said["group"] or "",
            **{name: said.get(name) or "" for name in ACTION_CODES},
            "opinion_object": said.get("judged") or "",
            "decision_due": said["decision_due"] or "",
            "concerned_body": said["concerned_body"] or "",
            "new_deadline": said["new_deadline"] or "",
            "amount": said["amount"] or "",
            "corrects": said["corrects"] or "",
            "withdraws": _bool(said["withdraws"]),
            "published_on": said["published_on"],
            "example": _bool(said["example"]),
        }
        for name in ACTION_WORDS:
            row |= _worded(name, said.get(name), codes)
        yield row


def _targets(snapshot: dict[str, Any]) -> Iterator[Row]:
    for number, said in snapshot["actions"].items():
        for noun, names in (
            ("recommendation", said["recommendations"]),
            ("measure", said["measures"]),
        ):
            for name in names:
                row = {"recommendation": "", "measure": ""} | {noun: name}
                yield {"key": f"{number}.{name}", "action": number, **row}


def _sources(snapshot: dict[str, Any]) -> Iterator[Row]:
    for number, said in snapshot["actions"].items():
        for place, source in enumerate(said["sources"], start=1):
            yield {
                "key": f"{number}.{place}",
                "action": number,
                **{name: source[name] for name in ("position", "language", "title", "url")},
                "official": _bool(source["official"]),
            }


def _states(snapshot: dict[str, Any], codes: list[str]) -> Iterator[Row]:
    """What stood on each axis on the closing date, and the sentence that says it."""
    things = [("recommendation", s["reference"], s) for s in snapshot["recommendations"]]
    things += [("measure", name, each) for name, each in snapshot["measures"].items()]
    for noun, reference, thing in things:
        yield {
            "noun": noun,
            "reference": reference,
            **{
                axis: thing.get(axis, {}).get("code", "")
                for axis in ("response", "implementation", "opinion")
            },
            "lead": thing["lead"] or "",
            "late": _bool(any(duty["status"] == "late" for duty in thing["duties"])),
            "closing_on": snapshot["edition"]["closing_on"],
            **_worded("sentence", thing["sentence"], codes),
            "example": _bool(thing["example"]),
        }


def archive(snapshot: dict[str, Any]) -> bytes:
    """All tables in one zip with their description; the same snapshot gives the same bytes."""
    found = tables(snapshot)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        _add(
            file,
            "datapackage.json",
            json.dumps(_described(snapshot, found), indent=2, ensure_ascii=False),
        )
        for name, rows in found.items():
            _add(file, f"{name}.csv", "\ufeff" + _csv(rows))
    return target.getvalue()


def _add(file: zipfile.ZipFile, name: str, text: str) -> None:
    info = zipfile.ZipInfo(name, DATED)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    file.writestr(info, text)


def _csv(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """A text that begins like a formula has one space before it, as in the exchange folder."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f" {value}"
    return "" if value is None else value


def _described(snapshot: dict[str, Any], found: dict[str, list[Row]]) -> dict[str, Any]:
    edition = snapshot["edition"]
    return {
        "profile": "tabular-data-package",
        "name": str(edition["code"]).lower(),
        "title": next((texts["title"] for texts in snapshot["texts"].values()), ""),
        "version": edition["closing_on"],
        "resources": [
            {
                "name": name.replace("_", "-"),
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "schema": {"fields": [{"name": column, "type": "string"} for column in rows[0]]},
            }
            for name, rows in found.items()
        ],
    }

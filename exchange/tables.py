"""The tables of the exchange folder, read from the Table Schemas in ``schemas/``.

Each file there is a Table Schema (Frictionless) with four words of our own on a field:

* ``perLanguage``: the column comes once a language, ``title_fr``, ``title_nl``; where required, it
  must be given in at least one of them.
* ``html``: paragraphs, lists, bold and links are kept, all else is reduced to its text; with
  ``"lists"``, neither bold nor links.
* ``references``: the table whose keys a list of values holds (a single value: ``foreignKeys``).
* ``itemEnum``: the codes that a list of values may hold.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parent / "schemas"

#: All tables. Each comes after those it refers to, but for bodies and assemblies, which name each
#: other, and for rows that name another row of their own table.
NAMES = (
    "regimes",
    "duty_rules",
    "topics",
    "assemblies",
    "bodies",
    "kinds",
    "kind_words",
    "cycles",
    "groups",
    "recommendations",
    "acts",
    "measures",
    "measure_serves",
    "passages",
    "actions",
    "targets",
    "sources",
    "announced_counts",
    "withdrawals",
)

#: A language that stands for any: the schema is the same in all of them.
ANY = ("any",)

#: What stands in every CSV file that we write, and what is read where no dialect is declared.
DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a CSV file."""

    #: What stands above it: ``title_fr``.
    header: str
    #: The fact it holds: ``title``.
    name: str
    #: The language of its words; "": none in particular.
    language: str
    type: str
    #: The table whose keys it holds; "": none.
    references: str = ""
    html: bool = False
    required: bool = False
    descriptor: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def constraints(self) -> dict[str, Any]:
        return self.descriptor.get("constraints", {})


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    #: Names of the facts in words that must be given in at least one language.
    worded_and_required: frozenset[str]


@cache
def template(name: str) -> dict[str, Any]:
    """The Table Schema of a table as it is kept: words stand once, for all languages."""
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def schema(name: str, languages: Iterable[str]) -> dict[str, Any]:
    """The Table Schema of a table's file in these languages: one field a column."""
    languages = tuple(languages)
    fields = []
    for each in template(name)["fields"]:
        if not each.get("perLanguage"):
            fields.append(each)
            continue
        constraints = {k: v for k, v in each.get("constraints", {}).items() if k != "required"}
        for language in languages:
            column = {k: v for k, v in each.items() if k not in ("perLanguage", "constraints")}
            column |= {"name": f"{each['name']}_{language}", "language": language}
            if constraints:
                column["constraints"] = constraints
            fields.append(column)
    return {**template(name), "fields": fields}


@cache
def table(name: str, languages: tuple[str, ...]) -> Table:
    """A table's columns in these languages."""
    kept = template(name)
    foreign = {
        key["fields"]: key["reference"]["resource"] or name for key in kept.get("foreignKeys", ())
    }
    columns, worded = [], set()
    for each in kept["fields"]:
        required = bool(each.get("constraints", {}).get("required"))
        in_words = bool(each.get("perLanguage"))
        if in_words and required:
            worded.add(each["name"])
        columns += [
            Column(
                header=f"{each['name']}_{language}" if language else each["name"],
                name=each["name"],
                language=language,
                type=each["type"],
                references=foreign.get(each["name"]) or each.get("references", ""),
                html=bool(each.get("html")),
                required=required and not in_words,
                descriptor=each,
            )
            for language in (languages if in_words else ("",))
        ]
    return Table(name, tuple(columns), frozenset(worded))


def resource(name: str, languages: Iterable[str]) -> dict[str, Any]:
    """The resource of a data package that describes a table's file, its schema within."""
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": DIALECT,
        "schema": schema(name, languages),
    }

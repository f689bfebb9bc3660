"""The folder that a conversion makes: what a source lacks is given by hand, the rest is its own.

Nothing is invented: what a source does not say stays empty, what it says of progress stays its own
statement, in words, and words of ours are in square brackets or say who speaks.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from assemblies import titles
from exchange import export, tables
from exchange.export.cells import line
from exchange.export.streams import BOM
from exchange.problems import ImportRefused, Problem

LONGEST_CELL = 1_000_000

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """What whoever converts must say, since the source does not."""

    assembly: str
    title: str
    body: str
    #: The day on which the source said what it says.
    stated_on: date
    cycle: str = "C1"
    source_url: str = ""
    #: Decidim keeps the proposals' own texts in another file.
    proposals: Path | None = None


@dataclass(slots=True)
class Conversion:
    """The rows of a folder, what is wrong with the source, and what was left out."""

    given: Given
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: Those of the site in which the source has words.
    languages: tuple[str, ...] = ()

    def add(self, table: str, key: str, **said: Any) -> None:
        """A row; a value that is a dict holds words by language."""
        row = {"key": key}
        for name, value in said.items():
            if isinstance(value, dict):
                row |= {f"{name}_{language}": text for language, text in value.items() if text}
            elif isinstance(value, list):
                row[name] = "|".join(value)
            elif isinstance(value, bool):
                row[name] = str(value).lower()
            elif value is not None:
                row[name] = str(value)
        self.rows[table].append(row)

    def in_all(self, text: str) -> Words:
        """A name, the same in all languages."""
        return dict.fromkeys(self.languages, text)

    def ours(self, message: Promise, **values: Any) -> Words:
        """Words of ours, out of the catalogues, in all languages of the source."""
        found = {}
        for language in self.languages:
            with override(language):
                found[language] = str(message) % values
        return found

    def problem(self, source: Path, row: int, column: str, value: str, reason: str) -> None:
        self.problems.append(
            Problem(file=source.name, row=row, column=column, value=value, reason=reason)
        )

    def frame(self, kind: str, name: Words, plural: Words) -> None:
        """The assembly, its body, its kind and a regime without duties."""
        given = self.given
        self.add(
            "regimes",
            "converted",
            code="converted",
            name=self.ours(gettext_lazy("Taken over from another site")),
            silent_after_months=12,
            has_citizens_body=False,
        )
        self.add(
            "assemblies",
            given.assembly,
            code=given.assembly,
            languages=list(self.languages),
            regime="converted",
            example=False,
            title=self.in_all(given.title),
        )
        self.body("authority", given.body)
        self.add(
            "kinds",
            kind,
            assembly=given.assembly,
            code=kind,
            name=name,
            plural=plural,
            deciding_body="authority",
        )

    def body(self, key: str, name: str, kind: str = "government") -> None:
        self.add(
            "bodies",
            key,
            slug=f"{self.given.assembly}-{key}".lower().replace(".", "-"),
            name=self.in_all(name),
            kind=kind,
            assembly=self.given.assembly,
            example=False,
        )

    def cycle(self, code: str, title: Words, **said: Any) -> str:
        key = f"{self.given.assembly}-{code}"
        above = self.given.assembly
        self.add("cycles", key, assembly=above, code=code, title=title, example=False, **said)
        return key

    def write(self, folder: Path) -> None:
        """Write the folder, as our own exports look; raises with all that is wrong."""
        if self.problems:
            raise ImportRefused(self.problems)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"converted-{self.given.assembly}".lower()
        description = json.dumps(export.describe(name), ensure_ascii=False, indent=2)
        (folder / "datapackage.json").write_text(f"{description}\n", encoding="utf-8")
        for table in tables.NAMES:
            headers = [each.header for each in tables.table(table, export.site_languages()).columns]
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                file.write(BOM + line(headers))
                for row in self.rows[table]:
                    file.write(line(row.get(header, "") for header in headers))


def title_of(text: str, longest: int = titles.LONGEST) -> str:
    """A text as a title: in one line, and cut at the end of a word where it is too long."""
    return titles.beginning(" ".join(text.split()), longest)


def rows_of(source: Path, conversion: Conversion) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file, numbered as a spreadsheet does, their headers in small letters."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeError) as error:
        conversion.problem(source, 0, "", "", str(error))
        return
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    headers = [header.strip().lower() for header in next(reader, [])]
    for number, cells in enumerate(reader, start=2):
        if any(cell.strip() for cell in cells):
            yield number, dict(zip(headers, (cell.strip() for cell in cells), strict=False))


def languages_of(headers: set[str], prefix: str, conversion: Conversion) -> tuple[str, ...]:
    """The languages of the site that a file has words in; those it has besides are noted."""
    found = {name.removeprefix(prefix) for name in headers if name.startswith(prefix)}
    known = tuple(code for code in export.site_languages() if code in found)
    if beside := sorted(found - set(known)):
        conversion.notes.append(
            f"The site has no such language, and its words were left out: {', '.join(beside)}."
        )
    return known

"""A whole export: a folder, or one zip file of it. The same content makes the same bytes."""

import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from exchange import tables
from exchange.export.keys import Keys
from exchange.export.scope import Scope
from exchange.export.snapshot import snapshot
from exchange.export.streams import csv_lines

#: The name of a package that was given none.
NAME = "suites"
TITLE = "What became of the recommendations of citizens' assemblies"
DESCRIPTION = (
    "Recommendations of citizens' assemblies, what was answered and done, and what the members "
    "think of it: every published step, with its date and its source. States are computed from "
    "the steps. Rows with example = true are invented for a demonstration."
)
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
#: The first moment that a zip file can tell: an export says nothing of when it was made.
NO_TIME = (1980, 1, 1, 0, 0, 0)

Report = Callable[[str], Any]


def site_languages() -> tuple[str, ...]:
    """The languages of the site: a column each for words."""
    return tuple(code for code, _name in settings.LANGUAGES)


def about(name: str, title: str = TITLE) -> dict[str, Any]:
    """What a package says of itself, without its tables."""
    return {
        "name": name,
        "title": title,
        "description": DESCRIPTION,
        "profile": "tabular-data-package",
        "licenses": [LICENCE],
    }


def describe(name: str) -> dict[str, Any]:
    """The ``datapackage.json`` of an export."""
    resources = [tables.resource(table, site_languages()) for table in tables.NAMES]
    return {**about(name), "resources": resources}


def files(scope: Scope, name: str, report: Report) -> Iterator[tuple[str, Iterator[str]]]:
    """The files of an export, each with its text, which is made while it is read."""
    yield "datapackage.json", iter([json.dumps(describe(name), ensure_ascii=False, indent=2), "\n"])
    keys = Keys()
    for table in tables.NAMES:
        yield (
            f"{table}.csv",
            _counted(csv_lines(scope, table, site_languages(), keys), table, report),
        )


def _counted(lines: Iterator[str], table: str, report: Report) -> Iterator[str]:
    rows = -1  # the header is none
    for line in lines:
        rows += 1
        yield line
    if rows > 0:
        report(f"  {table}: {rows}")


def write_folder(
    folder: Path, scope: Scope, name: str = NAME, report: Report = lambda line: None
) -> None:
    """Write an export into a folder, which is made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    with snapshot():
        for path, text in files(scope, name, report):
            with (folder / path).open("w", encoding="utf-8", newline="") as file:
                file.writelines(text)


def write_zip(
    path: Path, scope: Scope, name: str = NAME, report: Report = lambda line: None
) -> bool:
    """Write an export as a zip file, whole or not at all; says whether it differs from before.

    Who reads the file meanwhile goes on reading the one before. A file that would be the same is
    left alone, its time too.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
    new = Path(temporary)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive, snapshot():
                for inside, text in files(scope, name, report):
                    _put(archive, inside, text)
            file.flush()
            os.fsync(file.fileno())
        if path.is_file() and _same(path, new):
            return False
        new.chmod(0o644)
        new.replace(path)
        return True
    finally:
        new.unlink(missing_ok=True)


def _put(archive: zipfile.ZipFile, inside: str, text: Iterator[str]) -> None:
    entry = zipfile.ZipInfo(inside, NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with archive.open(entry, "w") as file:
        for part in text:
            file.write(part.encode())


def _same(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while piece := first.read(1 << 16):
            if piece != second.read(1 << 16):
                return False
    return True

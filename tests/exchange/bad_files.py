"""Folders with one mistake each: by the name of the mistake, what is done to a good folder."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.exchange import folders

Spoil = Callable[[Path], None]


def rows(**changes: Any) -> Spoil:
    """Other facts, in files that are written as they should be."""
    return lambda folder: _ok(folders.write(folder, folders.small(**changes)))


def text(file: str, old: str, new: str, encoding: str = "utf-8") -> Spoil:
    """Other words in a file."""

    def spoil(folder: Path) -> None:
        was = (folder / file).read_text(encoding="utf-8")
        assert old in was, (old, was)
        (folder / file).write_bytes(was.replace(old, new, 1).encode(encoding))

    return spoil


def data(file: str, content: bytes) -> Spoil:
    """A file with other content, or one more file."""
    return lambda folder: _ok((folder / file).write_bytes(content))


def described(table: str, **changes: Any) -> Spoil:
    """Something else said of a table in ``datapackage.json``."""

    def spoil(folder: Path) -> None:
        path = folder / "datapackage.json"
        given = json.loads(path.read_bytes())
        resource = next(each for each in given["resources"] if each["name"] == table)
        resource.update(changes)
        path.write_text(json.dumps(given), encoding="utf-8")

    return spoil


def large(file: str) -> Spoil:
    """A file of 2 GB, of which nothing is written."""
    return lambda folder: os.truncate(folder / file, 2_000_000_000)


def without(file: str) -> Spoil:
    return lambda folder: (folder / file).unlink()


def both(*spoils: Spoil) -> Spoil:
    return lambda folder: [spoil(folder) for spoil in spoils] and None


def _ok(_value: Any) -> None:
    """Nothing is answered."""


BAD: dict[str, Spoil] = {
    # -- the folder
    "no table": lambda folder: [path.unlink() for path in folder.iterdir()] and None,
    "json is broken": data("datapackage.json", b'{\n"resources": [\n'),
    "json is something else": data("datapackage.json", b"[1, 2]"),
    "an unknown table is declared": text("datapackage.json", '"name": "topics"', '"name": "topic"'),
    "a file is missing": without("topics.csv"),
    "a file leads out": described("topics", path="../topics.csv"),
    "a file has a wrong name": both(
        without("datapackage.json"),
        lambda folder: (folder / "topics.csv").rename(folder / "topic.csv") and None,
    ),
    "a form of days is none": described(
        "withdrawals",
        schema={"fields": [{"name": "withdrawn_on", "type": "date", "format": "%d %B"}]},
    ),
    "a schema is none": described("topics", schema="schemas/topics.json"),
    "a dialect is none": described("topics", dialect={"delimiter": "--"}),
    "a dialect asks too much": described("topics", dialect={"commentChar": "#"}),
    # -- the file
    "a file is too large": large("topics.csv"),
    "a file is empty": data("topics.csv", b""),
    "a file is a workbook": data("topics.csv", b"PK\x03\x04\x14\x00"),
    "an encoding is wrong": text("regimes.csv", "nous", "nous l’été", "cp1252"),
    "an encoding is unknown": described("topics", encoding="utf-9"),
    "an encoding can’t be found": both(
        without("datapackage.json"), data("topics.csv", b"key,slug,name_fr\nt,eau,\x81\xff\n")
    ),
    "a delimiter is wrong": described("topics", dialect={"delimiter": ";"}),
    "a quotation mark is left open": text("topics.csv", "eau,Eau", 'eau,"Eau'),
    "a quotation mark is not doubled": text("topics.csv", "eau,Eau", 'eau,"L"eau"'),
    "a row is too short": text("topics.csv", "t,eau,Eau,Water,,", "t,eau,Eau"),
    "a row is too long": text("topics.csv", "t,eau,Eau,Water,,", "t,eau,Eau,Water,,,x"),
    # -- the header
    "no header": data("topics.csv", b"t,eau,Eau\n"),
    "a column is unknown": text("topics.csv", "slug", "slugg"),
    "a column has no language": text("topics.csv", "description_fr", "description"),
    "a language is unknown": text("topics.csv", "description_fr", "description_de"),
    "a column stands twice": text("topics.csv", "description_nl", "description_fr"),
    "a column is missing": data("topics.csv", b"key,name_fr\nt,Eau\n"),
    "words are missing": data("topics.csv", b"key,slug\nt,eau\n"),
    "a cell has no column": data("topics.csv", b"key,slug,name_fr,\nt,eau,Eau,vive\n"),
    # -- the cells
    "a value is missing": rows(cycles={"y": {"assembly": ""}}),
    "words are given in no language": rows(actions={"a1": {"title_fr": "", "title_nl": ""}}),
    "a day does not exist": rows(actions={"a1": {"happened_first": "2023-02-29"}}),
    "a day has another form": rows(actions={"a1": {"happened_first": "31/12/2023"}}),
    "a day is none": rows(actions={"a1": {"happened_first": "printemps"}}),
    "a year is short": both(
        rows(actions={"a1": {"happened_first": "02/04/24"}}), without("datapackage.json")
    ),
    "a text is too long": rows(recommendations={"x": {"label": "1" * 31}}),
    "a code is wrong": rows(actions={"a1": {"stage": "Finale"}}),
    "a code of several is wrong": rows(duty_rules={"d": {"answered_by": "responce|referral"}}),
    "a number is none": rows(actions={"a1": {"amount": "beaucoup"}}),
    "a number may be two": both(
        rows(actions={"a1": {"amount": "1.500"}}), without("datapackage.json")
    ),
    "a number is not whole": rows(announced_counts={"n": {"number": "12.5"}}),
    "a number is too low": rows(duty_rules={"d": {"count": "0"}}),
    "a number is too high": rows(duty_rules={"d": {"delay": "99999"}}),
    "neither true nor false": rows(actions={"a1": {"example": "peut-être"}}),
    "a form is another": rows(topics={"t": {"slug": "l'eau"}}),
    "a zero stands in a text": rows(sources={"s2": {"title": "a\0b"}}),
    # -- the rows
    "a key stands twice": rows(topics={"u": {"slug": "feu", "name_fr": "Feu", "key": "t"}}),
    "a code stands twice": rows(topics={"u": {"slug": "eau", "name_fr": "Eau"}}),
    "a reference is unknown": rows(targets={"t1": {"recommendation": "x9"}}),
    "a reference of several is unknown": rows(recommendations={"x": {"topics": "t|feu"}}),
}

"""How a file of a table is written: its encoding, and what stands between and around its cells.

What the folder declares is obeyed. What it leaves open is found in the file itself; whoever loads
it is told what was found, since a guess may be wrong.
"""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from exchange import tables

#: The encodings a folder may declare, by the name Python gives them, and how people call them.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "ascii": "ASCII",
    "cp1252": "Windows-1252",
    "iso8859-1": "ISO 8859-1",
    "iso8859-15": "ISO 8859-15",
    "cp437": "CP437",
    "cp850": "CP850",
    "mac-roman": "Mac Roman",
}
#: What a file may begin with that says how it is encoded.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What spreadsheets' own files begin with: a zip archive, or Microsoft's older container.
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = (",", ";", "\t")
#: The line above the header by which a spreadsheet says what stands between cells.
SEP = re.compile(r"\"?sep=(.)\"?[,;\t]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
#: So much of a file is looked at to find out how it is written.
HEAD = 65_536
#: What a folder may declare of a dialect: Frictionless' words.
KNOWN = {
    "delimiter",
    "lineTerminator",
    "quoteChar",
    "doubleQuote",
    "escapeChar",
    "skipInitialSpace",
    "header",
    "caseSensitiveHeader",
    "csvddfVersion",
    "$schema",
    "type",
}


class Unreadable(Exception):
    """Why nothing in a file can be read; ``row``: from which row on, where that is known."""

    def __init__(self, reason: str, *, row: int = 0, value: str = ""):
        super().__init__(reason)
        self.row = row
        self.value = value


@dataclass(frozen=True, slots=True)
class Dialect:
    """What stands between and around the cells of a file."""

    delimiter: str
    #: What csv's reader is told.
    options: dict[str, Any]
    #: Whether the first row holds the names of the columns.
    header: bool
    #: Whether line breaks inside a cell are kept as they are: only where ``\\n`` is declared to end
    #: a row. Otherwise they are what the system made them on which the file was saved.
    exact: bool
    #: Whether what stands between cells was found in the file, and not declared.
    found: bool


def encoding_of(path: Path, declared: str | None) -> tuple[str, bool]:
    """How a file is encoded, and whether that was found out and not declared.

    All of it is looked at, a piece at a time: once it is read, nothing in it is unreadable.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(SPREADSHEETS):
        raise Unreadable(_("This is a spreadsheet’s own file. Save it as CSV, in UTF-8."))
    if declared is not None:
        return _as_declared(path, head, declared), False
    encoding = _encoding(path, head)
    if not _holds(path, encoding):
        raise Unreadable(
            _(
                "This file is encoded neither in UTF-8, UTF-16 nor Windows-1252. "
                "Declare its encoding in datapackage.json."
            )
        )
    return encoding, True


def _holds(path: Path, encoding: str) -> bool:
    """Whether all of a file can be read in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while data := file.read(HEAD):
                decoder.decode(data)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _encoding(path: Path, head: bytes) -> str:
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    # UTF-16 without a mark: every other byte of most texts of Europe is a zero.
    if len(head) > 3 and head.count(0) > len(head) / 4:
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    return "utf-8" if _holds(path, "utf-8") else "cp1252"


def _as_declared(path: Path, head: bytes, declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        name = ""
    if name not in ENCODINGS:
        raise Unreadable(_("No encoding of this name is known: %(name)s.") % {"name": declared})
    if name == "utf-8":
        name = "utf-8-sig"
    if _holds(path, name):
        return name
    data = path.read_bytes()
    row = 0
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        row = _rows_in(data[: error.start].decode(name, "replace"))
    reason = _("This file can’t be read as %(encoding)s.") % {"encoding": ENCODINGS[name]}
    found = _encoding(path, head)
    if name == "utf-8-sig" and found in ENCODINGS and not head.startswith(codecs.BOM_UTF8):
        reason += " " + _("datapackage.json declares it; it looks like %(encoding)s.") % {
            "encoding": ENCODINGS[found]
        }
    raise Unreadable(reason, row=row)


def _rows_in(text: str) -> int:
    """The number of the row that a text ends in; 0 when it can't be counted."""
    try:
        return sum(1 for _row in csv.reader(_lines(text)))
    except csv.Error:
        return 0


def _lines(text: str) -> Iterable[str]:
    return io.StringIO(text, newline="")


def dialect(
    text: str, declared: dict[str, Any] | None, headers: Collection[str], *, sep: str = ""
) -> Dialect:
    """How the cells of a text are written, of which this is the beginning.

    ``headers``: the columns that may stand above them; ``sep``: the line above these.
    """
    given = declared or {}
    # Frictionless' own tools put what is special to CSV one level below.
    if isinstance(given.get("csv"), dict):
        given = {**{k: v for k, v in given.items() if k != "csv"}, **given["csv"]}
    for name in given:
        if name not in KNOWN:
            raise Unreadable(
                _("datapackage.json declares what can’t be obeyed: %(name)s.") % {"name": name}
            )
    options = {
        "quotechar": given.get("quoteChar", tables.DIALECT["quoteChar"]),
        "doublequote": given.get("doubleQuote", tables.DIALECT["doubleQuote"]),
        "escapechar": given.get("escapeChar"),
        "skipinitialspace": given.get("skipInitialSpace", False),
        "strict": True,
    }
    delimiter = given.get("delimiter")
    try:
        csv.reader((), delimiter=delimiter or ",", **options)
        if not isinstance(delimiter or "", str):
            raise TypeError
    except (TypeError, ValueError, csv.Error):
        raise Unreadable(_("The dialect in datapackage.json is none.")) from None
    return Dialect(
        delimiter=delimiter or _delimiter(sep, text, options, headers),
        options=options,
        header=given.get("header", True) is not False,
        exact=given.get("lineTerminator") == "\n",
        found=not delimiter,
    )


def before_the_table(head: str) -> int:
    """How many characters stand above the header: a mark, and a spreadsheet's ``sep=;``."""
    mark = len(head) - len(head.removeprefix("\ufeff"))
    return mark + len(found[0]) if (found := SEP.match(head[mark:])) else mark


def _delimiter(sep: str, text: str, options: dict[str, Any], headers: Collection[str]) -> str:
    """What stands between cells: what ``sep=`` says, or what parts the most known columns."""
    special = (options["quotechar"], options["escapechar"])
    if (
        (said := SEP.match(sep.removeprefix("\ufeff")))
        and re.match(r"[^\w\s]|\t", said[1])
        and said[1] not in special
    ):
        return said[1]

    def known(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(_lines(text), delimiter=delimiter, **options | {"strict": False})
        try:
            cells = [cell.strip().lower() for cell in next(reader, [])]
        except csv.Error:
            return (0, 0)
        return (sum(cell in headers for cell in cells), len(cells))

    return max((each for each in DELIMITERS if each not in special), key=known)


def named(delimiter: str) -> str:
    """How a delimiter is called in a sentence."""
    return _("a tab") if delimiter == "\t" else _("“%(value)s”") % {"value": delimiter}

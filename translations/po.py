"""PO files: one kind of file for pages and facts alike, written for people who translate.

Every entry says where its text stands (``msgctxt``: table, key or number, field), what the text is
now (``msgid``), and what it is in the language of the file. Reading one trusts nothing: a file that
is too large, badly encoded or of another list is refused as a whole, with the line and the reason.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import polib
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from translations.words import unified

#: Bytes; and texts, each of so many characters at most.
LARGEST = 10_000_000
MOST = 20_000
LONGEST = 50_000
#: What an entry's file says of itself, besides what every PO file says.
ASSEMBLY = "X-Suites-Assembly"
FORMAT = "X-Suites-Format"
#: The assembly's code in a file of what all assemblies share.
SHARED = "*"
CONTEXT = re.compile(r"(?P<table>[a-z]+):(?P<key>[^:\s]{1,200}):(?P<path>\S{1,400})")
#: Characters that no text has: all controls but tab and ends of line, and lone halves of others.
NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, order=True)
class Trouble:
    """Why a file is refused: the line (0: the file as a whole), and the reason."""

    line: int
    reason: str
    context: str = ""

    def __str__(self) -> str:
        place = _("line %(line)d") % {"line": self.line} if self.line else _("the file")
        if self.context:
            place = f"{place}, {self.context}"
        return _("%(place)s: %(reason)s") % {"place": place, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of a file."""

    line: int
    table: str
    key: str
    path: str
    original: str
    text: str

    @property
    def context(self) -> str:
        return f"{self.table}:{self.key}:{self.path}"


@dataclass
class Read:
    """What a file says, and what is wrong with it."""

    entries: list[Entry] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    #: Not taken over, and why: nothing that is wrong.
    skipped: list[Trouble] = field(default_factory=list)
    #: Entries without a translation.
    empty: int = 0

    def refuse(self, line: int, reason: str, context: str = "") -> None:
        self.troubles.append(Trouble(line, reason, context))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One text for a file to be written."""

    table: str
    key: str
    path: str
    original: str
    text: str = ""
    #: What a translator sees above it.
    comments: tuple[str, ...] = ()


def write(lines: Iterable[Line], *, language: str, assembly: str, made_on: str) -> str:
    """The file with these texts."""
    file = polib.POFile(wrapwidth=98)
    file.metadata = {
        "Project-Id-Version": f"Suites {assembly}",
        "PO-Revision-Date": made_on,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        ASSEMBLY: assembly,
        FORMAT: "1",
    }
    seen = set()
    for line in lines:
        context = f"{line.table}:{line.key}:{line.path}"
        if (context, line.original) in seen:
            continue
        seen.add((context, line.original))
        file.append(
            polib.POEntry(
                msgctxt=context,
                msgid=line.original,
                msgstr=line.text,
                comment="\n".join(line.comments),
            )
        )
    return str(file) + "\n"


# -- reading ----------------------------------------------------------------------------------


def read(content: bytes, *, language: str, assembly: str) -> Read:
    """What a file says; every reason to refuse it at once, as far as it can be read."""
    found = Read()
    text = _decoded(content, found)
    if text is None:
        return found
    file = _parsed(text, found)
    if file is None:
        return found
    _check_head(file, found, language=language, assembly=assembly)
    if len(file) > MOST:
        found.refuse(0, _("It has more than %(most)d texts: send it in parts.") % {"most": MOST})
        return found
    seen: dict[tuple[str, str], int] = {}
    for entry in file:
        _take(entry, found, seen)
    return found


def _decoded(content: bytes, found: Read) -> str | None:
    if len(content) > LARGEST:
        reason = _("It is larger than %(limit)s.") % {"limit": filesizeformat(LARGEST)}
        found.refuse(0, reason)
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found.refuse(line, _("It is not encoded in UTF-8. Save it as UTF-8."))
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if wrong := NEVER.search(text):
        line = text.count("\n", 0, wrong.start()) + 1
        found.refuse(line, _("There is a character that no text has (a control character)."))
        return None
    if not text.strip():
        found.refuse(0, _("It is empty."))
        return None
    return text


def _parsed(text: str, found: Read) -> polib.POFile | None:
    try:
        # polib opens what it is given if that is the name of a file: one that begins with an end of
        # line is nobody's name.
        return polib.pofile("\n" + text)
    except (OSError, ValueError, IndexError, UnicodeError) as error:
        at = re.search(r"line (\d+)", str(error))
        line = max(int(at[1]) - 1, 1) if at else 0
        found.refuse(line, _("This is not a PO file, or it is broken here."))
        return None


def _check_head(file: polib.POFile, found: Read, *, language: str, assembly: str) -> None:
    head = {name.casefold(): str(value).strip() for name, value in file.metadata.items()}
    charset = re.search(r"charset=([\w-]+)", head.get("content-type", ""), re.IGNORECASE)
    if charset and charset[1].upper().replace("-", "") not in {"UTF8", "ASCII", "USASCII"}:
        said = _("Its head says that it is encoded in %(charset)s. Save it as UTF-8.")
        found.refuse(1, said % {"charset": charset[1]})
    said = head.get("language", "").replace("_", "-")
    if not said:
        found.refuse(1, _("Its head does not say which language it is in (“Language”)."))
    elif said.casefold() != language and said.split("-")[0].casefold() != language:
        reason = _("It is in another language: its head says “%(said)s”, the list is in “%(own)s”.")
        found.refuse(1, reason % {"said": said[:20], "own": language})
    said = head.get(ASSEMBLY.casefold(), "")
    if said != assembly:
        reason = _("It is no file of this list: its head says “%(said)s”, the list is “%(own)s”.")
        found.refuse(1, reason % {"said": said[:20], "own": assembly})
    said = head.get(FORMAT.casefold(), "")
    if said != "1":
        found.refuse(1, _("Its head does not say which format it has. Export the list anew."))


def _take(entry: polib.POEntry, found: Read, seen: dict[tuple[str, str], int]) -> None:
    line = max(entry.linenum - 1, 1)
    context = entry.msgctxt or ""
    if entry.obsolete:
        found.skipped.append(Trouble(line, _("Marked as obsolete (#~): not taken over."), context))
        return
    place = CONTEXT.fullmatch(context)
    if place is None:
        found.refuse(line, _("It does not say where its text stands (“msgctxt”)."), context[:200])
        return
    if entry.msgid_plural or entry.msgstr_plural:
        found.refuse(line, _("It has plural forms: no text here has any."), context)
        return
    original, text = unified(entry.msgid), unified(entry.msgstr)
    first = seen.setdefault((context, original), line)
    if first != line:
        reason = _("It stands there twice: see line %(line)d.") % {"line": first}
        found.refuse(line, reason, context)
        return
    if not text:
        found.empty += 1
        return
    if entry.fuzzy:
        reason = _("Marked as uncertain (“fuzzy”): not taken over.")
        found.skipped.append(Trouble(line, reason, context))
        return
    if len(text) > LONGEST:
        reason = _("It is longer than %(limit)d characters.") % {"limit": LONGEST}
        found.refuse(line, reason, context)
        return
    found.entries.append(Entry(line, place["table"], place["key"], place["path"], original, text))

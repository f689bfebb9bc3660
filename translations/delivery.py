"""A file of translations, compared with the site, then taken over: all of it, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from assemblies import clock
from assemblies.models import Assembly
from assemblies.words import choose
from translations import desk, po, segments
from translations.segments import MARK
from translations.tables import Table
from translations.tables.pages import PageTable
from translations.words import Text

#: A text of so many words that is the same as its original was not translated.
SAME_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One text that the site would have, or another than it has."""

    line: int
    context: str
    title: str
    kicker: str
    label: str
    before: str
    after: str
    is_page: bool


@dataclass
class Comparison:
    """What a file would do."""

    troubles: list[po.Trouble] = field(default_factory=list)
    skipped: list[po.Trouble] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    #: Texts that the site has already, word for word; and entries that say nothing.
    same: int = 0
    empty: int = 0
    #: Table and row → texts by path (facts) or by path and original (pages).
    wanted: list[tuple[Table, Any, dict[Any, str]]] = field(default_factory=list)

    @property
    def facts(self) -> int:
        return sum(not each.is_page for each in self.differences)

    @property
    def pages(self) -> int:
        return sum(each.is_page for each in self.differences)

    @property
    def fingerprint(self) -> str:
        """Of what was shown, so that nothing else is taken over."""
        shown = [(each.context, each.before, each.after) for each in self.differences]
        return sha256(repr(shown).encode()).hexdigest()


def code_of(assembly: Assembly | None) -> str:
    return assembly.code if assembly is not None else po.SHARED


def compare(content: bytes, *, assembly: Assembly | None, language: str, user: Any) -> Comparison:
    """What a file would do to the texts of an assembly in a language. Nothing is written."""
    read = po.read(content, language=language, assembly=code_of(assembly))
    found = Comparison(troubles=list(read.troubles), skipped=read.skipped, empty=read.empty)
    by_row: dict[tuple[str, str], list[po.Entry]] = {}
    for entry in read.entries:
        by_row.setdefault((entry.table, entry.key), []).append(entry)
    rows = _rows(by_row, assembly, language)
    for (name, key), entries in by_row.items():
        table, row = rows.get((name, key), (None, None))
        if table is None or row is None:
            found.troubles += [_nowhere(each) for each in entries]
        elif not _may_write(table, row, language, user):
            said = _("You have no role in which you may write this text.")
            found.troubles += [po.Trouble(e.line, said, e.context) for e in entries]
        else:
            _compare_row(found, table, row, entries, language)
    found.troubles.sort()
    return found


def _may_write(table: Table, row: Any, language: str, user: Any) -> bool:
    if isinstance(table, PageTable):
        return table.may_write(user, row, language)
    return table.may_write(user, row)


def _rows(
    names: Iterable[tuple[str, str]], assembly: Assembly | None, language: str
) -> dict[tuple[str, str], tuple[Table, Any]]:
    """The rows that a file names: one query a table."""
    keys: dict[str, set[str]] = {}
    for name, key in names:
        keys.setdefault(name, set()).add(key)
    found: dict[tuple[str, str], tuple[Table, Any]] = {}
    for name, wanted in keys.items():
        table = desk.ALL_TABLES.get(name)
        if table is None:
            continue
        rows = table.named(assembly.pk if assembly is not None else None, wanted)
        table.enrich(list(rows.values()), language)
        found |= {(name, key): (table, row) for key, row in rows.items()}
    return found


def _nowhere(entry: po.Entry) -> po.Trouble:
    return po.Trouble(
        entry.line,
        _("There is no such text in this list: it is not published, or gone."),
        entry.context,
    )


def _compare_row(
    found: Comparison, table: Table, row: Any, entries: list[po.Entry], language: str
) -> None:
    is_page = isinstance(table, PageTable)
    if isinstance(table, PageTable) and table.is_by_hand(row, language):
        said = _("This page is written by hand in this language: change it in its own form.")
        found.troubles += [po.Trouble(each.line, said, each.context) for each in entries]
        return
    texts = table.texts(row, language)
    wanted: dict[Any, str] = {}
    for entry in entries:
        text = _text_of(texts, entry, is_page=is_page)
        reason = _refusal(text, entry, table, row, texts, language)
        if reason or text is None:
            found.troubles.append(po.Trouble(entry.line, reason, entry.context))
        elif text.there == entry.text:
            found.same += 1
        else:
            wanted[(entry.path, entry.original) if is_page else entry.path] = entry.text
            found.differences.append(
                Difference(
                    line=entry.line,
                    context=entry.context,
                    title=choose(table.title(row)).text,
                    kicker=table.kicker(row),
                    label=text.label,
                    before=text.there,
                    after=entry.text,
                    is_page=is_page,
                )
            )
    if not wanted:
        return
    found.wanted.append((table, row, wanted))
    if not isinstance(table, PageTable):
        _try(found, table, row, wanted, entries, language)


def _text_of(texts: list[Text], entry: po.Entry, *, is_page: bool) -> Text | None:
    for text in texts:
        if text.path == entry.path and (not is_page or text.original == entry.original):
            return text
    return None


def _refusal(
    text: Text | None, entry: po.Entry, table: Table, row: Any, texts: list[Text], language: str
) -> str:
    """Why an entry can't be taken over; "" where it can."""
    if text is None:
        if any(each.path == entry.path for each in texts):
            return _stale()
        return _("There is no such text in this list: it is not published, or gone.")
    if text.original != entry.original:
        return _stale()
    if len(entry.text.split()) >= SAME_WORDS and entry.text == text.original:
        return _("This is the original, word for word, and no translation.")
    if isinstance(table, PageTable):
        return _refused_on_page(text, entry, table, row, language)
    if MARK.search(entry.text) and not MARK.search(text.original):
        return _("This is plain text: it may have no HTML.")
    if not text.long and "\n" in entry.text:
        return _("This text is one line.")
    if text.there and text.there != entry.text and text.outdated is None:
        return _("It has a text in this language, which is published and stays: “%(text)s”.") % {
            "text": Truncator(text.there).chars(80)
        }
    return ""


def _stale() -> str:
    return _("The original has changed since this file was made. Export the list anew.")


def _refused_on_page(text: Text, entry: po.Entry, table: PageTable, row: Any, language: str) -> str:
    own = table.own(row, language)
    verbatim = entry.path.split(".")[0] == "verbatim"
    if verbatim and own is not None and own.live and text.there and text.there != entry.text:
        return _("The citizens’ words are published in this language, and stay as they are.")
    if entry.path == "title" and len(entry.text) > 255:
        return _("A title has at most %(limit)d characters.") % {"limit": 255}
    if not text.long and "\n" in entry.text:
        return _("This text is one line.")
    try:
        segments.kept(entry.text, text.original)
    except ValueError as error:
        return str(error)
    return ""


def _try(
    found: Comparison,
    table: Table,
    row: Any,
    wanted: dict[Any, str],
    entries: list[po.Entry],
    language: str,
) -> None:
    """What the domain refuses of these words (a quotation that is not in the text …)."""
    try:
        table.put(row, wanted, language)
        table.check(row)
    except (ValidationError, ValueError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        line = min(each.line for each in entries)
        found.troubles.append(po.Trouble(line, " ".join(messages), entries[0].context))


# -- taking over ------------------------------------------------------------------------------


class Refused(Exception):
    """Nothing was taken over; ``comparison`` says why, or what it would do now."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        super().__init__("\n".join(str(each) for each in comparison.troubles))


def take_over(
    content: bytes, *, assembly: Assembly | None, language: str, user: Any, seen: str
) -> Comparison:
    """Take a file over in one transaction: facts get their words at once, pages their segments.

    ``seen``: the fingerprint of the comparison that somebody confirmed. Raises :class:`Refused`.
    """
    with transaction.atomic():
        found = compare(content, assembly=assembly, language=language, user=user)
        if found.troubles or found.fingerprint != seen:
            raise Refused(found)
        for table, row, texts in found.wanted:
            try:
                if isinstance(table, PageTable):
                    table.write_segments(row, texts, language, user)
                else:
                    fresh = table.named(assembly.pk if assembly else None, [table.key_of(row)])[
                        table.key_of(row)
                    ]
                    table.write(fresh, texts, language, user)
            except (ValidationError, ValueError, PermissionDenied, ObjectDoesNotExist) as error:
                messages = error.messages if isinstance(error, ValidationError) else [str(error)]
                place = f"{table.name}:{table.key_of(row)}"
                found.troubles.append(po.Trouble(0, " ".join(messages), place))
                raise Refused(found) from error
    return found


# -- writing a file ---------------------------------------------------------------------------


def lines_of(table: Table, row: Any, language: str) -> list[po.Line]:
    """What a file says of one thing: a page with all its texts, a fact with what it lacks."""
    texts = table.texts(row, language)
    if not isinstance(table, PageTable):
        texts = [text for text in texts if text.open]
    title = choose(table.title(row)).text
    return [
        po.Line(
            table=table.name,
            key=table.key_of(row),
            path=text.path,
            original=text.original,
            text=text.there,
            comments=_comments(table, row, title, text),
        )
        for text in texts
    ]


def _comments(table: Table, row: Any, title: str, text: Text) -> tuple[str, ...]:
    said = [f"{table.kicker(row)} – {text.label} ({text.original_language})"]
    if text.path != "title" and title != text.original:
        said.append(f"“{Truncator(title).chars(120)}”")
    if text.html:
        said.append(_("HTML: keep the marks (<b>, <a id=…>) as they are."))
    if text.outdated is not None:
        said.append(_("The original has changed since: see whether this still holds."))
    if text.hint:
        said.append(text.hint)
    return tuple(" ".join(each.split()) for each in said)


def export(things: Iterable[tuple[Table, Any]], *, assembly: Assembly | None, language: str) -> str:
    """The PO file of these things."""
    lines = (line for table, row in things for line in lines_of(table, row, language))
    return po.write(
        lines,
        language=language,
        assembly=code_of(assembly),
        made_on=clock.now().isoformat(" ", "minutes"),
    )

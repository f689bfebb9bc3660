"""The catalogues of messages: read out of the source, kept complete, compiled.

All in Python: a fresh machine has no GNU gettext. Needs no Django settings, so that tests and
``dev.py`` can compile before anything else runs.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.plurals import get_plural
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

#: The language of the messages in the source: it is published as they stand.
SOURCE_LANGUAGE = "en"

# function -> which arguments are context, message and plural
FUNCTIONS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
TEMPLATES = {".html", ".txt", ".xml"}
CALL = re.compile(r"(?<![\w.])(?:_|n?p?gettext)\(")
NAMED = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")
UNNAMED = re.compile(r"(?<!%)(?:%%)*%[sdifr]|\{\}")

Key = tuple[str | None, str]


@dataclass(slots=True)
class Message:
    """A message of the source, and the files that say it."""

    context: str | None
    text: str
    plural: str = ""
    files: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return (self.context, self.text)


class Unreadable(Exception):
    """A call that no catalogue can hold: the message is not one plain string."""


def extract(root: Path, folders: Iterable[str]) -> dict[Key, Message]:
    """Every message of the Python files and templates below these folders of the root."""
    messages: dict[Key, Message] = {}
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if "/migrations/" in name or not path.is_file():
                continue
            if path.suffix == ".py":
                calls = _python(path.read_text("utf-8"), name)
            elif path.suffix in TEMPLATES and "/templates/" in name:
                calls = _template(path.read_text("utf-8"), name)
            else:
                continue
            for found in calls:
                message = messages.setdefault(found.key, found)
                message.plural = message.plural or found.plural
                if name not in message.files:
                    message.files.append(name)
    return messages


def update(path: Path, language: str, messages: dict[Key, Message]) -> polib.POFile:
    """The catalogue as it should be: translations kept, new messages added, dead ones set aside.

    What the source no longer says stays below, marked obsolete, and comes back to life with its
    message. Nothing is written: `write` does that.
    """
    before = polib.pofile(str(path), wrapwidth=98) if path.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in before}
    after = polib.POFile(wrapwidth=98)
    after.metadata = {
        "Project-Id-Version": "Suites",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": get_plural(language).plural_forms,
    }
    forms = get_plural(language).num_plurals
    for message in sorted(messages.values(), key=lambda message: message.files[0]):
        old = known.get(message.key)
        entry = polib.POEntry(
            msgctxt=message.context,
            msgid=message.text,
            msgid_plural=message.plural,
            occurrences=[(name, "") for name in message.files],
            flags=["python-format"] if NAMED.search(message.text + message.plural) else [],
            tcomment=old.tcomment if old else "",
        )
        if old and old.fuzzy:
            entry.flags.append("fuzzy")
        if message.plural:
            had = old.msgstr_plural if old else {}
            entry.msgstr_plural = {form: had.get(form, "") for form in range(forms)}
        else:
            entry.msgstr = old.msgstr if old else ""
        after.append(entry)
    for key, entry in known.items():
        if key not in messages and (entry.msgstr or any(entry.msgstr_plural.values())):
            entry.obsolete = True
            entry.occurrences = []
            after.append(entry)
    return after


def drop_obsolete(catalogue: polib.POFile) -> polib.POFile:
    """The same catalogue without what the source no longer says."""
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    return catalogue


def problems(catalogue: polib.POFile) -> Iterator[str]:
    """What keeps a catalogue from being shown to readers."""
    for entry in catalogue:
        if entry.obsolete:
            yield f"no longer said, --drop forgets it: {entry.msgid!r}"
            continue
        where = f"{entry.msgid!r} ({', '.join(name for name, _line in entry.occurrences)})"
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if UNNAMED.search(entry.msgid + entry.msgid_plural):
            yield f"a placeholder without a name: {where}"
        if "\n" in entry.msgid:
            yield f"a line break, the template lacks 'trimmed': {where}"
        if not all(texts):
            yield f"not translated: {where}"
        elif entry.fuzzy:
            yield f"fuzzy: {where}"
        else:
            wanted = placeholders(entry.msgid_plural or entry.msgid)
            # "one recommendation" may do without the number, the general form may not
            if placeholders(texts[-1]) != wanted or any(
                not placeholders(text) <= wanted for text in texts
            ):
                yield f"other placeholders than the source: {where}"


def placeholders(text: str) -> set[str]:
    return {a or b for a, b in NAMED.findall(text.replace("%%", ""))}


def content(catalogue: polib.POFile) -> str:
    return str(catalogue).rstrip("\n") + "\n"


def write(catalogue: polib.POFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = content(catalogue).encode()
    if not path.exists() or path.read_bytes() != new:
        _replace(path, new)


def compile_stale(locale: Path) -> list[Path]:
    """Write the .mo beside each .po that is newer, and answer which."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns <= source.stat().st_mtime_ns:
            _replace(target, polib.pofile(str(source)).to_binary())
            written.append(target)
            translation_file_changed(None, target)  # what this process has read by now is old
    return written


def _replace(path: Path, content: bytes) -> None:
    """Write at one stroke, so that nobody reads half a file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def _python(source: str, name: str) -> Iterator[Message]:
    calls = [node for node in ast.walk(ast.parse(source, name)) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if message := _message(node, f"{name}:{node.lineno}"):
            yield message


def _template(source: str, name: str) -> Iterator[Message]:
    """Django writes the tags as Python calls amid filler; each call is read up to its end."""
    text = templatize(source, name)
    for match in CALL.finditer(text):
        end = match.end()
        while end := text.find(")", end) + 1:
            try:
                node = ast.parse(text[match.start() : end], mode="eval").body
            except SyntaxError:
                continue
            if isinstance(node, ast.Call) and (message := _message(node, name)):
                yield message
            break


def _message(node: ast.Call, where: str) -> Message | None:
    function = node.func
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if called not in FUNCTIONS:
        return None
    context, text, plural = (
        _string(node, index, where) if index is not None else None for index in FUNCTIONS[called]
    )
    return Message(context, text, plural or "") if text else None


def _string(node: ast.Call, index: int, where: str) -> str:
    argument = node.args[index] if index < len(node.args) else None
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise Unreadable(f"{where}: gettext needs one plain string, named placeholders filled after")

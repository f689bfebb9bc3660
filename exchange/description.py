"""``datapackage.json``: what a folder says of its own files."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from exchange import tables
from exchange.problems import Problem, nearest

NAME = "datapackage.json"


@dataclass(frozen=True, slots=True)
class Resource:
    """What is said of one table's file; what is not said is None or empty."""

    path: str = ""
    encoding: str | None = None
    dialect: dict[str, Any] | None = None
    #: The declared columns by name, in lower case, in their order.
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Cells that stand for nothing, besides the empty one.
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Description:
    """What a folder says of itself; without a description: nothing."""

    name: str = ""
    resources: dict[str, Resource] = field(default_factory=dict)


class _Wrong(Exception):
    """What is wrong with the description."""


def described(folder: Path, problems: list[Problem]) -> Description | None:
    """What a folder says of itself; None when nothing can be read of what it says."""
    path = folder / NAME
    if not path.is_file():
        return Description()
    try:
        given = json.loads(content(path))
        found = given["resources"]
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise TypeError
    except json.JSONDecodeError as error:
        reason = _("Line %(line)d is no JSON.") % {"line": error.lineno}
        problems.append(Problem(file=NAME, reason=reason))
        return None
    except TooLarge as error:
        problems.append(Problem(file=NAME, reason=str(error)))
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        reason = _("This is not the description of a data package.")
        problems.append(Problem(file=NAME, reason=reason))
        return None
    resources: dict[str, Resource] = {}
    names = Counter(str(each.get("name")) for each in found)
    for each in found:
        name = str(each.get("name"))
        if name not in tables.NAMES:
            reason = _("There is no such table.") + nearest(name, tables.NAMES)
            problems.append(Problem(file=NAME, value=name, reason=reason))
        elif name in resources:
            pass  # said below, once
        else:
            try:
                resources[name] = _resource(folder, each)
            except _Wrong as error:
                problems.append(Problem(file=NAME, value=name, reason=str(error)))
                resources[name] = Resource(path=_text(each.get("path")))
    problems += [
        Problem(file=NAME, value=name, reason=_("This table stands here twice."))
        for name, times in names.items()
        if times > 1 and name in tables.NAMES
    ]
    return Description(_text(given.get("name")), resources)


class TooLarge(Exception):
    """A file is larger than this site reads."""


def refuse_too_large(path: Path) -> None:
    """Raise :class:`TooLarge` for a file that is larger than this site reads."""
    most = settings.SUITES_IMPORT_FILE_MB
    if path.stat().st_size > most * 1_000_000:
        raise TooLarge(
            _("This file is larger than %(most)d MB: nothing of it was read.") % {"most": most}
        )


def content(path: Path) -> bytes:
    """All that stands in a file, unless it is larger than this site reads: then nothing is read."""
    refuse_too_large(path)
    return path.read_bytes()


def within(folder: Path, name: str) -> Path | None:
    """The file of this name in a folder; None when there is none, or when it leads out of it."""
    try:
        path = folder / name
        inside = path.resolve().is_relative_to(folder.resolve())
        return path if inside and path.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _resource(folder: Path, given: dict[str, Any]) -> Resource:
    path = given.get("path", "")
    if not isinstance(path, str):
        raise _Wrong(_("A table is one file: its path is a text."))
    encoding = given.get("encoding") or None
    if not isinstance(encoding, str | None):
        raise _Wrong(_("Its encoding is not a text."))
    schema = _referenced(folder, given.get("schema"), _("Its schema can’t be read."))
    fields = dict(_fields(schema.get("fields", [])))
    missing = schema.get("missingValues", [])
    if not isinstance(missing, list):
        raise _Wrong(_("Its schema can’t be read."))
    return Resource(
        path=path,
        encoding=encoding,
        dialect=_referenced(folder, given.get("dialect"), _("Its dialect can’t be read.")) or None,
        fields=fields,
        missing=frozenset(each for each in missing if isinstance(each, str) and each),
    )


def _fields(fields: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(fields, list):
        raise _Wrong(_("Its schema can’t be read."))
    for each in fields:
        if not isinstance(each, dict) or not isinstance(each.get("name"), str):
            raise _Wrong(_("Its schema can’t be read."))
        for word in ("format", "delimiter", "decimalChar", "groupChar"):
            if not isinstance(each.get(word, ""), str):
                raise _Wrong(_("Its schema can’t be read."))
        for word in ("trueValues", "falseValues"):
            if not isinstance(each.get(word, []), list):
                raise _Wrong(_("Its schema can’t be read."))
        if each.get("type") == "date" and not _is_date_format(each.get("format", "default")):
            raise _Wrong(
                _("No days can be read in this form: %(format)s.") % {"format": each["format"]}
            )
        yield each["name"].strip().lower(), each


def _is_date_format(form: str) -> bool:
    """Year, month and day, each once and as numbers."""
    parts = sorted(re.findall(r"%(.)", form))
    return form in ("default", "any") or parts in (["Y", "d", "m"], ["d", "m", "y"])


def _referenced(folder: Path, value: Any, reason: str) -> dict[str, Any]:
    """An object, or the path of a file of this folder that holds it."""
    if value is None or isinstance(value, dict):
        return value or {}
    path = within(folder, value) if isinstance(value, str) else None
    if path is None:
        raise _Wrong(reason)
    try:
        found = json.loads(content(path))
    except (OSError, ValueError, RecursionError, TooLarge):
        raise _Wrong(reason) from None
    if not isinstance(found, dict):
        raise _Wrong(reason)
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

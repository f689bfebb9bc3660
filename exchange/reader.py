"""Reads an exchange folder: CSV files as their Table Schemas describe them.

Everything that is wrong in itself is found here, all at once: a file, a column, a value, a
reference. What only the domain can say (that a value demands a reason, that a label is taken) is
said by the domain when the rows are written.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from exchange import description, dialects, tables
from exchange.files import Found, TableFile
from exchange.package import Package
from exchange.problems import Problem, nearest
from exchange.row import Row
from exchange.spool import Rows

__all__ = ["Package", "Row", "read"]


def read(
    folder: Path,
    languages: tuple[str, ...],
    known: Mapping[str, Iterable[str]] | None = None,
) -> Package:
    """Read a folder. ``languages``: those of the site, whose columns are known.

    ``known``: the keys, by table, that came with the same package before: rows may name them too.
    The caller looks at ``problems`` first: rows with a wrong cell are not in ``rows``.
    """
    package = Package()
    if not folder.is_dir():
        package.problems.append(Problem(file=folder.name, reason=_("There is no such folder.")))
        return package
    described = description.described(folder, package.problems)
    if described is None:
        return package
    package.name = described.name
    files: dict[str, TableFile] = {}
    paths, lost = _paths(folder, described.resources, package)
    for name, path in paths.items():
        said = described.resources.get(name, description.Resource())
        file = TableFile(tables.table(name, languages), path, said, package.spool)
        files[name] = file
        package.problems += file.problems
        package.rows[name] = Rows(package.spool, name)
        if not file.complete:
            lost.add(name)
    if not paths and not package.problems:
        reason = _("There is no datapackage.json in this folder, and no table that is known.")
        package.problems.append(Problem(file=folder.name, reason=reason))
    package.assumptions += _assumptions(files)
    for name, keys in (known or {}).items():
        package.spool.put_came(name, keys)
    package.problems += [
        Problem(
            file=files[name].path.name,
            row=number,
            column=column,
            value=key,
            reason=_("There is no such key in %(file)s.") % {"file": f"{named}.csv"},
        )
        for name, number, column, named, key in package.spool.unknown()
        if named not in lost
    ]
    order = {file.path.name: place for place, file in enumerate(files.values())}
    package.problems.sort(key=lambda each: (order.get(each.file, -1), each.row))
    return package


def _paths(
    folder: Path, resources: Mapping[str, description.Resource], package: Package
) -> tuple[dict[str, Path], set[str]]:
    """The file of each table: where the description says, or else by the table's name.

    With it, the tables that were not found though they should be there.
    """
    by_name = {path.name.lower(): path.name for path in sorted(folder.iterdir(), reverse=True)}
    paths: dict[str, Path] = {}
    lost: set[str] = set()
    for name in tables.NAMES:
        said = resources[name].path if name in resources else ""
        file = said or by_name.get(f"{name}.csv", f"{name}.csv")
        path = description.within(folder, file)
        if path is not None:
            paths[name] = path
        elif name in resources:
            reason = _("There is no such file.")
            package.problems.append(Problem(file=file, reason=reason))
            lost.add(name)
    if not resources:
        for lower, file in sorted(by_name.items()):
            stem, _dot, suffix = lower.rpartition(".")
            if suffix != "csv" or stem in tables.NAMES:
                continue
            absent = [name for name in tables.NAMES if name not in paths]
            if hint := nearest(stem, absent):
                reason = _("There is no such table.") + hint
                package.problems.append(Problem(file=file, reason=reason))
                lost.update(absent)
            else:
                package.assumptions.append(
                    _("%(file)s: no table has this name; it was not read.") % {"file": file}
                )
    return paths, lost


def _assumptions(files: Mapping[str, TableFile]) -> list[str]:
    """What was found in the files, what holds for several of them said once."""
    alike: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for file in files.values():
        if file.found.encoding or file.found.delimiter:
            alike[file.found.encoding, file.found.delimiter].append(file.path.name)
    said = [_how_written(Found(*found), ", ".join(names)) for found, names in alike.items()]
    said += [
        _("%(file)s, %(sentence)s") % {"file": file.path.name, "sentence": sentence}
        for file in files.values()
        for sentence in file.found.sentences
    ]
    return said


def _how_written(found: Found, names: str) -> str:
    values = {
        "files": names,
        "encoding": dialects.ENCODINGS.get(found.encoding or "", ""),
        "sign": dialects.named(found.delimiter or ""),
    }
    if found.encoding is None:
        return _("%(files)s: read with %(sign)s between cells.") % values
    if found.delimiter is None:
        return _("%(files)s: read as %(encoding)s.") % values
    return _("%(files)s: read as %(encoding)s, with %(sign)s between cells.") % values

"""Opens a folder that comes as a zip archive, and refuses archives that would do harm.

What an archive says of itself is not believed: sizes are counted while it is unpacked.
"""

import io
import os
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from exchange import description, tables
from exchange.problems import ImportRefused, Problem

MEGABYTE = 1_000_000
#: More entries than any folder has, with pictures and texts beside its tables.
MOST_ENTRIES = 1_000
#: Tables rarely shrink to a fiftieth; what grows more than two hundred times is made to grow.
HIGHEST_RATIO = 200
#: Below that size nothing is harmful.
SMALL = 1 * MEGABYTE
#: The list of an archive's entries takes no more than that, a name of usual length each.
LONGEST_DIRECTORY = MOST_ENTRIES * 600
CHUNK = 65_536
#: Archives within the archive and what systems leave behind are not unpacked.
IGNORED = re.compile(
    r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)"
    r"|\.(zip|gz|tgz|tar|bz2|xz|7z|rar|zst|jar)$",
    re.IGNORECASE,
)
ENCRYPTED = 0x1
#: What Python's module raises where an archive is damaged.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """The folder at this path, or that of the zip archive at this path until it is closed.

    Raises :class:`ImportRefused` when it is an archive that is not unpacked. Whether a folder is
    there at all is said by the reader.
    """
    if path.is_dir() or not path.exists():
        yield path
        return
    with TemporaryDirectory(prefix="suites-import-") as folder:
        yield unpacked(path, Path(folder))


def unpacked(path: Path, folder: Path) -> Path:
    """Unpack an archive into an empty folder; where in it the tables stand."""
    most_in_all = settings.SUITES_IMPORT_TOTAL_MB
    if path.stat().st_size > most_in_all * MEGABYTE:
        raise _refused(path, _("This archive holds more than %(most)d MB."), most_in_all)
    if not path.is_file():
        raise _neither(path)
    with _Archive(path) as file:
        try:
            archive = zipfile.ZipFile(file)
        except _TooMuch:
            raise _refused(
                path, _("More than %(most)d files stand in this archive."), MOST_ENTRIES
            ) from None
        except DAMAGED:
            raise _neither(path) from None
        file.left = None
        with archive:
            entries = _entries(path, archive)
            try:
                _unpack(path, archive, entries, folder)
            except DAMAGED:
                reason = _("This archive is damaged.")
                raise ImportRefused([Problem(file=path.name, reason=reason)]) from None
    return _where_the_tables_are(folder)


class _TooMuch(Exception):
    """An archive's list of entries is longer than it may be."""


class _Archive(io.FileIO):
    """An archive's file, of which only so much is read before its entries are known."""

    def __init__(self, path: Path):
        super().__init__(path)
        #: 65,557: where an archive's list of entries stands is looked for in its last bytes.
        self.left: int | None = LONGEST_DIRECTORY + 3 * 65_557

    def read(self, size: int | None = -1) -> bytes:
        size = -1 if size is None else size
        if self.left is not None:
            if size < 0:
                size = os.fstat(self.fileno()).st_size - self.tell()
            self.left -= max(size, 0)
            if self.left < 0:
                raise _TooMuch
        return super().read(size) or b""


def _refused(path: Path, reason: str, most: int) -> ImportRefused:
    return ImportRefused([Problem(file=path.name, reason=reason % {"most": most})])


def _neither(path: Path) -> ImportRefused:
    reason = _("This is neither a folder nor a zip archive.")
    return ImportRefused([Problem(file=path.name, reason=reason)])


def _entries(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The entries that are unpacked; all that is wrong with any is said at once."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _refused(path, _("More than %(most)d files stand in this archive."), MOST_ENTRIES)
    times = Counter(entry.filename for entry in entries)
    problems = [
        Problem(file=path.name, value=entry.filename, reason=reason)
        for entry in entries
        if (reason := _why_not(entry, times))
    ]
    if problems:
        raise ImportRefused(dict.fromkeys(problems))
    return [entry for entry in entries if not entry.is_dir() and not IGNORED.search(entry.filename)]


def _why_not(entry: zipfile.ZipInfo, times: Counter[str]) -> str:
    name = entry.filename.replace("\\", "/")
    # Where a name holds a zero, the archive's own words go on behind it.
    given = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or "\0" in given:
        return _("This path does not begin in the archive’s own folder.")
    if ".." in PurePosixPath(name).parts:
        return _("This path leads out of the archive’s folder.")
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return _("This is a link, not a file.")
    if entry.flag_bits & ENCRYPTED:
        return _("This file is encrypted.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("This file is compressed in a way that is not read.")
    if times[entry.filename] > 1:
        return _("This file stands in the archive twice.")
    return ""


def _unpack(
    path: Path, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path
) -> None:
    total = 0
    most, most_in_all = settings.SUITES_IMPORT_FILE_MB, settings.SUITES_IMPORT_TOTAL_MB
    packed_in_all = path.stat().st_size
    for entry in entries:
        target = folder / entry.filename.replace("\\", "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, target.open("xb") as file:
            size = 0
            for chunk in _chunks(source):
                size += len(chunk)
                total += len(chunk)
                if size > most * MEGABYTE:
                    reason = _("This file is larger than %(most)d MB.") % {"most": most}
                    raise _stopped(path, entry, reason)
                if total > most_in_all * MEGABYTE:
                    reason = _("This archive holds more than %(most)d MB.")
                    raise _refused(path, reason, most_in_all)
                packed = min(max(entry.compress_size, 1), packed_in_all)
                if size > SMALL and size > HIGHEST_RATIO * packed:
                    reason = _("Unpacked, this file is more than %(times)d times as large.")
                    raise _stopped(path, entry, reason % {"times": HIGHEST_RATIO})
                file.write(chunk)


def _stopped(path: Path, entry: zipfile.ZipInfo, reason: str) -> ImportRefused:
    return ImportRefused([Problem(file=path.name, value=entry.filename, reason=reason)])


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


def _where_the_tables_are(folder: Path) -> Path:
    """The folder itself, or the only one in it: many archives hold the folder they were made of."""
    entries = list(folder.iterdir())
    names = {entry.name.lower() for entry in entries}
    if description.NAME in names or names & {f"{name}.csv" for name in tables.NAMES}:
        return folder
    folders = [entry for entry in entries if entry.is_dir()]
    return folders[0] if len(folders) == 1 else folder

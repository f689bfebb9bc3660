"""The words of one PDF or ODT file: standard input to standard output, in a process of its own.

    python search/reading.py pdf < file

A file is anybody's work. This program reads it under limits on time and memory, and whatever goes
wrong stays in it: it imports nothing of ours, knows no settings, and is killed when it takes long.
It prints the text; what it can't read ends it with a reason on standard error.
"""

import io
import resource
import sys
import zipfile
from typing import IO

MOST_PAGES = 300
MOST_SIGNS = 400_000
#: An ODT's text, unpacked.
MOST_XML = 60_000_000
MOST_MEMORY = 1 << 30
MOST_SECONDS = 60


class Unreadable(Exception):
    """Why a file has no text."""


def text_of(file: IO[bytes], kind: str) -> str:
    """The words of a file, in its order; raises :class:`Unreadable`."""
    try:
        if kind == "pdf":
            return _pdf(file)
        if kind == "odt":
            return _odt(file)
    except Unreadable:
        raise
    except (Exception, RecursionError) as error:
        raise Unreadable(f"not readable: {type(error).__name__}") from error
    raise Unreadable("another format")


def _pdf(file: IO[bytes]) -> str:
    from pypdf import PdfReader

    reader = PdfReader(file, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("encrypted")
    found, length = [], 0
    for page in reader.pages[:MOST_PAGES]:
        text = page.extract_text() or ""
        found.append(text)
        length += len(text)
        if length > MOST_SIGNS:
            break
    return _plain("\n".join(found))


def _odt(file: IO[bytes]) -> str:
    from defusedxml.ElementTree import iterparse

    with zipfile.ZipFile(file) as archive:
        entry = archive.getinfo("content.xml")
        if entry.file_size > MOST_XML:
            raise Unreadable("too large when unpacked")
        found, length = [], 0
        with archive.open(entry) as content:
            for _event, element in iterparse(content, forbid_dtd=True):
                if element.tag.rpartition("}")[2] in ("p", "h"):
                    text = "".join(element.itertext())
                    found.append(text)
                    length += len(text)
                    element.clear()
                if length > MOST_SIGNS:
                    break
    return _plain("\n".join(found))


def _plain(text: str) -> str:
    return "".join(s if s.isprintable() or s == "\n" else " " for s in text)[:MOST_SIGNS].strip()


def main(kind: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        text = text_of(io.BytesIO(sys.stdin.buffer.read()), kind)
    except Unreadable as error:
        sys.stderr.write(str(error))
        return 1
    except MemoryError:
        sys.stderr.write("takes too much memory")
        return 1
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))

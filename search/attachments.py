"""The text of published PDF and ODT files, read in the background, with limits.

A file is anybody's work: one that is too large, damaged or hostile has no text, and a reason.
"""

import zipfile
from collections.abc import Iterable
from pathlib import PurePath
from typing import IO

from defusedxml.ElementTree import iterparse
from django.db.models import Q
from django_tasks import task
from pypdf import PdfReader

from assemblies.models import Act, Source
from search import indexing
from search.models import Extract

MOST_BYTES = 30_000_000
MOST_PAGES = 300
MOST_SIGNS = 400_000
#: An ODT's text, unpacked.
MOST_XML = 60_000_000


class Unreadable(Exception):
    """Why a file has no text."""


def text_of(file: IO[bytes], name: str, size: int) -> str:
    """The words of a file, in its order; raises :class:`Unreadable`."""
    if size > MOST_BYTES:
        raise Unreadable("too large")
    kind = PurePath(name).suffix.lower()
    try:
        if kind == ".pdf":
            return _pdf(file)
        if kind == ".odt":
            return _odt(file)
    except Unreadable:
        raise
    except (Exception, RecursionError) as error:
        raise Unreadable(f"not readable: {type(error).__name__}") from error
    raise Unreadable("another format")


def _pdf(file: IO[bytes]) -> str:
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


@task(backend="background")
def read(document: int) -> None:
    """Read one document once, and index it with the facts that rest on it."""
    from wagtail.documents import get_document_model

    row = get_document_model().objects.filter(pk=document).first()
    if row is None or Extract.objects.filter(document=document).exists():
        return
    text, refusal = "", ""
    try:
        with row.file.open("rb") as file:
            text = text_of(file, row.file.name, row.file.size)
    except Unreadable as error:
        refusal = str(error)[:200]
    except OSError as error:
        refusal = f"not there: {type(error).__name__}"
    Extract.objects.create(document=row, text=text, refusal=refusal)
    if text:
        indexing.again(document)


def wanted(actions: Iterable[int], acts: Iterable[int]) -> set[int]:
    """The documents that these published facts rest on, and that nobody has read."""
    keys = set(
        Source.objects.filter(action__in=list(actions), document__isnull=False).values_list(
            "document", flat=True
        )
    )
    keys |= set(
        Act.objects.filter(~Q(document=None), pk__in=list(acts)).values_list("document", flat=True)
    )
    return keys - set(Extract.objects.filter(document__in=keys).values_list("document", flat=True))


def ask_for(documents: Iterable[int]) -> None:
    """Have these read by the worker."""
    for document in documents:
        read.enqueue(document)

"""The text of published PDF and ODT files, read once, in the background, with limits.

Each file is read by ``reading.py`` in a process of its own. One that is too large, damaged or
hostile has no text, and a reason that operators can look up.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import IO

from django.db import transaction
from django.db.models import Q
from django_tasks import task

from assemblies.models import Act, Action, Change, Source
from search import documents, indexing
from search.models import Extract
from search.reading import MOST_SECONDS, Unreadable

READER = Path(__file__).with_name("reading.py")
MOST_BYTES = 30_000_000
KINDS = frozenset({"pdf", "odt"})


def text_of(file: IO[bytes], name: str, size: int) -> str:
    """The words of a file; raises :class:`Unreadable`."""
    kind = PurePath(name).suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise Unreadable("another format")
    if size > MOST_BYTES:
        raise Unreadable("too large")
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Unreadable("too large")
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and one of two words
            [sys.executable, "-I", str(READER), kind],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS * 2,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("takes too long") from error
    if done.returncode < 0:
        raise Unreadable(f"ended by signal {-done.returncode}")
    if done.returncode:
        raise Unreadable(done.stderr.decode("utf-8", "replace").strip()[-200:] or "not readable")
    return done.stdout.decode("utf-8", "replace")


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
    with transaction.atomic():
        _extract, new = Extract.objects.get_or_create(
            document=row, defaults={"text": text, "refusal": refusal}
        )
        if new and text:
            indexing.again(resting_on(document))


def resting_on(document: int) -> set[str]:
    """The entries whose published facts rest on a document."""
    changes = Change.objects.filter(
        Q(action__in=Action.objects.filter(sources__document=document))
        | Q(act__in=Act.objects.filter(document=document))
    )
    return documents.touched(changes.values_list("number", flat=True))


def unread(numbers: Iterable[int] | None = None) -> set[int]:
    """The documents that published facts rest on and that nobody has read; of these changes."""
    steps, acts = Source.objects.filter(action__live=True), Act.objects.filter(live=True)
    if numbers is not None:
        told = Change.objects.filter(number__in=list(numbers))
        steps = steps.filter(action__in=told.filter(action__isnull=False).values("action"))
        acts = acts.filter(pk__in=told.filter(act__isnull=False).values("act"))
    keys = {
        *steps.filter(document__isnull=False).values_list("document", flat=True),
        *acts.filter(document__isnull=False).values_list("document", flat=True),
    }
    if not keys:
        return set()
    return keys - set(Extract.objects.filter(document__in=keys).values_list("document", flat=True))


def ask_for(keys: Iterable[int]) -> None:
    """Have these documents read by the worker."""
    for document in sorted(keys):
        read.enqueue(document)

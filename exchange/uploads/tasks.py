"""What a worker does with an upload: compare it with the site, and load it once confirmed.

A worker that dies in the middle leaves nothing half written: all is one transaction. The upload
then stands as under way, without a sign of life; whoever looks at it may start it again.
"""

import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.utils import translation
from django_tasks import task

from exchange import archive, reader, survey, writer
from exchange.entries import Plan
from exchange.package import Package
from exchange.problems import ImportRefused, Problem
from exchange.uploads import comparison
from exchange.uploads.models import Standing, Upload

logger = logging.getLogger(__name__)

#: So many mistakes are kept to be shown; the count is that of all.
PROBLEMS_SHOWN = 1_000
#: Seconds without a sign of life after which a worker is taken to have died.
SILENCE = 180


@task(backend="background")
def compare(upload: int) -> None:
    """Read an upload and find out what it would change; everything is tried and taken back."""
    _run(upload, Standing.COMPARING, load=False)


@task(backend="background")
def load(upload: int) -> None:
    """Load an upload as it was confirmed: if the site has changed since, compare it again."""
    _run(upload, Standing.LOADING, load=True)


def progress_of(upload: int) -> list[str]:
    """The last lines that the worker said."""
    return [line for _moment, line in _said(upload)]


def is_silent(upload: Upload) -> bool:
    """Whether a worker that should be at it has given no sign of life for long."""
    last = max([moment for moment, _line in _said(upload.pk)], default=0.0)
    return time.time() - max(last, upload.moved_at.timestamp()) > SILENCE


def _said(upload: int) -> list[tuple[float, str]]:
    return caches["progress"].get(f"upload-{upload}") or []


def _say(upload: int, line: str) -> None:
    """Beside the database: on SQLite nobody can write to it while an import does."""
    lines = [*_said(upload), (time.time(), line.strip())]
    caches["progress"].set(f"upload-{upload}", lines[-200:], timeout=24 * 3600)


def _run(key: int, standing: Standing, *, load: bool) -> None:
    upload = Upload.objects.filter(pk=key, standing=standing).first()
    if upload is None:
        return  # thrown away, or done by another worker
    with translation.override(upload.language):
        try:
            _attempt(upload, standing, load=load)
        except ImportRefused as refused:
            _refuse(upload, standing, refused.problems)
        except Exception:
            logger.exception("Upload %s failed.", key)
            Upload.objects.move(key, standing, to=Standing.FAILED)


def _attempt(upload: Upload, standing: Standing, *, load: bool) -> None:
    with _package(upload) as (package, name):
        upload.package = name
        upload.assumptions = [str(line) for line in package.assumptions]
        if package.problems:
            raise ImportRefused(package.problems)
        plan = survey.plan_of(package, name)
        if load and comparison.fingerprint(plan) != upload.plan_fingerprint:
            _show(upload, standing, package, plan, compared_again=True)
            return
        if not load:
            _keep(upload, package, plan)
        outcome = writer.write(
            package, name, report=lambda line: _say(upload.pk, line), dry_run=not load
        )
        if load:
            Upload.objects.move(
                upload.pk, standing, to=Standing.LOADED, seconds=outcome.seconds, content=None
            )
        else:
            _show(upload, standing, package, outcome.plan)


@contextmanager
def _package(upload: Upload) -> Iterator[tuple[Package, str]]:
    """The rows of what was sent, and the package's own name."""
    languages = tuple(code for code, _name in settings.LANGUAGES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.zip"
        path.write_bytes(bytes(upload.content or b""))
        with archive.opened(path) as unpacked:
            # The same name as the command gives it: it is by its name that a package is known.
            name = survey.name_of(unpacked, Path(upload.file_name))
            package = reader.read(unpacked, languages, survey.keys_of(name))
            yield package, name


def _shown(upload: Upload, package: Package, plan: Plan) -> dict:
    differences, count = comparison.differences(package, plan)
    return {
        "package": upload.package,
        "assumptions": upload.assumptions,
        "counts": comparison.counts(plan),
        "differences": differences,
        "differences_count": count,
    }


def _keep(upload: Upload, package: Package, plan: Plan) -> None:
    """What differs is kept even where something is refused: it says which row is meant."""
    Upload.objects.filter(pk=upload.pk).update(**_shown(upload, package, plan))


def _show(
    upload: Upload,
    standing: Standing,
    package: Package,
    plan: Plan,
    *,
    compared_again: bool = False,
) -> None:
    Upload.objects.move(
        upload.pk,
        standing,
        to=Standing.READY,
        plan_fingerprint=comparison.fingerprint(plan),
        compared_again=compared_again,
        problems=[],
        problems_count=0,
        **_shown(upload, package, plan),
    )


def _refuse(upload: Upload, standing: Standing, problems: list[Problem]) -> None:
    Upload.objects.move(
        upload.pk,
        standing,
        to=Standing.REFUSED,
        package=upload.package,
        assumptions=upload.assumptions,
        problems=[str(problem) for problem in problems[:PROBLEMS_SHOWN]],
        problems_count=len(problems),
    )

"""What a worker does for an edition: make and verify its PDF files, then bring it online.

A worker that dies, or a disk that is full, leaves nothing half public: files and publication are
one transaction at the end. The edition then stands in preparation, and is made again: by itself
after an error, by the button of its page, or by ``make_booklets``.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import caches
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from booklets import pdf, render
from booklets.layers import laid_over
from booklets.models import Edition, Layer, Standing
from booklets.reading import Reading

logger = logging.getLogger(__name__)

#: So often an edition is tried by itself, and the seconds between two attempts.
ATTEMPTS = 3
PAUSE = 30
#: Seconds without a sign of life after which a worker is taken to have died.
SILENCE = 300
#: Seconds for which proofs, and what was said of the work, are kept.
KEPT = 24 * 3600


@task(backend="background")
def make(edition: int) -> None:
    """Make the PDF of each language, verify them, publish."""
    row = Edition.objects.filter(pk=edition).exclude(standing=Standing.PUBLISHED).first()
    if row is None:
        return  # another worker was faster
    attempt = row.attempts + 1
    _move(row, Standing.PREPARING, attempts=attempt)
    try:
        made = {
            language: made_file(row, language, say=lambda line: say(edition, line))
            for language in row.languages
        }
        from booklets import editions

        say(edition, _("All files are made. The edition goes online."))
        editions.publish(row, made)
    except Exception as error:
        logger.exception("Edition %s could not be made, attempt %s.", row.code, attempt)
        told = str(error) if isinstance(error, pdf.PdfError) else _("The program failed.")
        _move(row, Standing.FAILED, problem=told)
        if attempt < ATTEMPTS:
            _try_again(make, edition)


@task(backend="background")
def make_layer(layer: int, attempt: int = 1) -> None:
    """Make the PDF of a language whose words followed, and show them."""
    row = Layer.objects.select_related("edition").filter(pk=layer, made_at=None).first()
    if row is None:
        return
    from booklets import editions

    name = layer_name(layer)
    caches["progress"].delete(f"{name}-problem")
    try:
        content, pages = made_file(
            row.edition, row.language, layer=row, say=lambda line: say(name, line)
        )
        editions.publish_layer(row, content, pages)
    except Exception as error:
        logger.exception("Words of edition %s could not be laid, attempt %s.", row, attempt)
        told = str(error) if isinstance(error, pdf.PdfError) else _("The program failed.")
        caches["progress"].set(f"{name}-problem", told, timeout=KEPT)
        if attempt < ATTEMPTS:
            _try_again(make_layer, layer, attempt + 1)


def made_file(
    edition: Edition, language: str, *, layer: Layer | None = None, say: Any = None
) -> tuple[bytes, int]:
    """The PDF of one language, made and verified, and its number of pages."""
    snapshot = edition.snapshot
    if layer is not None:
        snapshot = laid_over(snapshot, layer.words, language)
    if say is not None:
        say(_("PDF in %(language)s: pages are set.") % {"language": language.upper()})
    html = render.printed(snapshot, edition.sha256, language, layer=layer)
    content = file_of(snapshot, html, pictures=pictures_of(edition))
    with translation.override(language):
        title = Reading(snapshot).title.text
    pages = pdf.verify(
        content,
        language=language,
        title=title,
        sheets=len(snapshot["recommendations"]),
        marked=f'lang="{other_than(language)}"' in html,
    )
    if say is not None:
        said = {"language": language.upper(), "pages": pages}
        say(_("PDF in %(language)s: %(pages)s pages, verified.") % said)
    return content, pages


def other_than(language: str) -> str:
    """Another language of the site, to look for its mark."""
    from booklets.gather import languages

    return next((code for code in languages() if code != language), language)


def file_of(snapshot: dict[str, Any], html: str, *, pictures: Any = None) -> bytes:
    """The PDF of a document, in the inks of its assembly."""
    with translation.override(None):
        panel = Reading(snapshot).panel["count"]
    assembly = snapshot["assembly"]
    return pdf.make(
        html, ink=assembly["ink"], seed=assembly["seed"], panel=panel, pictures=pictures
    )


def pictures_of(edition: Edition) -> dict[str, bytes]:
    rows = edition.files.filter(media_type="image/jpeg").values_list("name", "content")
    return {name: bytes(content) for name, content in rows}


def _move(edition: Edition, standing: Standing, **values: Any) -> None:
    Edition.objects.filter(pk=edition.pk).exclude(standing=Standing.PUBLISHED).update(
        standing=standing, moved_at=timezone.now(), **values
    )


def _try_again(job: Any, *arguments: int) -> None:
    if job.get_backend().supports_defer:
        job = job.using(run_after=timezone.now() + timedelta(seconds=PAUSE))
    job.enqueue(*arguments)


# -- progress ---------------------------------------------------------------------------------


def say(of: int | str, line: str) -> None:
    """Beside the database, so that it is read while a transaction is open."""
    lines = [*_said(of), (time.time(), line)]
    caches["progress"].set(f"booklet-{of}", lines[-50:], timeout=KEPT)


def _said(of: int | str) -> list[tuple[float, str]]:
    return caches["progress"].get(f"booklet-{of}") or []


def progress_of(edition: Edition) -> list[str]:
    return [line for _moment, line in _said(edition.pk)]


def is_silent(edition: Edition) -> bool:
    """Whether a worker that should be at it has given no sign of life for long."""
    return _silent_since(_said(edition.pk), edition.moved_at)


def _silent_since(said: list[tuple[float, str]], begun: datetime) -> bool:
    last = max((moment for moment, _line in said), default=0.0)
    return time.time() - max(last, begun.timestamp()) > SILENCE


def start_again(edition: Edition) -> None:
    """Make the files of an edition once more, with all its attempts."""
    _move(edition, Standing.PREPARING, attempts=0, problem="")
    make.enqueue(edition.pk)


# -- words that followed ----------------------------------------------------------------------


def layer_name(layer: int) -> str:
    return f"layer-{layer}"


def standing_of(layer: Layer) -> dict[str, Any]:
    """How far the words that follow have come: in preparation, failed, or shown."""
    name = layer_name(layer.pk)
    problem = caches["progress"].get(f"{name}-problem") or ""
    waiting = layer.made_at is None
    return {
        "row": layer,
        "waiting": waiting,
        "problem": problem if waiting else "",
        "silent": waiting and not problem and _silent_since(_said(name), layer.added_at),
    }


def start_layer_again(layer: Layer) -> None:
    caches["progress"].delete(f"{layer_name(layer.pk)}-problem")
    say(layer_name(layer.pk), _("The files are made again."))
    make_layer.enqueue(layer.pk)


# -- proofs -----------------------------------------------------------------------------------

WAITING, FAILED = "waiting", "failed"


def proof_name(page: int, language: str, body: str, revision: int) -> str:
    return f"proof-{page}-{language}-{body}-{revision}"


def proof_of(name: str) -> Any:
    """The file, ``WAITING``, ``FAILED``, or None where nobody has asked for it."""
    return caches["progress"].get(name)


def forget_proof(name: str) -> None:
    caches["progress"].set(name, WAITING, timeout=KEPT)


@task(backend="background")
def make_proof(page: int, language: str, body: str, name: str) -> None:
    """The PDF of a draft, for those who check it; it is kept for a day and is nothing public."""
    from booklets.drafting import Drafting
    from booklets.models import BookletPage

    try:
        draft = BookletPage.objects.get(pk=page).get_latest_revision_as_object()
        drafting = Drafting(draft)
        html = render.printed(drafting.snapshot, "", language, only=body, proof=True)
        pictures = {file: content for file, (_type, content) in drafting.pictures.items()}
        made: Any = file_of(drafting.snapshot, html, pictures=pictures)
    except Exception:
        logger.exception("The proof of booklet %s could not be made.", page)
        made = FAILED
    caches["progress"].set(name, made, timeout=KEPT)

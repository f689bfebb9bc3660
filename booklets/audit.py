"""Every fingerprint of the frozen editions, worked out again: read, never mended."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assemblies.models import Change
from booklets import canonical
from booklets.editions import listed_as
from booklets.models import Edition, EditionFile, EditionPart, Layer


def check() -> tuple[int, list[str]]:
    """How many editions there are, and one sentence for each difference found."""
    keys = list(Edition.objects.order_by("pk").values_list("pk", flat=True))
    found = [sentence for key in keys for sentence in findings(Edition.objects.get(pk=key))]
    found += _lost()
    return len(keys), found


def findings(edition: Edition) -> Iterator[str]:
    """What of one edition is not as it was frozen."""
    if canonical.sha256(edition.content) != edition.sha256:
        yield _("%(edition)s: the data differs from its fingerprint.") % {"edition": edition}
    parts = EditionPart.objects.filter(edition=edition)
    sealed = {"content": canonical.sha256(edition.content)}
    for part in parts.order_by("pk").iterator(chunk_size=50):
        actual = canonical.sha256(part.html)
        where = {"edition": edition, "page": f"{part.language}/{part.slug}"}
        if actual != part.sha256:
            yield _("%(edition)s: the page “%(page)s” differs from its fingerprint.") % where
        if part.layer_id is None:
            sealed[f"{part.language}/{part.slug}"] = actual
    for file in EditionFile.objects.filter(edition=edition).order_by("pk"):
        actual = canonical.sha256(bytes(file.content))
        if actual != file.sha256:
            yield _("%(edition)s: the file “%(file)s” differs from its fingerprint.") % {
                "edition": edition,
                "file": file.name,
            }
        if file.layer_id is None and not file.name.endswith(".pdf"):
            sealed[file.name] = actual
    if canonical.seal(sealed) != edition.seal:
        yield _("%(edition)s: pages or data are not those that were sealed.") % {"edition": edition}
    for layer in Layer.objects.filter(edition=edition):
        if canonical.sha256(layer.content) != layer.sha256:
            yield _("%(edition)s: the words that followed differ from their fingerprint.") % {
                "edition": edition
            }
    yield from _log(edition)


def _log(edition: Edition) -> Iterator[str]:
    """The change log says the seal of what was published: it can't be exchanged on the quiet."""
    if not edition.is_public:
        return
    row = Change.objects.filter(number=edition.published or 0).first()
    if row is None or row.listed != listed_as(edition):
        yield _("%(edition)s: its seal is not the one in the change log.") % {"edition": edition}


def _lost() -> Iterator[str]:
    """Editions that the change log knows, and that are not there any more."""
    known = set(Edition.objects.values_list("code", flat=True))
    rows = Change.objects.filter(listed__startswith="booklet:").values_list("listed", flat=True)
    for code in sorted({listed.split(":")[1] for listed in rows} - known):
        yield _("%(edition)s: it was published, and is gone.") % {"edition": code}

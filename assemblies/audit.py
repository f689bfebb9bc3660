"""What was changed behind the guards, by raw SQL or by a restored row: read, never mended."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from assemblies import history, references
from assemblies.models import (
    FACTS,
    Change,
    ChangeKind,
    CyclePage,
    Recommendation,
    RecommendationPage,
    Withdrawal,
)


def findings() -> Iterator[str]:
    """One sentence for each difference between what was published and what is there now."""
    yield from _numbers()
    yield from _facts()
    yield from _register()


def _numbers() -> Iterator[str]:
    """Numbers begin with 1 and have no gap: every publication is there."""
    expected = 1
    for number in Change.objects.order_by("number").values_list("number", flat=True).iterator():
        if number != expected:
            yield _("The change log lacks numbers %(first)s to %(last)s.") % {
                "first": expected,
                "last": number - 1,
            }
        expected = number + 1


def _last_fingerprints(column: str) -> dict[int, tuple[int, str]]:
    """Subject → number and fingerprint of the last time the log speaks of it."""
    rows = (
        Change.objects.filter(**{f"{column}__isnull": False})
        .order_by("number")
        .values_list(f"{column}_id", "number", "fingerprint")
    )
    return {subject: (number, fingerprint) for subject, number, fingerprint in rows.iterator()}


def _facts() -> Iterator[str]:
    for model in FACTS:
        logged = _last_fingerprints(model._meta.model_name)
        rows = model._base_manager.filter(pk__in=logged).prefetch_related(
            *model.child_relations, *model.many_relations
        )
        found = set()
        for fact in rows.iterator(chunk_size=500):
            found.add(fact.pk)
            number, fingerprint = logged[fact.pk]
            if not fact.live:
                yield _("n° %(number)s: “%(fact)s” was published and is not any more.") % {
                    "number": number,
                    "fact": fact,
                }
            elif history.fingerprint(history.content(fact)) != fingerprint:
                yield _("n° %(number)s: “%(fact)s” is not as it was published.") % {
                    "number": number,
                    "fact": fact,
                }
        for missing in sorted(set(logged) - found):
            yield _("n° %(number)s: what it published is gone.") % {"number": logged[missing][0]}
        for fact in model._base_manager.filter(live=True).exclude(pk__in=logged):
            yield _("“%(fact)s” is published, and the change log does not know it.") % {
                "fact": fact
            }


def _register() -> Iterator[str]:
    """Recommendations: what is fixed, the words as handed over, and the page behind the row."""
    rows = Recommendation.objects.select_related("page__locale", "cycle__assembly", "kind")
    logged: dict[int, str] = {}
    ever: dict[int, set[str]] = defaultdict(set)
    for subject, kind, fingerprint in (
        Change.objects.filter(recommendation__isnull=False)
        .order_by("number")
        .values_list("recommendation_id", "kind", "fingerprint")
    ):
        ever[subject].add(fingerprint)
        if kind == ChangeKind.PUBLISHED:
            logged[subject] = fingerprint
    withdrawn = dict(
        Withdrawal.objects.live().values_list("recommendation_id", "withdrawn_on").iterator()
    )
    versions = _versions()
    off = set(
        CyclePage.objects.filter(register__recommendations__isnull=False, live=False).values_list(
            "pk", flat=True
        )
    )
    for row in rows.iterator(chunk_size=500):
        page = row.page
        if row.pk not in logged:
            yield _("%(reference)s is registered, and the change log does not know it.") % {
                "reference": row.reference
            }
        elif history.fingerprint(row.said()) != logged[row.pk]:
            yield _("%(reference)s is not as it was published.") % {"reference": row.reference}
        versions_off = [each for each in versions[row.translation_key] if not each.live]
        if row.withdrawn_on is None and (versions_off or row.cycle.page_id in off):
            yield _("%(reference)s: its page is off the site, without a withdrawal.") % {
                "reference": row.reference
            }
        if row.withdrawn_on != withdrawn.get(row.pk):
            yield _("%(reference)s: register and withdrawal differ.") % {"reference": row.reference}
        for each in versions[row.translation_key]:
            if each.pk != page.pk and history.fingerprint(each.said()) not in ever[row.pk]:
                yield _("%(reference)s: the words in %(language)s are not as published.") % {
                    "reference": row.reference,
                    "language": each.locale.language_code,
                }
        if page.translation_key != row.translation_key or page.label != row.label:
            yield _("%(reference)s: register and page differ.") % {"reference": row.reference}
        if not row.reference.startswith(references.join(row.cycle.reference, "")):
            yield _("%(reference)s: it is not a reference of its cycle.") % {
                "reference": row.reference
            }


def _versions() -> dict[UUID, list[RecommendationPage]]:
    """Every page of a recommendation that was ever published, in whichever language."""
    found: dict[UUID, list[RecommendationPage]] = defaultdict(list)
    pages = RecommendationPage.objects.filter(
        alias_of__isnull=True, first_published_at__isnull=False
    ).select_related("locale")
    for page in pages.iterator(chunk_size=500):
        found[page.translation_key].append(page)
    return found

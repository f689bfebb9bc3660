"""Many recommendations at once, past the pages' own ``save()``: for counts of queries and rows."""

import datetime
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, router
from wagtail.models import Page

from assemblies import directory, references
from assemblies.models import CyclePage, Recommendation, RecommendationPage


def make_recommendations(cycle, number: int, *, first: int = 1, topic=None, **columns) -> None:
    """``number`` live recommendations of a cycle, labelled from ``first`` on, in French only."""
    parent = CyclePage.objects.get(pk=cycle.page_id)
    kind = cycle.assembly.kinds.order_by("pk").first()
    below = parent.numchild
    labels = [str(first + place) for place in range(number)]
    pages = Page.objects.bulk_create(
        [
            Page(
                path=Page._get_path(parent.path, parent.depth + 1, below + place + 1),
                depth=parent.depth + 1,
                title=f"Recommandation {label}",
                draft_title=f"Recommandation {label}",
                slug=f"r-{label}",
                url_path=f"{parent.url_path}r-{label}/",
                content_type=ContentType.objects.get_for_model(RecommendationPage),
                locale=parent.locale,
                translation_key=uuid4(),
                live=True,
            )
            for place, label in enumerate(labels)
        ],
        batch_size=500,
    )
    Page.objects.filter(pk=parent.pk).update(numchild=below + number)
    using = router.db_for_write(RecommendationPage)
    fields = RecommendationPage._meta.local_concrete_fields
    specific = [
        RecommendationPage(page_ptr_id=page.pk, label=label, kind=kind, verbatim="<p>Texte.</p>")
        for page, label in zip(pages, labels, strict=True)
    ]
    size = connections[using].ops.bulk_batch_size(fields, specific)
    for start in range(0, number, size):
        RecommendationPage._base_manager._insert(
            specific[start : start + size], fields=fields, using=using, raw=True
        )
    rows = Recommendation.objects.bulk_create(
        [
            Recommendation(
                page_id=page.pk,
                translation_key=page.translation_key,
                title=page.title,
                cycle=cycle,
                reference=references.join(cycle.reference, label),
                label=label,
                position=f"|{references.natural(label)}",
                kind=kind,
                deciding_body_id=kind.deciding_body_id,
                handed_over_on=cycle.handed_over_on,
                **columns,
            )
            for page, label in zip(pages, labels, strict=True)
        ],
        batch_size=500,
    )
    if topic is not None:
        through = Recommendation.topics.through
        through.objects.bulk_create(
            [through(recommendation_id=row.pk, topic_id=topic.pk) for row in rows], batch_size=500
        )
    if connection.vendor == "postgresql":
        # What its own housekeeping does after a large load, before anybody reads.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    directory.forget()


def answered(day: datetime.date = datetime.date(2024, 5, 15)) -> dict:
    """Columns of a recommendation that was accepted."""
    return {"response": "accepted", "response_first": day, "response_last": day}

"""The sources of actions, read in the query that reads the actions themselves."""

from typing import Any

from django.db.models import OuterRef, Subquery
from wagtail.documents import get_document_model

from assemblies import joined
from assemblies.models import Source


def gathered_sources() -> Subquery:
    """An annotation of actions, to be read with :func:`gathered`."""
    return joined.objects(
        Source.objects.filter(action=OuterRef("pk")),
        "action",
        position="position",
        order="sort_order",
        pk="pk",
        language="language",
        title="title",
        url="url",
        official="official",
        document="document",
        file="document__file",
        size="document__file_size",
    )


def gathered(row: Any) -> list[Source]:
    """The sources of an action that was read with :func:`gathered_sources`, in their order."""
    found = []
    given = joined.read(row.gathered_sources)
    for each in sorted(given, key=lambda one: (one["position"], one["order"] or 0, one["pk"])):
        document = None
        if each["document"]:
            document = get_document_model()(
                pk=each["document"], file=each["file"], file_size=each["size"]
            )
        found.append(
            Source(
                pk=each["pk"],
                action_id=row.pk,
                position=each["position"],
                language=each["language"],
                title=each["title"],
                url=each["url"],
                official=bool(each["official"]),
                document=document,
            )
        )
    return found

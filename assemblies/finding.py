"""Finding things in the admin: by words, or by a part of their reference.

Wagtail's index finds the words; its filters know only the fields that are indexed, and its parser
breaks on a quotation mark on SQLite. So it is asked for keys with plain words only, and the
database does the rest. Readers' search is another room's.
"""

import re

from django.db.models import Q, QuerySet
from wagtail.search.backends import get_search_backend

#: What remains of a query: words, with the points and hyphens of references.
WORDS = re.compile(r"[\w.-]+")
#: More than these are not looked through by anybody.
LIMIT = 500


def find(rows: QuerySet, query: str) -> QuerySet:
    """Those of ``rows`` that hold every word of ``query``, or whose reference holds all of it."""
    words = [word.strip("-.") for word in WORDS.findall(query.replace("\x00", " "))]
    words = [word for word in words if word][:12]
    if not words:
        return rows.none()
    hits = get_search_backend().autocomplete(" ".join(words), rows.model)[:LIMIT]
    found = Q(pk__in=[hit.pk for hit in hits])
    if hasattr(rows.model, "reference") and any(
        field.name == "reference" for field in rows.model._meta.fields
    ):
        found |= Q(reference__icontains="-".join(words))
    return rows.filter(found)

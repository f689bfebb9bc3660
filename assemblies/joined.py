"""Rows of another table inside the query that reads a row: each a line of one text.

For lists, where a second query for sources or measures would be one too many for the page.
"""

import json
from typing import Any

from django.db.models import Aggregate, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, JSONObject


class Joined(Aggregate):
    """Texts of several rows as the lines of one, in no order; no text holds a line break."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def __init__(self, text: Any, **extra: Any):
        super().__init__(text, Value("\n"), **extra)

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="STRING_AGG", **extra)


def lines(rows: QuerySet, by: str, text: Any) -> Subquery:
    """``text`` of each of ``rows``, which an outer reference limits to one value of ``by``."""
    return Subquery(rows.order_by().values(by).annotate(lines=Joined(text)).values("lines"))


def objects(rows: QuerySet, by: str, **columns: str) -> Subquery:
    """Columns of each of ``rows``, to be read with :func:`read`."""
    return lines(rows, by, Cast(JSONObject(**columns), TextField()))


def read(text: str | None) -> list[dict[str, Any]]:
    """What :func:`objects` gathered; JSON holds no raw line break."""
    return [json.loads(line) for line in (text or "").split("\n") if line]

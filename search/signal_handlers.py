"""What the search does besides listening to publications (``indexing.record_changes``)."""

from typing import Any

from search.engines import named


def prepare(sender: Any, **kwargs: Any) -> None:
    """After migrations: the database's own index, for the languages of the site."""
    named("database").prepare()

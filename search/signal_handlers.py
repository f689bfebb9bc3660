"""What the search does when something is published, and after migrations."""

from typing import Any

from django.db import transaction

from search import attachments, indexing
from search.engines import named


def index_changes(sender: Any, numbers: list[int], **kwargs: Any) -> None:
    """Receiver of the domain's signal: index what was published, within its transaction."""
    indexing.record(numbers)
    if waiting := attachments.unread(numbers):
        transaction.on_commit(lambda: attachments.ask_for(waiting), robust=True)


def prepare(sender: Any, **kwargs: Any) -> None:
    """After migrations, and with a new language: the database's own index, for all languages."""
    named("database").prepare()

"""Pages of frozen editions stay where they are, in every language."""

from typing import Any

from assemblies.history import HistoryError, stays_in_place
from booklets import guards
from booklets.models import BookletPage, Edition


def keep_page(sender: Any, instance: BookletPage, **kwargs: Any) -> None:
    """``pre_delete`` of a booklet's page."""
    edition = Edition.objects.light().filter(translation_key=instance.translation_key).first()
    if edition is not None:
        raise guards.refuse_delete(edition)


def keep_in_place(
    sender: Any, instance: Any, parent_page_before: Any, parent_page_after: Any, **kwargs: Any
) -> None:
    """``pre_page_move``."""
    if parent_page_before.pk == parent_page_after.pk:
        return
    if Edition.objects.filter(translation_key=instance.translation_key).exists():
        raise HistoryError(stays_in_place(instance))

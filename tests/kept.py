"""Whether the database takes a row: its constraints, tried both ways."""

from typing import Any

from django.db import IntegrityError, transaction


def is_kept(row: Any, **how: Any) -> bool:
    """Save a row; False where a constraint of the database refuses it."""
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError:
        return False
    return True

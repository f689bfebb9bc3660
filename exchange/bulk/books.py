"""What is kept about a publication: revision, log entry, number in the change log."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from assemblies import clock, history
from assemblies.models import Change
from assemblies.models.change import lock_numbers, next_number
from assemblies.signals import tell


def content_type(model: type) -> ContentType:
    return ContentType.objects.get_for_model(model, for_concrete_model=False)


def revision(thing: Any, pk: int) -> Revision:
    """The revision that holds a draft as it is now, before it is published."""
    return Revision(
        pk=pk,
        content_type=content_type(type(thing)),
        base_content_type=thing.get_base_content_type(),
        object_id=str(thing.pk),
        created_at=timezone.now(),
        content=thing.serializable_data(),
        object_str=str(thing),
    )


def page_entry(page: Page, action: str, revision_pk: int | None = None) -> PageLogEntry:
    return PageLogEntry(
        content_type=content_type(type(page)),
        label=page.get_admin_display_title(),
        action=action,
        timestamp=timezone.now(),
        data={},
        content_changed=True,
        page_id=page.pk,
        revision_id=revision_pk,
    )


def fact_entry(fact: Any, revision_pk: int) -> ModelLogEntry:
    return ModelLogEntry(
        content_type=content_type(type(fact)),
        label=str(fact),
        action="wagtail.publish",
        timestamp=timezone.now(),
        data={},
        content_changed=True,
        object_id=str(fact.pk),
        revision_id=revision_pk,
    )


class Numbers:
    """Numbers of the change log, one after the other, under its lock."""

    def __init__(self) -> None:
        lock_numbers()
        self.next = next_number()
        self.changes: list[Change] = []

    def record(self, kind: str, subject: str, pk: int, said: dict) -> int:
        """Note a publication; ``subject`` is the column of the change log that it is about."""
        number = self.next
        self.changes.append(
            Change(
                number=number,
                moment=clock.now(),
                kind=kind,
                fingerprint=history.fingerprint(said),
                **{f"{subject}_id": pk},
            )
        )
        self.next += 1
        return number

    def write(self) -> None:
        """Write the log, and tell upper rooms, within the open transaction."""
        Change.objects.bulk_create(self.changes, batch_size=500)
        numbers = [each.number for each in self.changes]
        self.changes = []
        tell(Change, numbers)

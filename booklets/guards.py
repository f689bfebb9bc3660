"""An edition never changes: every guard that keeps it so, as ``assemblies.history`` does for facts.

======================================  =======================================================
door                                    shut by
======================================  =======================================================
``save()`` of a frozen row              ``Frozen.save`` compares with what is stored; a text may
                                        gain a language that it lacks, as a fact's may
``QuerySet.update``, ``bulk_update``    ``FrozenQuerySet.update``: how far the worker is, only
``QuerySet.delete``, ``delete()``       ``FrozenQuerySet``, ``Frozen.delete``, ``PROTECT``
fixtures (``loaddata``)                 ``refuse_raw_change``, a ``pre_save`` receiver
deletion by Django's collector          ``refuse_deletion``, a ``pre_delete`` receiver
the page: form, revisions, workflow     ``FrozenLock``, from ``BookletPage.get_lock``
the page: publishing without edition    ``BookletPage.save``
the page: going off, moving, deletion   ``guard_page``, and hooks that say what to do instead
raw SQL                                 nothing: ``check_booklets`` finds it by the fingerprints
======================================  =======================================================
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.locks import BaseLock

from assemblies.history import HistoryError, IllegalDeletion, adds_languages


def refuse(thing: Any) -> HistoryError:
    return HistoryError(
        _("“%(edition)s” is frozen and stays as it is. Publish an erratum, or a new edition.")
        % {"edition": thing}
    )


def refuse_delete(thing: Any) -> IllegalDeletion:
    return IllegalDeletion(
        _("“%(edition)s” is frozen and can’t be deleted. Publish an erratum, or withdraw it.")
        % {"edition": thing}
    )


class FrozenQuerySet(models.QuerySet):
    """Rows that are written once."""

    def update(self, **values: Any) -> int:
        if not set(values) <= self.model.moving:  # type: ignore[attr-defined]
            row = self.order_by().first()
            if row is not None:
                raise refuse(row)
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        objs = list(objs)
        if kwargs.get("update_conflicts"):
            raise refuse(objs[0] if objs else "")
        return super().bulk_create(objs, *args, **kwargs)

    def delete(self) -> Any:
        row = self.order_by().first()
        if row is not None:
            raise refuse_delete(row)
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _raw_delete(self, using: Any) -> Any:
        row = self.order_by().first()
        if row is not None:
            raise refuse_delete(row)
        return super()._raw_delete(using)


def said(words: Any) -> Any:
    """Words by language, those that say nothing left out."""
    data = getattr(words, "data", words)
    return {code: text for code, text in data.items() if text} if isinstance(data, dict) else data


class Frozen(models.Model):
    """A row that is written once; only what ``moving`` names may change after.

    ``worded``: texts that may gain a language that they lack, and nothing else.
    """

    moving: frozenset[str] = frozenset()
    worded: frozenset[str] = frozenset()

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        stored = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        if stored is not None:
            for field in self._meta.concrete_fields:
                if field.name in self.moving:
                    continue
                before, after = getattr(stored, field.attname), getattr(self, field.attname)
                if field.name in self.worded:
                    stays = adds_languages(said(before), said(after))
                else:
                    stays = before == after
                if not stays:
                    raise refuse(stored)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise refuse_delete(self)


def refuse_raw_change(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """``pre_save`` of a frozen row by a fixture."""
    if raw and sender._base_manager.filter(pk=instance.pk).exists():
        raise refuse(instance)


def refuse_deletion(sender: Any, instance: Any, **kwargs: Any) -> None:
    """``pre_delete`` of a frozen row."""
    raise refuse_delete(instance)


class FrozenLock(BaseLock):
    """The lock on the page of a frozen edition: it applies to everybody, without end."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return _(
            "This edition is frozen and stays as it is. To put a mistake right, publish an erratum "
            "beside it; what is new goes into a new edition."
        )

    def get_locked_by(self, user: Any) -> str:
        return _("Frozen")

    def get_description(self, user: Any) -> str:
        return _("A frozen edition is not rewritten.")

"""Append-only: what was published stays, and every guard that keeps it so stands in this module.

A published fact is not edited, unpublished or deleted. A mistake is put right by a correction (a new
action), a recommendation leaves by a withdrawal, and a missing language is added beside the others.
The doors, and what shuts each:

======================================  =======================================================
door                                    shut by
======================================  =======================================================
edit, draft, revert, submit (admin)     ``PublishedLock``, from ``Fact.get_lock``
unpublish, delete (admin)               hooks in ``wagtail_hooks`` that say what to do instead
``save()``, publication, ``publish``    ``Fact.save`` compares with what is stored
``save_revision()``                     the same comparison
``QuerySet.update``, ``bulk_update``    ``FactQuerySet.update`` (also the base manager's)
``QuerySet.delete``, ``delete()``       ``refuse_deletion``, a ``pre_delete`` receiver
child rows (targets, sources …)         ``ChildQuerySet``, ``refuse_child_change``
``unpublish()``, expiry                 the comparison, and constraints in the database
raw SQL                                 nothing: ``check_history`` finds it by the fingerprints
======================================  =======================================================
"""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString
from wagtail.locks import BaseLock

#: Columns that Wagtail and the projection keep for themselves; they say nothing about the world.
BOOKKEEPING = frozenset(
    {
        "id",
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "live_revision",
        "go_live_at",
        "expire_at",
        "expired",
        "latest_revision",
        "locked",
        "locked_at",
        "locked_by",
        "number",
        "words_written",
        "aimed_at",
    }
)

#: What ``QuerySet.update`` may still set on a published fact: Wagtail's own bookkeeping.
HARMLESS = frozenset(
    {
        "has_unpublished_changes",
        "last_published_at",
        "live_revision",
        "latest_revision",
        "locked",
        "locked_at",
        "locked_by",
    }
)


class HistoryError(PermissionDenied):
    """Somebody tried to change what was published. The message says what to do instead."""


class IllegalDeletion(HistoryError):
    """A published fact was about to be deleted."""


NO_RIGHT = gettext_lazy("You have no role in which you may do this here.")


def stays_in_place(page) -> str:
    return _("“%(page)s” is published and stays where it is.") % {"page": page}


def refuse(fact) -> HistoryError:
    return HistoryError(
        _(
            "“%(fact)s” is published and stays as it is. Publish a correction, or add the missing "
            "language."
        )
        % {"fact": fact}
    )


def refuse_delete(fact) -> IllegalDeletion:
    return IllegalDeletion(
        _("“%(fact)s” is published and can’t be deleted. Publish a correction or a withdrawal.")
        % {"fact": fact}
    )


class PublishedLock(BaseLock):
    """Wagtail's lock for a published fact: it applies to everybody, without end."""

    def for_user(self, user):
        return True

    def get_message(self, user):
        return _(
            "This is published and stays as it is. To put a mistake right, publish a correction; "
            "a missing language can be added."
        )

    def get_locked_by(self, user):
        return _("Published")

    def get_description(self, user):
        return _("What was published is not rewritten.")


# -- what a fact says -------------------------------------------------------------------------


def _plain(value):
    """A value as JSON says it, the same on every database."""
    if isinstance(value, LazyI18nString):
        value = value.data
    if isinstance(value, dict):
        return {k: v for k, v in sorted(value.items()) if v}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value


def _row(instance, skip) -> dict:
    said = {}
    for field in instance._meta.concrete_fields:
        if field.name in skip or field.attname in skip:
            continue
        value = getattr(instance, field.attname)
        if isinstance(field, I18nCharField | I18nTextField) and isinstance(value, str):
            value = LazyI18nString(value)
        elif value is not None and not isinstance(value, LazyI18nString):
            value = field.to_python(value)
        said[field.name] = _plain(value)
    return said


def content(fact) -> dict:
    """Everything a fact says, its child rows included; nothing that Wagtail or we only keep about it.

    Reads what is in memory: rows of a revision not saved yet count as well.
    """
    said = _row(fact, BOOKKEEPING | fact.projected)
    for name in fact.child_relations:
        rows = []
        for child in getattr(fact, name).all():
            parent = next(
                f.name for f in child._meta.fields if f.remote_field and f.remote_field.name == name
            )
            rows.append(_row(child, {"id", parent}))
        said[name] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
    for name in fact.many_relations:
        said[name] = sorted(obj.pk for obj in getattr(fact, name).all())
    return said


def fingerprint(said: dict) -> str:
    """SHA-256 of a fact's content, hexadecimal. Recomputed by ``check_history``."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def only_adds_words(before: dict, after: dict, worded: frozenset[str]) -> bool:
    """Whether ``after`` says what ``before`` said, and at most adds a language where it was missing.

    A source may be added as the version, in a language that was missing, of a source that exists.
    """
    for name, old in before.items():
        new = after.get(name)
        if new == old:
            continue
        if name in worded:
            if any(new.get(language) != text for language, text in (old or {}).items()):
                return False
        elif name == "sources":
            if any(row not in new for row in old):
                return False
            places = {row["position"]: set() for row in old}
            for row in old:
                places[row["position"]].add(row["language"])
            for row in new:
                if row in old:
                    continue
                if row["position"] not in places or row["language"] in places[row["position"]]:
                    return False
        else:
            return False
    return True


# -- guards on the fact's own row -------------------------------------------------------------


class FactQuerySet(models.QuerySet):
    """Facts, drafts included. ``live()`` is what readers may see."""

    def live(self):
        return self.filter(live=True)

    def update(self, **values):
        allowed = HARMLESS | self.model.projected
        if not set(values) <= allowed:
            published = self.order_by().filter(live=True).first()
            if published is not None:
                raise refuse(published)
            if values.get("live"):
                raise HistoryError(_("A fact is published by its own form, never in bulk."))
        return super().update(**values)

    update.alters_data = True

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise HistoryError(_("A fact is published by its own form, never in bulk."))
        return super().bulk_create(objs, *args, **kwargs)

    def delete(self):
        published = self.order_by().filter(live=True).first()
        if published is not None:
            raise refuse_delete(published)
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def _raw_delete(self, using):
        published = self.order_by().filter(live=True).first()
        if published is not None:
            raise refuse_delete(published)
        return super()._raw_delete(using)


class ChildQuerySet(models.QuerySet):
    """Rows that are part of a fact (its targets, its sources): as fixed as the fact itself."""

    def _refuse_if_published(self):
        parent = self.model.fact_field
        row = self.order_by().filter(**{f"{parent}__live": True}).select_related(parent).first()
        if row is not None:
            raise refuse(getattr(row, parent))

    def update(self, **values):
        self._refuse_if_published()
        return super().update(**values)

    update.alters_data = True

    def delete(self):
        self._refuse_if_published()
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def _raw_delete(self, using):
        self._refuse_if_published()
        return super()._raw_delete(using)

    def bulk_create(self, objs, *args, **kwargs):
        for obj in objs:
            refuse_child_change(sender=self.model, instance=obj)
        return super().bulk_create(objs, *args, **kwargs)


#: Facts whose own ``save`` is running: their child rows are being written with them.
_being_saved: set[tuple[type, int]] = set()


class writing:
    """While a fact writes itself, its child rows may be written: the fact has been compared already."""

    def __init__(self, fact):
        self.key = (type(fact), id(fact))
        self.fact = fact

    def __enter__(self):
        _being_saved.add(self.key)

    def __exit__(self, *exc):
        _being_saved.discard(self.key)


def refuse_child_change(sender, instance, **kwargs):
    """``pre_save`` and ``pre_delete`` of a fact's child rows: none is added to a published fact."""
    fact = getattr(instance, sender.fact_field)
    if (type(fact), id(fact)) in _being_saved:
        return
    stored = type(fact)._base_manager.filter(pk=fact.pk, live=True).first()
    if stored is not None:
        raise refuse(stored)


def refuse_deletion(sender, instance, **kwargs):
    """``pre_delete`` of a fact; also keeps Django from deleting rows without asking."""
    if sender._base_manager.filter(pk=instance.pk, live=True).exists():
        raise refuse_delete(instance)


# -- guards on pages --------------------------------------------------------------------------


def refuse_unpublication(page) -> HistoryError:
    return HistoryError(
        _("“%(page)s” is published and stays so. Publish a withdrawal, with its date and reason.")
        % {"page": page}
    )


def guard_page(page) -> None:
    """Refuse to take a published recommendation page, in any language, off the site.

    ``page`` may be a plain ``Page``, as scheduled expiry and the unpublishing of a branch use it.
    """
    from wagtail.models import Page

    if page.pk is None or page.alias_of_id:
        return
    if page.live and not page.expire_at:
        return
    stored = Page.objects.filter(pk=page.pk).values("live", "expire_at").first()
    if stored is None:
        return
    if (stored["live"] and not page.live) or page.expire_at:
        from assemblies.models import Recommendation

        if Recommendation.objects.filter(translation_key=page.translation_key).exists():
            raise refuse_unpublication(page)


def guard_page_save(sender, instance, raw=False, **kwargs):
    """``pre_save`` of a plain page or of a recommendation page."""
    if not raw:
        guard_page(instance)


def guard_page_deletion(sender, instance, **kwargs):
    """``pre_delete`` of a page: whichever language, what was published is not deleted."""
    from wagtail.models import Page

    from assemblies.models import Recommendation

    page = Page.objects.filter(pk=instance.pk, first_published_at__isnull=False).first()
    if page is None or page.alias_of_id:
        return
    if Recommendation.objects.filter(translation_key=page.translation_key).exists():
        raise refuse_delete(instance)

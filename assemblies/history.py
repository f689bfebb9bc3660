"""Append-only: what was published stays, and every guard that keeps it so stands in this module.

A published fact is not edited, unpublished or deleted. A mistake is put right by a correction (a
new action), a recommendation leaves by a withdrawal, and a missing language is added beside the
others. The doors, and what shuts each:

======================================  =======================================================
door                                    shut by
======================================  =======================================================
edit, draft, revert, submit (admin)     ``PublishedLock``, from ``Fact.get_lock``
unpublish, delete (admin)               hooks in ``wagtail_hooks`` that say what to do instead
``save()``, publication, ``publish``    ``Fact.save`` compares with what is stored
``save_revision()``                     the same comparison
fixtures (``loaddata``)                 ``refuse_raw_change``: they call no ``save()`` of ours
``QuerySet.update``, ``bulk_update``    ``FactQuerySet.update`` (also the base manager's)
``QuerySet.delete``, ``delete()``       ``refuse_deletion``, a ``pre_delete`` receiver
many at once (``bulk_create``)          ``FactQuerySet``: only within ``publishing_many``, the one
                                        door of an import, and each for the first time
child rows (targets, sources …)         ``ChildQuerySet``, ``refuse_child_change``
many-to-many rows (contributors)        ``guard_links``: the same, for their hidden model
``unpublish()``, expiry                 the comparison, and constraints in the database
register rows                           ``guard_register``, ``RegisterQuerySet``
rows of the change log                  ``guard_log``, ``LogQuerySet``
pages: their fixed texts                ``RecommendationPage.guard``
pages: going off, moving, deletion      ``guard_page``, ``guard_page_move``, ``guard_page_deletion``
pages: in bulk                          ``PublishedPageQuerySet``
pages: behind a password                ``guard_privacy``
another file in a source's document     ``guard_document``
raw SQL, ``Page.objects.update``        nothing: ``check_history`` finds it by the fingerprints
======================================  =======================================================
"""

import hashlib
import json
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString
from wagtail.locks import BaseLock
from wagtail.query import PageQuerySet

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
        "words_written",
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
    return _(
        "“%(page)s” is published and stays where it is. Publish a withdrawal, and what is right as "
        "a new page."
    ) % {"page": page}


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
        value = value.data or {}
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
    """Everything a fact says, its child rows included; nothing that is only kept about it.

    Reads what is in memory: rows of a revision not saved yet count as well.
    """
    said = _row(fact, BOOKKEEPING | fact.projected)
    for name in fact.unsaid_when_empty:
        if not said[name]:
            del said[name]
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


def adds_languages(old, new) -> bool:
    """Whether words stay as they were, or get a language that they lacked."""
    if new == old:
        return True
    # Where nothing was said in any language, no language is missing.
    if not isinstance(old, dict) or not isinstance(new, dict) or not old:
        return False
    return all(new.get(language) == text for language, text in old.items())


def _rows_add_languages(before: list[dict], after: list[dict], worded: frozenset[str]) -> bool:
    """The same for child rows: the same rows, which differ in their words at most."""

    def by_rest(rows):
        rest = [{k: v for k, v in row.items() if k not in worded} for row in rows]
        return {json.dumps(each, sort_keys=True): row for each, row in zip(rest, rows, strict=True)}

    old, new = by_rest(before), by_rest(after)
    if old.keys() != new.keys() or not len(old) == len(new) == len(before) == len(after):
        return False
    return all(adds_languages(old[k][name], new[k][name]) for k in old for name in worded)


def only_adds_words(
    before: dict,
    after: dict,
    worded: frozenset[str],
    parts: dict[str, frozenset[str]] | None = None,
) -> bool:
    """Whether ``after`` says what ``before`` said, and at most adds a missing language.

    ``parts``: the child rows that hold words. A source may be added as the version, in a language
    that was missing, of a source that exists.
    """
    parts = parts or {}
    if before.keys() != after.keys():
        return False
    for name, old in before.items():
        new = after.get(name)
        if new == old:
            continue
        if name in worded:
            if not adds_languages(old, new):
                return False
        elif name in parts:
            if not _rows_add_languages(old, new, parts[name]):
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


def keep_what_is_computed(fact, stored) -> None:
    """Saving a published fact leaves alone every column that others compute."""
    for name in (*fact.projected, "words_written"):
        column = fact._meta.get_field(name).attname
        setattr(fact, column, getattr(stored, column))


def refuse_raw_change(sender, instance, raw=False, **kwargs):
    """``pre_save`` of a fact by a fixture: what is published already is not written over."""
    if raw:
        stored = sender._base_manager.filter(pk=instance.pk, live=True).first()
        if stored is not None:
            raise refuse(stored)


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
        objs = list(objs)
        if update_conflicts or any(obj.live and not is_published_now(obj) for obj in objs):
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
        rows = self.order_by().filter(**{f"{parent}__live": True}).select_related(parent)
        for row in rows:
            if not is_being_saved(getattr(row, parent)):
                raise refuse(getattr(row, parent))

    def update(self, **values):
        self._refuse_if_published()
        if {self.model.fact_field, f"{self.model.fact_field}_id"} & set(values):
            raise HistoryError(_("What is part of a fact stays with it."))
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
        objs = list(objs)
        for obj in objs:
            if kwargs.get("update_conflicts") or not is_published_now(_fact_of(obj)):
                refuse_child_change(sender=self.model, instance=obj)
        return super().bulk_create(objs, *args, **kwargs)


#: Facts whose own ``save`` is running: their child rows are being written with them.
_being_saved: ContextVar[tuple] = ContextVar("facts being saved", default=())


@contextmanager
def writing(fact):
    """While a fact writes itself, its child rows may be written: it has been compared already."""
    token = _being_saved.set((*_being_saved.get(), fact))
    try:
        yield
    finally:
        _being_saved.reset(token)


#: Facts that an import is publishing at once, each for the first time.
_published_now: ContextVar[frozenset] = ContextVar("facts published at once", default=frozenset())


@contextmanager
def publishing_many(facts):
    """The one door through which facts are published without their ``save``: many at once.

    For ``exchange.bulk`` only, which makes every check that ``Fact.save`` makes and writes what it
    writes: number, fingerprint, revision. Their keys are given beforehand; none may exist yet, so
    nothing that was published is reached through it. Their parts are written with them.
    """
    facts = list(facts)
    by_model = {}
    for fact in facts:
        by_model.setdefault(type(fact), []).append(fact)
    for model, rows in by_model.items():
        known = model._base_manager.filter(pk__in=[row.pk for row in rows]).first()
        if known is not None or any(row.pk is None for row in rows):
            raise refuse(known or rows[0])
    token = _published_now.set(frozenset((type(fact), fact.pk) for fact in facts))
    try:
        yield
    finally:
        _published_now.reset(token)


def is_published_now(fact) -> bool:
    return (type(fact), fact.pk) in _published_now.get()


def _fact_of(part):
    return getattr(part, type(part).fact_field)


def is_being_saved(fact) -> bool:
    return any(type(each) is type(fact) and each.pk == fact.pk for each in _being_saved.get())


def refuse_child_change(sender, instance, **kwargs):
    """``pre_save`` and ``pre_delete`` of a fact's child rows: none is added to a published fact."""
    fact = getattr(instance, sender.fact_field)
    if instance.pk is not None:
        # A row that is part of a published fact can't be carried over to another one.
        row = sender._base_manager.filter(pk=instance.pk).select_related(sender.fact_field).first()
        was = row and getattr(row, sender.fact_field)
        if was and was.live and was.pk != fact.pk:
            raise refuse(was)
    if is_being_saved(fact):
        return
    stored = type(fact)._base_manager.filter(pk=fact.pk, live=True).first()
    if stored is not None:
        raise refuse(stored)


def guard_links(model, name: str) -> None:
    """Make the rows behind a many-to-many field of a fact as fixed as its other parts.

    Django made their model, sends no signals for it, and deletes its rows with what they name.
    """
    field = model._meta.get_field(name)
    links = field.remote_field.through
    links.fact_field = field.m2m_field_name()
    links._meta.local_managers = []
    links._meta.base_manager_name = "objects"
    links.add_to_class("objects", ChildQuerySet.as_manager())

    def save(self, *args, **kwargs):
        refuse_child_change(links, self)
        return models.Model.save(self, *args, **kwargs)

    def delete(self, *args, **kwargs):
        refuse_child_change(links, self)
        return models.Model.delete(self, *args, **kwargs)

    links.save, links.delete = save, delete


def refuse_deletion(sender, instance, **kwargs):
    """``pre_delete`` of a fact; also keeps Django from deleting rows without asking."""
    if sender._base_manager.filter(pk=instance.pk, live=True).exists():
        raise refuse_delete(instance)


# -- guards on register rows ------------------------------------------------------------------


def refuse_new_identity(row) -> HistoryError:
    return HistoryError(
        _(
            "“%(row)s” is published: what identifies it is fixed. Publish a withdrawal, and what "
            "is right as a new page."
        )
        % {"row": row}
    )


class RegisterQuerySet(models.QuerySet):
    """Register rows are never deleted; lists show those whose page is live."""

    def live(self):
        return self.filter(page__live=True)

    def update(self, **values):
        names = {getattr(self.model._meta.get_field(name), "attname", name) for name in values}
        if names & {*self.model.fixed, *self.model.fixed_once_used}:
            row = self.order_by().first()
            if row is not None:
                raise refuse_new_identity(row)
        return super().update(**values)

    update.alters_data = True

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise HistoryError(_("A register row is written by its page."))
        return super().bulk_create(objs, *args, **kwargs)

    def delete(self):
        raise IllegalDeletion(_("What was published is never deleted. Publish a withdrawal."))

    delete.alters_data = True
    delete.queryset_only = True


class LogQuerySet(models.QuerySet):
    """The change log is written once and never rewritten."""

    def update(self, **values):
        raise never_rewritten()

    update.alters_data = True

    def delete(self):
        raise never_rewritten()

    delete.alters_data = True
    delete.queryset_only = True

    def _raw_delete(self, using):
        raise never_rewritten()

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise never_rewritten()
        return super().bulk_create(objs, *args, **kwargs)


def never_rewritten() -> HistoryError:
    return HistoryError(_("The change log is never rewritten."))


def guard_log(sender, instance, **kwargs):
    """``pre_save`` of a row of the change log, by a fixture too."""
    if sender._base_manager.filter(pk=instance.pk).exists():
        raise never_rewritten()


def guard_register(sender, instance, **kwargs):
    """``pre_save`` of a register row: what identifies it stays."""
    stored = sender._base_manager.filter(pk=instance.pk).first() if instance.pk else None
    if stored is None:
        return
    fixed = instance.fixed
    once_used = instance.fixed_once_used
    changed = any(getattr(instance, name) != getattr(stored, name) for name in once_used)
    if changed and getattr(stored, instance.used_by).exists():
        fixed = (*fixed, *once_used)
    if any(getattr(instance, name) != getattr(stored, name) for name in fixed):
        raise refuse_new_identity(stored)


# -- guards on pages --------------------------------------------------------------------------


def refuse_unpublication(page) -> HistoryError:
    return HistoryError(
        _("“%(page)s” is published and stays so. Publish a withdrawal, with its date and reason.")
        % {"page": page}
    )


#: Columns of a page that Wagtail writes by themselves, to keep its books about a draft. The page in
#: memory may then hold what the draft says; none of it is written.
PAGE_BOOKKEEPING = frozenset(
    {
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "first_published_at",
        "last_published_at",
        "draft_title",
        "has_unpublished_changes",
        "wagtail_admin_comments",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
    }
)


class PublishedPageQuerySet(PageQuerySet):
    """Pages with a register row. Each is published by its own ``save``, and never deleted."""

    def update(self, **values):
        if not PAGE_BOOKKEEPING.issuperset(values):
            for page in self:
                if holds_published(page):
                    raise refuse(page)
        return super().update(**values)

    update.alters_data = True

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            for page in self:
                if is_registered(page):
                    raise refuse_delete(page)
            return super().delete(*args, **kwargs)

    delete.alters_data = True
    delete.queryset_only = True


def _published_branch(page):
    """The keys of a page and of all below it that were ever published, aliases left out."""
    from wagtail.models import Page

    return (
        Page.objects.descendant_of(page, inclusive=True)
        .filter(models.Q(live=True) | models.Q(first_published_at__isnull=False))
        .filter(alias_of__isnull=True)
        .values("translation_key")
    )


def is_registered(page) -> bool:
    """Whether a page, or one below it, is published in a register, in whichever language."""
    from assemblies.models import REGISTERS

    keys = _published_branch(page)
    return any(row.objects.filter(translation_key__in=keys).exists() for row in REGISTERS)


def holds_published(page) -> bool:
    """Whether a page is a published recommendation, in any language, or has one below it."""
    from assemblies.models import Recommendation

    return Recommendation.objects.filter(translation_key__in=_published_branch(page)).exists()


def guard_page(page) -> None:
    """Refuse to take what was published off the site, or to make another page of it.

    ``page`` may be a plain ``Page``, as scheduled expiry and the unpublishing of a branch use it. A
    page above a published recommendation stays too: without it nobody would find the way.
    """
    from wagtail.models import Page

    stored = (
        Page.objects.filter(pk=page.pk, alias_of__isnull=True)
        .values("live", "first_published_at", "translation_key", "locale_id")
        .first()
    )
    if stored is None or not (stored["live"] or stored["first_published_at"]):
        return
    goes_off = stored["live"] and not page.live
    becomes_another = (
        page.alias_of_id
        or page.translation_key != stored["translation_key"]
        or page.locale_id != stored["locale_id"]
    )
    if (goes_off or becomes_another or page.expire_at) and holds_published(page):
        raise refuse_unpublication(page)


def guard_page_save(sender, instance, raw=False, **kwargs):
    """``pre_save`` of every page."""
    if instance.pk and not raw:
        guard_page(instance)


def guard_page_move(sender, instance, parent_page_before, parent_page_after, **kwargs):
    """``pre_page_move``: a published recommendation stays in its cycle, a cycle likewise."""
    moves = instance.depth > 3 and parent_page_before.pk != parent_page_after.pk
    if moves and holds_published(instance):
        raise HistoryError(stays_in_place(instance))


def guard_page_deletion(sender, instance, **kwargs):
    """``pre_delete`` of a page: whichever language, what was published is not deleted."""
    from wagtail.models import Page

    page = Page.objects.filter(pk=instance.pk).first()
    if page is not None and is_registered(page):
        raise refuse_delete(instance)


def guard_privacy(sender, instance, **kwargs):
    """``pre_save`` of a view restriction: a password would hide what was published."""
    if holds_published(instance.page):
        raise refuse_unpublication(instance.page)


# -- guards on documents ----------------------------------------------------------------------


def guard_document(sender, instance, raw=False, **kwargs):
    """``pre_save`` of a document: the file that a published fact rests on is not exchanged."""
    from assemblies.models import Act, Source

    stored = sender._base_manager.filter(pk=instance.pk).first() if instance.pk else None
    if stored is None or stored.file.name == instance.file.name:
        return
    if (
        Source.objects.filter(document=stored, action__live=True).exists()
        or Act.objects.filter(document=stored, live=True).exists()
    ):
        raise HistoryError(
            _(
                "Published facts rest on the file of “%(document)s”. Upload the new file as "
                "another document, and publish a correction that names it."
            )
            % {"document": stored}
        )

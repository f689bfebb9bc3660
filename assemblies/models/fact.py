"""What every fact of the domain has in common: draft, publication, and then no change."""

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from assemblies import clock, history
from assemblies.models.change import Change, ChangeKind, lock_numbers, next_number, record
from assemblies.signals import told_together


class Fact(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """What happened, who did it, when: one row whatever the number of languages.

    Its words stand in the row itself, one text per language. Until publication it is a draft like
    any other; from then on it is append-only (``assemblies.history``), and its publication has a
    number in the change log (``Change``), written in the same transaction.
    """

    #: Columns computed from the published actions, never typed.
    projected: frozenset[str] = frozenset()
    #: Accessors of the child rows, and of the many-to-many fields, that are part of the fact.
    child_relations: tuple[str, ...] = ()
    many_relations: tuple[str, ...] = ()
    #: Columns that came after facts had been published: empty, they say nothing, so that what was
    #: published before them keeps its fingerprint.
    unsaid_when_empty: frozenset[str] = frozenset()

    live = models.BooleanField(_("published"), default=False, editable=False)
    words_written = models.JSONField(default=dict, editable=False)
    example = models.BooleanField(
        _("example"),
        default=False,
        help_text=_("Invented for a demonstration; marked as such wherever it is shown."),
    )
    _revisions = GenericRelation("wagtailcore.Revision", content_type_field="content_type")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        for_concrete_model=False,
    )

    objects = history.FactQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def worded(cls) -> frozenset[str]:
        """The names of the fields that hold words."""
        return frozenset(
            f.name for f in cls._meta.fields if isinstance(f, I18nCharField | I18nTextField)
        )

    @classmethod
    def worded_parts(cls) -> dict[str, frozenset[str]]:
        """The child rows that hold words: their accessor → the names of those fields."""
        found = {}
        for relation in cls.child_relations:
            fields = cls._meta.get_field(relation).related_model._meta.fields
            words = [f.name for f in fields if isinstance(f, I18nCharField | I18nTextField)]
            if words:
                found[relation] = frozenset(words)
        return found

    @classmethod
    def append_only_constraints(cls) -> list[models.BaseConstraint]:
        """What the database itself holds of "published stays published"."""
        return [
            models.CheckConstraint(
                condition=models.Q(live=True) | models.Q(first_published_at__isnull=True),
                name="%(class)s_stays_published",
            ),
            models.CheckConstraint(
                condition=models.Q(expire_at__isnull=True), name="%(class)s_never_expires"
            ),
        ]

    @property
    def revisions(self):
        return self._revisions

    @property
    def subject_name(self) -> str:
        """The column of ``Change`` that points at this sort of fact."""
        return self._meta.model_name

    def get_lock(self):
        """A published fact is locked for everybody."""
        if self.pk and self.live:
            return history.PublishedLock(self)
        return super().get_lock()

    # -- what must be true before publication -------------------------------------------------

    def check_publishable(self):
        """Raise ``ValidationError`` for what a draft may lack and a publication may not."""

    def check_words(self):
        """Raise ``ValidationError`` for words that may not be published, nor added later."""

    # -- writing ------------------------------------------------------------------------------

    def _stored(self, *, lock=False):
        if self.pk is None:
            return None
        rows = type(self)._base_manager.filter(pk=self.pk)
        if lock:
            rows = rows.select_for_update(of=("self",))
        return rows.first()

    def _refuse_change(self, stored) -> bool:
        """Compare with what is published; say whether words of a missing language were added.

        Raises :class:`assemblies.history.HistoryError` when anything else differs.
        """
        if not self.live or self.expire_at or self.expired:
            raise history.refuse(stored)
        if self.first_published_at != stored.first_published_at:
            raise history.refuse(stored)
        before, after = history.content(stored), history.content(self)
        if before == after:
            return False
        if history.only_adds_words(before, after, self.worded(), self.worded_parts()):
            return True
        raise history.refuse(stored)

    def _note_words(self, stored):
        """Remember on which day the words of each language were last written."""
        day = clock.today().isoformat()
        for name in self.worded():
            now = history._plain(getattr(self, name)) or {}
            then = (history._plain(getattr(stored, name)) or {}) if stored else {}
            if not isinstance(now, dict):
                continue
            for language, text in now.items():
                if then.get(language) != text if isinstance(then, dict) else True:
                    self.words_written[language] = day

    def save(self, *args, update_fields=None, **kwargs):
        """Save a draft, publish (``live`` turns true), or add the words of a missing language.

        One transaction: the row, its child rows, its number in the change log, and the states it
        changes. Raises ``HistoryError`` when it would change what was published, and
        ``ValidationError`` when a publication lacks what it must have.
        """
        with transaction.atomic(), told_together(Change):
            stored = self._stored(lock=True)
            was_live = stored is not None and stored.live
            if update_fields is not None and set(update_fields) <= history.HARMLESS:
                return super().save(*args, update_fields=update_fields, **kwargs)
            more_words = was_live and self._refuse_change(stored)
            if more_words:
                self.check_words()
            if was_live:
                history.keep_what_is_computed(self, stored)
            self._note_words(stored)
            publishing = self.live and not was_live
            if publishing:
                self.check_publishable()
                # Wagtail's publication has put the machine's time there; a demo's day is fixed.
                now = clock.now()
                self.first_published_at = min(self.first_published_at or now, now)
                self.last_published_at = min(self.last_published_at or now, now)
                lock_numbers()
                self.before_publication(next_number())
            with history.writing(self):
                super().save(
                    *args, **({"update_fields": update_fields} if update_fields else {}), **kwargs
                )
            if publishing or more_words:
                record(self, ChangeKind.PUBLISHED if publishing else ChangeKind.WORDS)
            if publishing:
                self.after_publication()
        return None

    def before_publication(self, number: int):
        """What publication fills in, in the same transaction, before the row is written.

        ``number`` is the one that the change log is about to give it.
        """

    def after_publication(self):
        """What publication brings about, in the same transaction (states, derived actions)."""

    def save_revision(self, *args, **kwargs):
        """Keep a revision; refused when it would hold another version of a published fact."""
        stored = self._stored()
        if stored is not None and stored.live:
            live, self.live = self.live, True
            try:
                self._refuse_change(stored)
            finally:
                self.live = live
        return super().save_revision(*args, **kwargs)

    def get_preview_template(self, request, mode_name):
        from assemblies.pages.facts import preview_template

        return preview_template(self)

    def get_preview_context(self, request, mode_name):
        from assemblies.pages.facts import preview_context

        return preview_context(self, request, mode_name)

    def delete(self, *args, **kwargs):
        if self.pk and type(self)._base_manager.filter(pk=self.pk, live=True).exists():
            raise history.refuse_delete(self)
        return super().delete(*args, **kwargs)

    def with_content_json(self, content):
        """A revision never carries the change log's number or computed columns: the row does."""
        obj = super().with_content_json(content)
        for name in {"number", "words_written", "aimed_at", *self.projected}:
            if hasattr(self, name):
                field = self._meta.get_field(name)
                setattr(obj, field.attname, getattr(self, field.attname))
        return obj

    def clean(self):
        super().clean()
        if self.expire_at:
            raise ValidationError(
                _("What is published stays published: it can’t expire. Publish a withdrawal.")
            )


class FactPart(models.Model):
    """A child row that is part of a fact and as fixed as the fact, once published."""

    #: The name of the foreign key to the fact.
    fact_field = ""

    objects = history.ChildQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

"""The registers: one row a thing, whatever the number of languages.

All that points at an assembly, a cycle or a recommendation points at its register row, never at a
page of one language. A register row is written by its page's ``save()``, in one transaction, when
the page is the one of the original language and goes live.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageManager

from assemblies import history
from assemblies.models.change import ChangeKind, record
from assemblies.page_forms import RegisteredPageForm


class Registered(models.Model):
    """A register row: one identity in all languages."""

    #: Columns that identify it for good.
    fixed: tuple[str, ...] = ("page_id", "translation_key")
    #: Columns that are fixed as soon as there is something below it (``used_by``).
    fixed_once_used: tuple[str, ...] = ()
    used_by = ""

    translation_key = models.UUIDField(unique=True, editable=False)
    title = models.CharField(_("title"), max_length=255)
    example = models.BooleanField(_("example"), default=False)

    objects = history.RegisterQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __str__(self):
        return self.title

    @property
    def subject_name(self) -> str:
        return self._meta.model_name

    def delete(self, *args, **kwargs):
        raise history.IllegalDeletion(
            _("What was published is never deleted. Publish a withdrawal.")
        )


def is_original(page: Page) -> bool:
    """Whether this page, of all its translations, is the one that the register follows.

    The registered one; before there is any, the one that was created first.
    """
    if page.alias_of_id:
        return False
    registered = page.register_model.objects.filter(translation_key=page.translation_key).first()
    if registered is not None:
        return registered.page_id == page.pk
    others = Page.objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
    return not others.filter(pk__lt=page.pk).exists()


class RegisteredPage(models.Model):
    """What the pages of an assembly, a cycle and a recommendation have in common.

    A mixin, put before ``Page``. ``register_model`` names the register, ``register_fields`` what is
    copied to it, and ``fixed_fields`` what can't change once something below it is published.
    """

    register_model: type[Registered]
    register_fields: tuple[str, ...] = ()

    objects = PageManager.from_queryset(history.PublishedPageQuerySet)()
    base_form_class = RegisteredPageForm

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.expire_at:
            raise ValidationError(
                {
                    "expire_at": _(
                        "What is published stays published: it can’t expire. Publish a withdrawal."
                    )
                }
            )

    def delete(self, *args, **kwargs):
        """Delete a draft; nothing of the tree is touched when it is refused."""
        if history.is_registered(self):
            raise history.refuse_delete(self)
        with transaction.atomic():
            return super().delete(*args, **kwargs)

    def save(self, *args, **kwargs):
        """Save the page and, when it is live and the original, its register row: both or neither.

        Saving some columns only is Wagtail keeping its books about a draft (its latest revision):
        the page in memory then holds what the draft says, which the register must not hear.
        """
        with transaction.atomic():
            if history.PAGE_BOOKKEEPING.issuperset(kwargs.get("update_fields") or ("all",)):
                return super().save(*args, **kwargs)
            self.guard()
            result = super().save(*args, **kwargs)
            if self.live and not self.alias_of_id:
                if is_original(self):
                    self.write_register()
                else:
                    row = self.register_row()
                    if row is not None:
                        record(row, ChangeKind.REVISED, said=self.said())
            return result

    def guard(self):
        """Refuse what history refuses; raises ``ValidationError`` or ``HistoryError``."""

    def register_row(self):
        """The register row of this page, whatever its language; ``None`` for a draft."""
        return self.register_model.objects.filter(translation_key=self.translation_key).first()

    def register_values(self) -> dict:
        """What the register copies from this page."""
        return {name: getattr(self, name) for name in self.register_fields}

    def said(self) -> dict:
        """What the page says, for the change log's fingerprint."""
        return {"page": str(self.translation_key), "language": self.locale.language_code}

    def write_register(self):
        row = self.register_model.objects.filter(translation_key=self.translation_key).first()
        new = row is None
        if new:
            row = self.register_model(translation_key=self.translation_key, page=self)
        for name, value in {"title": self.title, **self.register_values()}.items():
            setattr(row, name, value)
        errors = self.registration_errors(self.get_parent())
        if errors:
            raise ValidationError(errors)
        self.before_register(row, new)
        row.save()
        self.after_register(row, new)
        record(row, ChangeKind.PUBLISHED if new else ChangeKind.REVISED, said=row.said())
        return row

    def registration_errors(self, parent: Page) -> dict:
        """What stands in the way of publishing this page below ``parent``: field name → message."""
        return {}

    def before_register(self, row, new: bool):
        """What the register row needs besides copies, before it is written."""

    def after_register(self, row, new: bool):
        """What hangs on the register row (many-to-many copies, states), after it is written."""

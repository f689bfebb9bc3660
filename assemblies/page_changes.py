"""What is remembered of pages that change: their past addresses, and when their words changed.

Connected to every page type in ``AppConfig.ready()``. Each is written in the transaction that saves
or moves the page. What only Wagtail's bulk path writes (an import into an empty place) has no past.
"""

from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.fields import TranslatableField

from assemblies.models.past_address import PastAddress
from assemblies.models.rewording import Rewording


def note_change(sender, instance, raw=False, update_fields=None, **kwargs):
    """``pre_save`` of a page: what readers know it by, or read in it, is about to change."""
    if raw or not instance.pk or not instance.live or instance.alias_of_id:
        return
    stored = sender.objects.filter(pk=instance.pk).first()
    if stored is None or not _was_public(stored):
        return
    written = {"slug", *_words(sender)}.intersection(update_fields or {"slug", *_words(sender)})
    if "slug" in written and stored.slug != instance.slug:
        remember(stored.get_parent(), stored.slug, stored)
    if stored.live and any(_plain(stored, name) != _plain(instance, name) for name in written):
        Rewording.objects.update_or_create(page_id=stored.pk, defaults={"moment": timezone.now()})


def note_move(sender, instance, parent_page_before, parent_page_after, **kwargs):
    """``post_page_move``: all below it moved too, and is found through it."""
    if parent_page_before.translation_key != parent_page_after.translation_key:
        remember(parent_page_before, instance.slug, instance)


def remember(above: Page, slug: str, page: Page) -> None:
    """Keep a past name of a page; the home page of a language is no part of a path."""
    if _was_public(page) and page.depth > 2:
        PastAddress.objects.update_or_create(
            above=above.translation_key, slug=slug, defaults={"page": page.translation_key}
        )


def _was_public(page: Page) -> bool:
    return page.live or page.first_published_at is not None


def _words(model: type[Page]) -> list[str]:
    """The fields of a page type that translators translate, without its name in addresses."""
    fields = getattr(model, "translatable_fields", ())
    names = [each.field_name for each in fields if isinstance(each, TranslatableField)]
    return [name for name in names if name != "slug"]


def _plain(page: Page, name: str) -> object:
    field = page._meta.get_field(name)
    return field.value_to_string(page) if name != "slug" else None

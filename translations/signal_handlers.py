"""What a changed original means for its translations: new texts to translate, outdated words."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save, pre_save
from wagtail.models import Page, get_page_models
from wagtail_localize.models import TranslationSource

from assemblies import clock
from translations import segments
from translations.begin import sync
from translations.models import OutdatedWords
from translations.tables import TABLES, ListTable, Part
from translations.words import by_language


def connect() -> None:
    for model in get_page_models():
        pre_save.connect(note_what_was_said, sender=model)
        post_save.connect(follow, sender=model)
    for table in TABLES:
        if isinstance(table, ListTable):
            for model in (table.model, *(part.model for part in table.parts)):
                pre_save.connect(note_words, sender=model)
                post_save.connect(mark_outdated_words, sender=model)


def note_what_was_said(sender: Any, instance: Page, raw: bool = False, **kwargs: Any) -> None:
    """``pre_save`` of a live page: what it said until now."""
    instance._said_before = None
    if raw or not instance.live or not instance.pk or instance.alias_of_id:
        return
    before = sender._default_manager.filter(pk=instance.pk, live=True).first()
    if before is not None:
        instance._said_before = segments.said_by(before)


def follow(sender: Any, instance: Page, raw: bool = False, **kwargs: Any) -> None:
    """``post_save``: where its texts changed, the source of its translations hears of it.

    So what is new is missing there. That a translation is outdated is known by ``Rewording``.
    """
    before, instance._said_before = getattr(instance, "_said_before", None), None
    if raw or before is None or not _is_original(instance):
        return
    if segments.said_by(instance) != before:
        source = TranslationSource.objects.get_for_instance_or_none(instance)
        if source is not None:
            sync(source, instance)


# -- lists ------------------------------------------------------------------------------------


def _place(sender: Any) -> tuple[ListTable, Part | None]:
    """The table that a model with words belongs to, and which rows below it are its."""
    for table in TABLES:
        if isinstance(table, ListTable):
            if table.model is sender:
                return table, None
            for part in table.parts:
                if part.model is sender:
                    return table, part
    raise LookupError(sender)


def note_words(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """``pre_save`` of a list: its words until now."""
    table, part = _place(sender)
    instance._words_before = {}
    if raw or not instance.pk:
        return
    before = sender._base_manager.filter(pk=instance.pk).first()
    for name in (part.fields if part else table.fields) if before is not None else ():
        instance._words_before[name] = by_language(getattr(before, name))


def mark_outdated_words(sender: Any, instance: Any, **kwargs: Any) -> None:
    """``post_save`` of a list: a changed original leaves outdated what did not change with it.

    The original is the first language of the site that has the text; another language's change
    makes nothing outdated.
    """
    before, instance._words_before = getattr(instance, "_words_before", {}), {}
    table, part = _place(sender)
    for name, was in before.items():
        now = by_language(getattr(instance, name))
        first = next((code for code, _name in settings.LANGUAGES if now.get(code)), None)
        path = table.path_below(part, instance, name) if part else name
        row = getattr(instance, f"{part.parent}_id") if part else instance.pk
        for language in now:
            marks = OutdatedWords.objects.filter(
                table=table.name, row=row, path=path, language=language
            )
            if now[language] != was.get(language):
                marks.delete()
            elif language != first and first in was and now[first] != was[first]:
                OutdatedWords.objects.get_or_create(
                    table=table.name,
                    row=row,
                    path=path,
                    language=language,
                    defaults={"since": clock.now()},
                )


def _is_original(page: Page) -> bool:
    """Whether the others follow this page: it was created first."""
    versions = Page.objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
    return not versions.filter(pk__lt=page.pk).exists()

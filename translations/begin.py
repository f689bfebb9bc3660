"""Beginning the translation of pages, one or a whole branch, through wagtail-localize.

Left alone, wagtail-localize would write the source text over a page that somebody wrote in the
other language, live; make live copies of the pages above that are not translated; and turn a copy
into a live page in the wrong language. Here a page that has its own version is passed over, the
pages above begin as drafts as well, and nothing is live that was not published.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.operations import TranslationCreator

from translations import segments


@dataclass
class Begun:
    """What came of it."""

    translations: list[Translation] = field(default_factory=list)
    #: Pages that have a version of their own in the language, and stay as they are.
    passed_over: list[Page] = field(default_factory=list)


class CarefulCreator(TranslationCreator):
    """wagtail-localize's way of beginning translations, but for pages that are there already."""

    def __init__(self, user: Any, target_locales: Iterable[Locale]) -> None:
        super().__init__(user, list(target_locales))
        self.target_locales: list[Locale] = list(target_locales)
        self.begun = Begun()

    def create_translations(self, instance: Any, include_related_objects: bool = True) -> None:
        if not isinstance(instance, Page):
            super().create_translations(instance, include_related_objects)
            return
        # A copy repeats a page: that page is what is translated.
        instance = (instance.alias_of or instance).specific
        asked = self.target_locales
        wanted = []
        for locale in asked:
            if locale.pk == instance.locale_id:
                continue
            if own_version(instance, locale) is not None:
                if instance.translation_key not in self.seen_objects:
                    self.begun.passed_over.append(instance)
            else:
                wanted.append(locale)
        if not wanted:
            self.seen_objects.add(instance.translation_key)
            return
        self._begin_above(instance, wanted)
        for locale in wanted:
            take_off_copies(instance, locale)
        self.target_locales = wanted
        try:
            super().create_translations(instance, include_related_objects)
        finally:
            self.target_locales = asked
        source = TranslationSource.objects.get_for_instance_or_none(instance)
        if source is not None:
            self.begun.translations += self.mappings.get(source, [])

    def _begin_above(self, page: Page, locales: list[Locale]) -> None:
        """The pages above that have no version: else wagtail would make live copies of them."""
        above = page.get_parent()
        if above is None or above.is_root():
            return
        if above.translation_key not in self.seen_objects and any(
            own_version(above, locale) is None for locale in locales
        ):
            asked, self.target_locales = self.target_locales, locales
            try:
                self.create_translations(above)
            finally:
                self.target_locales = asked


def own_version(page: Page, locale: Locale) -> Page | None:
    """The page of its own that a page has in a language, draft or live; a copy is none."""
    return (
        Page.objects.filter(translation_key=page.translation_key, locale=locale)
        .filter(alias_of__isnull=True)
        .first()
    )


def take_off_copies(page: Page, locale: Locale) -> None:
    """A copy in this language becomes a draft before it becomes a translation."""
    for copy in Page.objects.filter(
        translation_key=page.translation_key, locale=locale, alias_of__isnull=False, live=True
    ):
        copy.live, copy.has_unpublished_changes = False, True
        copy.save(clean=False)


@transaction.atomic
def begin(page: Page, locales: Iterable[Locale], user: Any, *, branch: bool = False) -> Begun:
    """Begin the translation of a page, and of all pages below it; each begins as a draft."""
    creator = CarefulCreator(user, locales)
    creator.create_translations(page)
    if branch:
        for below in page.get_descendants().filter(alias_of__isnull=True, live=True):
            creator.create_translations(below)
    for translation in creator.begun.translations:
        sync(translation.source)
    return creator.begun


def sync(source: TranslationSource, page: Page | None = None) -> bool:
    """Let a source say what its page says now; whether its texts changed.

    ``last_updated_at`` is the day on which the *texts* changed, not the page's other columns.
    """
    page = (page or source.get_source_instance()).specific
    noted = set(source.stringsegment_set.values_list("context__path", "string__data"))
    now = {(each.path, each.string.data) for each in segments.segments_of(page)}
    noted = {each for each in noted if each[0] != segments.ADDRESS}
    if noted == now:
        return False
    source.update_from_db()
    source.last_updated_at = timezone.now()
    source.save(update_fields=["last_updated_at"])
    return True

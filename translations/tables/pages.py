"""Pages as the desk sees them: one thing a page, whatever its languages, by its original."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    String,
    StringTranslation,
    Translation,
    TranslationContext,
    TranslationSource,
)

from assemblies import models as m
from assemblies.models.change import record_list
from assemblies.words import Choice
from booklets.models import BookletPage
from translations import segments
from translations.begin import begin, sync
from translations.tables.table import Table
from translations.words import Text

UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BEGINNING = "wagtail_localize.submit_translation"


class PageTable(Table):
    """Pages with a register row: its original page is ``row.page``."""

    name = ""
    page_model: Any
    is_pages = True
    #: Texts that may be left empty, and are missing where only the original has them.
    optional: tuple[str, ...] = ()
    #: Look-up from a row to its original page, and to the key that its versions share.
    page = "page"

    @property
    def label(self) -> str:
        return capfirst(str(self.page_model._meta.verbose_name_plural))

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    # -- which rows ---------------------------------------------------------------------------

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.filter(page__live=True)

    def versions(self, language: str) -> QuerySet[Any]:
        """Of a row in a query: its published page in a language."""
        return self.page_model.objects.filter(
            translation_key=OuterRef("translation_key"),
            locale__language_code=language,
            live=True,
            alias_of__isnull=True,
        )

    def lacking(self, language: str) -> Q:
        """No published page in the language, or one that leaves out what the original says."""
        versions = self.versions(language)
        found = ~Q(Exists(versions))
        for name in self.optional:
            said = f"{self.page}__{name}"
            found |= Q(Exists(versions.filter(**{name: ""}))) & ~Q(**{said: ""})
        return found

    def outdated(self, language: str) -> Q:
        """The words of the original changed after the version in this language was published.

        That is what readers are told too, by the frame of the page.
        """
        changed = m.Rewording.objects.filter(page=OuterRef(OuterRef(self.page))).values("moment")
        return Q(Exists(self.versions(language).filter(last_published_at__lt=Subquery(changed))))

    def with_words(self) -> Q:
        return Q()

    def complete(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With ``reworded``: when the words of the original last changed."""
        changed = m.Rewording.objects.filter(page=OuterRef(self.page)).values("moment")
        return super().complete(rows).annotate(reworded=Subquery(changed))

    # -- one row ------------------------------------------------------------------------------

    def original(self, row: Any) -> Any:
        """The page that the other languages follow."""
        return row.page

    def title(self, row: Any) -> Any:
        page = self.original(row)
        said = getattr(page, "full_title", page.title)
        return Choice(said, page.locale.language_code)

    def since(self, row: Any) -> Any:
        return self.original(row).first_published_at

    def own(self, row: Any, language: str) -> Page | None:
        """Its page in a language, draft or published."""
        if not hasattr(row, "own_pages"):
            self.enrich([row], language)
        return row.own_pages.get(language)

    def translation(self, row: Any, language: str) -> Translation | None:
        """The translation by which its page in a language is written segment by segment."""
        if not hasattr(row, "own_translations"):
            self.enrich([row], language)
        return row.own_translations.get(language)

    def is_by_hand(self, row: Any, language: str) -> bool:
        """Whether its page in a language is written in a form of its own, or was imported."""
        return self.own(row, language) is not None and self.translation(row, language) is None

    def enrich(self, rows: list[Any], language: str) -> None:
        keys = {self.original(row).translation_key: row for row in rows}
        for row in rows:
            row.own_pages, row.own_translations, row.done = {}, {}, {}
        locale = Locale.objects.filter(language_code=language).first()
        if not rows or locale is None:
            return
        for page in Page.objects.filter(
            translation_key__in=keys, locale=locale, alias_of__isnull=True
        ):
            keys[page.translation_key].own_pages[language] = page
        for each in Translation.objects.filter(
            source__object_id__in=keys, target_locale=locale, enabled=True
        ).select_related("source"):
            keys[each.source.object_id].own_translations[language] = each
        for key, done in segments.done_in(keys, locale).items():
            keys[key].done = done

    def texts(self, row: Any, language: str) -> list[Text]:
        """Its segments; none where its page in the language is written by hand."""
        if self.is_by_hand(row, language):
            return []
        return segments.texts_of(self.original(row), row.done)

    def empty_fields(self, row: Any, language: str) -> list[str]:
        """What a page written by hand leaves out, though the original says it: labels."""
        own, page = self.own(row, language), self.original(row)
        if own is None or not self.optional:
            return []
        own = own.specific
        return [
            capfirst(str(page._meta.get_field(name).verbose_name))
            for name in self.optional
            if getattr(page, name) and not getattr(own, name)
        ]

    def may_write(self, user: Any, row: Any, language: str = "") -> bool:
        own = self.own(row, language) if language else None
        if own is not None:
            return own.permissions_for_user(user).can_edit()
        page = self.original(row)
        return user.has_perm(BEGINNING) and page.permissions_for_user(user).can_edit()

    # -- writing ------------------------------------------------------------------------------

    def write(self, row: Any, texts: Mapping[str, str], language: str, user: Any) -> None:
        raise NotImplementedError("Segments of a page share a path: see write_segments.")

    def write_segments(
        self, row: Any, texts: Mapping[tuple[str, str], str], language: str, user: Any
    ) -> Translation:
        """Put translated segments, by path and original, into the page's translation.

        The translation begins where there is none. The public page does not change: it does when
        all is translated and somebody publishes it. Raises ``ValueError`` for marks that may not be
        there.
        """
        if not self.may_write(user, row, language):
            raise PermissionDenied
        page = self.original(row)
        locale = Locale.objects.get(language_code=language)
        translation = self.translation(row, language)
        if translation is None:
            begin(page, [locale], user)
            translation = Translation.objects.select_related("source").get(
                source__object_id=page.translation_key, target_locale=locale
            )
        else:
            sync(translation.source, page)
        by_text = {
            (each.path, segments.shown(each.string.data)): each.string.data
            for each in segments.segments_of(page)
        }
        source: TranslationSource = translation.source
        for (path, original), text in texts.items():
            data = by_text[path, original]
            StringTranslation.objects.update_or_create(
                translation_of=String.objects.get(
                    locale=source.locale_id, data_hash=String._get_data_hash(data)
                ),
                context=TranslationContext.objects.get(object_id=source.object_id, path=path),
                locale=locale,
                defaults={
                    "data": segments.kept(text, data),
                    "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                    "tool_name": "",
                    "last_translated_by": user,
                    "has_error": False,
                    "field_error": "",
                },
            )
        Translation.objects.filter(pk=translation.pk).update(
            translations_last_updated_at=timezone.now()
        )
        return translation

    def outdated_since(self, row: Any, language: str) -> Any:
        """When the original's words changed, if its published page here is older than that."""
        own = self.own(row, language)
        if own is None or not own.live or row.reworded is None:
            return None
        return row.reworded if own.last_published_at < row.reworded else None

    def confirm(self, row: Any, language: str, user: Any) -> None:
        """Say that a version still says what its original says: it is not outdated any more."""
        own = self.own(row, language)
        if own is None or not own.live or not own.permissions_for_user(user).can_publish():
            raise PermissionDenied
        translation = self.translation(row, language)
        if translation is not None and any(t.missing for t in self.texts(row, language)):
            raise ValidationError(_("Some of its texts are not translated yet."))
        with transaction.atomic():
            Page.objects.filter(pk=own.pk).update(last_published_at=timezone.now())
            record_list(f"translation:{own.pk}")  # pages that said "outdated" are read anew


class RecommendationTable(PageTable):
    name = "recommendation"
    model = m.Recommendation
    page_model = m.RecommendationPage
    assembly = "cycle__assembly"
    key = ("reference",)
    related = ("page__locale", "kind", "cycle__assembly")
    order = (F("last_action_on").desc(nulls_last=True), "cycle", "position", "pk")  # type: ignore[assignment]
    optional = ("summary",)

    def rows(self) -> QuerySet[Any]:
        return super().rows().filter(withdrawn_on__isnull=True)

    def kicker(self, row: Any) -> str:
        return f"{capfirst(str(row.kind.name))} {row.reference}"


class CycleTable(PageTable):
    name = "cycle"
    model = m.Cycle
    page_model = m.CyclePage
    assembly = "assembly"
    key = ("reference",)
    related = ("page__locale", "assembly")
    order = (F("handed_over_on").desc(nulls_last=True), "pk")  # type: ignore[assignment]
    optional = ("theme", "question", "introduction", "drawing")

    def kicker(self, row: Any) -> str:
        return f"{capfirst(str(m.Cycle._meta.verbose_name))} {row.reference}"


class AssemblyPageTable(PageTable):
    name = "page"
    model = m.Assembly
    page_model = m.AssemblyPage
    assembly = "pk"
    key = ("code",)
    related = ("page__locale",)
    order = ("code",)
    optional = ("lead", "presentation", "legal_basis")

    def kicker(self, row: Any) -> str:
        return f"{capfirst(str(m.Assembly._meta.verbose_name))} {row.code}"


class OtherPageTable(PageTable):
    """Home pages and standard pages: those of the site, of no assembly.

    A booklet is none of them: its draft says itself what it lacks in which language, and what was
    frozen takes words in a way of its own.
    """

    name = "site"
    model = page_model = Page
    key = ("translation_key",)
    related = ("locale", "content_type")
    order = ("depth", "path")
    page = "pk"

    @property
    def label(self) -> str:
        return _("Pages of the site")

    def rows(self) -> QuerySet[Any]:
        first = Page.objects.filter(
            translation_key=OuterRef("translation_key"), alias_of__isnull=True
        ).order_by("pk")
        return (
            Page.objects.filter(live=True, depth__gt=1, alias_of__isnull=True)
            .not_exact_type(m.AssemblyPage, m.CyclePage, m.RecommendationPage, BookletPage)
            .exclude(Exists(first.filter(pk__lt=OuterRef("pk"))))
        )

    def named(self, assembly_id: int | None, keys: Iterable[str]) -> dict[str, Any]:
        return super().named(assembly_id, [key for key in keys if UUID_FORM.fullmatch(key)])

    def original(self, row: Any) -> Any:
        return row.specific

    def kicker(self, row: Any) -> str:
        return capfirst(str(row.specific_class._meta.verbose_name))


PAGES: tuple[PageTable, ...] = (
    AssemblyPageTable(),
    CycleTable(),
    RecommendationTable(),
    OtherPageTable(),
)

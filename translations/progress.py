"""How far the translation of a page is, and whether it may be published."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from exchange.pages import IN_ADDRESSES, LONGEST_SLUG
from translations import segments
from translations.begin import sync


@dataclass(frozen=True, slots=True)
class Progress:
    """Of so many texts, so many are translated. The page's address is not counted."""

    done: int
    all: int

    @property
    def complete(self) -> bool:
        return self.done >= self.all

    @property
    def left(self) -> int:
        return self.all - self.done


def language_name(code: str) -> str:
    """A language by its name in the language of the reader: “néerlandais”."""
    try:
        return str(get_language_info(code)["name_translated"]).lower()
    except KeyError:
        return code


def translation_to(page: Page) -> Translation | None:
    """The translation by which a page is written, if it is one of wagtail-localize's."""
    return (
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
        )
        .exclude(source__locale=page.locale_id)
        .select_related("source__locale", "target_locale")
        .first()
    )


def progress_of(translation: Translation) -> Progress:
    """Measured at the original as it is published."""
    page = translation.source.get_source_instance()
    key = translation.source.object_id
    done = segments.done_in([key], translation.target_locale).get(key, {})
    texts = segments.segments_of(page)
    return Progress(
        done=sum((each.path, each.string.data) in done for each in texts), all=len(texts)
    )


def refuse_incomplete(
    translation: Translation, progress: Progress, *, live: bool
) -> ValidationError:
    """The sentence for a publication that would fill gaps with the original."""
    said = {
        "done": progress.done,
        "all": progress.all,
        "language": language_name(translation.target_locale.language_code),
    }
    words = ngettext(
        "Not published: %(done)s of %(all)s text is translated into %(language)s. What is missing "
        "would appear in the original’s language, and nothing would say so.",
        "Not published: %(done)s of %(all)s texts are translated into %(language)s. What is "
        "missing would appear in the original’s language, and nothing would say so.",
        progress.all,
    )
    if live:
        words = f"{words} {_('The published version stays as it is, marked as outdated.')}"
    return ValidationError(words, params=said)


def check(translation: Translation, *, live: bool) -> None:
    """Raise ``ValidationError`` unless all texts are translated, and may be published."""
    sync(translation.source)
    fill_address(translation)
    progress = progress_of(translation)
    if not progress.complete:
        raise refuse_incomplete(translation, progress, live=live)
    _check_page(translation)


def _check_page(translation: Translation) -> None:
    """What history refuses (citizens' words that are published), told before anything is tried."""
    source = translation.source
    page: Any = source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)
    errors: dict[str, Any] = getattr(page, "fixed_errors", dict)()
    if errors:
        raise ValidationError([str(message) for message in errors.values()])
    title = page._meta.get_field("title")
    if len(page.title) > title.max_length:
        raise ValidationError(
            _("The title is longer than %(limit)s characters."), params={"limit": title.max_length}
        )


def fill_address(translation: Translation) -> None:
    """An address that nobody translated is made of the translated title."""
    source: TranslationSource = translation.source
    segment = StringSegment.objects.filter(source=source, context__path=segments.ADDRESS).first()
    if segment is None:
        return
    where = {"locale": translation.target_locale, "context": segment.context}
    if StringTranslation.objects.filter(translation_of=segment.string, **where).exists():
        return
    title = StringTranslation.objects.filter(
        context__object_id=source.object_id,
        context__path="title",
        locale=translation.target_locale,
        translation_of__in=String.objects.filter(
            segments__source=source, segments__context__path="title"
        ),
    ).first()
    address = slugify(segments.shown(title.data).translate(IN_ADDRESSES)) if title else ""
    if address:
        StringTranslation.objects.create(
            translation_of=segment.string,
            data=_shortened(address),
            translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE,
            tool_name="title",
            **where,
        )


def _shortened(address: str, longest: int = LONGEST_SLUG) -> str:
    if len(address) <= longest:
        return address
    return address[: longest + 1].rsplit("-", 1)[0][:longest].strip("-")

"""At the translators' desk: pages begun, texts written, files sent."""

from typing import Any

from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation

from translations import desk, po, segments
from translations.begin import begin
from translations.desk import ALL_TABLES, Tally
from translations.tables.pages import PageTable


def locale(code: str = "nl") -> Locale:
    return Locale.objects.get_or_create(language_code=code)[0]


def begun(page: Page, code: str = "nl", user: Any = None) -> Translation:
    """The translation of a page, begun and nothing written yet."""
    begin(page, [locale(code)], user)
    return Translation.objects.get(
        source__object_id=page.translation_key, target_locale=locale(code)
    )


def translate_all(translation: Translation, *, but: tuple[str, ...] = ()) -> None:
    """Translate every text of a page: its original with " (nl)" behind."""
    page = translation.source.get_source_instance()
    texts = {
        (each.path, segments.shown(each.string.data)): f"{segments.shown(each.string.data)} (nl)"
        for each in segments.segments_of(page)
        if each.path not in but
    }
    table, row = thing_of(page)
    write(table, row, texts, translation.target_locale.language_code)


def write(table: PageTable, row: Any, texts: dict, code: str = "nl", user: Any = None) -> None:
    table.write_segments(row, texts, code, user or superuser())


def superuser() -> Any:
    from django.contrib.auth import get_user_model

    from tests.assemblies.desk import make_user

    found = get_user_model().objects.filter(username="super").first()
    return found or make_user("super", superuser=True)


def thing_of(page: Page) -> tuple[PageTable, Any]:
    """A page as the desk has it: its table and row."""
    for table in desk.PAGES:
        row = table.complete(table.rows().filter(translation_key=page.translation_key)).first()
        if row is not None:
            return table, row
    raise AssertionError("not on the desk")


def own(page: Page, code: str = "nl") -> Any:
    """The page's own version in a language, read anew."""
    found = Page.objects.get(translation_key=page.translation_key, locale=locale(code))
    return found.specific


def tally(assembly: Any, code: str = "nl") -> Tally:
    return next(
        each
        for each in desk.tallies([assembly] if assembly else [], shared=assembly is None)
        if each.language == code
    )


def names(entries: list[desk.Entry]) -> list[str]:
    return [f"{each.table.name}:{each.key}" for each in entries]


def desk_address(name: str, *args: Any, **query: Any) -> str:
    from urllib.parse import urlencode

    url = reverse(f"translations:{name}", args=args)
    return f"{url}?{urlencode(query)}" if query else url


def file_of(*lines: po.Line, language: str = "nl", assembly: str = "BXL") -> bytes:
    return po.write(
        lines, language=language, assembly=assembly, made_on="2026-11-12 12:00"
    ).encode()


def line(context: str, original: str, text: str = "") -> po.Line:
    table, key, path = context.split(":")
    return po.Line(table=table, key=key, path=path, original=original, text=text)


def segments_done(translation: Translation) -> int:
    return StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale
    ).count()


__all__ = ["ALL_TABLES"]

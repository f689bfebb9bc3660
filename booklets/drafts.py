"""How drafts of booklets come to be: in all languages, and as the next edition after one."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext, override
from wagtail.models import Locale, Page

from assemblies import clock
from booklets.models import BookletPage
from booklets.models.page import WORDS
from booklets.place import place_of


def default_title(number: int, language: str) -> str:
    with override(language):
        return gettext("Follow-up booklet %(number)s") % {"number": number}


def add_languages(page: BookletPage) -> list[BookletPage]:
    """A draft in each further language in which the assembly publishes and its page exists."""
    place = place_of(page.get_parent())
    if place is None:
        return []
    made = []
    own = page.locale.language_code
    for code in page.languages or place.assembly.languages:
        locale = Locale.objects.filter(language_code=code).first()
        known = BookletPage.objects.filter(translation_key=page.translation_key, locale=locale)
        parent = page.get_parent().get_translation_or_none(locale) if locale else None
        if code == own or locale is None or parent is None or known.exists():
            continue
        made.append(_translated(page, locale, parent))
    return made


def _translated(page: BookletPage, locale: Locale, parent: Page) -> BookletPage:
    with transaction.atomic():
        copied: BookletPage = page.copy_for_translation(locale)
        for name in WORDS:
            setattr(copied, name, [] if name == "chapters" else "")
        copied.title = default_title(page.number, locale.language_code)
        copied.draft_title = copied.title
        copied.slug = _free_slug(parent, copied.title, copied.pk)
        copied.live = False
        copied.save()
        copied.save_revision()
    return copied


def _free_slug(parent: Page, title: str, own: Any = None) -> str:
    base = slugify(title) or "booklet"
    taken = set(parent.get_children().exclude(pk=own).values_list("slug", flat=True))
    slug, more = base, 2
    while slug in taken:
        slug, more = f"{base}-{more}", more + 1
    return slug


def new_edition(page: BookletPage, *, user: Any = None) -> BookletPage:
    """The next edition after one: same choices, same structure, in all its languages; a draft.

    Its period begins on the closing date of the one before. Forewords are taken over, to be
    rewritten; the closing date is today until somebody says otherwise.
    """
    with transaction.atomic():
        versions = list(
            BookletPage.objects.filter(
                translation_key=page.translation_key, alias_of__isnull=True
            ).order_by("pk")
        )
        first = versions[0]
        place = place_of(first.get_parent())
        last = place.editions().order_by("-number").first() if place is not None else None
        number = max(last.number if last is not None else 0, first.number) + 1
        closing = last.closing_on if last is not None else first.closing_on
        key = None
        made: BookletPage | None = None
        for version in versions:
            code = version.locale.language_code
            parent = version.get_parent()
            title = _renumbered(version.title, first.number, number, code)
            copy: BookletPage = version.copy(
                to=parent,
                update_attrs={
                    "title": title,
                    "draft_title": title,
                    "slug": _free_slug(parent, title),
                    "number": number,
                    "period_from": closing,
                    "closing_on": clock.today(),
                    **({"translation_key": key} if key else {}),
                },
                copy_revisions=False,
                keep_live=False,
                reset_translation_key=key is None,
                user=user,
            )
            key = key or copy.translation_key
            made = made or copy
    if made is None:
        raise ValueError("A booklet has a page.")
    add_languages(made)
    return made


def _renumbered(title: str, old: int, new: int, language: str) -> str:
    """The title with its number counted up; else the usual one."""
    if str(old) in title.split():
        return " ".join(str(new) if word == str(old) else word for word in title.split())
    return default_title(new, language)

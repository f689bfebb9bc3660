"""Makes the pages of assemblies, cycles and recommendations, in each language that has their texts.

Here a row becomes one page a language, not saved yet, and is published as an editor would publish
it. ``exchange.bulk`` publishes recommendations, of which there may be thousands, all at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from assemblies import models
from exchange.columns import rewrite
from exchange.made import Made, facts_of, texts_of, words_of
from exchange.row import Row

#: A page's address is made of its label and title, up to the end of a word.
LONGEST_SLUG = 60
IN_ADDRESSES = str.maketrans({".": "-", "’": "-", "'": "-", "œ": "oe", "Œ": "oe", "æ": "ae"})

#: Pages of one thing, by language.
Versions = dict[str, Page]


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of page: what stands on it, and under which page it stands."""

    page: type[Page]
    register: type[models.Assembly] | type[models.Cycle] | type[models.Recommendation]
    #: What each language has of its own.
    texts: tuple[str, ...]
    #: Those of them that stand on the page under another name.
    called: dict[str, str] = field(default_factory=dict, kw_only=True)
    #: Without these there is no page in a language.
    needed: tuple[str, ...]
    #: The other columns as they stand on the page, the same in all languages.
    facts: Callable[[Made, Row], dict[str, Any]]
    #: The pages it stands under, and its original language.
    above: Callable[[Made, Row], tuple[Versions, str]]


# -- what a row says ---------------------------------------------------------------------------


def versions(made: Made, row: Row) -> tuple[Versions, Versions]:
    """The pages that a row makes, the original language first, and those they stand under."""
    sort = SORTS[row.table]
    above, original = sort.above(made, row)
    pages: Versions = {}
    for language in [original, *(code for code in above if code != original)]:
        page = version(made, row, language, above[language])
        if page is not None:
            pages[language] = page
        elif language == original:
            raise ValidationError(
                {
                    name: _("Give it in the original language.")
                    for name in sort.needed
                    if not (row[name] or {}).get(language)
                }
            )
    for page in pages.values():
        page.translation_key = pages[original].translation_key
    return pages, above


def version(made: Made, row: Row, language: str, parent: Page) -> Page | None:
    """The page of a row in one language; None where that language has not what it needs."""
    sort = SORTS[row.table]
    said = {name: (row[name] or {}).get(language, "") for name in sort.texts}
    if not all(said[name] for name in sort.needed):
        return None
    page = sort.page(
        locale=made.locales[language],
        slug=(row["slug"] or {}).get(language) or _free_slug(made, row, said["title"], parent),
        live=False,
        **{sort.called.get(name, name): text for name, text in said.items()},
    )
    for name, value in sort.facts(made, row).items():
        setattr(page, name, value)
    return page


def _free_slug(made: Made, row: Row, title: str, parent: Page) -> str:
    """An address made of label and title that no other page below the parent has."""
    slug = slugify(f"{row['label'] or ''} {title}".translate(IN_ADDRESSES))
    if len(slug) > LONGEST_SLUG:
        slug = slug[: LONGEST_SLUG + 1].rsplit("-", 1)[0][:LONGEST_SLUG]
    slug = slug or row.table
    free, number = slug, 1
    while free in made.slugs(parent):
        number += 1
        free = f"{slug}-{number}"
    return free


def _homes(languages: list[str]) -> Versions:
    root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    homes = {page.locale.language_code: page for page in root.get_translations(inclusive=True)}
    for language in languages:
        if language not in homes:
            reason = _("The site has no home page in this language: %(language)s.")
            raise ValidationError({"languages": reason % {"language": language}})
    return {language: homes[language].specific for language in languages}


def _above_assembly(made: Made, row: Row) -> tuple[Versions, str]:
    return _homes(row["languages"]), row["languages"][0]


def _above_cycle(made: Made, row: Row) -> tuple[Versions, str]:
    made.of("assemblies", row["assembly"])
    above = made.pages["assemblies", row["assembly"]]
    return above, next(iter(above))


def _above_recommendation(made: Made, row: Row) -> tuple[Versions, str]:
    made.of("cycles", row["cycle"])
    above = made.pages["cycles", row["cycle"]]
    if row["language"] not in above:
        raise ValidationError({"language": _("The cycle has no page in this language.")})
    return above, row["language"]


SORTS: dict[str, Sort] = {
    "assemblies": Sort(
        page=models.AssemblyPage,
        register=models.Assembly,
        texts=("title", "lead", "presentation", "legal_basis"),
        needed=("title",),
        facts=lambda made, row: {
            "regime": made.of("regimes", row["regime"]),
            "committee": made.of("bodies", row["committee"]),
            "ink": row["ink"] or models.Ink.ARDOISE,
            **facts_of(row, "code languages example"),
            **words_of(row, "territory cycle_word lead_word"),
        },
        above=_above_assembly,
    ),
    "cycles": Sort(
        page=models.CyclePage,
        register=models.Cycle,
        texts=("title", "theme", "question", "introduction", "drawing"),
        needed=("title",),
        facts=lambda made, row: facts_of(
            row, "code started_on handed_over_on ends_on panel_size example"
        ),
        above=_above_cycle,
    ),
    "recommendations": Sort(
        page=models.RecommendationPage,
        register=models.Recommendation,
        texts=("title", "summary", "verbatim"),
        called={"title": "full_title"},
        needed=("title", "verbatim"),
        facts=lambda made, row: {
            "kind": made.of("kinds", row["kind"]),
            "deciding_body": made.of("bodies", row["deciding_body"]),
            "group": made.of("groups", row["group"]),
            "topics": made.all("topics", row["topics"]),
            "addressees": made.all("bodies", row["addressees"]),
            **facts_of(row, "handed_over_on votes_for votes_against votes_abstained example"),
            **texts_of(row, "label"),
        },
        above=_above_recommendation,
    ),
}


# -- one by one --------------------------------------------------------------------------------


def publish(made: Made, row: Row) -> Any:
    """Publish the pages of a row, the original language first; returns the register row."""
    pages, above = versions(made, row)
    for language, page in pages.items():
        _add(made, page, above[language])
    if row.table != "recommendations":
        made.pages[row.table, row.key] = pages
    return SORTS[row.table].register.objects.get(page=next(iter(pages.values())))


def _add(made: Made, page: Page, parent: Page) -> None:
    parent.add_child(instance=page)
    made.slugs(parent).add(page.slug)
    page.save_revision(clean=False).publish()


def assembly(made: Made, row: Row) -> models.Assembly:
    if models.Assembly.objects.filter(code=row["code"]).exists():
        raise ValidationError({"code": _("The site has an assembly of this code already.")})
    return publish(made, row)


def stored(row: Any) -> Versions:
    """The pages of a register row by language, the original first."""
    found = type(row.page).objects.filter(translation_key=row.translation_key, alias_of=None)
    pages = {page.locale.language_code: page for page in found.select_related("locale")}
    original = row.page.locale.language_code
    return {original: pages.pop(original), **pages}


def change(made: Made, row: Row, register: Any, names: Iterable[str]) -> None:
    """Publish what a row says anew of pages that the site has: texts, facts, a new language."""
    sort = SORTS[row.table]
    names = set(names)
    pages = stored(register)
    above, _original = sort.above(made, row)
    for language, page in pages.items():
        draft = page.get_latest_revision_as_object()
        changed = bool(names - {*sort.texts, "slug"})
        rewrite(made, row, draft, sorted(names - {*sort.texts, "slug"}))
        for name in sorted(names & {*sort.texts, "slug"}):
            said = (row[name] or {}).get(language)
            called = sort.called.get(name, name)
            if said and said != getattr(draft, called):
                setattr(draft, called, said)
                changed = True
        if changed:
            draft.save_revision().publish()
    for language in (code for code in above if code not in pages):
        page = version(made, row, language, above[language])
        if page is not None:
            page.translation_key = register.translation_key
            _add(made, page, above[language])
            pages[language] = page
    if row.table != "recommendations":
        made.pages[row.table, row.key] = pages

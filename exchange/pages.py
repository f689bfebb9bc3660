"""Makes the pages of assemblies, cycles and recommendations, in each language that has their texts.

They are published as an editor would publish them: each has a revision and its register row.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from assemblies import models
from exchange.made import Made, facts_of, texts_of, words_of
from exchange.reader import Row

#: A page's address is made of its label and title, up to the end of a word.
LONGEST_SLUG = 60
IN_ADDRESSES = str.maketrans({".": "-", "’": "-", "'": "-", "œ": "oe", "Œ": "oe", "æ": "ae"})


def _slug(row: Row, title: str) -> str:
    slug = slugify(f"{row['label'] or ''} {title}".translate(IN_ADDRESSES))
    if len(slug) > LONGEST_SLUG:
        slug = slug[: LONGEST_SLUG + 1].rsplit("-", 1)[0]
    return slug


def _publish(
    made: Made,
    row: Row,
    cls: type[Page],
    parents: dict[str, Page],
    original: str,
    *,
    facts: dict[str, Any],
    texts: str,
    needed: tuple[str, ...] = ("title",),
) -> dict[str, Page]:
    """Publish a page in its original language, then in every other one that has what it needs."""
    pages: dict[str, Page] = {}
    for language in [original, *(code for code in parents if code != original)]:
        said = {name: (row[name] or {}).get(language, "") for name in texts.split()}
        missing = [name for name in needed if not said[name]]
        if missing and language == original:
            raise ValidationError(
                {name: _("Give it in the original language.") for name in missing}
            )
        if missing:
            continue
        page = cls(
            locale=made.locales[language],
            slug=(row["slug"] or {}).get(language) or _slug(row, said["title"]),
            live=False,
            **said,
        )
        for name, value in facts.items():
            setattr(page, name, value)
        if pages:
            page.translation_key = pages[original].translation_key
        parents[language].add_child(instance=page)
        page.save_revision(clean=False).publish()
        pages[language] = page
    return pages


def _homes(languages: list[str]) -> dict[str, Page]:
    root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    homes = {page.locale.language_code: page for page in root.get_translations(inclusive=True)}
    for language in languages:
        if language not in homes:
            reason = _("The site has no home page in this language: %(language)s.")
            raise ValidationError({"languages": reason % {"language": language}})
    return {language: homes[language].specific for language in languages}


def assembly(made: Made, row: Row) -> models.Assembly:
    if models.Assembly.objects.filter(code=row["code"]).exists():
        raise ValidationError({"code": _("The site has an assembly of this code already.")})
    original = row["languages"][0]
    pages = _publish(
        made,
        row,
        models.AssemblyPage,
        _homes(row["languages"]),
        original,
        facts={
            "regime": made.of("regimes", row["regime"]),
            "committee": made.of("bodies", row["committee"]),
            "ink": row["ink"] or models.Ink.ARDOISE,
            **facts_of(row, "code languages example"),
            **words_of(row, "territory cycle_word lead_word"),
        },
        texts="title lead presentation legal_basis",
    )
    made.pages[row.table, row.key] = pages
    return models.Assembly.objects.get(page=pages[original])


def cycle(made: Made, row: Row) -> models.Cycle:
    assembly = made.of("assemblies", row["assembly"])
    original = assembly.page.locale.language_code
    pages = _publish(
        made,
        row,
        models.CyclePage,
        made.pages["assemblies", row["assembly"]],
        original,
        facts=facts_of(row, "code started_on handed_over_on ends_on panel_size example"),
        texts="title theme question introduction drawing",
    )
    made.pages[row.table, row.key] = pages
    return models.Cycle.objects.get(page=pages[original])


def recommendation(made: Made, row: Row) -> models.Recommendation:
    made.of("cycles", row["cycle"])
    parents = made.pages["cycles", row["cycle"]]
    original = row["language"]
    if original not in parents:
        raise ValidationError({"language": _("The cycle has no page in this language.")})
    pages = _publish(
        made,
        row,
        models.RecommendationPage,
        parents,
        original,
        facts={
            "kind": made.of("kinds", row["kind"]),
            "deciding_body": made.of("bodies", row["deciding_body"]),
            "group": made.of("groups", row["group"]),
            "topics": made.all("topics", row["topics"]),
            "addressees": made.all("bodies", row["addressees"]),
            **facts_of(row, "handed_over_on votes_for votes_against votes_abstained example"),
            **texts_of(row, "label"),
        },
        texts="title summary verbatim",
        needed=("title", "verbatim"),
    )
    return models.Recommendation.objects.get(page=pages[original])

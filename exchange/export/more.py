"""Columns that are no field of the model by the same name: texts of pages, lists, what is derived.

Each function says them for some rows of a table: primary key → column → value. References are
primary keys here.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import F

from assemblies import models, titles
from exchange.export.scope import Scope, leads_as_announced

More = dict[int, dict[str, Any]]

#: What stands in place of words that are not shown any more.
LEFT_OUT = "[…]"


def _texts(
    page_model: Any, rows: list[Any], names: str, **computed: Any
) -> dict[int, dict[str, dict[str, str]]]:
    """Texts of the live pages of register rows: row → name → language → text.

    ``computed``: name → expression, for those that no column holds under their name.
    """
    by_key = {row.translation_key: row.pk for row in rows}
    columns = names.split()
    pages = page_model.objects.filter(
        translation_key__in=by_key, live=True, alias_of__isnull=True
    ).values_list(
        "translation_key",
        "locale__language_code",
        *(computed.get(name, F(name)) for name in columns),
    )
    found: dict[int, dict[str, dict[str, str]]] = defaultdict(
        lambda: {name: {} for name in columns}
    )
    for key, language, *texts in pages:
        for name, text in zip(columns, texts, strict=True):
            if text:
                found[by_key[key]][name][language] = str(text)
    return found


def assemblies(scope: Scope, rows: list[models.Assembly]) -> More:
    texts = _texts(models.AssemblyPage, rows, "slug title lead presentation legal_basis")
    found: More = {}
    for row in rows:
        original = row.page.locale.language_code
        others = [code for code in row.languages if code != original]
        found[row.pk] = {**texts[row.pk], "languages": [original, *others]}
    return found


def cycles(scope: Scope, rows: list[models.Cycle]) -> More:
    texts = _texts(models.CyclePage, rows, "slug title theme question introduction drawing")
    return {row.pk: dict(texts[row.pk]) for row in rows}


def bodies(scope: Scope, rows: list[models.Body]) -> More:
    """In a folder of one assembly, a body of another belongs to none that it holds."""
    if scope.whole:
        return {}
    held = set(scope.assemblies().values_list("pk", flat=True))
    return {row.pk: {"assembly": None} for row in rows if row.assembly_id not in held}


def recommendations(scope: Scope, rows: list[models.Recommendation]) -> More:
    texts = _texts(models.RecommendationPage, rows, "title summary verbatim", title=titles.full())
    own = {
        page.pk: page
        for page in models.RecommendationPage.objects.filter(pk__in=[row.page_id for row in rows])
        .select_related("kind")
        .only("deciding_body", "handed_over_on", "kind__deciding_body")
    }
    topics = _linked(models.Recommendation.topics.through, "recommendation", "topic", rows, "slug")
    addressees = _linked(
        models.Recommendation.addressees.through, "recommendation", "body", rows, "slug"
    )
    found: More = {}
    for row in rows:
        page, language = own[row.page_id], row.page.locale.language_code
        said = texts[row.pk]
        if scope.public and row.withdrawn_on is not None:
            said = {"title": {language: LEFT_OUT}, "summary": {}, "verbatim": {language: LEFT_OUT}}
        found[row.pk] = {
            **said,
            # What is empty on the page follows the kind and the cycle, and is empty here too.
            "deciding_body": page.deciding_body_id,
            "handed_over_on": page.handed_over_on,
            "topics": topics[row.pk],
            "addressees": addressees[row.pk],
            "language": language,
        }
    return found


def acts(scope: Scope, rows: list[models.Act]) -> More:
    adopted = models.ActAdopts.objects.filter(
        act__in=rows, recommendation__in=scope.recommendations()
    )
    named: dict[int, list[int]] = defaultdict(list)
    for act, row in adopted.order_by("act", "recommendation__reference").values_list(
        "act", "recommendation"
    ):
        named[act].append(row)
    documents = models.Act.objects.filter(pk__in=rows_keys(rows)).select_related("document")
    files = {row.pk: row.document for row in documents if row.document_id}
    return {
        row.pk: {"recommendations": named[row.pk], "url": row.url or _file(files.get(row.pk))}
        for row in rows
    }


def measures(scope: Scope, rows: list[models.Measure]) -> More:
    bodies = _linked(models.Measure.contributors.through, "measure", "body", rows, "slug")
    return {row.pk: {"contributors": bodies[row.pk]} for row in rows}


def passages(scope: Scope, rows: list[models.Passage]) -> More:
    tied = models.PassageMeasure.objects.filter(passage__in=rows, measure__in=scope.measures())
    named: dict[int, list[int]] = defaultdict(list)
    for passage, measure in tied.order_by("passage", "measure__reference").values_list(
        "passage", "measure"
    ):
        named[passage].append(measure)
    return {row.pk: {"measures": named[row.pk]} for row in rows}


def actions(scope: Scope, rows: list[models.Action]) -> More:
    """What is of another cycle is not named, and what a correction corrects is told apart."""
    corrected = models.Action.objects.filter(pk__in={row.corrects_id for row in rows})
    acts = dict(corrected.filter(act__isnull=False).values_list("pk", "act"))
    leads = _announcing(corrected.filter(act__isnull=True))
    contested = {row.contests_id for row in rows} - {None}
    shown = set(scope.passages().filter(pk__in=contested).values_list("pk", flat=True))
    found: More = {}
    for row in rows:
        which = row.corrects_id
        found[row.pk] = {
            "contests": row.contests_id if row.contests_id in shown else None,
            "corrects": None if which in acts or which in leads else which,
            "corrects_act": acts.get(which),
            "corrects_measure": leads.get(which),
        }
    if scope.cycle is not None:
        held = set(scope.cycles().values_list("pk", flat=True))
        groups = set(scope.groups().values_list("pk", flat=True))
        for row in rows:
            found[row.pk] |= {
                "cycle": row.cycle_id if row.cycle_id in held else None,
                "group": row.group_id if row.group_id in groups else None,
            }
    return found


def _announcing(rows: Any) -> dict[int, int]:
    """Of these steps, those that a measure made by being published: step → measure."""
    made = set(rows.filter(pk__in=leads_as_announced()).values_list("pk", flat=True))
    targets = models.ActionTarget.objects.filter(action__in=made, measure__isnull=False)
    return dict(targets.values_list("action", "measure"))


def sources(scope: Scope, rows: list[models.Source]) -> More:
    return {row.pk: {"url": row.url or _file(row.document)} for row in rows}


def _file(document: Any) -> str:
    """Where a file that was uploaded here can be had by anybody."""
    site = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    return "" if document is None else f"{site}{document.url}"


def _linked(
    through: Any, mine: str, theirs: str, rows: list[Any], order: str
) -> dict[int, list[int]]:
    """Row → the rows it is linked with by a many-to-many field."""
    found: dict[int, list[int]] = defaultdict(list)
    links = through.objects.filter(**{f"{mine}__in": [row.pk for row in rows]})
    for own, other in links.order_by(f"{theirs}__{order}").values_list(
        f"{mine}_id", f"{theirs}_id"
    ):
        found[own].append(other)
    return found


def rows_keys(rows: list[Any]) -> list[int]:
    return [row.pk for row in rows]


MORE: dict[str, Callable[[Scope, list[Any]], More]] = {
    each.__name__: each
    for each in (
        assemblies,
        cycles,
        bodies,
        recommendations,
        acts,
        measures,
        passages,
        actions,
        sources,
    )
}

"""The pages of a measure and of an act, and how facts look in the admin's preview."""

from typing import Any

from django.db.models import F, Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from assemblies import clock, projection, references, state, steps
from assemblies.directory import Directory
from assemblies.enums import Axis, Kind, Subject
from assemblies.models import (
    Act,
    Action,
    Body,
    Cycle,
    Fact,
    Measure,
    MeasureServes,
    Passage,
    Recommendation,
    Withdrawal,
)
from assemblies.pages import fact_pairs, owed, pairs
from assemblies.pages.action import action_preview
from assemblies.pages.common import (
    KindWords,
    cited,
    crumbs,
    directory_of,
    link,
    named,
    owes,
    place_url,
    places_to,
    site_url,
    term,
    written_in,
)
from assemblies.pages.entries import Story, actions_around, aimed_at, published_on, sources_of
from assemblies.pages.measures import measure_view
from assemblies.pages.passage_preview import passage_preview
from assemblies.pages.reading import open_deadline
from assemblies.pages.recommendation import LONG_TITLE, withdrawal_preview
from assemblies.pages.rows import listed, row_of
from assemblies.pages.voices import votes
from assemblies.sentence import measure_sentence
from assemblies.words import choose


def frame(
    request: HttpRequest, lists: Directory, cycle: Cycle, fact: Any, called: str
) -> dict[str, Any]:
    """What the pages of facts have in common: where they stand, and whose they are."""
    assembly = lists.assemblies[cycle.assembly_id]
    request.assembly = assembly
    request.written_in = written_in(fact.title)
    places = places_to(lists, cycle)
    title = choose(fact.title)
    return {
        "assembly": assembly,
        "cycle": cycle,
        "cycle_url": place_url(lists, places[-1]) if places else "",
        "ink": assembly.ink,
        "owed": owes(assembly),
        "title": title,
        "long_title": len(title.text) > LONG_TITLE,
        "kicker": called,
        "as_of": clock.today(),
        "breadcrumbs": crumbs(lists, places, {"label": called, "url": None}),
        "noindex": fact.example or cycle.example or assembly.example,
        "example": fact.example,
        "draft": not fact.live,
        "published_on": published_on(fact),
        "pairs": pairs.offered(assembly, written_in(fact.title)) if fact.live else [],
    }


# -- measures ---------------------------------------------------------------------------------


def measure_context(request: HttpRequest, reference: str) -> dict[str, Any]:
    """A published measure: whom it serves, how far it is, who leads, what is due, every step."""
    lists = directory_of(request)
    measure = Measure.objects.filter(live=True, reference=reference.upper()).first()
    if measure is None:
        raise Http404
    served = list(
        listed(
            Recommendation.objects.filter(
                measure_links__measure=measure, measure_links__measure__live=True
            )
        )
        .annotate(part=F("measure_links__part"))
        .order_by("position", "pk")
    )
    contributors = list(measure.contributors.through.objects.filter(measure=measure))
    rows = actions_around(aimed_at(measures=[measure.pk]) | Q(cycle=measure.cycle_id))
    story = Story(lists, rows, sources_of(rows))
    return _measure(
        request,
        lists,
        measure,
        served=[
            {**row_of(lists, row), "part": row.part} for row in served if row.withdrawn_on is None
        ],
        kind_id=served[0].kind_id if served else None,
        contributors=[row.body_id for row in contributors],
        story=story,
    )


def _measure(
    request: HttpRequest,
    lists: Directory,
    measure: Measure,
    *,
    served: list[dict[str, Any]],
    kind_id: int | None,
    contributors: list[int],
    story: Story,
) -> dict[str, Any]:
    cycle = lists.cycles[measure.cycle_id]
    words = KindWords(lists, kind_id)
    own = story.of_measure(measure.pk) if measure.pk else []
    known = state.fold(own, as_of=clock.today(), measure=measure.pk or 0)
    called = gettext("Measure %(number)s") % {"number": measure.number_in_cycle}
    context = frame(request, lists, cycle, measure, called)
    shown = measure_view(measure, known, story, words, contributors)
    if not measure.live:
        shown |= _as_announced(measure)
    own_numbers = {fact.number for fact in own}
    timeline = _timeline(story, own_numbers, measure, cycle, words)
    return {
        **context,
        "measure": shown,
        "measure_key": measure.pk if measure.live else None,
        "sentence": measure_sentence(known, words=words),
        "announced_on": measure.announced_on,
        "announced_by": lists.bodies.get(measure.announced_by_id),
        "served": served,
        "lead_term": term(context["assembly"].lead_word),
        "duties": _duties(lists, measure, known, story, context["assembly"].regime_id),
        "timeline": timeline,
        "steps_of": f"measure={measure.reference}" if measure.live else "",
        "noindex": context["noindex"]
        or any(item["action"].example for item in timeline)
        or any(row["example"] for row in served),
        "canonical_url": site_url() + measure.url if measure.live else "",
        "cite": cited(
            lists, places_to(lists, cycle), f"{called} ({measure.reference})", measure.url
        )
        if measure.live
        else None,
        **fact_pairs.of_measure(request, context["assembly"], measure, shown, words, timeline),
    }


def _as_announced(measure: Measure) -> dict[str, Any]:
    """A draft has no actions yet: what its form says becomes the first one."""
    return {
        "url": "",
        "lead": measure.first_lead,
        "deadline": measure.first_deadline,
        "deadline_words": measure.first_deadline_words,
    }


def _duties(
    lists: Directory, measure: Measure, known: state.State, story: Story, regime_id: int
) -> list[dict[str, Any]]:
    if not measure.live:
        return []
    rules = [r for r in lists.rules.get(regime_id, []) if r.subject == Subject.MEASURE]
    found = owed.rows(
        lists,
        projection.duties_of_measure(
            measure, story.around_measure(measure.pk), rules, clock.today()
        ),
        story.row,
        example=measure.example,
    )
    deadline = open_deadline(known)
    if deadline is not None:
        found.append({**owed.announced(deadline, clock.today()), "example": measure.example})
    return owed.in_order(found)


def _timeline(
    story: Story, numbers: set[int], measure: Measure, cycle: Cycle, words: KindWords
) -> list[dict[str, Any]]:
    subject = frozenset({("measure", measure.pk)})
    history = steps.history(story.of_measure(measure.pk), measure=measure.pk) if numbers else []
    before = story.before([("", history)], words)
    rows = sorted(
        (row for number, row in story.rows.items() if number in numbers),
        key=lambda row: (row.happened_last, row.number),
        reverse=True,
    )
    return [
        {
            "action": story.entry(row, words=words, hide=subject, concerns=subject, cycle=cycle),
            "note": before.get(row.number, ""),
        }
        for row in rows
    ]


# -- acts -------------------------------------------------------------------------------------


def act_context(request: HttpRequest, reference: str) -> dict[str, Any]:
    """A published act: its vote, its article, the recommendations that it is about."""
    lists = directory_of(request)
    act = Act.objects.filter(live=True, slug=reference.upper()).select_related("document").first()
    if act is None:
        raise Http404
    adopted = listed(Recommendation.objects.filter(act_links__act=act)).order_by("position", "pk")
    vote = Action.objects.filter(act=act, live=True, corrects__isnull=True).first()
    return _act(request, lists, act, [row_of(lists, row) for row in adopted], vote, list(adopted))


def _act(
    request: HttpRequest,
    lists: Directory,
    act: Act,
    adopted: list[dict[str, Any]],
    vote: Action | None,
    rows: list[Recommendation],
) -> dict[str, Any]:
    cycle = lists.cycles[act.cycle_id]
    council = lists.bodies[act.council_id]
    act.lead_body = lists.bodies.get(act.lead_body_id or 0)
    called = gettext("Act %(number)s") % {"number": act.number}
    context = frame(request, lists, cycle, act, called)
    words = KindWords(lists, rows[0].kind_id if rows else None)

    def voice() -> dict[str, Any]:
        return _vote(act, council, words, vote)

    return {
        **context,
        "act": act,
        "authority": voice(),
        "article": {
            "who": gettext("What the act obliges to"),
            "label": gettext("Article of the act"),
            "text": act.article,
            "example": act.example,
        }
        if choose(act.article)
        else None,
        "adopted": adopted,
        "noindex": context["noindex"] or any(row["example"] for row in adopted),
        "canonical_url": site_url() + act.public_url if act.live else "",
        "cite": cited(lists, places_to(lists, cycle), called, act.public_url) if act.live else None,
        **fact_pairs.of_act(request, context["assembly"], act, voice),
    }


def _vote(act: Act, council: Body, words: KindWords, vote: Action | None) -> dict[str, Any]:
    """What the council decided, as a voice, in the active language."""
    voice = {
        "who": council.name,
        "url": council.url,
        "label": Kind.VOTE.label,
        "first": act.session_first,
        "last": act.session_last,
        "axis": Axis.RESPONSE,
        "code": act.response,
        "words": words.word(Axis.RESPONSE, act.response),
        "action": _as_action(act),
        "facts": [
            {"term": gettext("Result"), "value": act.get_result_display()},
            {"term": gettext("Votes"), "value": votes(act)},
        ],
        "sources": [{"title": act.number, "url": act.url, "document": act.document}]
        if act.url or act.document
        else [],
        "example": act.example,
    }
    if vote is not None:
        voice |= {"number": vote.number, "permalink": vote.url}
    return voice


def _as_action(act: Act) -> dict[str, Any]:
    """What an act gives besides its text, under the names of an action's fields."""
    return {
        "link": act.link,
        "get_link_display": act.get_link_display(),
        "reason": act.reason,
        "get_reason_display": act.get_reason_display(),
        "reason_text": act.reason_text,
        "what_changed": act.what_changed,
        "concerned_body": act.lead_body,
    }


# -- previews in the admin ----------------------------------------------------------------------


def preview_template(fact: Fact) -> str:
    """The template by which a draft of this fact is previewed; "" where there is none."""
    return {
        Action: "assemblies/action.html",
        Measure: "assemblies/measure.html",
        Act: "assemblies/act.html",
        Withdrawal: "assemblies/withdrawn.html",
        Passage: "assemblies/passage.html",
    }.get(type(fact), "")


def preview_context(fact: Fact, request: HttpRequest, mode: str = "") -> dict[str, Any]:
    """What the page of a fact would show if it were published as it stands in the form."""
    lists = directory_of(request)
    if isinstance(fact, Action):
        return action_preview(request, lists, fact)
    if isinstance(fact, Withdrawal):
        return withdrawal_preview(request, lists, fact)
    if isinstance(fact, Passage):
        return passage_preview(request, lists, fact)
    if isinstance(fact, Measure):
        return _measure_preview(request, lists, fact)
    if isinstance(fact, Act):
        keys = [row.recommendation_id for row in fact.adopts.all()]
        rows = list(named(Recommendation.objects.filter(pk__in=keys)).order_by("position"))
        fact.slug = fact.slug or references.code(fact.number)
        return _act(request, lists, fact, [link(lists, row) for row in rows], None, rows)
    return {}


def _measure_preview(request: HttpRequest, lists: Directory, measure: Measure) -> dict[str, Any]:
    serves: list[MeasureServes] = list(measure.serves.all())
    parts = {row.recommendation_id: row.part for row in serves}
    rows = list(named(Recommendation.objects.filter(pk__in=parts)).order_by("position"))
    return _measure(
        request,
        lists,
        measure,
        served=[{**link(lists, row), "part": parts[row.pk]} for row in rows],
        kind_id=rows[0].kind_id if rows else None,
        contributors=[body.pk for body in measure.contributors.all()],
        story=Story(lists, [], {}),
    )

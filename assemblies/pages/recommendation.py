"""The page of one recommendation: asked, answered, done, judged, and every step between."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext, pgettext

from assemblies import clock, steps
from assemblies.directory import Directory
from assemblies.enums import Axis, Kind, Response
from assemblies.models import Recommendation, RecommendationPage, Withdrawal
from assemblies.pages import as_of, owed, pairs, passages, voices
from assemblies.pages.common import (
    KindWords,
    cited,
    crumbs,
    directory_of,
    kicker,
    link,
    owes,
    place_url,
    places_to,
    reader_language,
    site_url,
    term,
)
from assemblies.pages.day import kept
from assemblies.pages.entries import (
    Entry,
    Story,
    actions_around,
    aimed_at,
    published_on,
    sources_of,
)
from assemblies.pages.measures import breakdown, measure_view, own_delivery
from assemblies.pages.reading import Reading
from assemblies.pages.recommendation_pair import in_two_languages
from assemblies.pages.voices import answer_label
from assemblies.sharing.contents import invented, of_recommendation
from assemblies.sharing.described import work_of_recommendation
from assemblies.words import Choice

#: Kinds of step through which members speak where no committee does.
SPEAKING = frozenset({Kind.MEETING, Kind.QUESTION, Kind.OPINION})
#: Titles longer than this are whole sentences and set smaller.
LONG_TITLE = 120
#: More duties than this, and those met in time are folded.
FOLDED = 5


def recommendation_context(request: HttpRequest, page: RecommendationPage) -> dict[str, Any]:
    """What ``assemblies/recommendation.html`` shows.

    Without a route the page is previewed in the admin: a draft that has no register row yet shows
    its own words and says that nothing is published.
    """
    lists = directory_of(request)
    route = getattr(request, "route", None)
    row = route.original.register if route is not None else page.register_row()
    if row is None:
        return _draft_context(request, lists, page)
    past = as_of.asked(request)
    about = Reading(lists, row, past)
    request.assembly = about.assembly
    language = page.locale.language_code
    words_missing = language != reader_language()
    called = kicker(lists, row)
    title = Choice(page.full_title, language, missing=words_missing)
    place = lists.originals[about.cycle.translation_key]
    shown = timeline(about)
    article = voices.article(about)
    expected = expectations(about, told=bool(article))
    original = route.original if route is not None else row.page
    example = invented(about)
    updated_on = _updated_on(about, page)
    texts = route.texts if route is not None else {}
    other = route is not None and pairs.asked_for(request)
    if about.passages is not None:
        about.passages.here = not other
    neighbours = as_of.neighbours(about.story.rows.values(), past) if past else ()
    return {
        **frame_of(about, title, called),
        "pairs": pairs.offered(about.assembly, texts),
        "noindex": example,
        "canonical_url": site_url() + (route.url if route is not None else ""),
        **as_of.dated(request, past, *neighbours),
        # Machines and shared cards are told of today.
        "card": None if past else of_recommendation(about, title, example=example),
        "work": None
        if past
        else work_of_recommendation(about, title, called, updated_on=updated_on),
        "handed_over_on": about.handed_over_on,
        "not_yet": row.handed_over_on if row.handed_over_on != about.handed_over_on else None,
        "recommendation": row,
        "steps_of": f"recommendation={row.reference}",
        "kind": lists.kinds[row.kind_id],
        "verbatim": about.passages.shown(page, original)
        if about.passages
        else passages.plain(page),
        "summary": Choice(page.summary, language, missing=words_missing),
        "language": language,
        "words_missing": words_missing,
        "sentence": about.sentence(),
        "ledger": ledger(about),
        "groups": about.around.groups,
        "cycle_url": kept(place_url(lists, place), past),
        "topics": [lists.topics[key] for key in row.topic_keys if key in lists.topics],
        "addressees": [lists.bodies[key] for key in row.addressee_keys if key in lists.bodies],
        "own_vote": voices.votes(row) if row.votes_for is not None else "",
        "authority": voices.authority(about),
        "citizens": voices.citizens(about),
        "article": article,
        "others": voices.others(about),
        "earlier": voices.earlier(about),
        "regime": about.regime,
        "members_steps": []
        if about.regime.has_citizens_body
        else [item["action"] for item in shown if _members_speak(item["action"])],
        "codes": about.codes,
        "breakdown": breakdown(about.codes),
        "measures": [
            measure_view(
                measure, about.measures_now[key], about.story, about.words, about.contributors[key]
            )
            for key, measure in about.measures.items()
        ],
        "own_delivery": own_delivery(about.now, about.story, about.words),
        "lead_term": term(about.assembly.lead_word),
        **expected,
        "timeline": shown,
        "documents": about.documents(),
        "contents": _contents(about, len(shown), bool(expected["expected"])),
        "cite": cited(
            lists,
            places_to(lists, about.cycle),
            called,
            reverse("assemblies:reference", args=[row.reference]),
            past,
        ),
        "updated_on": None if past else updated_on,
        "previous": _neighbour(lists, about.around.previous, past),
        "next": _neighbour(lists, about.around.following, past),
        **(in_two_languages(request, about, texts, original, shown) if other else {}),
    }


def frame_of(about: Reading, title: Choice, called: Choice) -> dict[str, Any]:
    places = places_to(about.lists, about.cycle)
    return {
        "title": title,
        "long_title": len(title.text) > LONG_TITLE,
        "kicker": called,
        "breadcrumbs": crumbs(
            about.lists, places, {"label": about.row.number, "url": None}, past=about.past
        ),
        "assembly": about.assembly,
        "cycle": about.cycle,
        "ink": about.assembly.ink,
        "owed": owes(about.assembly),
        "example": about.row.example,
    }


def _draft_context(
    request: HttpRequest, lists: Directory, page: RecommendationPage
) -> dict[str, Any]:
    """A recommendation that is not published: its words, and nothing else."""
    parent = page.get_parent()
    place = lists.originals.get(parent.translation_key) if parent is not None else None
    language = page.locale.language_code
    kind = lists.kinds.get(page.kind_id)
    label = {"label": page.label or page.full_title, "url": None}
    return {
        "draft": True,
        "noindex": True,
        "title": Choice(page.full_title, language, missing=language != reader_language()),
        "long_title": len(page.full_title) > LONG_TITLE,
        "kicker": f"{kind.name} {page.label}".strip() if kind is not None else page.label,
        "breadcrumbs": crumbs(lists, lists.trail(place) if place else [], label),
        "verbatim": passages.plain(page),
        "summary": Choice(page.summary, language, missing=language != reader_language()),
        "language": language,
        "words_missing": language != reader_language(),
        "example": page.example,
        "handed_over_on": page.handed_over_on,
        "recommendation": page,
    }


# -- parts ------------------------------------------------------------------------------------


def ledger(about: Reading) -> list[dict[str, Any]]:
    """Asked, answered, done, judged."""
    known = about.now
    asked: dict[str, Any] = {"term": pgettext("verb", "Asked")}
    if about.handed_over_on:
        asked |= {
            "more": gettext("Handed over on"),
            "first": about.handed_over_on,
            "last": about.handed_over_on,
        }
    answered: dict[str, Any] = {
        "term": pgettext("verb", "Answered"),
        "axis": Axis.RESPONSE,
        "code": known.response_code,
        "words": about.words.word(Axis.RESPONSE, known.response_code),
    }
    if known.response is not None and known.response_code != Response.AWAITING:
        label = answer_label(about.story, known.response.set_by)
        answered |= {
            "more": gettext("%(label)s,") % {"label": label},
            "first": known.response.first,
            "last": known.response.since,
        }
    done: dict[str, Any] = {"term": pgettext("verb", "Done"), "measures": about.codes}
    if not about.codes:
        if known.implementation is not None:
            done |= {
                "axis": Axis.IMPLEMENTATION,
                "code": known.implementation_code,
                "words": about.words.word(Axis.IMPLEMENTATION, known.implementation_code),
            }
        else:
            done["text"] = gettext("No measure announced")
    if known.last_action is not None:
        done |= {
            "more": gettext("Last step:"),
            "first": known.last_action,
            "last": known.last_action,
        }
    return [asked, answered, done, _judged(about)]


def _judged(about: Reading) -> dict[str, Any]:
    known = about.now
    judged: dict[str, Any] = {"term": pgettext("verb", "Judged")}
    if not about.regime.has_citizens_body:
        return judged | {"text": gettext("What the members say"), "url": "#judged"}
    judged |= {"axis": Axis.OPINION, "code": known.opinion_code}
    if known.opinion is not None:
        judged |= {
            "more": gettext("Opinion of the follow-up committee,"),
            "first": known.opinion.first,
            "last": known.opinion.since,
        }
    return judged


def expectations(about: Reading, *, told: bool) -> dict[str, Any]:
    """What is expected: late, due, met late, met; those met in time folded where they are many.

    ``told``: the recommendation's own duties stand beside the article of the act already.
    """
    rows = owed.in_order([*([] if told else about.told_duties()), *about.told_measure_duties()])
    folded = [row for row in rows if row["status"] == "met"] if len(rows) > FOLDED else []
    return {
        "expected": [row for row in rows if row not in folded],
        "expected_met": folded,
        "silent_since": about.silence(),
        "silent_after": about.regime.silent_after_months,
    }


def timeline(about: Reading) -> list[dict[str, Any]]:
    """Every step, the newest first: the recommendation's, its measures', its cycle's."""
    hide = frozenset({("recommendation", about.row.pk)})
    concerns = hide | {("measure", key) for key in about.measures}
    groups = {group.pk: group for group in about.around.groups}
    subjects: list[tuple[str, list[steps.Step]]] = [("", about.history)]
    for key, measure in about.measures.items():
        history = steps.history(about.story.of_measure(key), measure=key)
        subjects.append((measure.number_in_cycle, history))
    before = about.story.before(subjects, about.words)
    late = about.lateness()
    shown = []
    for row in about.happened:
        entry = about.story.entry(
            row,
            words=about.words,
            hide=hide,
            concerns=concerns,
            cycle=about.cycle,
            groups=groups,
        )
        notes = [*late.get(row.number, []), *([before[row.number]] if row.number in before else [])]
        shown.append({"action": entry, "note": _sentences(notes)})
    return shown


def _sentences(notes: list[Any]) -> str:
    return format_html_join(" ", "{}", ((note,) for note in notes))


def _members_speak(step: Entry) -> bool:
    """Whether members speak in a step, where no committee speaks for them."""
    if step.kind == Kind.HANDOVER:
        return False
    return step.kind in SPEAKING or step.body.speaks_for_citizens


def _contents(about: Reading, steps_shown: int, expected: bool) -> list[dict[str, str]]:
    """On this page."""
    count = len(about.measures)
    done = pgettext("verb", "Done")
    if count:
        done = ngettext(
            "Done: %(count)s measure announced", "Done: %(count)s measures announced", count
        ) % {"count": count}
    items = [(pgettext("verb", "Asked"), "asked")]
    if about.regime.has_citizens_body:
        items.append((gettext("Answered and judged"), "answered"))
    else:
        items.append((pgettext("verb", "Answered"), "answered"))
    items.append((done, "done"))
    if not about.regime.has_citizens_body:
        items.append((gettext("Judged: what the members say"), "judged"))
    if expected:
        items.append((gettext("What is expected"), "expected"))
    items.append(
        (
            ngettext("Timeline: %(count)s step", "Timeline: %(count)s steps", steps_shown)
            % {"count": steps_shown},
            "timeline",
        )
    )
    return [{"label": label, "url": f"#{anchor}"} for label, anchor in items]


def _updated_on(about: Reading, page: RecommendationPage) -> Any:
    """The last day on which something on this page was published here."""
    claims = about.passages.rows.values() if about.passages else ()
    moments = [
        published_on(row) for row in (*about.story.rows.values(), *about.measures.values(), *claims)
    ]
    if page.last_published_at:
        moments.append(published_on(page))
    last = max((moment for moment in moments if moment), default=None)
    # Wagtail notes the machine's day of a page, which may lie after the demo's fixed one.
    return min(last, clock.today()) if last else None


def _neighbour(lists: Directory, row: Recommendation | None, past: Any) -> dict[str, Any] | None:
    return link(lists, row, past) if row is not None else None


# -- withdrawn --------------------------------------------------------------------------------


def withdrawn(request: HttpRequest, row: Recommendation) -> TemplateResponse:
    """What was withdrawn keeps its address: 410, with the date, the reason, and its steps."""
    lists = directory_of(request)
    fact = Withdrawal.objects.filter(live=True, recommendation=row).first()
    reason = fact.reason if fact is not None else ""
    context = _withdrawn_context(request, lists, row, row.withdrawn_on, reason)
    return TemplateResponse(request, "assemblies/withdrawn.html", context, status=410)


def withdrawal_preview(request: HttpRequest, lists: Directory, fact: Withdrawal) -> dict[str, Any]:
    """The page that the withdrawal, a draft still, would leave."""
    return _withdrawn_context(request, lists, fact.recommendation, fact.withdrawn_on, fact.reason)


def _withdrawn_context(
    request: HttpRequest, lists: Directory, row: Recommendation, day: Any, reason: Any
) -> dict[str, Any]:
    cycle = lists.cycles[row.cycle_id]
    assembly = lists.assemblies[cycle.assembly_id]
    request.assembly = assembly
    rows = actions_around(aimed_at(recommendations=[row.pk]))
    story = Story(lists, rows, sources_of(rows))
    words = KindWords(lists, row.kind_id)
    subject = frozenset({("recommendation", row.pk)})
    latest_first = sorted(
        story.rows.values(), key=lambda step: (step.happened_last, step.number), reverse=True
    )
    places = places_to(lists, cycle)
    cycle_link = {"label": gettext("The page of the cycle"), "url": ""}
    if places:
        cycle_link["url"] = place_url(lists, places[-1])
    return {
        "breadcrumbs": crumbs(lists, places, {"label": row.reference, "url": None}),
        "ink": assembly.ink,
        "owed": owes(assembly),
        "noindex": True,
        "reference": row.reference,
        "withdrawn_on": day,
        "reason": reason,
        "handed_over_on": row.handed_over_on,
        "example": row.example,
        "actions_url": "#steps" if story.rows else "",
        "timeline": [
            {"action": story.entry(step, words=words, hide=subject, concerns=subject, cycle=cycle)}
            for step in latest_first
        ],
        "links": [cycle_link] if places else [],
    }

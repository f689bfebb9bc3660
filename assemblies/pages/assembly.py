"""The page of an assembly: who it is, what it is owed, its rounds with their figures."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext, pgettext

from assemblies import clock, projection
from assemblies.directory import Directory
from assemblies.duties import MONTHS, Rule
from assemblies.enums import Axis, Subject, Trigger
from assemblies.models import Act, ActAdopts, Action, Assembly, AssemblyPage, Cycle, Regime
from assemblies.pages import as_of, day, expected, owed
from assemblies.pages.common import (
    KindWords,
    crumbs,
    directory_of,
    mark_shape,
    owes,
    place_label,
    place_url,
    reader_language,
    site_url,
    term,
)
from assemblies.pages.entries import Story
from assemblies.pages.latest import (
    SHOWN,
    Listing,
    around,
    beside_day,
    latest,
    with_parts,
)
from assemblies.pages.rows import Figures, figures, noun, page_text, tally, tally_caption
from assemblies.words import Choice, choose

#: Acts that the page shows; each round's own page leads to the rest.
ACTS = 60


def assembly_context(request: HttpRequest, page: AssemblyPage) -> dict[str, Any]:
    """All that ``assemblies/assembly.html`` shows; a draft without register shows its words."""
    lists = directory_of(request)
    assembly = next(
        (
            each
            for each in lists.assemblies.values()
            if each.translation_key == page.translation_key
        ),
        None,
    )
    request.assembly = assembly
    facts = assembly if assembly and not getattr(request, "is_preview", False) else page
    regime = lists.regimes.get(facts.regime_id)
    place = lists.by_path.get(page.path)
    here = [{"label": page.title, "url": None}]
    past = as_of.asked(request)
    context: dict[str, Any] = {
        **{
            name: page_text(lists, page, getattr(page, name))
            for name in ("title", "lead", "presentation", "legal_basis")
        },
        "facts": facts,
        "assembly": assembly,
        "regime": regime,
        "regime_steps": regime_steps(lists, regime) if regime else [],
        "committee": lists.bodies.get(facts.committee_id or 0),
        "heading": rounds_heading(facts.cycle_word),
        "owed": reader_language() in facts.languages,
        "ink": facts.ink,
        "noindex": facts.example,
        "breadcrumbs": crumbs(lists, lists.trail(place)) if place else here,
        "as_of": clock.today(),
    }
    if assembly is None or regime is None:
        return context
    rounds = cycles_of(lists, assembly, past=past)
    steps, neighbours = _latest(lists, assembly, past)
    return context | {
        "steps_of": f"assembly={assembly.code}",
        "seed": assembly.slug,
        "shape": mark_shape(assembly),
        "rounds": rounds,
        "expected": expected_next(rounds),
        "steps": steps,
        "canonical_url": f"{site_url()}{request.path}",
        **as_of.dated(request, past, *neighbours),
    }


def _latest(
    lists: Directory, assembly: Assembly, past: day.Past
) -> tuple[list[dict[str, Any]], tuple[Any, ...]]:
    """Its latest steps as of a day, and those before and after that day: one query."""
    steps = Action.objects.filter(assembly=assembly.pk)
    if past is None:
        return latest(lists, steps), ()
    last = steps.filter(live=True, happened_last__lte=past).latest_first().values("pk")[:SHOWN]
    found = list(with_parts(steps.filter(Q(pk__in=last) | beside_day(steps, past))).latest_first())
    rows = [row for row in found if row.happened_last <= past][:SHOWN]
    listing = Listing(lists, rows)
    return [listing.shown(row) for row in rows], as_of.neighbours(found, past)


def rounds_heading(word: Any) -> str:
    """The heading above an assembly's rounds, in its own word: "Promotion by promotion"."""
    own = str(term(word) or gettext("cycle"))
    own = own[:1].lower() + own[1:]
    # Translators: the word for one round, twice: "Cycle by cycle", "Promotion by promotion".
    text = gettext("%(word)s by %(word)s") % {"word": own}
    return text[:1].upper() + text[1:]


# -- the regime -------------------------------------------------------------------------------


def regime_steps(lists: Directory, regime: Regime) -> list[list[dict[str, Any]]]:
    """What is owed and when: for each thing that starts a clock, the dated steps from it."""
    rules = lists.rules.get(regime.pk, [])
    found: list[list[dict[str, Any]]] = []
    for trigger in Trigger:
        of_it = [rule for rule in rules if rule.trigger == trigger]
        of_it.sort(key=lambda rule: (rule.unit == MONTHS, rule.delay))
        if of_it:
            beginning = {"when": _beginning(trigger), "what": _begins(trigger)}
            found.append(
                [
                    beginning,
                    *(
                        {"when": _after(rule), "what": _owed(lists, rule), "then": _then(rule)}
                        for rule in of_it
                    ),
                ]
            )
    return found


def _beginning(trigger: str) -> str:
    return {
        Trigger.HANDOVER: pgettext("step of a regime", "Handover"),
        Trigger.ADOPTION: pgettext("step of a regime", "Vote"),
        Trigger.PUBLICATION: pgettext("step of a regime", "Announcement"),
    }[Trigger(trigger)]


def _begins(trigger: str) -> str:
    return {
        Trigger.HANDOVER: gettext("The members hand over their recommendations."),
        Trigger.ADOPTION: gettext("The council adopts the act."),
        Trigger.PUBLICATION: gettext("The authority announces a measure."),
    }[Trigger(trigger)]


def _after(rule: Rule) -> str:
    number = rule.delay
    if rule.unit == MONTHS:
        text = ngettext("%(number)s month after", "%(number)s months after", number)
    else:
        text = ngettext("%(number)s day after", "%(number)s days after", number)
    return text % {"number": number}


def _then(rule: Rule) -> str:
    if not rule.every:
        return ""
    if rule.unit == MONTHS:
        text = ngettext("Then every month.", "Then every %(number)s months.", rule.every)
    else:
        text = ngettext("Then every day.", "Then every %(number)s days.", rule.every)
    return text % {"number": rule.every}


def _owed(lists: Directory, rule: Rule) -> Choice:
    """What is owed, in the regime's words, and for each of what."""
    label = choose(lists.rule_labels[rule.key])
    said = label.text
    if rule.count > 1:
        said = gettext("%(duty)s, %(count)s times") % {"duty": said, "count": rule.count}
    if rule.subject == Subject.RECOMMENDATION:
        said = gettext("%(duty)s, for each recommendation") % {"duty": said}
    elif rule.subject == Subject.MEASURE:
        said = gettext("%(duty)s, for each measure") % {"duty": said}
    return Choice(said, label.language, missing=label.missing)


# -- the rounds -------------------------------------------------------------------------------


def cycles_of(
    lists: Directory, assembly: Assembly, *, with_acts: bool = True, past: day.Past = None
) -> list[dict[str, Any]]:
    """The rounds of an assembly, the newest first, each with its figures and what it owes.

    Three queries whatever their number: figures, the actions on whole cycles, acts.
    """
    cycles = [
        cycle
        for cycle in lists.cycles.values()
        if cycle.assembly_id == assembly.pk
        and lists.originals.get(cycle.translation_key)
        and had_begun(cycle, past)
    ]
    cycles.sort(key=_age, reverse=True)
    counted = figures((cycle.pk for cycle in cycles), past)
    story = Story(lists, around(Q(cycle__in=[cycle.pk for cycle in cycles])), {})
    acts = acts_of(cycles, past) if with_acts else {}
    return [
        round_of(lists, assembly, cycle, counted[cycle.pk], story, acts.get(cycle.pk, []), past)
        for cycle in cycles
    ]


def had_begun(cycle: Cycle, past: day.Past) -> bool:
    """Whether a round was there on a day; one without dates always was."""
    first = cycle.started_on or cycle.handed_over_on
    return past is None or first is None or first <= past


def _age(cycle: Cycle) -> tuple:
    """When a round was: by its handover, else by its beginning; one without dates is to come."""
    day = cycle.handed_over_on or cycle.started_on
    return (day is None, day.toordinal() if day else 0, cycle.code)


def acts_of(cycles: Iterable[Cycle], past: day.Past = None) -> dict[int, list[Act]]:
    """The last acts about these rounds, the newest first."""
    found: dict[int, list[Act]] = defaultdict(list)
    adopting = ActAdopts.objects.filter(act=OuterRef("pk")).order_by("pk")
    acts = Act.objects.filter(live=True, cycle__in=[cycle.pk for cycle in cycles]).annotate(
        kind_adopted=Subquery(adopting.values("recommendation__kind")[:1])
    )
    if past:
        acts = acts.filter(session_last__lte=past)
    for act in acts.order_by("-session_last", "-pk")[:ACTS]:
        found[act.cycle_id].append(act)
    return found


def round_of(
    lists: Directory,
    assembly: Assembly,
    cycle: Cycle,
    counted: Figures,
    story: Story,
    acts: list[Act],
    past: day.Past = None,
) -> dict[str, Any]:
    """One round as an assembly's page shows it."""
    regime = lists.regime_of(assembly)
    place = lists.originals[cycle.translation_key]
    example = cycle.example or counted.example
    whole: list[dict[str, Any]] = []
    rules = lists.rules.get(regime.pk, [])
    for duty in projection.duties_of_cycle(cycle, story.facts, rules, past or clock.today()):
        numbers = [number for number in (duty.by, *duty.explained_by) if number is not None]
        invented = cycle.example or any(story.rows[number].example for number in numbers)
        whole += owed.rows(lists, [duty], story.row, example=invented)
    single = [
        *expected.of_recommendations(lists, cycle, counted, past=past),
        *expected.of_measures(counted, past),
    ]
    url = day.kept(place_url(lists, place), past)
    handed_over = cycle.handed_over_on
    return {
        "cycle": cycle,
        "title": place_label(lists, place),
        "url": url,
        "handed_over_on": handed_over
        if past is None or (handed_over and handed_over <= past)
        else None,
        "live": place.live,
        "counted": counted,
        "sentence": counted.sentence(regime.has_citizens_body),
        "caption": tally_caption(lists, counted),
        "count": noun(lists, counted, counted.recommendations),
        "tally": tally(lists, counted, place_url(lists, place), past)
        if counted.recommendations
        else [],
        "example": example,
        "duties": owed.in_order(whole),
        "single_duties": single,
        "acts": [
            {
                "act": act,
                "words": KindWords(lists, act.kind_adopted).word(Axis.RESPONSE, act.response),
            }
            for act in acts
        ],
        "tally_example": counted.examples > 0,
        "owed": owes(assembly),
    }


def expected_next(rounds: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything that is still open in these rounds, what is late first, each under its round."""
    found = []
    for each in rounds:
        for duty in (*each["duties"], *each["single_duties"]):
            if duty["status"] in ("late", "due"):
                label, title = choose(duty["name"]), each["title"]
                name = gettext("%(subject)s: %(duty)s") % {
                    "subject": title.text,
                    "duty": label.text,
                }
                missing = label.missing
                found.append(
                    duty
                    | {"name": Choice(name, label.language, missing=missing), "url": each["url"]}
                )
    return owed.in_order(found)

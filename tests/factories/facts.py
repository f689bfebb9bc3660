"""What happened: measures, acts, follow-up actions, passages, counts, withdrawals."""

import datetime
from typing import Any

from django.utils import timezone

from assemblies.enums import DEMANDS, VALUES, Axis
from assemblies.models import (
    Act,
    ActAdopts,
    Action,
    ActionTarget,
    AnnouncedCount,
    Measure,
    MeasureServes,
    Passage,
    PassageMeasure,
    Recommendation,
    Source,
    Withdrawal,
)
from tests.factories.lists import worded

#: What a demanded field is given when a test does not say.
ENOUGH: dict[str, Any] = {
    "link": "new",
    "reason": "budget",
    "reason_text": {"fr": "Trop cher.", "nl": "Te duur."},
    "what_changed": {"fr": "Six au lieu de sept.", "nl": "Zes in plaats van zeven."},
    "what_is_missing": {"fr": "Deux guichets manquent.", "nl": "Twee loketten ontbreken."},
    "opinion_object": "answer",
}
KIND_OF_AXIS = {"response": "response", "implementation": "progress", "opinion": "opinion"}


def source(title: str = "Rapport", **fields: Any) -> Source:
    """A source, for ``sources=[source(…)]``."""
    return Source(**{"title": title, "url": "https://example.org/report", **fields})


def _days(on: Any) -> tuple[datetime.date, datetime.date]:
    return on if isinstance(on, tuple) else (on, on)


def _moment(day: datetime.date) -> datetime.datetime:
    noon = datetime.datetime.combine(day, datetime.time(12))
    return timezone.make_aware(noon)


def _words(fields: dict[str, Any], *, dutch: bool) -> None:
    for name in Action.worded() & set(fields):
        fields[name] = worded(fields[name], dutch=dutch)


def _assembly(things, cycle, group):
    if cycle is None and group is not None:
        cycle = group.cycle
    return (things[0].cycle if things else cycle).assembly


def _default_body(things, assembly, axis: str):
    if axis == Axis.OPINION and assembly.committee:
        return assembly.committee
    for thing in things:
        if isinstance(thing, Recommendation) and thing.deciding_body:
            return thing.deciding_body
    return assembly.kinds.order_by("pk").first().deciding_body


def _make_action(
    *things: Any,
    value: str = "",
    kind: str = "",
    on: Any = datetime.date(2024, 5, 15),
    published: datetime.date | None = None,
    body: Any = None,
    title: Any = "Étape",
    sources: Any = (),
    dutch: bool = True,
    live: bool = True,
    **fields: Any,
) -> Action:
    axis = next((axis for axis, values in VALUES.items() if value in values.values), "")
    assembly = fields.pop("assembly", None) or _assembly(
        things, fields.get("cycle"), fields.get("group")
    )
    body = body or _default_body(things, assembly, axis)
    sources = list(sources)
    for name in DEMANDS.get(axis, {}).get(value, ()):
        if name == "sources":
            sources = sources or [source()]
        elif name == "concerned_body":
            fields.setdefault(name, body)
        elif name == "decision_due":
            fields.setdefault(name, datetime.date(2027, 1, 1))
        else:
            fields.setdefault(name, ENOUGH[name])
    _words(fields, dutch=dutch)
    first, last = _days(on)
    action = Action(
        assembly=assembly,
        kind=kind or KIND_OF_AXIS.get(axis, "progress"),
        happened_first=first,
        happened_last=last,
        body=body,
        title=worded(title, dutch=dutch),
        axis=axis,
        value=value,
        live=live,
        **fields,
    )
    if published:
        action.first_published_at = action.last_published_at = _moment(published)
    action.targets = [
        ActionTarget(recommendation=thing)
        if isinstance(thing, Recommendation)
        else ActionTarget(measure=thing)
        for thing in things
    ]
    for place, each in enumerate(sources, start=1):
        each.position = 1 if each.language else place  # languages: versions of one source
    action.sources = sources
    action.save()
    return action


def publish_action(*things: Any, **fields: Any) -> Action:
    """A published action on recommendations and measures, or on ``cycle=`` or ``group=``.

    ``value`` alone is enough to set a state (its axis, kind, body and demands follow from it);
    without it the action only tells. Any field of ``Action`` may be given.
    """
    return _make_action(*things, **fields)


def draft_action(*things: Any, **fields: Any) -> Action:
    """The same, as a draft: it must change nothing."""
    return _make_action(*things, live=False, **fields)


def correct(action: Action, *things: Any, **fields: Any) -> Action:
    """The published correction of an action: on what it was about, unless other things are given.

    Without a value it only withdraws it.
    """
    action = Action.objects.get(pk=action.pk)
    things = things or tuple(
        target.recommendation or target.measure for target in action.targets.all()
    )
    defaults = {
        "kind": "correction",
        "on": (action.happened_first, action.happened_last),
        "body": action.body,
        "assembly": action.assembly,
        "title": "Correction",
        "reason_text": "Une erreur de saisie.",
        "withdraws": not fields.get("value"),
        "cycle": action.cycle,
        "group": action.group,
    }
    return _make_action(*things, corrects=action, **{**defaults, **fields})


def make_measure(
    *recommendations: Recommendation,
    label: str = "",
    title: Any = "",
    lead: Any = None,
    deadline: datetime.date | None = None,
    deadline_words: Any = "",
    contributors: Any = (),
    part: Any = "",
    announced_on: datetime.date = datetime.date(2024, 5, 15),
    dutch: bool = True,
    live: bool = True,
    **fields: Any,
) -> Measure:
    """A published measure that serves these recommendations; read anew, with its first states."""
    cycle = recommendations[0].cycle
    measure = Measure(
        cycle=cycle,
        label=label,
        title=worded(title or f"Mesure {label}".strip(), dutch=dutch),
        text=worded(fields.pop("text", ""), dutch=dutch),
        announced_on=announced_on,
        announced_by=fields.pop("announced_by", None)
        or _default_body(recommendations, cycle.assembly, ""),
        first_lead=lead,
        first_deadline=deadline,
        first_deadline_words=worded(deadline_words, dutch=dutch),
        live=live,
        **fields,
    )
    measure.serves = [
        MeasureServes(recommendation=each, part=worded(part)) for each in recommendations
    ]
    measure.contributors = list(contributors)
    measure.save()
    return Measure.objects.get(pk=measure.pk)


def make_act(
    *recommendations: Recommendation,
    number: str = "2024 V. 12",
    result: str = "adopted",
    on: Any = (datetime.date(2024, 7, 1), datetime.date(2024, 7, 31)),
    council: Any = None,
    title: Any = "Acte",
    article: Any = "La Ville rend compte chaque année.",
    live: bool = True,
    **fields: Any,
) -> Act:
    """A published act about these recommendations: the council vote with it."""
    cycle = recommendations[0].cycle
    council = council or _default_body(recommendations, cycle.assembly, "")
    first, last = _days(on)
    if result == "not_adopted":
        fields.setdefault("reason", "law")
        fields.setdefault("reason_text", ENOUGH["reason_text"])
    else:
        fields.setdefault("link", "new")
        fields.setdefault("lead_body", council)
    if result == "adopted_amended":
        fields.setdefault("what_changed", ENOUGH["what_changed"])
    act = Act(
        cycle=cycle,
        number=number,
        title=worded(title),
        session_first=first,
        session_last=last,
        council=council,
        result=result,
        article=worded(article),
        live=live,
        **fields,
    )
    act.adopts = [ActAdopts(recommendation=each) for each in recommendations]
    act.save()
    return act


def make_count(cycle, counts: str = "recommendations", **fields: Any) -> AnnouncedCount:
    """A published count that somebody announced."""
    defaults = {
        "words": {"fr": "plus de 60", "nl": "meer dan 60"},
        "source_title": {"fr": "Page publique", "nl": "Openbare pagina"},
        "live": True,
    }
    return AnnouncedCount.objects.create(cycle=cycle, counts=counts, **{**defaults, **fields})


def make_passage(
    recommendation: Recommendation,
    *measures: Measure,
    words: Any = "un guichet",
    reason: str = "",
    reason_text: Any = "",
    body: Any = None,
    on: datetime.date = datetime.date(2024, 5, 15),
    replaces: Passage | None = None,
    live: bool = True,
    **fields: Any,
) -> Passage:
    """A published claim on a passage of the citizens' words, tied to these measures; read anew.

    ``words`` as a string are quoted from the French text alone.
    """
    passage = Passage(
        recommendation=recommendation,
        words=worded(words, dutch=False),
        reason=reason,
        reason_text=worded(reason_text or (ENOUGH["reason_text"] if reason else "")),
        body=body or _default_body((recommendation,), recommendation.cycle.assembly, ""),
        stated_on=on,
        replaces=replaces,
        live=live,
        **{"why": {"fr": "Cela a changé.", "nl": "Dat is veranderd."}, **fields}
        if replaces
        else fields,
    )
    passage.ties = [PassageMeasure(measure=each) for each in measures]
    passage.save()
    return Passage.objects.get(pk=passage.pk)


def withdraw(
    recommendation: Recommendation,
    *,
    on: datetime.date = datetime.date(2026, 3, 12),
    reason: Any = "Saisie en double.",
    **fields: Any,
) -> Withdrawal:
    """The published withdrawal of a recommendation."""
    return Withdrawal.objects.create(
        recommendation=recommendation,
        withdrawn_on=on,
        reason=worded(reason),
        live=True,
        **fields,
    )

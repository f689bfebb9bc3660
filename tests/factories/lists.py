"""Lists that an owner decides: regimes, bodies, topics, kinds, groups."""

from typing import Any

from assemblies.models import Body, DutyRule, Group, RecommendationKind, Regime, Topic
from assemblies.models.kind import KindWord
from assemblies.presets import PRESETS


def worded(said: Any, *, dutch: bool = True) -> dict[str, str]:
    """Words in both languages: a dict as it is, a string with " (nl)" for its Dutch."""
    if isinstance(said, dict) or not said:
        return said or {}
    return {"fr": said, "nl": f"{said} (nl)"} if dutch else {"fr": said}


def make_regime(preset: str = "brussels", **fields: Any) -> Regime:
    """One of the presets, with its duties; made once for each code."""
    given = PRESETS[preset]
    code = fields.pop("code", given["code"])
    if found := Regime.objects.filter(code=code).first():
        return found
    columns = {
        name: given[name]
        for name in (
            "name",
            "explanation",
            "silent_after_months",
            "has_citizens_body",
            "citizens_voice",
        )
    }
    regime = Regime(code=code, **{**columns, **fields})
    regime.duty_rules = [
        DutyRule(
            sort_order=place,
            answered_by_stage=rule["stage"],
            **{name: value for name, value in rule.items() if name != "stage"},
        )
        for place, rule in enumerate(given["rules"])
    ]
    regime.save()
    return regime


def make_body(slug: str, kind: str = "administration", **fields: Any) -> Body:
    """A body, made once for each slug."""
    if found := Body.objects.filter(slug=slug).first():
        return found
    name = worded(fields.pop("name", slug.replace("-", " ").capitalize()))
    return Body.objects.create(slug=slug, kind=kind, name=name, **fields)


def make_topic(slug: str, **fields: Any) -> Topic:
    """A topic, made once for each slug."""
    if found := Topic.objects.filter(slug=slug).first():
        return found
    name = worded(fields.pop("name", slug.replace("-", " ").capitalize()))
    return Topic.objects.create(slug=slug, name=name, **fields)


def make_kind(
    assembly, code: str = "recommendation", *, words=None, **fields
) -> RecommendationKind:
    """A kind of recommendation. ``words``: ``{("response", "accepted"): {"fr": "Adopté"}}``."""
    if found := RecommendationKind.objects.filter(assembly=assembly, code=code).first():
        return found
    defaults = {
        "name": {"fr": "Recommandation", "nl": "Aanbeveling"},
        "plural": {"fr": "Recommandations", "nl": "Aanbevelingen"},
    }
    kind = RecommendationKind(assembly=assembly, code=code, **{**defaults, **fields})
    kind.own_words = [
        KindWord(axis=axis, value=value, word=worded(word))
        for (axis, value), word in (words or {}).items()
    ]
    kind.save()
    return kind


def make_group(cycle, title: Any = "Priorité", **fields: Any) -> Group:
    """A level above the recommendations of a cycle."""
    return Group.objects.create(cycle=cycle, title=worded(title), **fields)

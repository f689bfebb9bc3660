"""Who says what of a recommendation: the authority, the citizens, the act, other bodies."""

from typing import Any

from django.utils.translation import gettext, ngettext

from assemblies import dates, state
from assemblies.enums import Axis, Kind, Opinion, Response, Stage
from assemblies.pages import owed
from assemblies.pages.common import body_name
from assemblies.pages.entries import Story
from assemblies.pages.reading import Reading
from assemblies.words import choose


def answer_label(story: Story, number: int) -> str:
    """Which answer a step is: "Final response"; else its kind, or that of what it corrects."""
    role = story.roles[number]
    if role.kind == Kind.RESPONSE and role.stage:
        return str(Stage(role.stage).label)
    return str(Kind(role.kind).label)


def authority(about: Reading) -> dict[str, Any]:
    """The present answer of the body that decides; silence keeps its place."""
    known = about.now.response
    if known is None or known.value == Response.AWAITING:
        body = about.lists.bodies.get(about.row.deciding_body_id or 0)
        return {
            "who": body_name(body, gettext("The authority")),
            "url": body.url if body is not None else "",
            "axis": Axis.RESPONSE,
            "code": Response.AWAITING,
            "words": about.words.word(Axis.RESPONSE, Response.AWAITING),
            "absent": gettext("No response is published here."),
        }
    return response_voice(about, known)


def response_voice(about: Reading, known: state.Value) -> dict[str, Any]:
    """A response as a voice: who, when, the answer, its reasons and sources."""
    row = about.story.rows[known.set_by]
    by = None if row.body_id == about.row.deciding_body_id else row.body_id
    return {
        "who": row.body.name,
        "url": row.body.url,
        "label": answer_label(about.story, row.number),
        "first": known.first,
        "last": known.since,
        "axis": Axis.RESPONSE,
        "code": known.value,
        "words": about.words.word(Axis.RESPONSE, known.value, by=by),
        "text": row.text if choose(row.text) else row.title,
        "action": row,
        "facts": act_facts(row.act) if row.act_id else [],
        "sources": about.story.sources_of(row),
        "example": row.example,
        "number": row.number,
        "permalink": row.url,
    }


def act_facts(act: Any) -> list[dict[str, Any]]:
    """What a vote says of itself: the act, its result, the votes where they are known."""
    return [
        {"term": gettext("Act"), "value": act.number, "url": act.public_url},
        {"term": gettext("Result"), "value": act.get_result_display()},
        {"term": gettext("Votes"), "value": votes(act)},
    ]


def votes(counted: Any) -> str:
    """Votes for, against and abstentions, of an act or of the assembly itself."""
    parts = []
    if counted.votes_for is not None:
        parts.append(gettext("%(count)s for") % {"count": counted.votes_for})
    if counted.votes_against is not None:
        parts.append(gettext("%(count)s against") % {"count": counted.votes_against})
    if counted.votes_abstained is not None:
        parts.append(
            ngettext("%(count)s abstention", "%(count)s abstentions", counted.votes_abstained)
            % {"count": counted.votes_abstained}
        )
    return ", ".join(parts) or gettext("Numbers not published")


def citizens(about: Reading) -> dict[str, Any] | None:
    """What the follow-up committee thinks, where the regime has one; else None."""
    if not about.regime.has_citizens_body:
        return None
    committee = about.lists.bodies.get(about.assembly.committee_id or 0)
    voice: dict[str, Any] = {
        "who": body_name(committee, gettext("Follow-up committee")),
        "url": committee.url if committee is not None else "",
        "axis": Axis.OPINION,
        "code": about.now.opinion_code,
    }
    known = about.now.opinion
    if known is None:
        return voice | {"code": Opinion.NOT_EXAMINED, "absent": gettext("Not yet examined.")}
    row = about.story.rows[known.set_by]
    return voice | {
        "who": row.body.name,
        "url": row.body.url,
        "label": opinion_label(known.opinion_object),
        "first": known.first,
        "last": known.since,
        "unseen": about.now.unseen,
        "text": row.text if choose(row.text) else row.title,
        "sources": about.story.sources_of(row),
        "example": row.example,
        "number": row.number,
        "permalink": row.url,
    }


def opinion_label(judged: str) -> str:
    """What an opinion judges."""
    return {
        "answer": gettext("Opinion on the answer"),
        "delivery": gettext("Opinion on the delivery"),
        "whole": gettext("Opinion on the whole"),
    }.get(judged, gettext("Opinion"))


def article(about: Reading) -> dict[str, Any] | None:
    """What the act itself obliges to, where no committee judges."""
    known = about.now.response
    if about.regime.has_citizens_body or known is None:
        return None
    act = about.story.rows[known.set_by].act
    if act is None or not choose(act.article):
        return None
    return {
        "who": gettext("What the act obliges to"),
        "label": gettext("Article of the act"),
        "text": act.article,
        "duties": owed.in_order(about.told_duties()),
        "example": act.example,
    }


def others(about: Reading) -> list[dict[str, Any]]:
    """The answers of bodies that do not decide: beside, and never in its place."""
    return [
        response_voice(about, value)
        for value in sorted(
            about.now.other_responses.values(),
            key=lambda value: (value.since, value.set_by),
            reverse=True,
        )
    ]


def earlier(about: Reading) -> list[dict[str, Any]]:
    """The answers before the present one, the last first; all are kept."""
    present = about.now.response
    found = []
    for step in reversed(about.history):
        for change in step.alterations:
            value = change.after
            if (
                change.axis == Axis.RESPONSE
                and change.deciding
                and value.value != Response.AWAITING
                and (present is None or value.set_by != present.set_by)
            ):
                voice = response_voice(about, value)
                summary = gettext("Earlier response: %(label)s, %(when)s") % {
                    "label": voice["label"].lower(),
                    "when": dates.span(value.first, value.since),
                }
                found.append({"summary": summary, "voice": voice})
    return found

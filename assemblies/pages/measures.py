"""How far measures are: as a page shows one, and all of them in a sentence."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import ngettext

from assemblies import state
from assemblies.enums import Axis, Implementation
from assemblies.models import Measure
from assemblies.pages.common import KindWords
from assemblies.pages.entries import Story
from assemblies.words import choose


def measure_view(
    measure: Measure,
    known: state.State,
    story: Story,
    words: KindWords,
    contributors: Iterable[int],
) -> dict[str, Any]:
    """One measure as ``components/measure.html`` shows it, from what its actions say."""
    said = known.implementation
    row = story.rows[said.set_by] if said else None
    explanation: Any = ""
    if row is not None:
        explanation = row.what_is_missing if choose(row.what_is_missing) else row.reason_text
    lead = story.lists.bodies.get(known.lead.key) if known.lead else None
    shown = {
        "number_in_cycle": measure.number_in_cycle,
        "title": measure.title,
        "text": measure.text,
        "url": measure.url if measure.reference else "",
        "implementation": known.implementation_code,
        "implementation_words": words.word(Axis.IMPLEMENTATION, known.implementation_code),
        "implementation_on": (said.begun_first, said.begun) if said else None,
        "explanation": explanation,
        "lead": lead,
        "contributors": [
            story.lists.bodies[key] for key in contributors if key in story.lists.bodies
        ],
        "sources": story.sources_of(row) if row is not None else [],
        "example": measure.example,
    }
    if known.deadline is not None:
        now = story.rows[known.deadline.set_by]
        shown |= {"deadline": now.new_deadline, "deadline_words": now.deadline_words}
        if known.postponed and known.first_deadline is not None:
            first = story.rows[known.first_deadline.set_by]
            shown |= {
                "first_deadline": first.new_deadline,
                "first_deadline_words": first.deadline_words,
            }
    return shown


def breakdown(codes: list[str]) -> str:
    """The measures that are not done, by how far they are: "1 under way, 1 stopped"."""
    counts = state.Measures.of(codes)

    def said(code: str, message: str) -> str:
        return message % {"count": counts.count(code)}

    number = counts.count
    phrases = {
        Implementation.PARTLY: ngettext(
            "%(count)s delivered in part",
            "%(count)s delivered in part",
            number(Implementation.PARTLY),
        ),
        Implementation.UNDER_WAY: ngettext(
            "%(count)s under way", "%(count)s under way", number(Implementation.UNDER_WAY)
        ),
        Implementation.PREPARATION: ngettext(
            "%(count)s in preparation",
            "%(count)s in preparation",
            number(Implementation.PREPARATION),
        ),
        Implementation.NOT_STARTED: ngettext(
            "%(count)s not started", "%(count)s not started", number(Implementation.NOT_STARTED)
        ),
        Implementation.STOPPED: ngettext(
            "%(count)s stopped", "%(count)s stopped", number(Implementation.STOPPED)
        ),
        Implementation.VOID: ngettext(
            "%(count)s no longer applicable",
            "%(count)s no longer applicable",
            number(Implementation.VOID),
        ),
    }
    return ", ".join(said(code, phrase) for code, phrase in phrases.items() if number(code))


def own_delivery(known: state.State, story: Story, words: KindWords) -> dict[str, Any] | None:
    """How far a recommendation without measures is itself, by when, and with what evidence."""
    said = known.implementation
    if said is None and known.lead is None and known.deadline is None:
        return None
    row = story.rows[said.set_by] if said else None
    shown: dict[str, Any] = {
        "implementation": known.implementation_code if said else "",
        "implementation_words": words.word(Axis.IMPLEMENTATION, known.implementation_code),
        "implementation_on": (said.begun_first, said.begun) if said else None,
        "lead": story.lists.bodies.get(known.lead.key) if known.lead else None,
        "explanation": "",
        "sources": story.sources_of(row) if row is not None else [],
        "example": row.example if row is not None else False,
    }
    if row is not None:
        shown["explanation"] = (
            row.what_is_missing if choose(row.what_is_missing) else row.reason_text
        )
    if known.deadline is not None:
        due = story.rows[known.deadline.set_by]
        shown |= {"deadline": due.new_deadline, "deadline_words": due.deadline_words}
    return shown

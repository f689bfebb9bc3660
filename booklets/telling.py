"""What a booklet explains of itself: what is missing in it, and the words it uses."""

from collections.abc import Callable

from django.utils.translation import gettext, ngettext


def _late(count: int) -> str:
    return ngettext(
        "%(count)s thing that was expected has not come.",
        "%(count)s things that were expected have not come.",
        count,
    ) % {"count": count}


def _refusal(count: int) -> str:
    return ngettext(
        "%(count)s refusal gives no reason.", "%(count)s refusals give no reason.", count
    ) % {"count": count}


def _evidence(count: int) -> str:
    return ngettext(
        "%(count)s delivery is said without evidence.",
        "%(count)s deliveries are said without evidence.",
        count,
    ) % {"count": count}


def _lead(count: int) -> str:
    return ngettext(
        "%(count)s measure has no lead body.", "%(count)s measures have no lead body.", count
    ) % {"count": count}


def _translation(count: int) -> str:
    return ngettext(
        "%(count)s text is not translated; it stands in the language that it has.",
        "%(count)s texts are not translated; they stand in the language that they have.",
        count,
    ) % {"count": count}


def _foreword(count: int) -> str:
    return ngettext(
        "The foreword is missing in %(count)s language.",
        "The foreword is missing in %(count)s languages.",
        count,
    ) % {"count": count}


GAPS: dict[str, Callable[[int], str]] = {
    "late": _late,
    "refusal": _refusal,
    "evidence": _evidence,
    "lead": _lead,
    "translation": _translation,
    "foreword": _foreword,
}


def glossary(citizens_body: bool, lead_word: str) -> list[tuple[str, str]]:
    """The words of follow-up, in plain words."""
    found = [
        (
            gettext("Recommendation"),
            gettext("What the members who were drawn by lot ask for, in their own words."),
        ),
        (
            gettext("Response"),
            gettext("What the authority decides on a recommendation, with its reasons."),
        ),
        (
            gettext("Measure"),
            gettext("What the administration announces that it will do about a recommendation."),
        ),
        (lead_word, gettext("The body that answers for a measure; never a person.")),
        (
            gettext("Step"),
            gettext("Something that happened, on a day, with the body that acts and its sources."),
        ),
        (
            gettext("Due date"),
            gettext("The day by which something is expected. A postponement does not erase it."),
        ),
        (
            gettext("Closing date"),
            gettext("What had happened by then is in this booklet; what came later is not."),
        ),
    ]
    if citizens_body:
        found.append(
            (
                gettext("Follow-up committee"),
                gettext("Members who were drawn by lot and who judge what became of the whole."),
            )
        )
    return found

"""The state of a recommendation in one computed sentence a voice: answered, done, judged.

« Acceptée en partie le 15 mai 2024. Sur 5 mesures annoncées, 2 sont réalisées et 1 est abandonnée.
Le comité de suivi demande des précisions. » Never typed, and never one number for all.

Every case is a whole sentence of its own in the catalogues, so that each language can agree,
invert and order as it must. Only complete clauses ("2 are delivered") are ever joined. Source: the
domain, "In a sentence".
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import date

from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, pgettext

from assemblies import dates
from assemblies.enums import POSITIVE_RESPONSES, VALUES, Axis, Implementation, Opinion, Response
from assemblies.enums import OpinionObject as Judged
from assemblies.state import Measures, State, Value

#: The assembly's own words for a value: (axis, value) → text in the language asked for, with its
#: capital ("Adopted"). What is missing, empty, or the value's own label is said in our words.
Words = Callable[[str, str], str] | Mapping[tuple[str, str], str]


def sentence(
    state: State,
    *,
    words: Words | None = None,
    measures: Measures | None = None,
    citizens_body: bool = True,
    handed_over: date | None = None,
    language: str | None = None,
) -> str:
    """The state of one recommendation, in words, in ``language`` (None: the active one).

    ``measures``: counts of its measures; ``Measures.of([])`` says that there are none, None says
    nothing of them. With measures, its own implementation is not told. ``citizens_body``: whether
    the regime has a committee that judges. ``handed_over``: the day of its handover, told as long
    as no response came. Lateness is told elsewhere.
    """
    with _language(language):
        voices = [_response(state, words, handed_over)]
        if measures is not None and measures.total:
            voices.append(_measures(measures))
        elif state.implementation is not None:
            voices.append(_implementation(state.implementation, words))
        elif measures is not None and state.response_code in POSITIVE_RESPONSES:
            voices.append(gettext("No measure is announced."))
        if citizens_body:
            voices.append(_opinion(state))
        return " ".join(voice for voice in voices if voice)


def cycle_sentence(
    counts: Mapping[str, int], *, citizens_body: bool = True, language: str | None = None
) -> str:
    """The state of a cycle in words: « Sur 60 recommandations, 57 ont reçu une réponse. … »

    ``counts``, each 0 when missing: ``recommendations``, of which ``answered``; ``measures``, of
    which ``done`` (delivered or continuous), ``stopped`` and ``void``; recommendations ``examined``
    by the committee (anything but "not yet examined"), of which ``satisfactory``.
    """
    with _language(language):
        voices = [answered(counts.get("recommendations", 0), counts.get("answered", 0))]
        if counts.get("measures"):
            voices.append(
                _measures(
                    Measures(
                        total=counts["measures"],
                        by_value={
                            Implementation.DELIVERED: counts.get("done", 0),
                            Implementation.STOPPED: counts.get("stopped", 0),
                            Implementation.VOID: counts.get("void", 0),
                        },
                    )
                )
            )
        elif counts.get("answered"):
            voices.append(gettext("No measure is announced."))
        if citizens_body and (counts.get("answered") or counts.get("examined")):
            voices.append(_judged(counts.get("examined", 0), counts.get("satisfactory", 0)))
        return " ".join(voices)


def measure_sentence(state: State, *, words: Words | None = None) -> str:
    """How far one measure is, in words, in the active language."""
    if state.implementation is None:
        return gettext("Nothing is published yet of how far it is.")
    return _implementation(state.implementation, words)


def _language(language: str | None) -> translation.override | nullcontext[None]:
    return translation.override(language) if language else nullcontext()


def _number(number: int) -> str:
    return str(number_format(number, force_grouping=True))


def _own_word(words: Words | None, axis: str, value: str) -> str:
    """The assembly's word where it has one that is not just the label; else ""."""
    if words is None:
        return ""
    word = words(axis, value) if callable(words) else words.get((axis, value), "")
    return "" if word == str(VALUES[axis](value).label) else word


def _response(state: State, words: Words | None, handed_over: date | None) -> str:
    code = state.response_code
    word = _own_word(words, Axis.RESPONSE, code)
    value = state.response
    if value is None or code == Response.AWAITING:
        return _awaiting(word, handed_over, value.decision_due if value else None)
    if code == Response.UNDER_STUDY:
        return _under_study(word, value)
    when = {"when": dates.on(value.first, value.since)}
    if word:
        # Translators: an assembly's own word for a response, and when: "Adopted on 15 May 2024."
        return gettext("%(word)s %(when)s.") % {"word": word, **when}
    return {
        Response.ACCEPTED: gettext("Accepted %(when)s."),
        Response.ACCEPTED_MODIFIED: gettext("Accepted with changes %(when)s."),
        Response.PARTIAL: gettext("Accepted in part %(when)s."),
        Response.REFERRED: gettext("Referred to the competent authority %(when)s."),
        Response.REJECTED: gettext("Not accepted %(when)s."),
    }[Response(code)] % when


def _awaiting(word: str, handed_over: date | None, due: date | None) -> str:
    if word:
        if handed_over is None:
            return gettext("%(word)s.") % {"word": word}
        return gettext("%(word)s %(since)s.") % {"word": word, "since": dates.since(handed_over)}
    if handed_over is None:
        if due is None:
            return gettext("Awaiting response.")
        return gettext("Response expected on %(day)s.") % {"day": dates.day(due)}
    if due is None:
        return gettext("Handed over %(when)s, awaiting response.") % {"when": dates.on(handed_over)}
    return gettext("Handed over %(when)s, response expected on %(day)s.") % {
        "when": dates.on(handed_over),
        "day": dates.day(due),
    }


def _under_study(word: str, value: Value) -> str:
    since = dates.since(value.begun_first, value.begun)
    if value.decision_due is None:
        if word:
            return gettext("%(word)s %(since)s.") % {"word": word, "since": since}
        return gettext("Under study %(since)s.") % {"since": since}
    day = dates.day(value.decision_due)
    if word:
        return gettext("%(word)s %(since)s, decision expected on %(day)s.") % {
            "word": word,
            "since": since,
            "day": day,
        }
    return gettext("Under study %(since)s, decision expected on %(day)s.") % {
        "since": since,
        "day": day,
    }


def _implementation(value: Value, words: Words | None) -> str:
    """The implementation of a recommendation without measures, since when it has been so."""
    code = Implementation(value.value)
    when = {"when": dates.on(value.begun_first, value.begun)}
    since = {"since": dates.since(value.begun_first, value.begun)}
    if word := _own_word(words, Axis.IMPLEMENTATION, code):
        match code:
            case Implementation.NOT_STARTED:
                return gettext("%(word)s.") % {"word": word}
            case Implementation.VOID:
                # Translators: an assembly's own word for "no longer applicable", and the date.
                return gettext("%(word)s (%(date)s).") % {
                    "word": word,
                    "date": dates.span(value.begun_first, value.begun),
                }
            case Implementation.PREPARATION | Implementation.UNDER_WAY | Implementation.CONTINUOUS:
                return gettext("%(word)s %(since)s.") % {"word": word, **since}
        return gettext("%(word)s %(when)s.") % {"word": word, **when}
    match code:
        case Implementation.NOT_STARTED:
            return gettext("The work has not started.")
        case Implementation.PREPARATION:
            return gettext("In preparation %(since)s.") % since
        case Implementation.UNDER_WAY:
            return gettext("Under way %(since)s.") % since
        case Implementation.PARTLY:
            return gettext("Delivered in part %(when)s.") % when
        case Implementation.DELIVERED:
            return gettext("Delivered %(when)s.") % when
        case Implementation.CONTINUOUS:
            return gettext("Carried out continuously %(since)s.") % since
        case Implementation.STOPPED:
            return gettext("Stopped %(when)s.") % when
        case Implementation.VOID:
            return gettext("No longer applicable %(since)s.") % since


def _measures(measures: Measures) -> str:
    """How many of one or more announced measures are done, stopped, or no longer applicable."""
    total, done = measures.total, measures.done
    stopped = measures.count(Implementation.STOPPED)
    void = measures.count(Implementation.VOID)
    named = {"total": _number(total)}
    if total == 1:
        if measures.count(Implementation.PREPARATION):
            return gettext("The measure announced is in preparation.")
        if measures.count(Implementation.UNDER_WAY):
            return gettext("The measure announced is under way.")
        if measures.count(Implementation.PARTLY):
            return gettext("The measure announced is delivered in part.")
        if measures.count(Implementation.CONTINUOUS):
            return gettext("The measure announced is carried out continuously.")
        if measures.count(Implementation.NOT_STARTED):
            return gettext("The measure announced has not started.")
    if done == total:
        return (
            ngettext(
                "The measure announced is delivered.",
                "The %(total)s measures announced are delivered.",
                total,
            )
            % named
        )
    if stopped == total:
        return (
            ngettext(
                "The measure announced is stopped.",
                "The %(total)s measures announced are stopped.",
                total,
            )
            % named
        )
    if void == total:
        return (
            ngettext(
                "The measure announced is no longer applicable.",
                "The %(total)s measures announced are no longer applicable.",
                total,
            )
            % named
        )
    if not (done or stopped or void):
        return (
            ngettext(
                "The measure announced is not delivered.",
                "None of the %(total)s measures announced is delivered.",
                total,
            )
            % named
        )
    return ngettext(
        "Of %(total)s measure announced, %(facts)s.",
        "Of %(total)s measures announced, %(facts)s.",
        total,
    ) % {**named, "facts": _facts(done, stopped, void)}


def _facts(done: int, stopped: int, void: int) -> str:
    """The clauses after « Sur 5 mesures annoncées, »."""
    # Translators: clauses that follow "Of 5 measures announced,"; mind the word order after it.
    facts = [
        ngettext("%(count)s is delivered", "%(count)s are delivered", done)
        % {"count": _number(done)}
        if done
        else gettext("none is delivered")
    ]
    if stopped:
        facts.append(
            ngettext("%(count)s is stopped", "%(count)s are stopped", stopped)
            % {"count": _number(stopped)}
        )
    if void:
        facts.append(
            ngettext(
                "%(count)s is no longer applicable", "%(count)s are no longer applicable", void
            )
            % {"count": _number(void)}
        )
    if len(facts) == 3:
        return pgettext("clauses", "%(first)s, %(second)s and %(third)s") % {
            "first": facts[0],
            "second": facts[1],
            "third": facts[2],
        }
    if len(facts) == 2:
        return pgettext("clauses", "%(first)s and %(second)s") % {
            "first": facts[0],
            "second": facts[1],
        }
    return facts[0]


def _opinion(state: State) -> str:
    """What the committee thinks; that it has not said is told once there is an answer to judge."""
    code = Opinion(state.opinion_code)
    if state.opinion is None or code == Opinion.NOT_EXAMINED:
        if state.response_code == Response.AWAITING:
            return ""
        return gettext("The follow-up committee has not examined it yet.")
    judged = Judged(state.opinion.opinion_object or Judged.ANSWER)
    match (code, judged):
        case (Opinion.SATISFACTORY, Judged.ANSWER):
            return gettext("The follow-up committee finds the answer satisfactory.")
        case (Opinion.SATISFACTORY, Judged.DELIVERY):
            return gettext("The follow-up committee finds the delivery satisfactory.")
        case (Opinion.SATISFACTORY, _):
            return gettext("The follow-up committee finds the whole satisfactory.")
        case (Opinion.TO_CLARIFY, Judged.ANSWER):
            return gettext("The follow-up committee asks for clarification.")
        case (Opinion.TO_CLARIFY, Judged.DELIVERY):
            return gettext("The follow-up committee asks for clarification of the delivery.")
        case (Opinion.TO_CLARIFY, _):
            return gettext("The follow-up committee asks for clarification of the whole.")
        case (_, Judged.ANSWER):
            return gettext("The follow-up committee finds the answer insufficient.")
        case (_, Judged.DELIVERY):
            return gettext("The follow-up committee finds the delivery insufficient.")
    return gettext("The follow-up committee finds the whole insufficient.")


def answered(total: int, answered: int) -> str:
    """How many of some recommendations have received a response."""
    named = {"total": _number(total), "count": _number(answered)}
    if not total:
        return gettext("No recommendation is published yet.")
    if not answered:
        return (
            ngettext(
                "No response to the recommendation is published here.",
                "No response to any of the %(total)s recommendations is published here.",
                total,
            )
            % named
        )
    if answered >= total:
        return (
            ngettext(
                "The recommendation has received a response.",
                "The %(total)s recommendations have received a response.",
                total,
            )
            % named
        )
    return (
        ngettext(
            "Of %(total)s recommendations, %(count)s has received a response.",
            "Of %(total)s recommendations, %(count)s have received a response.",
            answered,
        )
        % named
    )


def _judged(examined: int, satisfactory: int) -> str:
    if satisfactory:
        return ngettext(
            "The follow-up committee finds %(count)s answer satisfactory.",
            "The follow-up committee finds %(count)s answers satisfactory.",
            satisfactory,
        ) % {"count": _number(satisfactory)}
    if examined:
        return gettext("The follow-up committee finds no answer satisfactory.")
    return gettext("The follow-up committee has not given its opinion yet.")

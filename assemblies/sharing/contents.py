"""What the cards show: of a recommendation its sentence and states, of the rest whose it is."""

from django.utils.translation import gettext, ngettext, pgettext

from assemblies.directory import Directory
from assemblies.enums import DONE_IMPLEMENTATIONS, TONES, Axis
from assemblies.models import Assembly
from assemblies.pages.common import kicker, mark_shape, place_label, reader_language
from assemblies.pages.reading import Reading
from assemblies.sharing.card import SITE, Card, State
from assemblies.words import Choice

NAME = "Suites"


def of_site(*, example: bool = False) -> Card:
    """The card of what belongs to no assembly, or to several."""
    return Card(
        name=SITE,
        language=reader_language(),
        place=NAME,
        title=gettext("What becomes of citizens’ recommendations"),
        verbs=_verbs(),
        example=gettext("Example") if example else "",
    )


def of_assembly(lists: Directory, assembly: Assembly, *, example: bool = False) -> Card:
    """The card of an assembly's pages other than those of its recommendations."""
    place = lists.originals.get(assembly.translation_key)
    return Card(
        name=assembly.code,
        language=reader_language(),
        place=NAME,
        title=place_label(lists, place).text if place is not None else assembly.title,
        sentence=gettext("What becomes of citizens’ recommendations"),
        verbs=_verbs(),
        ink=assembly.ink,
        seed=assembly.slug,
        shape=mark_shape(assembly),
        example=gettext("Example") if example or assembly.example else "",
    )


def invented(about: Reading) -> bool:
    """Whether anything that the page of a recommendation shows is an example."""
    claims = about.passages.rows.values() if about.passages else ()
    parts = (about.row, about.cycle, about.assembly, *about.measures.values())
    return any(part.example for part in (*parts, *about.story.rows.values(), *claims))


def of_recommendation(about: Reading, title: Choice, *, example: bool) -> Card:
    """The card of a recommendation as it is now. ``example``: something that it shows is one."""
    lists, assembly, now = about.lists, about.assembly, about.now
    place = lists.originals.get(assembly.translation_key)
    states = [_state(about, Axis.RESPONSE, now.response_code)]
    if not about.codes and now.implementation is not None:
        states.append(_state(about, Axis.IMPLEMENTATION, now.implementation_code))
    if about.regime.has_citizens_body:
        states.append(_state(about, Axis.OPINION, now.opinion_code))
    return Card(
        name=about.row.reference,
        language=reader_language(),
        place=place_label(lists, place).text if place is not None else assembly.title,
        kicker=kicker(lists, about.row).text,
        title=title.text,
        sentence=about.sentence(),
        ink=assembly.ink,
        seed=assembly.slug,
        shape=mark_shape(assembly),
        example=gettext("Example") if example else "",
        states=tuple(states),
        measures=tuple(str(code) for code in about.codes),
        counts=_counts(about.codes),
    )


def _verbs() -> str:
    asked, answered = pgettext("verb", "Asked"), pgettext("verb", "Answered")
    done, judged = pgettext("verb", "Done"), pgettext("verb", "Judged")
    return " · ".join((asked, answered, done, judged))


def _state(about: Reading, axis: Axis, code: str) -> State:
    return State(str(axis), TONES[axis].get(code, "plain"), about.words.said(axis, code))


def _counts(codes: list[str]) -> str:
    done = sum(code in DONE_IMPLEMENTATIONS for code in codes)
    text = ngettext("%(done)s of %(total)s delivered", "%(done)s of %(total)s delivered", done)
    return text % {"done": done, "total": len(codes)} if codes else ""

"""Recommendations in lists, and the figures above them: one query each, however long the list.

A list never computes a state: it reads the codes that the projection keeps in the register, and the
words for them from the directory.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.utils.formats import number_format
from django.utils.translation import gettext, npgettext
from wagtail.models import Page

from assemblies import clock, dates, joined, state
from assemblies.directory import Directory
from assemblies.enums import DONE_IMPLEMENTATIONS, Axis, Implementation, Opinion, Response
from assemblies.models import Measure, Recommendation
from assemblies.pages import day
from assemblies.pages.common import KindWords, link, named, owes, reader_language, term
from assemblies.sentence import cycle_sentence, sentence
from assemblies.words import Choice

#: The responses in the order of a tally: what is settled first, silence last.
TALLIED = (
    Response.ACCEPTED,
    Response.ACCEPTED_MODIFIED,
    Response.PARTIAL,
    Response.UNDER_STUDY,
    Response.REFERRED,
    Response.REJECTED,
    Response.AWAITING,
)
#: More recommendations than this are told by a number alone: nobody counts so many squares.
SQUARES = 600
#: What figures are counted by, and what is counted: one line of their query.
COUNTED_BY = (
    *("noun", "cycle_id", "code", "judged", "of_kind", "in_group"),
    *("gone", "invented", "expected"),
)
COLUMNS = (*COUNTED_BY, "last", "number")
REFERENCE = re.compile(r"[A-Za-z0-9.]{1,20}(-[A-Za-z0-9.]{1,40}){1,6}")


# -- figures ----------------------------------------------------------------------------------


@dataclass
class Figures:
    """What is counted for one cycle, or for several of one assembly; never for two assemblies.

    Withdrawn recommendations are counted apart, and in nothing else.
    """

    responses: Counter[str] = field(default_factory=Counter)
    opinions: Counter[str] = field(default_factory=Counter)
    implementations: Counter[str] = field(default_factory=Counter)
    kinds: Counter[int] = field(default_factory=Counter)
    #: Kind and response together, for the assembly's own words.
    responses_by_kind: Counter[tuple[int, str]] = field(default_factory=Counter)
    groups: Counter[int | None] = field(default_factory=Counter)
    #: The next day on which something is or was expected → recommendations, and measures.
    due: Counter[datetime.date] = field(default_factory=Counter)
    measures_due: Counter[datetime.date] = field(default_factory=Counter)
    withdrawn: int = 0
    #: Recommendations invented, or with a state that an invented step set; measures invented.
    examples: int = 0
    example_measures: int = 0
    #: The last day on which a response was given.
    last_response: datetime.date | None = None

    @property
    def recommendations(self) -> int:
        return self.responses.total()

    @property
    def answered(self) -> int:
        return self.recommendations - self.responses[Response.AWAITING]

    @property
    def measures(self) -> int:
        return self.implementations.total()

    @property
    def done(self) -> int:
        return sum(self.implementations[code] for code in DONE_IMPLEMENTATIONS)

    @property
    def examined(self) -> int:
        return self.opinions.total() - self.opinions[Opinion.NOT_EXAMINED]

    @property
    def example(self) -> bool:
        return bool(self.examples or self.example_measures)

    def sentence(self, citizens_body: bool) -> str:
        return cycle_sentence(
            {
                "recommendations": self.recommendations,
                "answered": self.answered,
                "measures": self.measures,
                "done": self.done,
                "stopped": self.implementations[Implementation.STOPPED],
                "void": self.implementations[Implementation.VOID],
                "examined": self.examined,
                "satisfactory": self.opinions[Opinion.SATISFACTORY],
            },
            citizens_body=citizens_body,
        )

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one line of the query."""
        number = row["number"]
        if row["noun"] == "measure":
            self.implementations[row["code"] or Implementation.NOT_STARTED] += number
            self.example_measures += number if row["invented"] else 0
            if row["expected"]:
                self.measures_due[row["expected"]] += number
            return
        if row["gone"]:
            self.withdrawn += number
            return
        self.responses[row["code"]] += number
        self.opinions[row["judged"]] += number
        self.kinds[row["of_kind"]] += number
        self.responses_by_kind[row["of_kind"], row["code"]] += number
        self.groups[row["in_group"]] += number
        self.examples += number if row["invented"] else 0
        if row["expected"]:
            self.due[row["expected"]] += number
        if row["last"]:
            self.last_response = max(filter(None, (self.last_response, row["last"])))


def figures(cycles: Iterable[int], past: day.Past = None) -> dict[int, Figures]:
    """The figures of each of these cycles, today or on a day of the past, in one query."""
    cycles = list(cycles)
    found = {key: Figures() for key in cycles}
    if not cycles:
        return found
    recommendations = (
        day.dated(_there(cycles, past), past)
        .order_by()
        .annotate(
            noun=Value("recommendation"),
            code=F("on_response"),
            judged=F("on_opinion"),
            of_kind=F("kind"),
            in_group=F("group"),
            gone=F("is_withdrawn"),
            invented=invented(past),
            expected=F("on_due"),
        )
        .values(*COUNTED_BY)
        .annotate(last=Max("on_response_last"), number=Count("pk"))
        .values_list(*COLUMNS)
        .order_by()
    )
    measures = (
        day.dated_measures(Measure.objects.filter(cycle__in=cycles), past)
        .order_by()
        .annotate(
            noun=Value("measure"),
            code=F("on_implementation"),
            judged=Value(""),
            of_kind=Value(None, output_field=IntegerField()),
            in_group=Value(None, output_field=IntegerField()),
            gone=Value(False, output_field=BooleanField()),
            invented=Q(example=True),
            expected=F("on_due"),
        )
        .values(*COUNTED_BY)
        .annotate(last=Value(None, output_field=DateField()), number=Count("pk"))
        .values_list(*COLUMNS)
        .order_by()
    )
    for line in recommendations.union(measures, all=True):
        row = dict(zip(COLUMNS, line, strict=True))
        found[row["cycle_id"]].add(row)
    return found


def _there(cycles: list[int], past: day.Past) -> QuerySet[Recommendation]:
    return day.there_on(Recommendation.objects.live().filter(cycle__in=cycles), past)


def total(parts: Iterable[Figures]) -> Figures:
    """The figures of several cycles of one assembly together."""
    whole = Figures()
    for each in parts:
        for name in ("responses", "opinions", "implementations", "kinds", "responses_by_kind"):
            getattr(whole, name).update(getattr(each, name))
        whole.due.update(each.due)
        whole.measures_due.update(each.measures_due)
        whole.withdrawn += each.withdrawn
        whole.examples += each.examples
        whole.example_measures += each.example_measures
    return whole


def noun(lists: Directory, counted: Figures, number: int, *, with_number: bool = True) -> str:
    """What is counted, in the assembly's own words where all are of one kind: "3 vœux"."""
    word = npgettext("figure", "recommendation", "recommendations", number)
    if len(counted.kinds) == 1:
        kind = lists.kinds[next(iter(counted.kinds))]
        several = word == npgettext("figure", "recommendation", "recommendations", 2)
        own = str(term(kind.plural if several else kind.name) or "")
        word = own[:1].lower() + own[1:] or word
    if not with_number:
        return word
    # Translators: a number and its noun, with a no-break space: "60 recommendations".
    return gettext("%(number)s\xa0%(noun)s") % {
        "number": number_format(number, force_grouping=True),
        "noun": word,
    }


def tally(
    lists: Directory, counted: Figures, url: str = "", past: day.Past = None
) -> list[dict[str, Any]]:
    """How many have which response; those that nobody has stay visible.

    ``url``: of the list in which each number is found again, on the same day.
    """
    found: list[dict[str, Any]] = []
    many = counted.recommendations > SQUARES
    for code in TALLIED:
        with_it = {kind for kind, each in counted.responses_by_kind if each == code}
        words = {
            str(word): word
            for kind in with_it or counted.kinds
            if (word := KindWords(lists, kind).word(Axis.RESPONSE, code))
        }
        found.append(
            {
                "axis": Axis.RESPONSE.value,
                "code": code.value,
                "words": next(iter(words.values())) if len(words) == 1 else None,
                "number": counted.responses[code],
                "many": many,
                "url": day.kept(f"{url}?response={code.value}#list", past)
                if url and counted.responses[code]
                else "",
            }
        )
    if counted.withdrawn:
        found.append(
            {
                "axis": Axis.RESPONSE.value,
                "code": "",
                "label": gettext("Withdrawn, counted apart"),
                "number": counted.withdrawn,
                "many": many,
            }
        )
    return found


def tally_caption(lists: Directory, counted: Figures) -> str:
    """What a tally counts: "60 recommendations, one square each"."""
    count = noun(lists, counted, counted.recommendations)
    if counted.recommendations > SQUARES:
        return count
    return gettext("%(count)s, one square each") % {"count": count}


def page_text(lists: Directory, page: Page, text: str) -> Choice:
    """A text of a page, with the language that the page is in."""
    place = lists.by_path.get(page.path)
    language = place.language if place is not None else page.locale.language_code
    return Choice(text, language, missing=language != reader_language())


def invented(past: day.Past = None) -> Combinable:
    """A recommendation that is an example, or whose state an example set."""
    of_it = day.spans_on(past).filter(recommendation=OuterRef("pk"))
    return Q(example=True) | Exists(of_it.filter(set_by__example=True))


# -- rows -------------------------------------------------------------------------------------


def listed(recommendations: QuerySet, past: day.Past = None) -> QuerySet:
    """These recommendations with all that a row of a list shows, in one query.

    ``past``: they are :func:`day.dated` on that day; :func:`row_of` shows them as of it.
    """
    serving = day.dated_serving(past).filter(recommendation=OuterRef("pk"))
    placed = Concat("measure__position", Value("="), "on_implementation", output_field=CharField())
    return day.told(named(recommendations.live()), past).annotate(
        measure_codes=joined.lines(serving, "recommendation", placed),
        invented=invented(past) | Exists(serving.filter(measure__example=True)),
    )


def measure_codes(recommendation: Any) -> list[str]:
    """The implementation of each of its measures, in the measures' own order."""
    parts = sorted((recommendation.measure_codes or "").split("\n"))
    return [part.rpartition("=")[2] or Implementation.NOT_STARTED for part in parts if part]


def state_of(row: Recommendation) -> state.State:
    """The state that the register keeps of a recommendation, as the sentence reads it."""

    def value(code: str, first: Any, last: Any, **more: Any) -> state.Value | None:
        if not code or last is None:
            return None
        return state.Value(
            value=code,
            first=first or last,
            since=last,
            set_by=0,
            body=None,
            begun_first=first or last,
            begun=last,
            **more,
        )

    return state.State(
        response=value(row.response, row.response_first, row.response_last),
        implementation=value(row.implementation, row.implementation_first, row.implementation_last),
        opinion=value(
            row.opinion, row.opinion_on, row.opinion_on, opinion_object=row.opinion_object
        ),
    )


def row_of(lists: Directory, recommendation: Any, past: day.Past = None) -> dict[str, Any]:
    """What ``components/row.html`` shows of a recommendation out of :func:`listed`."""
    day.settle([recommendation], past)
    assembly = lists.assembly_of(recommendation.cycle_id)
    citizens_body = lists.regime_of(assembly).has_citizens_body
    words = KindWords(lists, recommendation.kind_id)
    codes = measure_codes(recommendation)
    row = {
        **link(lists, recommendation, past),
        "example": recommendation.invented,
        "owed": owes(assembly),
        "cycle": recommendation.cycle_id,
    }
    if recommendation.withdrawn_on:
        when = dates.day(recommendation.withdrawn_on)
        return row | {"sentence": gettext("Withdrawn on %(day)s.") % {"day": when}}
    late = recommendation.next_due and recommendation.next_due < (past or clock.today())
    return row | {
        "sentence": sentence(
            state_of(recommendation),
            words=words,
            measures=state.Measures.of(codes),
            citizens_body=citizens_body,
            handed_over=recommendation.handed_over_on,
        ),
        "response": recommendation.response,
        "response_words": words.word(Axis.RESPONSE, recommendation.response),
        "measures": codes,
        "implementation": "" if codes else recommendation.implementation,
        "implementation_words": words.word(Axis.IMPLEMENTATION, recommendation.implementation),
        "opinion": recommendation.opinion if citizens_body else "",
        "late": gettext("Expected on %(day)s, not published yet.")
        % {"day": dates.day(recommendation.next_due)}
        if late
        else "",
    }


def reference(typed: str) -> str | None:
    """The reference that an address names an item by, if it can be one."""
    return typed.upper() if REFERENCE.fullmatch(typed) else None

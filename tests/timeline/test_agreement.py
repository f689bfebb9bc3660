"""Any day in the past: page, list, timeline, feed, figures and the pure fold say the same.

A thousand random histories, published as an editor would, sixteen at a time in one cycle, and read
on random days.
"""

import datetime
import re
from collections import Counter
from types import SimpleNamespace
from typing import Any

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from assemblies import clock, directory, duties, facts, state
from assemblies.enums import Opinion, Response
from assemblies.models import Regime
from assemblies.pages import day as dated
from tests.assemblies.histories import FIRST_DAY, LAST_DAY, MEASURES, RECOMMENDATIONS, histories
from tests.assemblies.test_projection import (  # noqa: F401  (a fixture)
    in_keys_of_the_database,
    published,
    small,
)
from tests.factories import make_measure, make_recommendation
from timeline import counting

pytestmark = pytest.mark.django_db

#: Parts, each its own test, so that they may run side by side; examples in each; histories in each.
PARTS, EACH, LANES = 4, 16, 16
ONE_DAY = datetime.timedelta(days=1)
DONE = {"delivered", "continuous"}
AXES = ("response", "opinion")
#: Measure → the recommendation that it serves, in the world of ``small``.
SERVED = dict(zip(MEASURES, RECOMMENDATIONS, strict=False))
CYCLE = "/fr/assemblee-bxl/cycle-1/"
TIMELINE, FEED = "/fr/chronologie/", "/fr/chronologie/flux/"
VERDICTS = {
    "satisfactory": counting.AGREES,
    "to_clarify": counting.CLARIFY,
    "insufficient": counting.CONTESTS,
}


@pytest.fixture
def lanes(small):  # noqa: F811
    """The small world so many times, side by side in one cycle; answers are late after a month."""
    regime = Regime.objects.get(pk=small.world.regime.pk)
    rule = regime.duty_rules.get(code="final_response")
    rule.delay = 1
    regime.duty_rules.add(rule)
    regime.save()
    found = [small]
    for lane in range(1, LANES):
        asked = {
            key: make_recommendation(small.world.cycle, label=f"{lane}{key}", dutch=False)
            for key in RECOMMENDATIONS
        }
        measures = {
            key: make_measure(asked[SERVED[key]], label=f"{lane}{key}.1", announced_on=FIRST_DAY)
            for key in MEASURES
        }
        found.append(
            SimpleNamespace(**{**vars(small), "recommendations": asked, "measures": measures})
        )
    return found


class Fold:
    """What the published steps add up to on a day, by the pure functions alone."""

    def __init__(self, lanes: list[Any], pure: list[facts.Action], on: datetime.date) -> None:
        self.pure, self.on = pure, on
        self.world = lanes[0].world
        self.decides = self.world.government.pk
        self.happened = [fact for fact in pure if fact.last <= on]
        rules = directory.current().rules[self.world.regime.pk]
        there = on >= FIRST_DAY
        #: Recommendation → its folded state, and the measures that serve it, folded.
        self.recommendations = {
            row.pk: (row, self._fold(recommendation=row.pk, deciding_body=self.decides))
            for lane in lanes
            for row in lane.recommendations.values()
            if there
        }
        self.measures = {
            lane.recommendations[SERVED[key]].pk: (row.pk, self._fold(measure=row.pk))
            for lane in lanes
            for key, row in lane.measures.items()
            if there
        }
        self.late = {
            row.label
            for row, known in self.recommendations.values()
            if self._late(row, known, rules)
        }

    def _fold(self, **subject: Any) -> state.State:
        return state.fold(self.pure, as_of=self.on, **subject)

    def _late(self, row: Any, known: state.State, rules: Any) -> bool:
        owed = duties.duties(
            rules,
            {"handover": FIRST_DAY, "adoption": None},
            self.pure,
            as_of=self.on,
            recommendation=row.pk,
            deciding_body=self.decides,
        )
        answer = known.response
        awaited = answer is not None and answer.value in {"awaiting", "under_study"}
        due = duties.next_due(owed, answer.decision_due if answer and awaited else None)
        return due is not None and due < self.on

    def share(self, key: int, known: state.State) -> str:
        """How much is delivered of what was announced for it."""
        if key not in self.measures and known.implementation is None:
            return "unannounced"
        said = self.measures[key][1] if key in self.measures else known
        return "all" if said.implementation_code in DONE else "none"

    def cells(self) -> Counter:
        return Counter(
            (known.response_code, self.share(key, known), known.opinion_code)
            for key, (_row, known) in self.recommendations.items()
        )

    def said(self) -> Counter:
        """How far the measures are, and what the committee says of each that is done."""
        found: Counter = Counter()
        for key, (_measure, known) in self.measures.items():
            verdict = ""
            if known.implementation is not None and known.implementation_code in DONE:
                opinion = self.recommendations[key][1].opinion
                heard = (
                    opinion is not None
                    and opinion.opinion_object in {"delivery", "whole"}
                    and opinion.since >= known.implementation.begun
                )
                verdict = VERDICTS[opinion.value] if opinion and heard else counting.UNSAID
            found[known.implementation_code, verdict] += 1
        return found

    def steps_of(self, key: int) -> set[int]:
        """The steps on a recommendation, its measure or the whole cycle, with their corrections."""
        measures = {self.measures[key][0]} if key in self.measures else set()
        chains: dict[int, set[facts.Action]] = {}
        for fact in self.pure:  # in the order of their numbers: what is corrected comes first
            chain = chains.setdefault(fact.corrects or fact.number, set())
            chain.add(fact)
            chains[fact.number] = chain
        return {
            fact.number
            for fact in self.happened
            if any(
                key in each.recommendations or measures & each.measures or each.cycle is not None
                for each in chains[fact.number]
            )
        }


def steps_on(page: BeautifulSoup) -> list[int]:
    return [int(each["id"].removeprefix("step-")) for each in page.select("article.action")]


def soup(client: Any, address: str, on: datetime.date, **more: str) -> BeautifulSoup:
    response = client.get(address, {**more, "as_of": on.isoformat()})
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def labels(known: state.State) -> list[str]:
    return [str(Response(known.response_code).label), str(Opinion(known.opinion_code).label)]


def chips(part: Any) -> list[str]:
    return [part.select_one(f".state--{axis}").get_text(strip=True) for axis in AXES]


def check_recommendation(client: Any, fold: Fold, row: Any) -> None:
    page = soup(client, f"{CYCLE}{row.label}/", fold.on)
    if row.pk not in fold.recommendations:
        assert not steps_on(page)
        return
    assert set(steps_on(page)) == fold.steps_of(row.pk)
    assert chips(page.select_one(".ledger")) == labels(fold.recommendations[row.pk][1])


def check_cycle(client: Any, fold: Fold) -> None:
    page = soup(client, CYCLE, fold.on)
    shown = {
        row.select_one(".rec__number").get_text(strip=True): chips(row)
        for row in page.select("li.rec")
    }
    assert shown == {row.label: labels(known) for row, known in fold.recommendations.values()}
    late = client.get(CYCLE, {"late": "1", "as_of": fold.on.isoformat()})
    assert {row.label for row in late.context["window"].items} == fold.late


def check_timeline_and_feed(client: Any, fold: Fold) -> None:
    """Page after page, every step that had happened, each once, the newest first."""
    ordered = sorted(fold.happened, key=lambda fact: (fact.last, fact.number), reverse=True)
    found, address = [], f"{TIMELINE}?cycle=BXL-C1&as_of={fold.on.isoformat()}"
    while address:
        response = client.get(address)
        found += steps_on(BeautifulSoup(response.content, "html.parser"))
        following = response.context["window"].next
        address = f"{TIMELINE}{following}" if following else ""
    assert found == [fact.number for fact in ordered]
    found, address = [], f"{FEED}?cycle=BXL-C1&as_of={fold.on.isoformat()}"
    while address:
        feed = feedparser.parse(client.get(address).content)
        assert not feed.bozo
        found += [int(entry.id.rpartition("/")[2]) for entry in feed.entries]
        address = next((link.href for link in feed.feed.links if link.rel == "next"), "")
    assert found == sorted((fact.number for fact in ordered), reverse=True)


def check_figures(client: Any, fold: Fold) -> None:
    cells, said = fold.cells(), fold.said()
    response = client.get(f"{CYCLE}chiffres/", {"as_of": fold.on.isoformat()})
    counted = response.context["counted"]
    assert +counted.cells == cells
    assert counted.late == len(fold.late)
    page = BeautifulSoup(response.content, "html.parser")
    if fold.recommendations:
        total = page.select("tfoot td")[-1].get_text(strip=True)
        assert total == str(cells.total())
        shown = re.match(r"\d+", page.select_one("#who").get_text(strip=True))
        assert shown
        assert int(shown[0]) == sum(n for (code, _who), n in said.items() if code in DONE)
    cycles = [fold.world.cycle.pk] if fold.recommendations else []
    assert (
        Counter(
            (each.code, each.verdict if each.done else "")
            for each in counting.measures(cycles, fold.on)
        )
        == said
    )


def check_today(fold: Fold) -> None:
    """Read from the spans on today's day, or from today's columns: the same."""
    today, cycles = clock.today(), [fold.world.cycle.pk]
    assert counting.count(cycles, today) == counting.count(cycles, None)
    assert counting.measures(cycles, today) == counting.measures(cycles, None)
    rows = counting.recommendations(cycles, None).order_by("pk")
    then = dated.dated(rows.model.objects.filter(cycle__in=cycles), today).order_by("pk")
    columns = ("pk", "on_response", "on_response_last", "on_implementation", "on_opinion", "on_due")
    assert list(then.values_list(*columns)) == list(rows.values_list(*columns))


@pytest.mark.parametrize("part", range(PARTS))
def test_all_agree_on_any_day(client, lanes, part):
    @settings(
        deadline=None,
        max_examples=EACH,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @seed(part)
    @given(
        st.lists(histories(max_size=7), min_size=LANES, max_size=LANES),
        st.dates(FIRST_DAY - 3 * ONE_DAY, LAST_DAY + 40 * ONE_DAY),
    )
    def agree(told, on):
        with transaction.atomic():
            pure: list[facts.Action] = []
            for lane, history in zip(lanes, told, strict=True):
                rows: dict[int, Any] = {}
                for fact in history:
                    rows[fact.number] = published(lane, fact, rows, live=True)
                pure += in_keys_of_the_database(lane, history, rows)
            directory.forget()
            fold = Fold(lanes, pure, on)
            for place, lane in enumerate(lanes[len(pure) % 3 :: 3]):
                key = RECOMMENDATIONS[place % len(RECOMMENDATIONS)]
                check_recommendation(client, fold, lane.recommendations[key])
            check_cycle(client, fold)
            check_timeline_and_feed(client, fold)
            check_figures(client, fold)
            check_today(fold)
            transaction.set_rollback(True)
        directory.forget()

    agree()

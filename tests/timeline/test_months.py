"""Steps per month: right for one month and for sixty, silence included, and in the site's time."""

import datetime
import itertools
import os
import time

import pytest

from assemblies.models import Action
from tests.factories import make_recommendation, make_world, publish_action, text_of
from timeline.filters import StepFilters
from timeline.months import HEIGHT, LONGEST, WIDEST, WIDTH, by_month, picture

D = datetime.date
NOTHING = StepFilters({})


def numbers(count: int, first: int = 2020) -> dict[str, int]:
    return {f"{first + place // 12}-{place % 12 + 1:02}": place % 7 + 1 for place in range(count)}


def test_one_month_is_one_bar():
    found = picture({"2024-03": 5}, NOTHING)
    [bar] = found.bars
    assert (bar.first, bar.last, bar.number) == (D(2024, 3, 1), D(2024, 3, 31), 5)
    assert bar.width <= WIDEST
    assert (bar.height, bar.y) == (HEIGHT, 0)
    assert bar.query == "from=2024-03-01&to=2024-03-31"
    assert not found.by_year
    assert found.years == [(0, "2024")]


@pytest.mark.parametrize("count", [2, 12, 60, LONGEST])
def test_many_months_fit_side_by_side(count):
    found = picture(numbers(count), NOTHING)
    assert len(found.bars) == count
    assert not found.by_year
    assert found.bars[-1].x + found.bars[-1].width <= WIDTH
    ends = [(bar.x, bar.x + bar.width) for bar in found.bars]
    assert all(one[1] <= two[0] + 0.11 for one, two in itertools.pairwise(ends))
    assert max(bar.height for bar in found.bars) == HEIGHT
    places = [x for x, _year in found.years]
    assert all(two - one >= 34 for one, two in itertools.pairwise(places))
    assert sum(bar.number for bar in found.newest_first) == sum(numbers(count).values())


def test_months_of_silence_are_seen():
    found = picture({"2023-11": 1, "2024-02": 2}, NOTHING)
    assert [bar.number for bar in found.bars] == [1, 0, 0, 2]
    assert [bar.number for bar in found.newest_first] == [2, 1]


def test_longer_than_ten_years_goes_by_year():
    found = picture({"1900-01": 3, "2013-01": 1, "2024-02": 2}, NOTHING)
    assert found.by_year
    assert len(found.bars) <= LONGEST
    assert found.bars[-1].number == 2
    assert found.bars[-1].query == "from=2024-01-01&to=2024-12-31"


def test_nothing_is_no_picture():
    assert picture({}, NOTHING) is None


def test_other_filters_stay_in_the_table():
    filters = StepFilters({"kind": ("meeting",), "from": ("2023-01-01",)})
    [bar] = picture({"2024-03": 5}, filters).bars
    assert bar.query == "kind=meeting&from=2024-03-01&to=2024-03-31"


@pytest.fixture(params=["Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
def system_zone(request, monkeypatch):
    """A machine that stands elsewhere."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    os.environ["TZ"] = "Europe/Brussels"
    time.tzset()


@pytest.mark.django_db
def test_the_last_evening_of_december_is_in_december(client, system_zone, monkeypatch, settings):
    settings.SUITES_TODAY = None
    evening = datetime.datetime(2024, 12, 31, 22, 30, tzinfo=datetime.UTC)  # 23:30 in Brussels
    monkeypatch.setattr("django.utils.timezone.now", lambda: evening)
    asked = make_recommendation(make_world().cycle, label="1")
    publish_action(asked, kind="progress", title="Au soir", on=D(2024, 12, 31))
    with pytest.raises(Exception, match="happened"):
        publish_action(asked, kind="progress", title="Demain", on=D(2025, 1, 1))
    assert by_month(Action.objects.all()) == {"2024-12": 1}
    response = client.get("/fr/chronologie/")
    assert [month["name"] for month in response.context["months"]] == ["Décembre 2024"]
    text = text_of(response)
    assert "31 décembre 2024" in text
    # The same day: it is not said twice.
    assert "publiée ici" not in text
    found = client.get("/fr/chronologie/?from=2024-12-01&to=2024-12-31")
    assert found.context["found"].matching == 1
    assert client.get("/fr/chronologie/?from=2025-01-01").context["found"].matching == 0
    feed = client.get("/fr/chronologie/flux/").content.decode()
    assert "<published>2024-12-31T22:30:00Z</published>" in feed


@pytest.mark.django_db
def test_the_picture_and_its_table_say_the_same(client):
    asked = make_recommendation(make_world().cycle, label="1")
    for day in (D(2024, 3, 4), D(2024, 3, 5), D(2024, 5, 1)):
        publish_action(asked, kind="progress", on=day)
    content = client.get("/fr/chronologie/").content.decode()
    assert content.count('class="months__bar"') == 2
    assert 'role="img" aria-labelledby="months-title months-desc"' in content
    assert "<title " in content
    assert "De mars 2024 à mai 2024\u202f; au plus 2 étapes." in content
    assert (
        'href="/fr/chronologie/?from=2024-03-01&amp;to=2024-03-31#steps">mars 2024</a>' in content
    )

"""Dates in words, in French and in Dutch: as exactly as they are known, and no more exactly."""

import datetime

import pytest
from django.utils import translation

from assemblies import dates
from tests.assemblies.histories import day

#: first, last → by itself, inside a sentence, as a beginning. "_" is a no-break space.
FRENCH = [
    ("2024-05-15", "2024-05-15", "15_mai 2024", "le 15_mai 2024", "depuis le 15_mai 2024"),
    ("2024-03-01", "2024-03-01", "1er_mars 2024", "le 1er_mars 2024", "depuis le 1er_mars 2024"),
    ("2024-08-21", "2024-08-21", "21_août 2024", "le 21_août 2024", "depuis le 21_août 2024"),
    ("2024-03-01", "2024-03-31", "mars 2024", "en mars 2024", "depuis mars 2024"),
    ("2024-02-01", "2024-02-29", "février 2024", "en février 2024", "depuis février 2024"),
    ("2024-01-01", "2024-12-31", "2024", "en 2024", "depuis 2024"),
    ("2024-03-03", "2024-03-05", *["du 3 au 5_mars 2024"] * 2, "depuis le 5_mars 2024"),
    ("2024-03-01", "2024-03-05", *["du 1er au 5_mars 2024"] * 2, "depuis le 5_mars 2024"),
    ("2024-02-01", "2024-02-28", *["du 1er au 28_février 2024"] * 2, "depuis le 28_février 2024"),
    (
        "2024-03-30",
        "2024-04-02",
        *["du 30_mars au 2_avril 2024"] * 2,
        "depuis le 2_avril 2024",
    ),
    (
        "2023-12-30",
        "2024-01-02",
        *["du 30_décembre 2023 au 2_janvier 2024"] * 2,
        "depuis le 2_janvier 2024",
    ),
    (
        "2024-04-01",
        "2024-06-30",
        *["entre avril et juin 2024"] * 2,
        "depuis le 30_juin 2024",
    ),
    (
        "2023-11-01",
        "2024-02-29",
        *["entre novembre 2023 et février 2024"] * 2,
        "depuis le 29_février 2024",
    ),
    ("2023-01-01", "2024-12-31", *["entre 2023 et 2024"] * 2, "depuis le 31_décembre 2024"),
]
DUTCH = [
    ("2024-05-15", "2024-05-15", "15_mei 2024", "op 15_mei 2024", "sinds 15_mei 2024"),
    ("2024-03-01", "2024-03-01", "1_maart 2024", "op 1_maart 2024", "sinds 1_maart 2024"),
    ("2024-03-01", "2024-03-31", "maart 2024", "in maart 2024", "sinds maart 2024"),
    ("2024-01-01", "2024-12-31", "2024", "in 2024", "sinds 2024"),
    ("2024-03-03", "2024-03-05", *["van 3 tot 5_maart 2024"] * 2, "sinds 5_maart 2024"),
    (
        "2024-03-30",
        "2024-04-02",
        *["van 30_maart tot 2_april 2024"] * 2,
        "sinds 2_april 2024",
    ),
    (
        "2023-12-30",
        "2024-01-02",
        *["van 30_december 2023 tot 2_januari 2024"] * 2,
        "sinds 2_januari 2024",
    ),
    (
        "2024-04-01",
        "2024-06-30",
        *["tussen april en juni 2024"] * 2,
        "sinds 30_juni 2024",
    ),
    (
        "2023-11-01",
        "2024-02-29",
        *["tussen november 2023 en februari 2024"] * 2,
        "sinds 29_februari 2024",
    ),
    ("2023-01-01", "2024-12-31", *["tussen 2023 en 2024"] * 2, "sinds 31_december 2024"),
]
ENGLISH = [
    ("2024-05-15", "2024-05-15", "15 May 2024", "on 15 May 2024", "since 15 May 2024"),
    ("2024-03-01", "2024-03-31", "March 2024", "in March 2024", "since March 2024"),
    ("2024-03-03", "2024-03-05", *["from 3 to 5 March 2024"] * 2, "since 5 March 2024"),
]


@pytest.mark.parametrize(
    ("language", "first", "last", "span", "on", "since"),
    [
        (language, *row)
        for language, rows in (("fr", FRENCH), ("nl", DUTCH), ("en", ENGLISH))
        for row in rows
    ],
)
def test_dates(language: str, first: str, last: str, span: str, on: str, since: str) -> None:
    with translation.override(language):
        said = (
            dates.span(day(first), day(last)),
            dates.on(day(first), day(last)),
            dates.since(day(first), day(last)),
        )
    assert said == tuple(text.replace("_", "\u00a0") for text in (span, on, since))


def test_one_day_needs_no_last() -> None:
    date = datetime.date(2024, 5, 15)
    with translation.override("nl"):
        assert dates.span(date) == dates.day(date) == "15\u00a0mei 2024"
        assert dates.on(date) == "op 15\u00a0mei 2024"
        assert dates.since(date) == "sinds 15\u00a0mei 2024"
        assert dates.month(date) == "mei 2024"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_every_month_has_its_name(language: str) -> None:
    with translation.override(language):
        names = [dates.month(datetime.date(2024, number, 1)) for number in range(1, 13)]
    with translation.override("en"):
        english = [dates.month(datetime.date(2024, number, 1)) for number in range(1, 13)]
    assert len(set(names)) == 12
    assert all(name == name.lower() for name in names)
    # Some are alike but for the capital that English gives them ("April", "april").
    assert not set(names) & set(english)

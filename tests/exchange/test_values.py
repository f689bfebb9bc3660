"""What a cell may hold, in the ways in which people and spreadsheets write it."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from exchange import days, tables, values


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def column(kind, **descriptor):
    return tables.Column("amount", "amount", "", kind, descriptor=descriptor)


def value(kind, text, *, hint=None, declared=None, **descriptor):
    return values.parser(column(kind, **descriptor), declared or {}, hint)(text)


def reason(kind, text, **kwargs):
    try:
        found = value(kind, text, **kwargs)
    except ValueError as wrong:
        return str(wrong)
    pytest.fail(f"“{text}” was read as {found!r}")


# -- yes and no -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["true", "TRUE", "yes", "ja", "Oui", "VRAI", "waar", "1"])
def test_yes(text):
    assert value("boolean", text) is True


@pytest.mark.parametrize("text", ["false", "FALSE", "no", "nee", "Non", "FAUX", "onwaar", "0"])
def test_no(text):
    assert value("boolean", text) is False


def test_a_folder_may_have_its_own_yes_and_no():
    declared = {"trueValues": ["x", "0"], "falseValues": ["-"]}
    assert value("boolean", "0", declared=declared) is True
    assert value("boolean", "-", declared=declared) is False
    assert reason("boolean", "x", declared={"trueValues": ["y"]}) == "Neither true nor false."


# -- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1500", "1500"),
        ("1500.50", "1500.50"),
        ("1500,5", "1500.5"),
        ("1.500,50", "1500.50"),
        ("1,500.50", "1500.50"),
        ("1.500.000", "1500000"),
        ("1 500 000,5", "1500000.5"),
        ("1\u00a0500", "1500"),
        ("1\u202f500,25", "1500.25"),
        ("1'500.25", "1500.25"),
        ("0,125", "0.125"),
        ("-3", "-3"),
    ],
)
def test_a_number_as_spreadsheets_show_it(text, number):
    assert value("number", text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["NaN", "inf", "1e5", "1_000", "12..5", "1,2,3", "15 00", "٣", "€ 5", ".", "9" * 41]
)
def test_what_is_no_number(text):
    assert reason("number", text) == "Not a number."


@pytest.mark.parametrize("text", ["1.500", "1,500", "12.345"])
def test_a_number_that_may_be_two_is_asked_for(text):
    assert "Write it without signs between thousands." in reason("number", text)


def test_other_cells_of_the_column_say_which_sign_is_the_decimal_one():
    assert values.decimal_sign(["12", "1.500", "2,5"]) == ","
    assert values.decimal_sign(["12", "1.500"]) is None
    assert values.decimal_sign(["2,5", "2.5"]) is None
    assert value("number", "1.500", hint=",") == 1500
    assert value("number", "1.500", hint=".") == Decimal("1.5")


def test_declared_signs_are_obeyed():
    assert value("number", "1.500", declared={"decimalChar": "."}) == Decimal("1.5")
    assert value("number", "1.500", declared={"decimalChar": ",", "groupChar": "."}) == 1500
    assert value("number", "1·5", declared={"decimalChar": "·"}) == Decimal("1.5")
    assert value("number", "€ 12,50", declared={"decimalChar": ",", "bareNumber": False}) == 12.5
    assert reason("number", "2,5", declared={"decimalChar": "."}) == "Not a number."


def test_a_whole_number_may_end_in_zeros_only():
    assert value("integer", "12,0") == 12
    assert reason("integer", "12,5") == "Not a whole number."


@given(
    st.decimals(min_value=0, max_value=10**11, places=2),
    st.sampled_from([".", ","]),
    st.sampled_from(["", " ", "\u00a0", "\u202f", "other"]),
)
def test_a_number_with_two_decimals_is_never_misread(number, sign, group):
    group = {".": ",", ",": "."}[sign] if group == "other" else group
    text = f"{number:,.2f}".replace(",", "G").replace(".", sign).replace("G", group)
    assert value("number", text) == number


# -- days -------------------------------------------------------------------------------------


@given(
    st.dates(min_value=date(1000, 1, 1)),
    st.sampled_from("-/."),
    st.booleans(),
    st.sampled_from(list(days.First)),
)
def test_every_day_is_read_in_every_form(day, sign, padded, first):
    two, four = ("02", "04") if padded else ("", "")
    parts = [format(day.day, two), format(day.month, two)]
    if first is days.First.MONTH:
        parts.reverse()
    assert days.parsed(sign.join([*parts, format(day.year, four)]), first) == day
    assert days.parsed(f"{day.year:04}{sign}{day.month}{sign}{day.day}", first) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2023-02-29", "Not a day that exists."),
        ("31/04/2024", "Not a day that exists."),
        ("31/12-2024", "Not a day: write it as in 2024-01-31."),
        ("45322", "Not a day: write it as in 2024-01-31."),
        ("2024-01-31 14:30", "Not a day: write it as in 2024-01-31."),
        ("31/12/24", "Write the year in full, as in 2024-01-31."),
    ],
)
def test_why_a_cell_is_no_day(text, why):
    assert reason("date", text) == why


def test_days_that_contradict_each_other_begin_with_the_day():
    shows = {"a": days.shown(["31/12/2024", "12/31/2024"])[1]}
    assert days.orders(shows)[0] == {"a": days.First.DAY}


# -- texts and lists --------------------------------------------------------------------------


def test_codes_propose_the_nearest():
    codes = ["initial", "interim", "final"]
    assert reason("string", "FINALE", constraints={"enum": codes}) == (
        "Not one of: initial, interim, final. Did you mean “final”?"
    )
    assert reason("string", "?", constraints={"enum": codes}) == (
        "Not one of: initial, interim, final."
    )


def test_several_values_stand_in_one_cell():
    assert value("list", "a| b |a|", delimiter="|") == ["a", "b"]
    assert value("list", "a;b", delimiter="|", declared={"delimiter": ";"}) == ["a", "b"]
    assert value("list", '["a", "b|c"]', declared={"type": "array"}) == ["a", "b|c"]
    for text in ("a", "{}", "[1]"):
        assert reason("list", text, declared={"type": "array"}) == (
            "Not a list in JSON, as it is declared."
        )


@pytest.mark.parametrize("sign", ["\0", "\x0b", "\x1b", "\ufffe"])
def test_signs_that_no_text_has_are_refused(sign):
    assert reason("string", f"a{sign}b") == "A character that no text has."


def test_html_that_says_nothing_is_nothing():
    html = tables.Column("text_fr", "text", "fr", "string", html=True, descriptor={"html": True})
    assert values.parser(html, {})("<p> </p><script>x()</script>") is None
    with pytest.raises(ValueError, match="Too long"):
        values.parser(html, {})("<" * 200_001)

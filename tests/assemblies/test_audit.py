"""What raw SQL changed is found; states that were tampered with are found and mended."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from assemblies.models import Action, Change, Measure, Recommendation, RecommendationPage, StateSpan
from tests.factories import (
    make_count,
    make_measure,
    make_recommendation,
    make_world,
    publish_action,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> Recommendation:
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    make_count(world.cycle)
    make_measure(asked)
    publish_action(asked, value="partial", title="Réponse")
    return Recommendation.objects.get(pk=asked.pk)


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def check(capsys: Any) -> str:
    """What check_history says on its way to fail."""
    with translation.override("en"), pytest.raises(CommandError):
        call_command("check_history")
    return capsys.readouterr().err


def test_a_clean_site_says_that_all_is_well(asked, capsys):
    call_command("check_history")
    out = capsys.readouterr()
    assert (out.out.count("\n"), out.err) == (1, "")


def test_an_empty_site_is_clean(capsys):
    call_command("check_history")
    assert capsys.readouterr().err == ""


def test_changed_words_of_a_fact_are_found(asked, capsys):
    action = Action.objects.get()
    words = json.dumps({"fr": "Autre chose"})
    sql(f"UPDATE {Action._meta.db_table} SET title = %s WHERE id = %s", words, action.pk)
    assert f"n° {action.number}" in check(capsys)


def test_a_fact_that_is_off_is_found(asked, capsys):
    measure = Measure.objects.get()
    table = Measure._meta.db_table
    sql(f"UPDATE {table} SET live = %s, first_published_at = NULL WHERE id = %s", False, measure.pk)
    assert f"n° {measure.changes.get().number}" in check(capsys)


def test_a_gap_in_the_numbers_is_found(asked, capsys):
    sql(f"DELETE FROM {Change._meta.db_table} WHERE number = 2")
    said = check(capsys)
    assert said.count(" 2 ") == 1


def test_a_deleted_row_is_found(asked, capsys):
    change = Change.objects.get(announcedcount__isnull=False)
    row = change.announcedcount
    columns = [field.column for field in row._meta.concrete_fields]
    table, names = row._meta.db_table, ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} WHERE id = %s", [row.pk])
        values = cursor.fetchone()
    sql(f"DELETE FROM {table} WHERE id = %s", row.pk)
    try:
        assert f"n° {change.number}" in check(capsys)
    finally:  # the test's own transaction must end with its foreign keys in order
        sql(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})", *values)


def test_a_page_that_is_off_is_found(asked, capsys):
    sql("UPDATE wagtailcore_page SET live = %s WHERE id = %s", False, asked.page_id)
    assert asked.reference in check(capsys)


def test_changed_words_of_the_citizens_are_found(asked, capsys):
    table = RecommendationPage._meta.db_table
    sql(f"UPDATE {table} SET verbatim = '<p>x</p>' WHERE page_ptr_id = %s", asked.page_id)
    assert asked.reference in check(capsys)


# -- rebuild_state ------------------------------------------------------------------------------


def test_a_rebuild_of_what_is_right_changes_nothing(asked):
    call_command("rebuild_state", check=True)
    assert Recommendation.objects.get().response == "partial"


@pytest.mark.parametrize(
    ("column", "value"), [("response", "accepted"), ("opinion", "satisfactory"), ("next_due", None)]
)
def test_a_tampered_code_is_found_and_mended(asked, column, value):
    before = Recommendation.objects.values().get()
    assert before[column] != value
    sql(f"UPDATE {Recommendation._meta.db_table} SET {column} = %s", value)
    with pytest.raises(CommandError):
        call_command("rebuild_state", check=True)
    assert Recommendation.objects.values().get() == before
    call_command("rebuild_state", check=True)


def test_a_tampered_span_is_found_and_mended(asked):
    spans = StateSpan.objects.order_by("axis", "start").values("axis", "value", "start", "end")
    before = list(spans)
    assert before
    sql(f"DELETE FROM {StateSpan._meta.db_table}")
    with pytest.raises(CommandError):
        call_command("rebuild_state", check=True)
    assert list(spans.all()) == before

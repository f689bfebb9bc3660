"""The plan is pure: what the folder says and what the site says, row by row."""

from datetime import date

import pytest
from django.utils import translation

from exchange import plan
from exchange.plan import Known, Step
from exchange.reader import Package, Row


def row(table, key="k", number=2, **facts):
    return Row(table, number, key, {"key": key, **facts})


def weigh(row, said, *, owns=True):
    with translation.override("en"):
        return plan.weigh(row, Known(1, owns), {1: said} if said is not None else {})


TOPIC = {"slug": "eau", "name": {"fr": "Eau"}, "description": {}}
ACTION = {
    "kind": "response",
    "title": {"fr": "Oui"},
    "text": {"fr": "Un texte."},
    "amount": None,
    "withdraws": False,
    "body": "g",
}
RECOMMENDATION = {
    "cycle": "y",
    "label": "1",
    "language": "fr",
    "title": {"fr": "De l’eau"},
    "verbatim": {"fr": "<p>De l’eau.</p>"},
    "topics": ["a", "b"],
    "group": "g1",
    "has_draft": False,
}


def test_a_row_without_origin_is_added():
    entry = plan.weigh(row("topics"), None, {})
    assert (entry.step, entry.number, entry.pk) == (Step.ADD, 2, None)


def test_a_row_whose_object_is_gone_is_added_again():
    assert weigh(row("topics", slug="eau"), None).step == Step.ADD


@pytest.mark.parametrize(
    "given",
    [
        {"slug": "eau", "name": {"fr": "Eau"}},
        {"slug": "eau"},
        {"name": None},  # an empty cell for words says nothing
        {},
    ],
)
def test_what_says_the_same_is_unchanged(given):
    assert weigh(row("topics", **given), TOPIC).step == Step.UNCHANGED


def test_a_language_that_the_site_added_is_no_difference():
    said = {**ACTION, "title": {"fr": "Oui", "nl": "Ja"}}
    assert weigh(row("actions", title={"fr": "Oui"}), said).step == Step.UNCHANGED


@pytest.mark.parametrize(
    ("table", "given", "said"),
    [
        ("actions", {"withdraws": None, "amount": None}, ACTION),
        ("recommendations", {"topics": ["b", "a"]}, RECOMMENDATION),
        ("assemblies", {"ink": None}, {"ink": "ardoise"}),
        ("groups", {"sort_order": None, "label": None}, {"sort_order": 0, "label": ""}),
    ],
)
def test_empty_and_order_of_keys_are_no_difference(table, given, said):
    assert weigh(row(table, **given), said).step == Step.UNCHANGED


@pytest.mark.parametrize(
    ("given", "step"),
    [
        (None, Step.UNCHANGED),
        (date(2024, 5, 1), Step.UNCHANGED),
        (date(2024, 4, 1), Step.UNCHANGED),  # what it names came later, so it did as well
        (date(2024, 6, 1), Step.REFUSE),
    ],
)
def test_the_day_of_publication_is_asked_once(given, step):
    said = {**ACTION, "published_on": date(2024, 5, 1)}
    assert weigh(row("actions", published_on=given), said).step == step


def test_languages_of_an_assembly_are_in_order():
    entry = weigh(row("assemblies", languages=["nl", "fr"]), {"languages": ["fr", "nl"]})
    assert (entry.step, entry.columns) == (Step.CHANGE, ("languages",))


def test_a_changed_list_row_is_changed():
    entry = weigh(row("topics", name={"fr": "Eaux"}, slug="eaux"), TOPIC)
    assert (entry.step, set(entry.columns), entry.pk) == (Step.CHANGE, {"name", "slug"}, 1)


def test_what_another_package_brought_is_left():
    entry = weigh(row("topics", name={"fr": "Eaux"}), TOPIC, owns=False)
    assert (entry.step, entry.columns) == (Step.UNCHANGED, ("name",))


@pytest.mark.parametrize(
    "given",
    [
        {"title": {"fr": "Non"}},
        {"title": {"fr": "Non", "nl": "Nee"}},
        {"amount": 5},
        {"body": "other"},
        {"kind": "progress", "title": {"nl": "Ja"}},
    ],
)
def test_a_changed_published_fact_is_refused(given):
    entry = weigh(row("actions", **given), ACTION)
    assert entry.step == Step.REFUSE
    assert "add a correction" in entry.reason
    assert entry.problem().row == 2
    assert entry.problem().file == "actions.csv"


def test_a_missing_language_may_be_added_to_a_published_fact():
    entry = weigh(row("actions", title={"fr": "Oui", "nl": "Ja"}), ACTION)
    assert (entry.step, entry.columns) == (Step.CHANGE, ("title",))


def test_words_are_not_added_where_nothing_was_said():
    entry = weigh(row("actions", reason_text={"nl": "Zomaar"}), {**ACTION, "reason_text": {}})
    assert (entry.step, entry.columns) == (Step.REFUSE, ("reason_text",))


@pytest.mark.parametrize(
    ("given", "step"),
    [
        ({"title": {"fr": "Autre"}}, Step.CHANGE),
        ({"topics": ["a"]}, Step.CHANGE),
        ({"verbatim": {"fr": "<p>Autre.</p>"}}, Step.REFUSE),
        ({"verbatim": {"fr": "<p>De l’eau.</p>", "nl": "<p>Water.</p>"}}, Step.CHANGE),
        ({"label": "2"}, Step.REFUSE),
        ({"cycle": "z"}, Step.REFUSE),
        ({"language": "nl"}, Step.REFUSE),
    ],
)
def test_what_may_change_of_a_recommendation(given, step):
    assert weigh(row("recommendations", **given), RECOMMENDATION).step == step


def test_the_citizens_words_are_put_right_by_a_correction():
    entry = weigh(row("recommendations", verbatim={"fr": "<p>Autre.</p>"}), RECOMMENDATION)
    assert "old and the new text" in entry.reason


def test_a_page_with_a_draft_is_not_written_over():
    said = {**RECOMMENDATION, "has_draft": True}
    assert weigh(row("recommendations", title={"fr": "De l’eau"}), said).step == Step.UNCHANGED
    entry = weigh(row("recommendations", title={"fr": "Autre"}), said)
    assert (entry.step, entry.columns) == (Step.REFUSE, ("title",))
    assert "draft" in entry.reason


def package_of(*rows):
    package = Package()
    for each in rows:
        package.rows.setdefault(each.table, {})[each.key] = each
    return package


def made(package, known, said=None):
    said = said or {}
    with translation.override("en"):
        return plan.make(package, "p", known, lambda table, pks: said.get(table, {}))


def test_a_row_that_is_missing_is_listed_and_left():
    found = made(package_of(row("topics", "a")), {"topics": {"b": Known(7)}})
    assert [(each.key, each.step, each.pk) for each in found] == [
        ("a", Step.ADD, None),
        ("b", Step.MISSING, 7),
    ]
    assert found.counts("topics") == {Step.ADD: 1, Step.MISSING: 1}
    assert found.writes


def test_a_table_without_file_is_missing_as_a_whole():
    found = made(package_of(), {"actions": {"a": Known(1)}})
    assert [each.step for each in found] == [Step.MISSING]
    assert not found.writes


def test_nothing_is_added_to_a_published_fact():
    rows = [
        row("actions", "a", kind="response"),
        row("targets", "t", action="a", recommendation="x"),
        row("sources", "s", action="a", language="nl"),
        row("actions", "new"),
        row("targets", "t2", action="new", recommendation="x"),
    ]
    found = made(package_of(*rows), {"actions": {"a": Known(1)}}, {"actions": {1: ACTION}})
    steps = {(each.table, each.key): each.step for each in found}
    assert steps["targets", "t"] == Step.REFUSE
    assert steps["targets", "t2"] == Step.ADD
    # A source in a language that was missing is asked of the history when it is written.
    assert steps["sources", "s"] == Step.ADD
    assert [problem.file for problem in found.problems] == ["targets.csv"]


def test_rows_are_asked_for_in_batches(monkeypatch):
    monkeypatch.setattr(plan, "BATCH", 2)
    asked = []

    def said(table, pks):
        asked.append((table, pks))
        return {pk: {"slug": str(pk)} for pk in pks}

    package = package_of(*(row("topics", str(pk), slug=str(pk)) for pk in range(1, 6)))
    found = plan.make(package, "p", {"topics": {str(pk): Known(pk) for pk in range(1, 6)}}, said)
    assert [pks for _table, pks in asked] == [[1, 2], [3, 4], [5]]
    assert {each.step for each in found} == {Step.UNCHANGED}

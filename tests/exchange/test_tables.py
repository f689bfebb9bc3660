"""The Table Schemas say what the models say."""

import json

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db.models import fields
from wagtail.fields import RichTextField

from assemblies import enums, models, titles
from exchange import plan, tables

#: The models behind each table. A page's words stand on the page, its facts on both.
MODELS = {
    "regimes": [models.Regime],
    "duty_rules": [models.DutyRule],
    "topics": [models.Topic],
    "assemblies": [models.AssemblyPage],
    "bodies": [models.Body],
    "kinds": [models.RecommendationKind],
    "kind_words": [models.KindWord],
    "cycles": [models.CyclePage, models.Cycle],
    "groups": [models.Group],
    "recommendations": [models.RecommendationPage, models.Recommendation],
    "acts": [models.Act],
    "measures": [models.Measure],
    "measure_serves": [models.MeasureServes],
    "passages": [models.Passage],
    "actions": [models.Action],
    "targets": [models.ActionTarget],
    "sources": [models.Source],
    "announced_counts": [models.AnnouncedCount],
    "withdrawals": [models.Withdrawal],
}
#: Columns that no field of that name holds.
NO_FIELD = {
    ("recommendations", "language"),
    ("acts", "recommendations"),
    ("passages", "measures"),
    ("actions", "corrects_act"),
    ("actions", "corrects_measure"),
    *((name, "published_on") for name in plan.FACTS),
}
#: Columns whose words stand whole in a second field, where the first is too short for them.
LONGER = {("recommendations", "title"): titles.LONGEST}
CODES = {
    ("duty_rules", "trigger"): enums.Trigger,
    ("duty_rules", "subject"): enums.Subject,
    ("duty_rules", "unit"): enums.Unit,
    ("duty_rules", "answered_by"): enums.Kind,
    ("duty_rules", "closed_by"): enums.Kind,
    ("duty_rules", "answered_by_stage"): enums.Stage,
    ("assemblies", "ink"): models.Ink,
    ("bodies", "kind"): enums.BodyKind,
    ("acts", "result"): enums.Result,
    ("acts", "reason"): enums.Reason,
    ("acts", "link"): enums.Link,
    ("actions", "stage"): enums.Stage,
    ("actions", "opinion_object"): enums.OpinionObject,
    ("actions", "link"): enums.Link,
    ("actions", "reason"): enums.Reason,
    ("passages", "reason"): enums.Reason,
    ("announced_counts", "counts"): models.Counted,
}


def columns():
    for name in tables.NAMES:
        for each in tables.template(name)["fields"]:
            if each["name"] != "key":
                yield name, each


def field_of(name, column):
    for model in MODELS[name]:
        try:
            return model._meta.get_field(column)
        except FieldDoesNotExist:
            continue
    return None


def test_every_schema_is_a_table():
    assert {path.stem for path in tables.SCHEMAS.glob("*.json")} == set(tables.NAMES)
    for path in tables.SCHEMAS.glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        assert schema["name"] == path.stem
        assert schema["title"]
        assert schema["primaryKey"] == "key"
        assert schema["fields"][0]["name"] == "key"
        assert all(each["title"] for each in schema["fields"])


def test_every_column_is_a_field():
    for name, each in columns():
        if (name, each["name"]) not in NO_FIELD:
            assert field_of(name, each["name"]) is not None, (name, each["name"])


def test_a_column_is_as_long_as_its_field():
    for name, each in columns():
        field = field_of(name, each["name"])
        most = LONGER.get((name, each["name"])) or getattr(field, "max_length", None)
        if not most or each["type"] != "string" or field.choices or field.is_relation:
            continue
        if name == "assemblies" and each["name"] == "code":
            most = min(most, models.Assembly._meta.get_field("code").max_length)
        assert each.get("constraints", {}).get("maxLength") == most, (name, each["name"])


def test_whole_numbers_are_those_that_every_database_holds():
    for name, each in columns():
        if each["type"] == "integer":
            field = field_of(name, each["name"])
            small = isinstance(field, fields.PositiveSmallIntegerField)
            most = 32_767 if small else 2_147_483_647
            assert each["constraints"]["maximum"] == most, (name, each["name"])


def test_html_is_what_its_field_keeps():
    for name, each in columns():
        field = field_of(name, each["name"])
        if isinstance(field, RichTextField):
            assert each["html"] == (True if "bold" in field.features else "lists")
            assert set(field.features) <= {"bold", "link", "ol", "ul"}
        else:
            assert "html" not in each, (name, each["name"])


@pytest.mark.parametrize(("place", "choices"), CODES.items(), ids=lambda value: str(value))
def test_codes_are_those_of_the_domain(place, choices):
    name, column = place
    each = next(f for f in tables.template(name)["fields"] if f["name"] == column)
    codes = each.get("itemEnum") or each["constraints"]["enum"]
    assert codes == [str(code) for code in choices.values]


def test_axes_and_values_of_actions_are_those_of_the_domain():
    fields = {each["name"]: each for each in tables.template("actions")["fields"]}
    assert set(fields["axis"]["constraints"]["enum"]) == {str(axis) for axis in enums.VALUES}
    values = {value for each in enums.VALUES.values() for value in each.values}
    assert set(fields["value"]["constraints"]["enum"]) == values
    kinds = set(enums.Kind.values) - {enums.Kind.VOTE}
    assert set(fields["kind"]["constraints"]["enum"]) == kinds


def test_every_demand_has_a_column_or_a_table():
    names = {column.name for column in tables.table("actions", ("fr",)).columns} | {"sources"}
    demanded = {
        name for values in enums.DEMANDS.values() for each in values.values() for name in each
    }
    assert demanded <= names


def test_references_name_tables():
    for name in tables.NAMES:
        for column in tables.table(name, ("fr", "nl")).columns:
            if column.references:
                assert column.references in tables.NAMES, (name, column.header)


def test_a_further_language_is_a_further_column():
    headers = [column.header for column in tables.table("topics", ("fr", "nl", "de")).columns]
    assert headers[:5] == ["key", "slug", "name_fr", "name_nl", "name_de"]
    schema = tables.schema("topics", ("de",))
    assert [each["name"] for each in schema["fields"]] == [
        "key",
        "slug",
        "name_de",
        "description_de",
    ]
    assert not any("perLanguage" in each for each in schema["fields"])

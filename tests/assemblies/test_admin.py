"""The admin at work: lists, filters, search, drafts, publication, demands, corrections."""

import datetime
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assemblies.enums import DEMANDS, Axis
from assemblies.models import (
    Act,
    Action,
    AnnouncedCount,
    Body,
    Group,
    Measure,
    Passage,
    Recommendation,
    RecommendationKind,
    RecommendationPage,
    Regime,
    Role,
    Topic,
    Withdrawal,
)
from tests.assemblies.desk import (
    bulk_url,
    client_of,
    desk_url,
    filled,
    make_user,
    page_url,
    told,
    with_rows,
)
from tests.factories import (
    World,
    draft_action,
    make_act,
    make_assembly,
    make_body,
    make_count,
    make_cycle,
    make_group,
    make_kind,
    make_measure,
    make_passage,
    make_recommendation,
    make_topic,
    make_world,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def asked(world: World) -> Recommendation:
    return make_recommendation(world.cycle, label="3.4", title="Un guichet")


@pytest.fixture
def desk(world: World) -> Client:
    return client_of(make_user("publisher", (world.assembly, "publisher")))


@pytest.fixture
def committee(world: World) -> Client:
    return client_of(make_user("committee", (world.assembly, "committee")))


@pytest.fixture
def admin(world: World) -> Client:
    return client_of(make_user("admin", superuser=True))


# -- lists --------------------------------------------------------------------------------------

#: noun → a filter that holds for the row of the test, and one that does not.
FILTERS: dict[type, tuple[dict[str, str], dict[str, str]]] = {
    Action: ({"kind": "response", "live": "true"}, {"kind": "meeting"}),
    Measure: ({"live": "true"}, {"live": "false"}),
    Act: ({"result": "adopted"}, {"result": "not_adopted"}),
    Recommendation: ({"response": "accepted"}, {"response": "referred"}),
    AnnouncedCount: ({"counts": "recommendations"}, {"counts": "panel"}),
    Withdrawal: ({"live": "true"}, {"live": "false"}),
    Passage: ({"live": "true"}, {"live": "false"}),
    Body: ({"kind": "government"}, {"kind": "private"}),
    Topic: ({}, {}),
    Group: ({}, {}),
    RecommendationKind: ({}, {}),
    Regime: ({}, {}),
    Role: ({"name": "publisher"}, {"name": "service"}),
}
#: noun → a word that finds the row; the others have no search.
FOUND_BY = {
    Action: "Réponse",
    Measure: "Mesure",
    Act: "Vœu",
    Passage: "guichet",
    Recommendation: "guichet",
    Body: "Gouvernement",
    Topic: "Housing",
    Group: "Priorité",
}


@pytest.fixture
def one_of_each(world: World, asked: Recommendation) -> dict[type, Any]:
    other = make_recommendation(world.cycle, label="9", dutch=False)
    return {
        Action: publish_action(asked, value="under_study", title="Réponse", dutch=False),
        Measure: make_measure(asked, title="Mesure"),
        Act: make_act(asked, title="Vœu"),
        Recommendation: asked,
        AnnouncedCount: make_count(world.cycle),
        Withdrawal: withdraw(other),
        Passage: make_passage(asked),
        Body: world.government,
        Topic: make_topic("housing"),
        Group: make_group(world.cycle),
        RecommendationKind: world.kind,
        Regime: world.regime,
        Role: make_user("other", (world.assembly, "publisher")).groups.get().roles.get(),
    }


def rows_of(response: Any) -> list[Any]:
    assert response.status_code == 200, response.status_code
    return [row.pk for row in response.context["object_list"]]


@pytest.mark.parametrize("model", FILTERS)
def test_every_noun_is_listed_filtered_and_searched(admin, one_of_each, model):
    row = one_of_each[model]
    holds, fails = FILTERS[model]
    for view in ("list", "list_results"):
        url = desk_url(model, view)
        assert row.pk in rows_of(admin.get(url))
        assert row.pk in rows_of(admin.get(url, holds))
        if fails:
            assert row.pk not in rows_of(admin.get(url, fails))
        if model in FOUND_BY:
            assert row.pk in rows_of(admin.get(url, {"q": FOUND_BY[model]}))
            assert row.pk in rows_of(admin.get(url, {"q": FOUND_BY[model], **holds}))
            assert rows_of(admin.get(url, {"q": "zzzz"})) == []
            if fails:
                assert rows_of(admin.get(url, {"q": FOUND_BY[model], **fails})) == []
        for query in ('"', "'", '" OR "', "%", "a" * 500, "(", "3.4 AND NOT", "-"):
            assert admin.get(url, {"q": query}).status_code == 200, query


def test_every_noun_of_the_admin_is_in_this_table():
    from assemblies.viewsets import FollowUpGroup, ListsGroup

    assert set(FILTERS) == {each.model for each in (*FollowUpGroup.items, *ListsGroup.items)}


def test_a_recommendation_is_found_by_its_reference(desk, asked):
    for query in ("BXL-C1-3.4", "bxl-c1-3.4", "3.4"):
        assert rows_of(desk.get(desk_url(Recommendation, "list"), {"q": query})) == [asked.pk]


def test_a_broken_filter_is_no_error(desk, asked):
    for query in ({"kind": "nonsense"}, {"assembly": "x"}, {"live": '"'}, {"p": "999"}, {"p": "x"}):
        assert desk.get(desk_url(Action, "list"), query).status_code in (200, 302, 404), query


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # what is remembered between requests
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def two_more(model: type, world: World, asked: Recommendation) -> None:
    """Two more rows of a noun, unlike the first in all that a listing shows."""
    page = make_assembly(world.home, code="PAR", preset="paris", dutch=False)
    council = make_body("council-par", "council")
    make_kind(page.register, deciding_body=council)
    theirs = make_recommendation(make_cycle(page, dutch=False).register, label="1", dutch=False)
    other = make_recommendation(world.cycle, label="5", dutch=False)
    for number, row in enumerate((theirs, other)):
        match model.__name__:
            case "Action":
                draft_action(row, value="accepted", body=world.administration)
                publish_action(row, value="delivered", body=council)
            case "Measure":
                make_measure(row, label=f"{number}.9", lead=council)
            case "Act":
                make_act(row, number=f"2025 V. {number}")
            case "AnnouncedCount":
                make_count(row.cycle, body=council)
            case "Passage":
                make_passage(row, make_measure(row, label=f"{number}.8"), body=council)
            case "Withdrawal":
                withdraw(row)
            case "Body":
                make_body(f"own-{number}", assembly=row.cycle.assembly)
            case "Topic":
                make_topic(f"topic-{number}")
            case "Group":
                make_group(row.cycle, parent=make_group(row.cycle))
            case "RecommendationKind":
                make_kind(row.cycle.assembly, f"voeu-{number}", deciding_body=council)
            case "Role":
                make_user(f"someone-{number}", (row.cycle.assembly, "service", council))


#: Queries of each list for an administrator, session and log-in included.
QUERIES = {
    Action: 10,
    Measure: 11,
    Act: 10,
    Recommendation: 12,
    AnnouncedCount: 9,
    Withdrawal: 9,
    Passage: 11,
    Body: 9,
    Topic: 8,
    Group: 9,
    RecommendationKind: 9,
    Regime: 8,
    Role: 9,
}


@pytest.mark.parametrize("model", FILTERS)
def test_a_list_costs_the_same_with_one_and_with_three(world, asked, one_of_each, admin, model):
    url = desk_url(model, "list")
    few = len(rows_of(admin.get(url)))
    one = queries_of(admin, url)
    two_more(model, world, asked)
    assert len(rows_of(admin.get(url))) >= few + 1
    assert (one, queries_of(admin, url)) == (QUERIES[model], QUERIES[model])


# -- drafts and publication ---------------------------------------------------------------------


def form_of(client: Client, world: World, *asked: Recommendation, **fields: Any) -> dict[str, Any]:
    data = filled(client.get(desk_url(Action, "add")))
    data = with_rows(data, "targets", *({"recommendation": each.pk} for each in asked))
    return {
        **data,
        "assembly": world.assembly.pk,
        "kind": "response",
        "body": world.government.pk,
        "happened_first": "2024-05-15",
        "title_0": "Réponse",
        "title_1": "Antwoord",
        **fields,
    }


def test_a_draft_is_created_and_then_published(world, asked, desk):
    url = desk_url(Action, "add")
    given = {"value": "rejected", "reason": "budget", "reason_text_0": "Trop cher."}
    answer = desk.post(url, form_of(desk, world, asked, **given), follow=True)
    draft = Action.objects.get()
    assert (draft.live, draft.number) == (False, None), told(answer)
    assert draft.happened_last == datetime.date(2024, 5, 15)
    assert draft.title.data == {"fr": "Réponse", "nl": "Antwoord"}
    assert Recommendation.objects.get(pk=asked.pk).response == "awaiting"

    data = filled(desk.get(desk_url(draft, "edit")))
    answer = desk.post(desk_url(draft, "edit"), {**data, "action-publish": "on"}, follow=True)
    action = Action.objects.get()
    assert action.live, told(answer)
    assert (action.axis, action.value, action.reason) == ("response", "rejected", "budget")
    assert Recommendation.objects.get(pk=asked.pk).response == "rejected"


def test_an_action_is_published_at_once(world, asked, desk):
    data = form_of(desk, world, asked, value="under_study", decision_due="2027-01-01")
    answer = desk.post(desk_url(Action, "add"), {**data, "action-publish": "on"}, follow=True)
    assert Action.objects.get().live, told(answer)
    assert Recommendation.objects.get(pk=asked.pk).response == "under_study"


def test_a_draft_may_lack_what_a_publication_may_not(world, asked, desk):
    data = form_of(desk, world, asked, value="rejected")
    desk.post(desk_url(Action, "add"), data, follow=True)
    draft = Action.objects.get()
    data = filled(desk.get(desk_url(draft, "edit")))
    answer = desk.post(desk_url(draft, "edit"), {**data, "action-publish": "on"})
    assert {"reason", "reason_text"} <= set(answer.context["form"].errors)
    assert not Action.objects.get().live


#: Demanded field → how a form gives it.
GIVEN = {
    "decision_due": {"decision_due": "2027-01-01"},
    "link": {"link": "new"},
    "what_changed": {"what_changed_0": "Six au lieu de sept."},
    "reason_text": {"reason_text_0": "Trop cher."},
    "reason": {"reason": "budget"},
    "what_is_missing": {"what_is_missing_0": "Deux guichets."},
    "opinion_object": {"opinion_object": "answer"},
}


def demanding(client, world, asked, axis: str, value: str, without: str = "") -> dict[str, Any]:
    speaker = world.committee if axis == Axis.OPINION else world.government
    kind = {"implementation": "progress"}.get(axis, axis)
    data = form_of(client, world, asked, value=value, body=speaker.pk, kind=kind)
    for name in DEMANDS[axis][value]:
        if name == without:
            continue
        if name == "sources":
            row = {"position": "1", "title": "Rapport", "url": "https://example.org/"}
            data = with_rows(data, "sources", row)
        elif name == "concerned_body":
            data["concerned_body"] = world.administration.pk
        else:
            data |= GIVEN[name]
    return {**data, "action-publish": "on"}


VALUES = [(axis, value) for axis, values in DEMANDS.items() for value in values]
DEMANDED = [(*each, name) for each in VALUES for name in DEMANDS[each[0]][each[1]]]


@pytest.mark.parametrize(("axis", "value"), VALUES)
def test_every_value_is_published_with_what_it_demands(world, asked, desk, committee, axis, value):
    client = committee if axis == Axis.OPINION else desk
    data = demanding(client, world, asked, axis, value)
    answer = client.post(desk_url(Action, "add"), data, follow=True)
    action = Action.objects.filter(live=True).first()
    assert action is not None, told(answer)
    assert (action.axis, action.value) == (axis, value)


@pytest.mark.parametrize(("axis", "value", "name"), DEMANDED)
def test_without_what_a_value_demands_its_field_says_so(
    world, asked, desk, committee, axis, value, name
):
    client = committee if axis == Axis.OPINION else desk
    data = demanding(client, world, asked, axis, value, without=name)
    answer = client.post(desk_url(Action, "add"), data)
    assert answer.status_code == 200
    place = "__all__" if name == "sources" else name
    assert set(answer.context["form"].errors) == {place}
    assert not Action.objects.filter(live=True).exists()


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"happened_first": ""}, "happened_first"),
        ({"happened_first": "2024-02-30"}, "happened_first"),
        ({"happened_last": "2024-05-01"}, "happened_last"),
        ({"happened_first": "2026-11-13"}, "happened_last"),
        ({"title_0": "", "title_1": ""}, "title"),
        ({"body": ""}, "body"),
        ({"body": "999"}, "body"),
        ({"assembly": ""}, "assembly"),
        ({"kind": "nonsense"}, "kind"),
        ({"value": "nonsense"}, "value"),
        ({"amount": "-1"}, "amount"),
        ({"kind": "correction"}, "corrects"),
        ({"targets-TOTAL_FORMS": "0"}, "__all__"),
        ({"targets-TOTAL_FORMS": "0", "cycle": "own", "value": "satisfactory"}, "value"),
    ],
)
def test_wrong_input_is_told_at_its_field(world, asked, desk, fields, place):
    fields = {**fields, **({"cycle": world.cycle.pk} if "cycle" in fields else {})}
    data = {**form_of(desk, world, asked), **fields, "action-publish": "on"}
    answer = desk.post(desk_url(Action, "add"), data)
    assert answer.status_code == 200
    assert place in answer.context["form"].errors
    assert not Action.objects.exists()


# -- corrections --------------------------------------------------------------------------------


def test_a_correction_is_filled_with_what_it_corrects(world, asked, desk):
    wrong = publish_action(asked, value="partial", title="Réponse", text="Oui, mais.")
    data = filled(desk.get(desk_url(Action, "add"), {"corrects": wrong.pk}))
    assert data["kind"] == "correction"
    assert data["corrects"] == str(wrong.pk)
    assert (data["value"], data["link"]) == ("partial", "new")
    assert data["happened_first"] == "2024-05-15"
    assert (data["title_0"], data["text_0"]) == ("Réponse", "Oui, mais.")
    assert data["body"] == str(world.government.pk)
    assert data["targets-0-recommendation"] == str(asked.pk)


def test_a_correction_is_published(world, asked, desk):
    wrong = publish_action(asked, value="partial")
    data = filled(desk.get(desk_url(Action, "add"), {"corrects": wrong.pk}))
    right = {"value": "under_study", "decision_due": "2027-01-01", "action-publish": "on"}
    answer = desk.post(desk_url(Action, "add"), {**data, **right})
    assert set(answer.context["form"].errors) == {"reason_text"}
    right["reason_text_0"] = "Une erreur de saisie."
    answer = desk.post(desk_url(Action, "add"), {**data, **right}, follow=True)
    correction = Action.objects.filter(corrects=wrong).first()
    assert correction is not None, told(answer)
    assert correction.live
    assert Recommendation.objects.get(pk=asked.pk).response == "under_study"
    # It is offered once: what corrects it is corrected next.
    data = filled(desk.get(desk_url(Action, "add"), {"corrects": wrong.pk}))
    assert data["corrects"] == ""


@pytest.mark.parametrize("key", ["", "x", "999", "1e3", '"', "²"])
def test_an_unknown_action_to_correct_gives_an_empty_form(asked, desk, key):
    answer = desk.get(desk_url(Action, "add"), {"corrects": key})
    assert answer.status_code == 200
    assert filled(answer)["corrects"] == ""


def test_a_draft_is_changed_and_not_corrected(asked, desk):
    draft = draft_action(asked)
    assert filled(desk.get(desk_url(Action, "add"), {"corrects": draft.pk}))["corrects"] == ""


# -- what no form says --------------------------------------------------------------------------


def recommendation_form(client: Client, parent: Any, **fields: Any) -> dict[str, Any]:
    """The form of a new recommendation page, filled in."""
    data = filled(client.get(add_page_url(parent)))
    block = {"key": "a", "text": "Nous demandons.", "type": "unstyled", "depth": 0}
    block |= {"inlineStyleRanges": [], "entityRanges": []}
    words = json.dumps({"blocks": [block], "entityMap": {}})
    given = {"title": "Un guichet", "slug": "un-guichet", "verbatim": words}
    return {**data, **given, **fields}


def add_page_url(parent: Any) -> str:
    return reverse("wagtailadmin_pages:add", args=["assemblies", "recommendationpage", parent.pk])


def test_a_recommendation_is_published_as_a_page(world, desk):
    data = recommendation_form(desk, world.cycle_page, kind=world.kind.pk, label="8")
    desk.post(add_page_url(world.cycle_page), data)
    assert not Recommendation.objects.exists()
    page = RecommendationPage.objects.get()
    edited = filled(desk.get(page_url(page, "edit")))
    answer = desk.post(page_url(page, "edit"), {**edited, "action-publish": "1"}, follow=True)
    assert answer.status_code == 200, told(answer)
    assert Recommendation.objects.get().reference == "BXL-C1-8"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_publication_would_refuse_is_told_at_its_field(world, asked, language):
    client = client_of(make_user("someone", (world.assembly, "publisher"), language=language))
    group = make_group(make_cycle(world.assembly_page, code="C2", dutch=False).register)
    url = add_page_url(world.cycle_page)
    data = recommendation_form(client, world.cycle_page, kind=world.kind.pk, label="3.4")
    data["group"] = group.pk
    answer = client.post(url, {**data, "action-publish": "1"})
    errors = answer.context["form"].errors
    assert set(errors) == {"label", "group"}
    assert "BXL-C1-3.4" in errors["label"][0]
    assert "taken" not in errors["label"][0]  # in the editor's language
    assert Recommendation.objects.count() == 1
    # As a draft, it may wait.
    client.post(url, data)
    assert RecommendationPage.objects.filter(slug="un-guichet", live=False).exists()


def test_publishing_in_bulk_is_refused_in_words(world, asked, admin):
    draft = make_recommendation(world.cycle, label="3.4", slug="encore", live=False, dutch=False)
    draft.save_revision()
    back = page_url(world.cycle_page, "edit")
    answer = admin.post(bulk_url(draft, "publish"), HTTP_REFERER=f"http://testserver{back}")
    assert (answer.status_code, answer["Location"]) == (302, f"http://testserver{back}")
    assert "BXL-C1-3.4" in told(admin.get(back))
    assert not RecommendationPage.objects.get(pk=draft.pk).live


def test_a_duty_that_was_answered_stays_in_its_regime(world, asked, admin):
    rule = world.regime.duty_rules.order_by("sort_order").first()
    publish_action(asked, answers=rule)
    data = filled(admin.get(desk_url(world.regime, "edit")))
    place = next(
        number for number in range(9) if data.get(f"duty_rules-{number}-id") == str(rule.pk)
    )
    data[f"duty_rules-{place}-DELETE"] = "1"
    answer = admin.post(desk_url(world.regime, "edit"), data, follow=True)
    assert answer.status_code == 200
    assert "can’t be deleted" in told(answer)
    assert world.regime.duty_rules.filter(pk=rule.pk).exists()


def test_a_refusal_sends_nobody_to_another_site(world, asked, admin):
    draft = make_recommendation(world.cycle, label="3.4", slug="encore", live=False, dutch=False)
    answer = admin.post(bulk_url(draft, "publish"), HTTP_REFERER="https://example.com/")
    assert answer["Location"] == "/admin/"
    answer = admin.post(bulk_url(draft, "publish"), HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert answer.status_code == 400
    assert "BXL-C1-3.4" in answer.content.decode()


def test_what_is_in_use_is_not_deleted(world, asked, admin):
    group = make_group(world.cycle)
    make_recommendation(world.cycle, label="1", group=group, dutch=False)
    make_measure(asked, contributors=[make_body("parks")])
    for row in (group, world.kind, world.regime, world.government, make_body("parks")):
        for url in (desk_url(row, "delete"), bulk_url(row, "delete")):
            assert admin.post(url, follow=True).status_code == 200
        assert type(row).objects.filter(pk=row.pk).exists()

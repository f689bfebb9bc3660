"""Who may do what: role × action × noun, per assembly; by the policy, and by the admin's doors."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from assemblies.models import (
    Act,
    Action,
    AnnouncedCount,
    Assembly,
    Body,
    Change,
    Group,
    Measure,
    Passage,
    Recommendation,
    RecommendationKind,
    Regime,
    Role,
    Topic,
    Withdrawal,
)
from assemblies.permissions import may_speak_for, policy_for
from tests.assemblies.desk import (
    bulk_url,
    client_of,
    desk_url,
    filled,
    make_user,
    page_url,
    told,
)
from tests.factories import (
    World,
    correct,
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
    make_regime,
    make_topic,
    make_world,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db

ACTIONS = ("view", "add", "change", "delete", "publish", "translate")
ROLES = ("publisher", "editor", "service", "committee", "translator")
SECRET = "Secret parisien"
ADMIN_HOME = "/admin/"


@dataclass
class Two:
    """Two assemblies side by side, a user for each role of the first, and things of both."""

    world: World
    paris: Assembly
    users: dict[str, Any]
    things: dict[str, dict[str, Any]]
    opinion: Action
    answer: Action
    asked: Recommendation

    def client(self, role: str) -> Client:
        return client_of(type(self.users[role]).objects.get(pk=self.users[role].pk))

    def user(self, role: str) -> Any:
        """Read anew: roles are remembered on the user of one request."""
        return type(self.users[role]).objects.get(pk=self.users[role].pk)

    def drafts_of_paris(self) -> dict[str, Any]:
        return {name: self.things["PAR"][name] for name in FACT_NOUNS}


@pytest.fixture(scope="module")
def two(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Two]:
    """Made once; each test undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _two()
        transaction.set_rollback(True)


def _things(assembly: Assembly, government: Body, other: Body) -> dict[str, Any]:
    cycle = assembly.cycles.get()
    asked = make_recommendation(cycle, label="1", title=f"{SECRET} {assembly.code}", dutch=False)
    words = {"title": f"{SECRET} {assembly.code}", "live": False}
    return {
        "asked": asked,
        "action": draft_action(asked, value="rejected", body=government, title=words["title"]),
        "action of another body": draft_action(asked, body=other, title=words["title"]),
        "opinion": draft_action(asked, value="satisfactory", title=words["title"]),
        "measure": make_measure(asked, announced_by=government, **words),
        "act": make_act(asked, council=government, **words),
        "count": make_count(cycle, words={"fr": words["title"]}, live=False),
        "withdrawal": Withdrawal.objects.create(
            recommendation=asked,
            withdrawn_on=datetime.date(2026, 1, 1),
            reason={"fr": words["title"]},
        ),
        "passage": make_passage(asked, words=words["title"], body=government, live=False),
        "passage of another body": make_passage(
            asked, words=words["title"], body=other, live=False
        ),
        "passage of the committee": make_passage(
            asked, words=words["title"], body=assembly.committee or other, live=False
        ),
        "group": make_group(cycle, title=words["title"]),
        "kind": make_kind(assembly),
        "body": make_body(f"own-{assembly.code.lower()}", assembly=assembly, name=words["title"]),
    }


def _two() -> Two:
    world = make_world()
    page = make_assembly(world.home, code="PAR", dutch=False)
    government = make_body("government-par", "government")
    make_kind(page.register, deciding_body=government)
    make_cycle(page, dutch=False)
    paris = page.register
    things = {
        "BXL": _things(world.assembly, world.government, world.administration),
        "PAR": _things(paris, government, world.administration),
    }
    for name in FACT_NOUNS:
        for code in things:
            things[code][name].save_revision()
    shared = {
        "topic": make_topic("housing"),
        "regime": make_regime(),
        "shared body": world.administration,
    }
    for code in things:
        things[code] |= shared
    users = {
        name: make_user(
            name,
            (world.assembly, name, *([world.administration] if name == "service" else [])),
        )
        for name in ROLES
    }
    users["admin"] = make_user("admin", superuser=True)
    users["nobody"] = make_user("nobody")
    things["BXL"]["role"] = Role.objects.get(name="publisher")
    asked = make_recommendation(world.cycle, label="2")
    return Two(
        world=world,
        paris=paris,
        users=users,
        things=things,
        opinion=publish_action(asked, value="insufficient", title="Avis publié", dutch=False),
        answer=publish_action(asked, value="under_study", title="Réponse publiée", dutch=False),
        asked=asked,
    )


# -- the policy ---------------------------------------------------------------------------------

V, D, P = "view", "view add change delete", "view add change delete publish"
T, E = "view translate", "view add change"
#: noun → what publisher, editor, service, committee and translator may do with it at home.
MATRIX = {
    "action": (P, D, V, V, T),
    "action of another body": (P, D, D, V, T),
    "opinion": (V, V, V, P, T),
    "measure": (P, D, V, V, T),
    "act": (P, D, V, V, T),
    "count": (P, D, V, V, T),
    "withdrawal": (P, D, V, V, T),
    "passage": (P, D, V, V, T),
    "passage of another body": (P, D, D, V, T),
    "passage of the committee": (V, V, V, P, T),
    "group": (D, E, V, V, T),
    "kind": (D, E, V, V, T),
    "body": (D, E, V, V, T),
    "shared body": (V, V, V, V, V),
    "topic": (V, V, V, V, V),
    "regime": (V, V, V, V, V),
    "asked": (V, V, V, V, V),
    "role": ("", "", "", "", ""),
}
#: What all assemblies share is seen from each of them.
SHARED = {"shared body", "topic", "regime"}


def may(user: Any, thing: Any) -> str:
    policy = policy_for(type(thing))
    return " ".join(a for a in ACTIONS if policy.user_has_permission_for_instance(user, a, thing))


@pytest.mark.parametrize("noun", MATRIX)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_this_at_home_and_nothing_next_door(two, role, noun):
    expected = MATRIX[noun][ROLES.index(role)]
    assert may(two.user(role), two.things["BXL"][noun]) == expected
    if noun not in SHARED and noun in two.things["PAR"]:
        assert may(two.user(role), two.things["PAR"][noun]) == ""


@pytest.mark.parametrize("noun", MATRIX)
def test_without_a_role_nothing_and_an_administrator_everything(two, noun):
    thing = two.things["BXL"][noun]
    nobody, admin = two.user("nobody"), two.user("admin")
    assert may(nobody, thing) == ""
    assert may(admin, thing) == ("view" if noun == "asked" else " ".join(ACTIONS))
    admin.is_active = False
    assert may(admin, thing) == ""


@pytest.mark.parametrize("noun", MATRIX)
@pytest.mark.parametrize("role", ROLES)
def test_the_rows_within_reach_are_those_one_may_see(two, role, noun):
    thing = two.things["BXL"][noun]
    policy = policy_for(type(thing))
    seen = set(policy.instances_user_has_any_permission_for(two.user(role), ("view",)))
    assert (thing in seen) is (noun != "role")
    stranger = two.things["PAR"].get(noun)
    if stranger is not None and noun not in SHARED:
        assert stranger not in seen


@pytest.mark.parametrize(
    ("role", "who", "expected"),
    [
        ("publisher", "government", True),
        ("publisher", "committee", False),
        ("editor", "administration", True),
        ("editor", "committee", False),
        ("service", "administration", True),
        ("service", "government", False),
        ("service", "committee", False),
        ("committee", "committee", True),
        ("committee", "government", False),
        ("translator", "government", False),
        ("nobody", "government", False),
        ("admin", "committee", True),
    ],
)
def test_who_speaks_for_whom(two, role, who, expected):
    body = getattr(two.world, who)
    assert may_speak_for(two.user(role), two.world.assembly.pk, body) is expected
    if role != "admin":
        assert not may_speak_for(two.user(role), two.paris.pk, body)


def test_the_granted_rights_go_with_the_role(two):
    group = two.users["publisher"].groups.get()
    assert group.permissions.filter(codename="publish_action").exists()
    group.roles.get().delete()
    assert not group.permissions.filter(codename="publish_action").exists()
    assert not group.page_permissions.exists()
    assert may(two.user("publisher"), two.things["BXL"]["action"]) == ""


# -- the admin: next door -----------------------------------------------------------------------


def refused(response: Any) -> bool:
    """403, or Wagtail's way back to the admin's home with a message."""
    return response.status_code == 403 or (
        response.status_code == 302 and response["Location"] == ADMIN_HOME
    )


def not_found(client: Client, url: str, query: dict[str, Any] | None = None) -> bool:
    """404, at once or at the address in a language that the site looks at then."""
    return client.get(url, query or {}, follow=True).status_code == 404


VIEWS_OF_ONE = ("edit", "delete", "history", "history_results", "usage", "preview_on_edit")
VIEWS_OF_ONE += ("unpublish", "languages", "copy", "lock", "unlock", "workflow_history")
FACT_NOUNS = ("action", "measure", "act", "count", "withdrawal", "passage")


@pytest.mark.parametrize("noun", FACT_NOUNS)
@pytest.mark.parametrize("view", VIEWS_OF_ONE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_publisher_opens_nothing_of_another_assembly(two, noun, view, method):
    thing = two.drafts_of_paris()[noun]
    if view == "copy" and noun in ("action", "passage"):
        return  # these can't be copied
    client = two.client("publisher")
    answer = getattr(client, method)(desk_url(thing, view))
    assert refused(answer), answer.status_code
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("noun", FACT_NOUNS)
def test_a_publisher_opens_his_own(two, noun):
    client = two.client("publisher")
    for view in ("edit", "delete", "history", "usage"):
        answer = client.get(desk_url(two.things["BXL"][noun], view))
        assert answer.status_code == 200, view


@pytest.mark.parametrize("noun", FACT_NOUNS)
@pytest.mark.parametrize("view", ["revisions_view", "revisions_revert", "revisions_unschedule"])
def test_a_publisher_reads_no_revision_of_another_assembly(two, noun, view):
    client = two.client("publisher")
    thing = two.things["PAR"][noun]
    assert refused(client.get(desk_url(thing, view, thing.latest_revision.pk)))
    own = two.things["BXL"][noun]
    answer = client.get(desk_url(own, "revisions_revert", own.latest_revision.pk))
    assert answer.status_code == 200
    assert refused(client.get(desk_url(thing, "revisions_compare", "earliest", "latest")))
    assert refused(client.post(desk_url(thing, view, thing.latest_revision.pk)))


@pytest.mark.parametrize("noun", FACT_NOUNS)
def test_a_revision_of_another_assembly_is_not_read_through_ones_own_object(two, noun):
    own, stranger = two.things["BXL"][noun], two.things["PAR"][noun]
    client = two.client("publisher")
    for view in ("revisions_view", "revisions_revert"):
        assert not_found(client, desk_url(own, view, stranger.latest_revision.pk))
    number = stranger.latest_revision.pk
    answer = client.get(desk_url(own, "revisions_compare", number, "latest"))
    assert f"{SECRET} PAR" not in answer.content.decode()


@pytest.mark.parametrize("noun", [*FACT_NOUNS, "asked", "group", "kind", "body"])
@pytest.mark.parametrize("view", ["list", "list_results"])
def test_listings_hold_what_is_within_reach(two, noun, view):
    model = type(two.things["BXL"][noun])
    for role in ROLES:
        rows = two.client(role).get(desk_url(model, view)).context["object_list"]
        seen = {row.pk for row in rows}
        assert two.things["BXL"][noun].pk in seen
        assert two.things["PAR"][noun].pk not in seen
    query = {"q": "Secret"}
    rows = two.client("publisher").get(desk_url(model, view), query).context["object_list"]
    assert two.things["PAR"][noun].pk not in {row.pk for row in rows}


def chooser_url(model: type, view: str, *args: Any) -> str:
    return reverse(f"{model.snippet_viewset.chooser_viewset.name}:{view}", args=args)


@pytest.mark.parametrize("noun", [*FACT_NOUNS, "asked", "group", "kind", "body"])
def test_choosers_offer_what_is_within_reach(two, noun):
    own, stranger = two.things["BXL"][noun], two.things["PAR"][noun]
    model = type(own)
    client = two.client("publisher")
    for view in ("choose", "choose_results"):
        for query in ({}, {"q": "Secret"}):
            answer = client.get(chooser_url(model, view), query)
            seen = {row.pk for row in answer.context["results"]}
            assert stranger.pk not in seen
            if not query:
                assert own.pk in seen
    assert client.get(chooser_url(model, "chosen", own.pk)).status_code == 200
    assert not_found(client, chooser_url(model, "chosen", stranger.pk))
    answer = client.get(chooser_url(model, "chosen_multiple"), {"id": [own.pk, stranger.pk]})
    assert answer.status_code == 200
    assert [row["id"] for row in answer.json()["result"]] == [str(own.pk)]


@pytest.mark.parametrize("noun", FACT_NOUNS)
def test_in_bulk_nothing_of_another_assembly_is_shown_or_deleted(two, noun):
    thing = two.things["PAR"][noun]
    client = two.client("publisher")
    shown = client.get(bulk_url(thing, "delete"), follow=True)
    assert SECRET not in shown.content.decode()
    client.post(bulk_url(thing, "delete"))
    assert type(thing).objects.filter(pk=thing.pk).exists()
    own = two.things["BXL"][noun]
    client.post(bulk_url(own, "delete"))
    assert not type(own).objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/reports/site-history/", "/admin/reports/locked/"]
)
def test_reports_tell_nothing_of_another_assembly(two, path):
    thing = Action.objects.get(pk=two.things["PAR"]["action"].pk)
    thing.save_revision(user=two.users["admin"], log_action=True)
    answer = two.client("publisher").get(path)
    assert f"{SECRET} PAR" not in answer.content.decode()


def test_a_publisher_edits_the_pages_of_his_assembly_only(two):
    client = two.client("publisher")
    assert client.get(page_url(two.asked.page, "edit")).status_code == 200
    stranger = two.things["PAR"]["asked"].page
    for view in ("edit", "revisions_index", "delete", "unpublish", "copy", "history"):
        answer = client.get(page_url(stranger, view))
        if view in ("history", "revisions_index"):
            continue
        assert refused(answer), view


# -- the admin: roles ---------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Action, Measure, Act, Body, Regime, Recommendation, Role])
def test_who_is_not_logged_in_is_sent_to_log_in(two, model):
    paths = [desk_url(model, "list"), desk_url(model, "add")]
    row = model.objects.first()
    paths += [desk_url(row, view) for view in ("edit", "delete", "history")]
    for path in paths:
        for answer in (Client().get(path), Client().post(path)):
            assert answer.status_code == 302
            assert answer["Location"].startswith("/admin/login/")


def test_who_has_no_role_does_not_enter(two):
    answer = two.client("nobody").get(desk_url(Action, "list"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def correction(client: Client, action: Action, **fields: Any) -> dict[str, Any]:
    page = client.get(desk_url(Action, "add"), {"corrects": action.pk})
    assert page.status_code == 200, page.status_code
    return {**filled(page), "reason_text_0": "Une erreur.", "action-publish": "on", **fields}


def test_the_committee_enters_and_publishes_its_opinion(two):
    client = two.client("committee")
    draft = two.things["BXL"]["opinion"]
    data = filled(client.get(desk_url(draft, "edit")))
    answer = client.post(desk_url(draft, "edit"), {**data, "action-publish": "on"}, follow=True)
    assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.live, told(answer)


@pytest.mark.parametrize("role", ["publisher", "editor", "service", "translator"])
def test_nobody_else_publishes_or_changes_what_the_committee_drafts(two, role):
    client = two.client(role)
    draft = two.things["BXL"]["opinion"]
    data = filled(two.client("committee").get(desk_url(draft, "edit")))
    for extra in ({}, {"action-publish": "on"}):
        answer = client.post(desk_url(draft, "edit"), {**data, "title_0": "Autre", **extra})
        assert refused(answer), answer.status_code
    assert refused(client.post(desk_url(draft, "delete")))
    draft = Action.objects.get(pk=draft.pk)
    assert not draft.live
    assert draft.latest_revision is None


def test_the_committee_corrects_what_it_said(two):
    client = two.client("committee")
    data = correction(client, two.opinion, value="to_clarify")
    answer = client.post(desk_url(Action, "add"), data, follow=True)
    corrected = Action.objects.filter(corrects=two.opinion).first()
    assert corrected is not None, told(answer)
    assert (corrected.live, corrected.value, corrected.body) == (
        True,
        "to_clarify",
        two.world.committee,
    )
    assert Recommendation.objects.get(pk=two.asked.pk).opinion == "to_clarify"


@pytest.mark.parametrize("role", ["publisher", "editor"])
@pytest.mark.parametrize(
    "change",
    [{"value": "satisfactory"}, {"withdraws": "on", "value": ""}],
    ids=["correct", "withdraw"],
)
@pytest.mark.parametrize("speaker", ["committee", "government"])
@pytest.mark.parametrize("publish", [True, False], ids=["publish", "draft"])
def test_the_authority_can_neither_correct_nor_withdraw_what_the_committee_said(
    two, role, change, speaker, publish
):
    client = two.client(role)
    before = Change.objects.count()
    data = correction(client, two.opinion, body=getattr(two.world, speaker).pk, **change)
    if not publish:
        del data["action-publish"]
    answer = client.post(desk_url(Action, "add"), data)
    assert answer.status_code == 200
    assert "body" in answer.context["form"].errors
    assert not Action.objects.filter(corrects=two.opinion).exists()
    assert Change.objects.count() == before
    assert Recommendation.objects.get(pk=two.asked.pk).opinion == "insufficient"


def test_the_committee_corrects_nothing_of_the_authority(two):
    client = two.client("committee")
    answer = client.post(desk_url(Action, "add"), correction(client, two.answer))
    assert "body" in answer.context["form"].errors
    assert not Action.objects.filter(corrects=two.answer).exists()


def test_no_opinion_is_slipped_into_a_draft_of_another_body(two):
    client = two.client("publisher")
    draft = two.things["BXL"]["action"]
    data = filled(client.get(desk_url(draft, "edit")))
    answer = client.post(desk_url(draft, "edit"), {**data, "body": two.world.committee.pk})
    assert "body" in answer.context["form"].errors


def test_a_service_drafts_for_its_own_body_only(two):
    client = two.client("service")
    draft = two.things["BXL"]["action of another body"]
    assert draft.body == two.world.administration
    data = filled(client.get(desk_url(draft, "edit")))
    client.post(desk_url(draft, "edit"), {**data, "title_0": "Une étape du service"}, follow=True)
    assert "service" in str(Action.objects.get(pk=draft.pk).get_latest_revision_as_object().title)
    for body in (two.world.government, two.world.committee):
        answer = client.post(desk_url(draft, "edit"), {**data, "body": body.pk})
        assert "body" in answer.context["form"].errors


def test_a_service_creates_a_draft_and_publishes_none(two):
    client = two.client("service")
    draft = two.things["BXL"]["action of another body"]
    data = filled(client.get(desk_url(draft, "edit")))
    answer = client.post(desk_url(draft, "edit"), {**data, "action-publish": "on"})
    assert refused(answer)
    new = {**data, "title_0": "Nouvelle étape", "targets-0-id": "", "targets-INITIAL_FORMS": "0"}
    created = Action.objects.exclude(pk=draft.pk).filter(body=draft.body, assembly=draft.assembly)
    answer = client.post(desk_url(Action, "add"), {**new, "action-publish": "on"}, follow=True)
    assert "no role" in told(answer)
    assert not created.exists()
    answer = client.post(desk_url(Action, "add"), new, follow=True)
    assert [action.live for action in created] == [False], told(answer)
    assert not Action.objects.filter(body=draft.body, live=True).exists()


def test_a_service_changes_no_draft_of_the_government(two):
    client = two.client("service")
    draft = two.things["BXL"]["action"]
    data = filled(two.client("publisher").get(desk_url(draft, "edit")))
    before = draft.latest_revision_id
    assert refused(client.post(desk_url(draft, "edit"), {**data, "title_0": "Autre"}))
    assert Action.objects.get(pk=draft.pk).latest_revision_id == before


@pytest.mark.parametrize("which", ["answer", "opinion"])
def test_a_translator_adds_the_missing_language(two, which):
    action = getattr(two, which)
    client = two.client("translator")
    url = desk_url(action, "languages")
    page = client.get(url)
    assert page.status_code == 200
    assert "title_fr" not in page.context["form"].fields
    client.post(url, {"title_nl": "Een stap", "title_fr": "Autre chose"})
    action = Action.objects.get(pk=action.pk)
    assert action.title.data == {"fr": str(action.title.data["fr"]), "nl": "Een stap"}
    assert action.title.data["fr"].endswith(("publiée", "publié"))
    assert Change.objects.latest("number").kind == "words"


def test_a_translator_does_nothing_else(two):
    client = two.client("translator")
    draft = two.things["BXL"]["action"]
    data = filled(two.client("publisher").get(desk_url(draft, "edit")))
    changes = Change.objects.count()
    for model in (Action, Measure, Act, AnnouncedCount, Withdrawal, Passage, Body, Group, Topic):
        assert refused(client.get(desk_url(model, "add"))), model
        assert refused(client.post(desk_url(model, "add"), data)), model
    for extra in ({}, {"action-publish": "on"}):
        assert refused(client.post(desk_url(draft, "edit"), {**data, "title_0": "Autre", **extra}))
    assert refused(client.post(desk_url(draft, "delete")))
    assert refused(client.post(desk_url(draft, "unpublish")))
    assert not_found(client, desk_url(draft, "languages"))  # of what is published only
    assert Action.objects.filter(pk=draft.pk, live=False).exists()
    assert Change.objects.count() == changes


@pytest.mark.parametrize("role", ["service", "committee"])
def test_others_add_no_language_to_what_the_government_said(two, role):
    answer = two.client(role).post(desk_url(two.answer, "languages"), {"title_nl": "Een stap"})
    assert refused(answer)
    assert "nl" not in Action.objects.get(pk=two.answer.pk).title.data


def test_an_editor_writes_drafts_and_publishes_none(two):
    client = two.client("editor")
    draft = two.things["BXL"]["action"]
    data = filled(client.get(desk_url(draft, "edit")))
    client.post(desk_url(draft, "edit"), {**data, "title_0": "Mieux dit"})
    assert "Mieux dit" in str(Action.objects.get(pk=draft.pk).get_latest_revision_as_object().title)
    assert refused(client.post(desk_url(draft, "edit"), {**data, "action-publish": "on"}))
    assert not Action.objects.get(pk=draft.pk).live


@pytest.mark.parametrize("noun", ["topic", "regime", "shared body"])
def test_what_all_assemblies_share_is_written_by_administrators(two, noun):
    thing = two.things["BXL"][noun]
    for role in ROLES:
        assert refused(two.client(role).post(desk_url(thing, "edit"), {"slug": "other"}))
    assert two.client("admin").get(desk_url(thing, "edit")).status_code == 200


@pytest.mark.parametrize("role", [*ROLES, "admin"])
def test_nobody_edits_the_register(two, role):
    client = two.client(role)
    row = Recommendation.objects.filter(pk=two.asked.pk)
    before = row.values().get()
    data = {"title": "Autre", "label": "9", "reference": "BXL-C1-9", "response": "accepted"}
    urls = [desk_url(Recommendation, "add")]
    urls += [desk_url(two.asked, view) for view in ("edit", "delete")]
    for url in urls:
        assert refused(client.get(url)), url
        assert refused(client.post(url, data)), url
    client.post(bulk_url(two.asked, "delete"))
    assert row.values().get() == before
    assert client.get(desk_url(two.asked, "inspect")).status_code == 200


def test_nobody_but_administrators_gives_roles(two):
    role = Role.objects.get(name="editor")
    data = {"group": role.group_id, "assembly": two.world.assembly.pk, "name": "publisher"}
    for name in ROLES:
        client = two.client(name)
        for url in (desk_url(Role, "list"), desk_url(Role, "add"), desk_url(role, "edit")):
            assert refused(client.get(url))
            assert refused(client.post(url, data))
    assert two.client("admin").get(desk_url(role, "edit")).status_code == 200
    assert not role.group.roles.filter(name="publisher").exists()


def test_all_nouns_have_a_policy_that_is_tested(two):
    from assemblies.permissions import policies

    tested = {type(thing) for thing in two.things["BXL"].values()}
    assert set(policies()) - tested == {type(two.world.cycle)}
    assert RecommendationKind in tested


def test_a_cycle_is_read_by_everybody_of_the_assembly_and_written_by_nobody(two):
    cycle = two.world.cycle
    for role in (*ROLES, "admin"):
        assert may(two.user(role), cycle) == "view"
    assert may(two.user("nobody"), cycle) == ""
    assert may(two.user("publisher"), two.paris.cycles.get()) == ""


def test_a_withdrawn_recommendation_stays_within_its_assembly(two):
    withdrawal = withdraw(two.things["PAR"]["asked"])
    assert refused(two.client("publisher").get(desk_url(withdrawal, "edit")))


# -- one user, two assemblies -------------------------------------------------------------------


@pytest.fixture
def mixed(two):
    """Publisher of Paris, editor of Brussels: Wagtail's own permissions are those of both."""
    return client_of(make_user("mixed", (two.paris, "publisher"), (two.world.assembly, "editor")))


def test_a_publisher_elsewhere_publishes_nothing_where_he_is_an_editor(two, mixed):
    draft = two.things["BXL"]["action of another body"]
    data = filled(mixed.get(desk_url(draft, "edit")))
    new = {**data, "targets-0-id": "", "targets-INITIAL_FORMS": "0", "action-publish": "1"}
    count = Action.objects.count()
    answer = mixed.post(desk_url(Action, "add"), new, follow=True)
    assert "no role" in told(answer)
    assert refused(mixed.post(desk_url(draft, "edit"), {**data, "action-publish": "1"}))
    assert Action.objects.count() == count
    assert not Action.objects.get(pk=draft.pk).live


def test_a_draft_is_not_carried_to_where_its_publisher_is_an_editor(two, mixed):
    draft = two.things["PAR"]["action of another body"]
    data = filled(mixed.get(desk_url(draft, "edit")))
    carried = {
        **data,
        "assembly": two.world.assembly.pk,
        "targets-0-recommendation": two.things["BXL"]["asked"].pk,
        "action-publish": "1",
    }
    assert "no role" in told(mixed.post(desk_url(draft, "edit"), carried, follow=True))
    stored = Action.objects.get(pk=draft.pk)
    assert (stored.live, stored.assembly) == (False, two.paris)
    del carried["action-publish"]
    mixed.post(desk_url(draft, "edit"), carried, follow=True)
    assert Action.objects.get(pk=draft.pk).assembly == two.world.assembly


def test_a_reader_of_another_assembly_drafts_nothing_there(two):
    client = client_of(
        make_user("reader", (two.paris, "translator"), (two.world.assembly, "publisher"))
    )
    draft = two.things["BXL"]["measure"]
    data = filled(client.get(desk_url(draft, "edit")))
    theirs = {
        **data,
        "cycle": two.paris.cycles.get().pk,
        "serves-0-recommendation": two.things["PAR"]["asked"].pk,
    }
    assert "no role" in told(client.post(desk_url(draft, "edit"), theirs, follow=True))
    new = {**theirs, "serves-0-id": "", "serves-INITIAL_FORMS": "0"}
    count = Measure.objects.count()
    assert "no role" in told(client.post(desk_url(Measure, "add"), new, follow=True))
    assert Measure.objects.count() == count
    assert Measure.objects.get(pk=draft.pk).cycle == draft.cycle


def test_a_correction_stays_within_its_assembly(two):
    """The body is shared, the recommendations are not."""
    told_in_paris = publish_action(two.things["PAR"]["asked"], body=two.world.administration)
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        correct(
            told_in_paris,
            two.asked,
            assembly=two.world.assembly,
            body=two.world.administration,
        )
    assert "corrects" in caught.value.message_dict
    assert not hasattr(Action.objects.get(pk=told_in_paris.pk), "corrected_by")


def test_a_publisher_makes_no_authority_of_the_committee(two):
    """Else he could withdraw what it said."""
    own = make_body("own-committee", "committee", assembly=two.world.assembly)
    silent = make_body("silent-committee", "committee", assembly=two.world.assembly)
    publish_action(two.asked, value="insufficient", body=own)
    client = two.client("publisher")
    for body, kind in ((own, "committee"), (silent, "administration")):
        data = filled(client.get(desk_url(body, "edit")))
        client.post(desk_url(body, "edit"), {**data, "kind": "administration"})
        assert Body.objects.get(pk=body.pk).kind == kind


def test_a_publisher_adds_no_body_that_all_share(two):
    client = two.client("publisher")
    data = filled(client.get(desk_url(Body, "add")))
    data |= {"name_0": "Un service", "kind": "administration", "slug": "un-service"}
    client.post(desk_url(Body, "add"), {**data, "assembly": ""})
    assert not Body.objects.filter(slug="un-service").exists()
    client.post(desk_url(Body, "add"), {**data, "assembly": two.world.assembly.pk})
    assert Body.objects.get(slug="un-service").assembly == two.world.assembly
    own = two.things["BXL"]["body"]
    data = filled(client.get(desk_url(own, "edit")))
    client.post(desk_url(own, "edit"), {**data, "assembly": ""})
    assert Body.objects.get(pk=own.pk).assembly == two.world.assembly


def test_drafts_of_pages_of_another_assembly_are_not_offered(two):
    cycle = two.paris.cycles.get()
    page = make_recommendation(cycle, label="9", title="Reserve lointaine", live=False, dutch=False)
    own = make_recommendation(two.world.cycle, label="9", title="Partage", live=False, dutch=False)
    client = two.client("publisher")
    for path in (
        f"/admin/choose-page/{cycle.page_id}/",
        "/admin/choose-page/search/?q=Reserve",
        f"/admin/choose-page/chosen-multiple/?id={page.pk}",
        "/admin/pages/search/?q=Reserve",
        f"/admin/pages/{page.pk}/view_draft/",
        f"/admin/api/main/pages/{page.pk}/",
    ):
        shown = client.get(path, follow=True).content.decode()
        assert page.title not in shown, path
    shown = client.get(f"/admin/choose-page/{two.world.cycle.page_id}/").content.decode()
    assert own.title in shown
    chosen = client.get(f"/admin/choose-page/chosen-multiple/?id={own.pk}&id=x")
    assert own.title in chosen.content.decode()


def test_the_usage_of_what_is_shared_names_no_draft_of_another_assembly(two):
    publish_action(two.asked, body=two.world.administration, title="Le nôtre", dutch=False)
    shown = two.client("publisher").get(desk_url(two.world.administration, "usage"))
    assert "Le nôtre" in shown.content.decode()
    assert f"{SECRET} PAR" not in shown.content.decode()


@pytest.mark.parametrize("path", ["reports/site-history/", "reports/site-history/results/"])
def test_the_history_of_the_whole_site_is_for_administrators(two, path):
    assert refused(two.client("publisher").get(f"/admin/{path}"))
    assert two.client("admin").get(f"/admin/{path}").status_code == 200


def test_no_api_lists_the_objects_of_all_assemblies(two):
    for role in ("publisher", "admin"):
        for path in ("action/", f"action/{two.opinion.pk}/"):
            url = f"/admin/localize/api/snippets/assemblies/{path}"
            assert two.client(role).get(url, follow=True).status_code == 404

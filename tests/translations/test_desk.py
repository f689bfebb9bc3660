"""The list: what is missing, for whom, in which order, at which cost."""

import datetime

import pytest
from django.conf import settings
from django.test import override_settings

from assemblies.models import Assembly, Measure
from tests.assemblies.desk import client_of, make_user
from tests.factories import (
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
from tests.translations.work import desk_address, names, own, superuser, tally
from translations import desk, reach

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.date(2023, 9, 28)


@pytest.fixture
def world():
    return make_world()


def everything_lacks_dutch(world, number: int = 1) -> None:
    """One thing of each sort, or ``number`` of them, with French words only."""
    for place in range(number):
        asked = make_recommendation(world.cycle, label=f"{place + 1}", dutch=False)
        publish_action(asked, value="under_study", title="Récente", dutch=False)
        publish_action(asked, kind="meeting", title="Ancienne", dutch=False, on=LONG_AGO)
        make_measure(asked, label=f"{place + 1}.1", dutch=False, part={"fr": "Une partie."})
        make_act(asked, number=f"V{place}", title={"fr": "Acte"}, article={"fr": "Article"})
        make_count(world.cycle, words={"fr": "plus de 60"}, source_title={"fr": "Page"})
        make_passage(asked, reason="budget", reason_text={"fr": "Trop cher."})
        make_group(world.cycle, title={"fr": "Priorité"})
        make_body(f"service-{place}", name={"fr": "Service"}, assembly=world.assembly)
        make_kind(world.assembly, code=f"kind-{place}", name={"fr": "Vœu"}, plural={"fr": "Vœux"})
        gone = make_recommendation(world.cycle, label=f"{place + 1}9", dutch=False)
        withdraw(gone, reason={"fr": "Saisie en double."})


def test_the_list_names_what_readers_meet_first_first(world):
    everything_lacks_dutch(world)
    found = [entry.table.name for entry in desk.listed(tally(world.assembly), superuser())]
    order = ["kind", "body", "group", "action", "recommendation", "measure", "act", "action"]
    assert [name for place, name in enumerate(found) if found[:place][-1:] != [name]] == [
        *order,
        "passage",
        "count",
        "withdrawal",
    ]


def test_pages_stand_with_what_readers_meet_first():
    world = make_world(dutch=False)
    Assembly.objects.update(languages=["fr", "nl"])
    make_recommendation(world.cycle, label="1", dutch=False)
    found = names(desk.listed(tally(Assembly.objects.get()), superuser(), kind="pages"))
    assert found == ["page:BXL", "cycle:BXL-C1", "recommendation:BXL-C1-1"]


def test_what_is_complete_is_not_on_it(world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="under_study")
    make_measure(asked, label="1.1")
    now = tally(world.assembly)
    assert (now.missing_count, now.outdated_count) == (0, 0)
    assert now.done_count == now.all_count > 3


def test_drafts_are_not_on_it(world):
    asked = make_recommendation(world.cycle, label="1")
    draft_action(asked, title="Brouillon", dutch=False)
    make_recommendation(world.cycle, label="2", dutch=False, live=False)
    assert tally(world.assembly).left_count == 0


def test_a_field_that_has_no_words_in_any_language_lacks_none(world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="under_study", text={})
    assert tally(world.assembly).left_count == 0


def test_words_that_look_like_our_json_fool_nobody(world):
    asked = make_recommendation(world.cycle, label="1")
    for title in ('Il écrit "nl": "oui"', '"nl": ""', "100 % \\ _ «"):
        publish_action(asked, value="under_study", title={"fr": title})
        publish_action(asked, value="under_study", title={"fr": title, "nl": title})
    assert tally(world.assembly).of_kind("steps") == 3
    assert tally(world.assembly, "fr").left_count == 0


def test_words_in_a_row_below_count_with_it(world):
    asked = make_recommendation(world.cycle, label="1")
    make_measure(asked, label="1.1", part={"fr": "Le guichet seulement."})
    make_kind(
        world.assembly,
        words={("response", "accepted"): {"fr": "Adopté"}},
        code="voeu",
    )
    entries = desk.listed(tally(world.assembly), superuser())
    assert names(entries) == ["kind:BXL/voeu", "measure:BXL-C1-1.1"]
    assert all(len(entry.missing) == 1 for entry in entries)


def test_a_quotation_is_missing_only_where_its_text_is_there(world):
    asked = make_recommendation(world.cycle, label="1", dutch=False)
    make_passage(asked, words="un guichet")
    assert tally(world.assembly).of_kind("passages") == 0
    other = make_recommendation(world.cycle, label="2")
    make_passage(other, words="un guichet")
    assert names(desk.listed(tally(world.assembly), superuser(), kind="passages"))
    assert tally(world.assembly).of_kind("passages") == 1


# -- whose languages ------------------------------------------------------------------------------


def test_paris_owes_no_dutch_so_nothing_of_it_is_missing(world):
    paris = make_assembly(world.home, code="PAR", preset="paris", dutch=False)
    cycle = make_cycle(paris, code="P1", dutch=False)
    make_kind(paris.register, deciding_body=make_body("conseil", "council"))
    asked = make_recommendation(cycle.register, label="1", dutch=False)
    publish_action(asked, kind="meeting", dutch=False)
    user = superuser()
    assert {(t.assembly and t.assembly.code, t.language) for t in reach.tallies_of(user)} == {
        ("BXL", "fr"),
        ("BXL", "nl"),
        (None, "fr"),
        (None, "nl"),
    }
    answer = client_of(user).get(desk_address("desk", assembly="PAR", language="nl"))
    assert answer.status_code in (302, 404)


def test_what_all_share_is_owed_in_every_language_that_somebody_owes(world):
    make_topic("eau", name={"fr": "Eau"})
    make_body("commun", name={"fr": "Commun"}, assembly=None)
    shared = names(desk.listed(tally_of_all(world), superuser()))
    assert shared[:1] == ["body:commun"]
    assert "topic:eau" in shared


def tally_of_all(world):
    found = desk.tallies([world.assembly], shared=True)
    return next(each for each in found if each.assembly is None and each.language == "nl")


@override_settings(LANGUAGES=[*settings.LANGUAGES, ("de", "Deutsch")])
def test_a_third_language_is_owed_by_whom_it_names(world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="under_study", title={"fr": "Un", "nl": "Een", "de": "Eins"})
    publish_action(asked, value="under_study", title={"fr": "Deux", "nl": "Twee"})
    page = world.assembly_page
    page.languages = ["fr", "nl", "de"]
    page.save_revision().publish()
    from wagtail.models import Locale

    Locale.objects.get_or_create(language_code="de")
    german = tally(Assembly.objects.get(), "de")
    assert german.of_kind("steps") == 1
    assert german.of_kind("pages") == 3
    assert tally(Assembly.objects.get(), "nl").of_kind("steps") == 0


def test_a_translator_sees_their_own_assembly_and_no_other(world):
    paris = make_assembly(world.home, code="PAR", preset="paris")
    make_cycle(paris, code="P1")
    translator = make_user("vertaler", (world.assembly, "translator"), language="nl")
    assert {t.assembly.code for t in reach.tallies_of(translator)} == {"BXL"}
    client = client_of(translator)
    answer = client.get(desk_address("desk"))
    assert answer.context["chosen"].language == "nl"
    for code in ("PAR", ""):
        answer = client.get(desk_address("desk", assembly=code, language="nl"))
        assert answer.status_code in (302, 404)


def test_without_a_role_there_is_no_desk():
    make_world()
    client = client_of(make_user("nobody"))
    assert client.get(desk_address("desk")).status_code == 302
    assert "translations" not in client.get("/admin/").content.decode()


def test_the_committee_writes_its_own_words_and_no_publisher_does(world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="insufficient", title="Avis", dutch=False)
    now = tally(world.assembly)
    may = {
        role: desk.listed(now, make_user(role, (world.assembly, role)))[0].may_write
        for role in ("publisher", "editor", "committee", "translator")
    }
    assert may == {"publisher": False, "editor": False, "committee": True, "translator": True}


# -- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_costs_the_same_whatever_stands_on_it(world, number, django_assert_num_queries):
    everything_lacks_dutch(world, number)
    client = client_of(make_user("vertaler", (world.assembly, "translator"), language="nl"))
    address = desk_address("desk", assembly="BXL", language="nl")
    client.get(address)
    with django_assert_num_queries(57):
        answer = client.get(address)
    assert answer.status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_dashboard_costs_the_same_whatever_is_missing(world, number, django_assert_num_queries):
    everything_lacks_dutch(world, number)
    user = make_user("vertaler", (world.assembly, "translator"), language="nl")
    assert reach.tallies_of(user)  # what a process reads once: content types, the site
    with django_assert_num_queries(19):
        assert reach.tallies_of(user)


def test_a_long_list_comes_in_pages_each_thing_once(world, monkeypatch):
    everything_lacks_dutch(world, 3)
    monkeypatch.setattr(desk, "ROWS", 5)
    client = client_of(superuser())
    whole = names(desk.listed(tally(world.assembly), superuser(), size=1000))
    seen = []
    for page in range(1, 100):
        answer = client.get(desk_address("desk", assembly="BXL", language="nl", p=page))
        seen += [
            f"{item['entry'].table.name}:{item['entry'].key}"
            for _section, items in answer.context["sections"]
            for item in items
        ]
        if not answer.context["next_url"]:
            break
    assert seen == whole
    assert len(whole) == len(set(whole)) == tally(world.assembly).left_count


@pytest.mark.parametrize("kind", ["", *desk.KINDS, "nonsense"])
@pytest.mark.parametrize("state", ["", "missing", "outdated", "nonsense"])
def test_it_is_narrowed_by_sort_and_by_state(world, kind, state):
    everything_lacks_dutch(world)
    address = desk_address("desk", assembly="BXL", language="nl", kind=kind, state=state, p="x")
    answer = client_of(superuser()).get(address)
    shown = sum(len(items) for _section, items in answer.context["sections"])
    assert shown == answer.context["whole"]
    tables = desk.KINDS.get(kind, (None, set(desk.ALL_TABLES)))[1]
    assert {
        item["entry"].table.name for _s, items in answer.context["sections"] for item in items
    } <= tables


def test_the_dashboard_shows_the_counts(world):
    everything_lacks_dutch(world)
    client = client_of(make_user("vertaler", (world.assembly, "translator"), language="nl"))
    page = client.get("/admin/").content.decode()
    assert desk_address("desk", assembly="BXL", language="nl").replace("&", "&amp;") in page


def test_an_original_that_is_dutch_is_missing_in_french(world):
    page = make_recommendation(world.cycle, label="1").page
    Measure.objects.none()
    publish_action(page.register, value="under_study", title={"nl": "Nederlands"})
    french = tally(world.assembly, "fr")
    assert french.of_kind("steps") == 1
    assert own(page).locale.language_code == "nl"

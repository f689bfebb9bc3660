"""What became of a passage: a claim that is signed, dated, tied, contested, and never rewritten."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation

from assemblies import history
from assemblies.models import Action, ActionTarget, Change, Passage
from tests.assemblies.desk import client_of, desk_url, filled, make_user, told, with_rows
from tests.factories import (
    correct,
    make_measure,
    make_passage,
    make_recommendation,
    make_world,
    publish_action,
)

pytestmark = pytest.mark.django_db
D = datetime.date
TEXT = (
    "<p>Nous demandons un guichet dans chaque quartier.</p><p>Il est gratuit ; il est ouvert.</p>"
)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def asked(world):
    return make_recommendation(world.cycle, label="3.4", verbatim=TEXT)


@pytest.fixture
def measure(asked):
    return make_measure(asked, label="3.4.1")


def refused(**passage) -> dict[str, list[str]]:
    """Field → what a publication is told, in English."""
    with translation.override("en"):
        with pytest.raises(ValidationError) as caught:
            make_passage(passage.pop("asked"), *passage.pop("measures", ()), **passage)
        error = caught.value
        return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


# -- what became of it --------------------------------------------------------------------------


def test_what_became_of_it_follows_from_what_it_is_tied_to(asked, measure):
    alone = make_passage(asked, words="Nous demandons")
    assert alone.state == "unanswered"
    assert make_passage(asked, measure, words="un guichet").state == "covered"
    partly = make_passage(asked, measure, words="chaque quartier", reason_text="Pas dans chacun.")
    assert partly.state == "partly"
    assert make_passage(asked, words="gratuit", reason="budget").state == "refused"
    assert Passage.objects.filter(live=True).count() == 4
    call_command("check_history")


def test_a_refusal_gives_its_code_and_its_reason(asked):
    assert "reason" in refused(asked=asked, reason_text="Trop cher.")
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        make_passage(asked, reason="budget", reason_text={"fr": ""})
    assert "reason_text" in caught.value.message_dict


def test_it_is_tied_to_published_measures_of_its_recommendation(world, asked):
    other = make_recommendation(world.cycle, label="9")
    assert "published measures" in str(refused(asked=asked, measures=[make_measure(other)]))
    draft = make_measure(asked, live=False)
    assert "published measures" in str(refused(asked=asked, measures=[draft]))


def test_it_has_a_day_that_has_come(asked):
    assert "stated_on" in refused(asked=asked, on=D(2099, 1, 1))


# -- its words ----------------------------------------------------------------------------------


def test_words_that_are_not_in_the_text_are_refused_with_a_sentence(asked):
    said = refused(asked=asked, words="un guichet par quartier")
    assert "the text does not have these words" in said["words"][0]
    assert "French" in said["words"][0]
    assert (
        "1 times only" in refused(asked=asked, words="gratuit", occurrence={"fr": "2"})["words"][0]
    )
    assert "occurrence" in refused(asked=asked, words="gratuit", occurrence={"fr": "deux"})
    assert "occurrence" in refused(asked=asked, words="gratuit", occurrence={"nl": "1"})
    assert "words" in refused(asked=asked, words={})


def test_words_are_quoted_in_each_language_from_the_text_of_that_language(asked):
    both = {"fr": "un guichet", "nl": "een loket"}
    assert make_passage(asked, words=both).occurrence.data == {"fr": "1", "nl": "1"}
    said = refused(asked=asked, words={"fr": "gratuit", "nl": "gratuit"})
    assert len(said["words"]) == 1
    assert "Dutch" in said["words"][0]


def test_a_language_without_a_text_can_not_be_quoted(world):
    alone = make_recommendation(world.cycle, label="5", dutch=False)
    said = refused(asked=alone, words={"fr": "un guichet", "nl": "een loket"})
    assert "no published text in this language: Dutch" in said["words"][0]


def test_the_second_time_that_the_text_has_the_words(asked):
    first = make_passage(asked, words="il est")  # not "Il est": word for word
    assert first.span_in
    assert "times only" in str(refused(asked=asked, words="il est", occurrence={"fr": "2"}))


def test_passages_do_not_overlap(asked):
    make_passage(asked, words="un guichet dans chaque quartier")
    said = refused(asked=asked, words="guichet")["words"][0]
    assert "marked already: “un guichet dans chaque quartier”" in said
    make_passage(asked, words="Nous demandons")
    make_passage(asked, words="guichet", live=False)  # a draft may wait for its time


def test_a_language_is_added_later_and_its_words_are_looked_for(asked):
    passage = make_passage(asked, words="un guichet")
    passage.words = {"fr": "un guichet", "nl": "een winkel"}
    with pytest.raises(ValidationError):
        passage.save()
    passage = Passage.objects.get()
    passage.words = {"fr": "un guichet", "nl": "een loket"}
    passage.save()
    assert Passage.objects.get().quoted() == {"fr": "un guichet", "nl": "een loket"}
    assert Change.objects.latest("number").kind == "words"
    passage.words = {"fr": "gratuit", "nl": "een loket"}
    with pytest.raises(history.HistoryError):
        passage.save()
    call_command("check_history")


# -- one in the place of another ----------------------------------------------------------------


def test_another_takes_its_place_and_says_why(world, asked, measure):
    first = make_passage(asked, words="un guichet")
    assert "why" in refused(asked=asked, words="un guichet", replaces=first, why={})
    second = make_passage(asked, measure, words="un guichet dans chaque", replaces=first)
    assert list(Passage.objects.in_force()) == [second]
    assert Passage.objects.get(pk=first.pk).live
    assert "has its place already" in str(refused(asked=asked, replaces=first))
    make_passage(asked, words="un guichet", replaces=second, withdraws=True)
    assert not Passage.objects.in_force().exists()
    make_passage(asked, words="guichet")


def test_only_an_answer_takes_the_place_of_what_another_body_said(world, asked, measure):
    claim = make_passage(asked, measure, words="un guichet")
    said = refused(asked=asked, replaces=claim, body=world.administration, reason="law")
    assert "Another body said so" in said["body"][0]
    silence = make_passage(asked, words="gratuit", body=world.committee)
    for more in ({"withdraws": True}, {}):
        said = refused(
            asked=asked, words="gratuit", replaces=silence, body=world.government, **more
        )
        assert "Another body said so" in said["body"][0]
    answer = make_passage(asked, measure, words="gratuit", replaces=silence, body=world.government)
    assert answer.state == "covered"


def test_the_citizens_own_body_says_that_there_is_no_answer_and_nothing_else(world, asked, measure):
    make_passage(asked, words="gratuit", body=world.committee)
    for more in ({"measures": [measure]}, {"reason": "law"}):
        assert "body" in refused(asked=asked, body=world.committee, **more)


def test_it_stays_with_its_recommendation(world, asked):
    other = make_recommendation(world.cycle, label="9")
    claim = make_passage(other)
    assert "replaces" in refused(asked=asked, replaces=claim)


# -- contested ----------------------------------------------------------------------------------


def contest(asked, passage, **fields):
    return publish_action(asked, kind="opinion", contests=passage, **fields)


def test_the_committee_contests_a_claim_by_an_opinion(world, asked, measure):
    claim = make_passage(asked, measure)
    opinion = contest(asked, claim, body=world.committee)
    assert list(claim.contested_by.all()) == [opinion]
    call_command("check_history")
    # Only its own correction takes it back.
    with pytest.raises(ValidationError):
        correct(opinion, body=world.government)
    correct(opinion)
    assert Action.objects.get(pk=opinion.pk).contests == claim


def test_nobody_else_contests_and_nothing_but_a_claim_of_this_recommendation(world, asked, measure):
    claim = make_passage(asked, measure)
    silence = make_passage(asked, words="gratuit", body=world.committee)
    other = make_recommendation(world.cycle, label="9")
    draft = make_passage(asked, words="ouvert", live=False)
    for passage, things, fields in (
        (claim, asked, {"body": world.government}),
        (claim, asked, {"body": world.committee, "kind": "question"}),
        (claim, other, {"body": world.committee}),
        (silence, asked, {"body": world.committee}),
        (draft, asked, {"body": world.committee}),
    ):
        with pytest.raises(ValidationError):
            publish_action(things, **{"kind": "opinion", "contests": passage, **fields})


def test_facts_published_before_there_were_passages_keep_their_fingerprint(asked):
    action = publish_action(asked)
    assert "contests" not in history.content(action)
    action.contests = make_passage(asked)
    assert "contests" in history.content(action)
    with pytest.raises(history.HistoryError):
        action.save()


# -- at the editor's desk -----------------------------------------------------------------------


def form_of(client, world, asked, *measures, **fields):
    data = filled(client.get(desk_url(Passage, "add")))
    data = with_rows(data, "ties", *({"measure": each.pk} for each in measures))
    return {
        **data,
        "recommendation": asked.pk,
        "body": world.government.pk,
        "stated_on": "2024-05-15",
        "words_0": "un guichet",
        "words_1": "een loket",
        **fields,
    }


def test_an_editor_marks_a_passage(world, asked, measure):
    desk = client_of(make_user("ed", (world.assembly, "publisher")))
    url = desk_url(Passage, "add")
    answer = desk.post(url, form_of(desk, world, asked, words_0="un magasin"))
    assert "the text does not have these words" in told(answer)
    assert not Passage.objects.exists()
    data = form_of(desk, world, asked, measure)
    answer = desk.post(url, {**data, "action-publish": "on"}, follow=True)
    passage = Passage.objects.get()
    assert passage.live, told(answer)
    assert passage.state == "covered"
    assert passage.quoted() == {"fr": "un guichet", "nl": "een loket"}
    url = f"{url}?replaces={passage.pk}"
    data = filled(desk.get(url))
    assert (data["words_0"], data["replaces"]) == ("un guichet", str(passage.pk))
    assert data["ties-0-measure"] == str(measure.pk)
    data |= {"stated_on": "2025-01-01", "why_0": "Un guichet manque.", "reason_text_0": "Pas tous."}
    answer = desk.post(url, {**data, "action-publish": "on"}, follow=True)
    assert Passage.objects.in_force().get().state == "partly", told(answer)


def test_a_missing_language_is_refused_where_its_words_are_not_there(world, asked):
    passage = make_passage(asked, words="un guichet")
    desk = client_of(make_user("tr", (world.assembly, "translator")))
    url = desk_url(passage, "languages")
    answer = desk.post(url, {"words_nl": "een winkel"})
    assert "the text does not have these words" in told(answer)
    desk.post(url, {"words_nl": "een loket"}, follow=True)
    assert Passage.objects.get().quoted()["nl"] == "een loket"


def test_the_committee_contests_at_its_desk_and_the_authority_can_not(world, asked, measure):
    claim = make_passage(asked, measure)
    url = f"{desk_url(Action, 'add')}?contests={claim.pk}"
    committee = client_of(make_user("co", (world.assembly, "committee")))
    assert "Contest" in committee.get(desk_url(claim, "edit")).content.decode()
    data = filled(committee.get(url))
    assert (data["kind"], data["contests"]) == ("opinion", str(claim.pk))
    data |= {"happened_first": "2024-06-06", "title_0": "Non.", "action-publish": "on"}
    answer = committee.post(desk_url(Action, "add"), data, follow=True)
    opinion = Action.objects.get(contests=claim, live=True)
    assert opinion.body == world.committee, told(answer)
    assert ActionTarget.objects.get(action=opinion).recommendation == asked
    publisher = client_of(make_user("pu", (world.assembly, "publisher")))
    assert "?contests=" not in publisher.get(desk_url(claim, "edit")).content.decode()
    data |= {"body": world.government.pk, "title_0": "Si."}
    answer = publisher.post(desk_url(Action, "add"), data)
    assert "contests" in answer.context["form"].errors

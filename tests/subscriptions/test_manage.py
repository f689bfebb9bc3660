"""The pages behind the link in a mail: choices, pauses, endings, export, erasure."""

import datetime
import json

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.translation import override

from subscriptions import rounds, tokens
from subscriptions.models import Address, Mail, Subscription
from tests.factories import follow, make_recommendation, make_topic, publish_action, text_of
from tests.subscriptions.test_loop import HERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(world):
    return make_topic("eau")


def at(name: str, token: str, language: str = "fr") -> str:
    with override(language):
        return reverse(f"subscriptions:{name}", args=[token])


def manage(address, language: str = "fr") -> str:
    return at("manage", tokens.for_managing(address), language)


def everything() -> dict:
    """Every row of this room."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("subscriptions").get_models()
    }


def test_no_get_changes_anything(client, topic):
    row = follow(topic)
    asked = make_recommendation(topic_world(topic), label="1", topics=[topic])
    publish_action(asked, value="accepted")
    rounds.send_now()
    address, mail = row.address, Mail.objects.get()
    addresses = [
        "/fr/suivre/",
        f"/fr/suivre/?what=topic:{topic.pk}",
        at("confirm", tokens.for_confirming(address)),
        manage(address),
        f"{manage(address)}?done=stopped",
        at("erase", tokens.for_managing(address)),
        at("export", tokens.for_managing(address)),
        at("stop", tokens.for_stopping(address, "weekly")),
        at("read", tokens.for_reading(mail)),
    ]
    before = everything()
    for path in addresses:
        for method in (client.get, client.head):
            answer = method(path)
            assert answer.status_code == 200, path
            assert not answer.cookies
            assert "no-store" in answer["Cache-Control"], path
    assert everything() == before


def topic_world(topic):
    from assemblies.models import Cycle

    return Cycle.objects.first()


def choose(client, address, rows=(), *, do="save", **fields):
    form = {"do": do, **fields}
    for row in rows:
        form.setdefault(f"{row.pk}-frequency", row.frequency)
        form.setdefault(f"{row.pk}-level", row.level)
    return client.post(manage(address), form, **HERE)


def test_rhythm_level_and_language_are_changed(client, topic):
    row = follow(topic)
    answer = choose(
        client,
        row.address,
        **{f"{row.pk}-frequency": "monthly", f"{row.pk}-level": "all", "languages": "fr nl"},
    )
    assert answer.status_code == 303
    row.refresh_from_db()
    assert (row.frequency, row.level) == ("monthly", "all")
    assert Address.objects.get().language_codes == ["fr", "nl"]
    assert "Vos choix sont enregistrés" in text_of(client.get(answer["Location"]))


def test_what_is_not_offered_changes_nothing(client, topic):
    row = follow(topic)
    for fields in (
        {f"{row.pk}-frequency": "hourly", f"{row.pk}-level": "all"},
        {f"{row.pk}-frequency": "daily", f"{row.pk}-level": "<script>"},
        {"languages": "de"},
    ):
        answer = choose(client, row.address, [row], **fields)
        assert answer.status_code == 400
        assert "Rien n’a été modifié" in text_of(answer)
    row.refresh_from_db()
    assert row.frequency == "weekly"


@pytest.mark.parametrize("do", ["pause:999", "stop:abc", "nonsense", "", "stop:", "restart:1"])
def test_a_button_of_nobody_does_nothing(client, topic, do):
    row = follow(topic)
    assert choose(client, row.address, do=do).status_code == 303
    row.refresh_from_db()
    assert row.standing == "active"


def test_pause_go_on_stop_and_follow_again(client, topic):
    row = follow(topic)
    for do, standing in (
        (f"pause:{row.pk}", "paused"),
        (f"pause:{row.pk}", "paused"),
        (f"resume:{row.pk}", "active"),
        (f"stop:{row.pk}", "ended"),
        (f"stop:{row.pk}", "ended"),
        (f"restart:{row.pk}", "active"),
    ):
        assert choose(client, row.address, do=do).status_code == 303
        row.refresh_from_db()
        assert row.standing == standing
    assert Address.objects.get().ended_at is None


def test_nobody_changes_what_another_follows(client, topic):
    one, two = follow(topic), follow(topic, email="b@example.org")
    choose(client, one.address, do=f"stop:{two.pk}")
    two.refresh_from_db()
    assert two.standing == "active"


def test_all_is_stopped_at_once(client, topic):
    row = follow(topic)
    follow(make_topic("sol"), frequency="daily")
    choose(client, row.address, do="stop:all")
    assert set(Subscription.objects.values_list("standing", "ending")) == {("ended", "reader")}
    assert Address.objects.get().ended_at


def test_the_export_says_all_that_is_known(client, topic):
    row = follow(topic)
    data = json.loads(client.get(at("export", tokens.for_managing(row.address))).content)
    assert data["email"] == "lea@example.org"
    assert data["follows"][0]["what"] == f"topic:{topic.pk}"


def test_erasing_asks_once_more_and_then_leaves_nothing(client, topic):
    row = follow(topic)
    manage_url = manage(row.address)
    erase = at("erase", tokens.for_managing(row.address))
    stop = at("stop", tokens.for_stopping(row.address, "weekly"))
    assert client.post(erase).status_code == 403
    assert client.post(erase, **HERE).status_code == 200
    assert not Address.objects.exists()
    assert not Subscription.objects.exists()
    assert client.get(manage_url).status_code == 404
    for method in (client.get, client.post):
        answer = method(stop)
        assert answer.status_code == 200
        assert "désabonnement" in text_of(answer)


def test_one_click_ends_that_rhythm_only_and_drops_what_waits(client, topic):
    weekly = follow(topic)
    daily = follow(make_topic("sol"), frequency="daily")
    asked = make_recommendation(topic_world(topic), label="1", topics=[topic])
    publish_action(asked, value="accepted")
    rounds.send_now()
    stop = at("stop", tokens.for_stopping(weekly.address, "weekly"))
    answer = client.post(stop, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    weekly.refresh_from_db()
    daily.refresh_from_db()
    assert (weekly.standing, weekly.ending, daily.standing) == ("ended", "one_click", "active")
    assert Mail.objects.get().standing == "dropped"


@pytest.mark.parametrize("headers", [{}, {"HTTP_SEC_FETCH_SITE": "cross-site"}])
def test_no_other_site_changes_choices(client, topic, headers):
    row = follow(topic)
    answer = client.post(manage(row.address), {"do": "stop:all"}, **headers)
    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.standing == "active"


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_much_for_one_as_for_three(
    client, world, number, django_assert_num_queries
):
    for place in range(number):
        thing = make_recommendation(world.cycle, label=str(place + 1))
        row = follow(thing)
    publish_action(thing, value="accepted")
    path = manage(row.address)
    client.get(path)
    with django_assert_num_queries(4):
        assert client.get(path).status_code == 200


def test_the_page_says_how_many_mails_that_would_have_meant(client, topic):
    row = follow(topic)
    asked = make_recommendation(topic_world(topic), label="1", topics=[topic])
    publish_action(asked, value="accepted")
    publish_action(asked, kind="report")
    assert "aurait fait 1 message" in text_of(client.get(manage(row.address)))
    assert "1 bericht" in text_of(client.get(manage(row.address, "nl")))


def test_a_mail_in_the_browser_is_whole(client, topic):
    follow(topic)
    asked = make_recommendation(topic_world(topic), label="1", topics=[topic])
    for day in range(1, 25):
        publish_action(asked, kind="decision", on=datetime.date(2024, 6, day))
    rounds.send_now()
    page = client.get(at("read", tokens.for_reading(Mail.objects.get())))
    assert page.content.decode().count('<article class="stack-s') == 25  # the recommendation too


# -- the admin ------------------------------------------------------------------------------------


def test_numbers_and_addresses_are_shown_by_permissions_of_their_own(
    client, topic, django_user_model
):
    follow(topic)
    user = django_user_model.objects.create_user("reader", password="secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    status, addresses = "/admin/followers/", "/admin/snippets/subscriptions/address/"
    assert client.get(status).status_code in (302, 403)
    assert "lea@example.org" not in text_of(client.get(addresses, follow=True))
    user.user_permissions.add(Permission.objects.get(codename="view_mail"))
    client.force_login(django_user_model.objects.get(pk=user.pk))
    page = client.get(status)
    assert page.status_code == 200
    assert "lea@example.org" not in page.content.decode()
    assert "Eau" in page.content.decode()
    assert "5" in page.content.decode()
    assert "lea@example.org" not in text_of(client.get(addresses, follow=True))
    user.user_permissions.add(Permission.objects.get(codename="view_address"))
    client.force_login(django_user_model.objects.get(pk=user.pk))
    listed = client.get(addresses)
    assert "lea@example.org" in listed.content.decode()
    assert "Eau" not in listed.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_numbers_asks_as_much_for_one_thing_as_for_three(
    admin_client, world, number, django_assert_num_queries
):
    for place in range(number):
        follow(make_topic(f"t{place}"))
    admin_client.get("/admin/followers/")
    with django_assert_num_queries(14):
        assert admin_client.get("/admin/followers/").status_code == 200

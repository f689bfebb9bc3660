"""Asking: one mail, nobody known, nothing running before a button is pressed."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies import public_forms
from home.setup import read_text
from subscriptions import asking, forms, keeping, tasks, tokens
from subscriptions.models import (
    KEPT_DAYS,
    MAIL_KEPT_DAYS,
    UNCONFIRMED_DAYS,
    Address,
    Followed,
    Knock,
    Mail,
    Subscription,
)
from tests.factories import follow, make_address, make_topic, text_of
from tests.subscriptions.test_loop import HERE, ask, body_of, link_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(world):
    return make_topic("eau")


def code(thing) -> str:
    return f"topic:{thing.pk}"


# -- one mail an hour ----------------------------------------------------------------------------


def test_asking_again_within_the_hour_sends_nothing(client, topic, clock):
    for _again in range(3):
        assert ask(client, code(topic)).status_code == 200
    assert len(mail.outbox) == 1
    clock.forward(minutes=61)
    tasks.post.enqueue()
    assert len(mail.outbox) == 1
    ask(client, code(topic))
    assert len(mail.outbox) == 2


def test_whatever_is_asked_an_address_gets_one_mail_an_hour_and_five_a_day(client, topic, clock):
    for number in range(8):
        ask(client, code(make_topic(f"t{number}")))
    assert len(mail.outbox) == 1
    clock.forward(minutes=61)
    tasks.post.enqueue()
    assert len(mail.outbox) == 2  # all that was asked meanwhile, in one mail
    assert body_of(mail.outbox[1]).count("Thème") == 8
    for hour in range(30):
        ask(client, code(make_topic(f"h{hour}")))
        clock.forward(minutes=61)
    assert len(mail.outbox) <= 2 * asking.A_DAY


def test_a_flood_about_one_address_is_taken_and_not_kept(client, topic):
    for number in range(asking.ABOUT_ONE + 5):
        assert ask(client, code(make_topic(f"t{number}"))).status_code == 200
    assert Subscription.objects.count() == asking.ABOUT_ONE


def test_a_network_is_stopped_after_twenty(client, topic):
    for number in range(asking.FROM_ONE):
        assert ask(client, code(topic), email=f"{number}@example.org").status_code == 200
    answer = ask(client, code(topic), email="last@example.org")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert not Address.objects.filter(email="last@example.org").exists()


def test_the_whole_site_has_a_limit(client, topic, monkeypatch):
    monkeypatch.setattr(asking, "FROM_ALL", 2)
    for number in range(2):
        ask(client, code(topic), email=f"{number}@example.org", path="/fr/suivre/")
    Knock.objects.update(network="elsewhere")
    assert ask(client, code(topic), email="c@example.org").status_code == 429


# -- nobody is known -----------------------------------------------------------------------------


def statements(work) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        work()
    return [query["sql"].split(" WHERE ")[0].split(" VALUES ")[0][:60] for query in asked]


def test_page_and_statements_are_the_same_for_known_and_unknown(client, topic, monkeypatch):
    monkeypatch.setattr(tasks.post.__class__, "enqueue", lambda *_args: None, raising=False)
    other = make_topic("sol")
    follow(topic, email="known@example.org")
    make_address("suspended@example.org").suspend("550")
    ask(client, code(other), email="warm@example.org")
    seen, said = set(), set()
    for email in ("known@example.org", "unknown@example.org", "suspended@example.org"):
        for what in (code(topic), ""):
            answers = []
            seen.add(
                (
                    bool(what),
                    tuple(
                        _shape(
                            statements(
                                lambda e=email, w=what, a=answers: a.append(ask(client, w, email=e))
                            )
                        )
                    ),
                )
            )
            said.add((bool(what), text_of(answers[0]).replace(email, "")))
    assert len(said) == 2
    assert len(seen) == 2


def _shape(found: list[str]) -> list[str]:
    """Without the names of savepoints and the values that were given."""
    return [" ".join(each.split()[:3]) for each in found if "SAVEPOINT" not in each]


def test_an_unknown_address_is_sent_no_link_and_not_kept(client, world, clock):
    ask(client, "", email="stranger@example.org")
    assert mail.outbox == []
    clock.forward(hours=2)
    keeping.clean_up()
    assert not Address.objects.exists()


def test_a_known_address_is_sent_its_link(client, topic):
    row = follow(topic)
    ask(client, "", email="Lea@Example.org")
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == [row.address.email]
    page = client.get(link_in(mail.outbox[0], "choix"))
    assert "Eau" in text_of(page)


def test_a_link_opens_one_purpose_and_one_address(client, topic):
    one, two = follow(topic).address, follow(topic, email="b@example.org").address
    manage = tokens.for_managing(one)
    assert client.get(f"/fr/suivre/choix/{manage}/").status_code == 200
    for path in ("confirmer", "arreter", "message"):
        assert client.get(f"/fr/suivre/{path}/{manage}/").status_code == 404
    forged = manage.replace(f"{one.pk}.", f"{two.pk}.", 1)
    assert client.get(f"/fr/suivre/choix/{forged}/").status_code == 404
    for broken in ("x", "1", "1.2.3", manage[:-1], "é", "%00"):
        assert client.get(f"/fr/suivre/choix/{broken}/").status_code in (400, 404)


def test_links_expire_where_they_should(client, topic, monkeypatch):
    import time

    ask(client, code(topic))
    confirm = link_in(mail.outbox[0], "confirmer")
    address = Address.objects.get()
    manage = f"/fr/suivre/choix/{tokens.for_managing(address)}/"
    stop = f"/fr/suivre/arreter/{tokens.for_stopping(address, 'weekly')}/"
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + (UNCONFIRMED_DAYS * 24 + 1) * 3600)
    assert client.get(confirm).status_code == 410
    assert client.post(confirm, **HERE).status_code == 410
    assert client.get(manage).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + 400 * 24 * 3600)
    assert client.get(manage).status_code == 410
    assert client.get(stop).status_code == 200


# -- the form ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": ""}, "Écrivez votre adresse"),
        ({"email": "lea"}, "incomplète"),
        ({"email": "lea@" + "a" * 260 + ".org"}, ""),
        ({"what": "topic:999999"}, "plus publié"),
        ({"what": "nonsense"}, "plus publié"),
        ({"what": "recommendation:1"}, "plus publié"),
        ({"website": "http://spam.example"}, "doit rester vide"),
        ({"stamp": "forged"}, "encore une fois"),
    ],
)
def test_what_is_wrong_is_said_and_loses_nothing(client, topic, fields, said):
    answer = ask(client, **{"what": code(topic), **fields})
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert mail.outbox == []
    assert not Subscription.objects.exists()
    if "email" not in fields:
        assert 'value="lea@example.org"' in answer.content.decode()


def test_a_program_is_faster_than_people(client, topic, monkeypatch):
    monkeypatch.setattr(forms, "FASTEST", 2)
    stamp = public_forms.new_stamp(forms.STAMP)
    assert "encore une fois" in text_of(ask(client, code(topic), stamp=stamp))
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {},
    ],
)
def test_no_other_site_sends_a_form(client, topic, headers):
    form = {"email": "lea@example.org", "what": code(topic), "stamp": "x"}
    answer = client.post("/fr/suivre/", form, **headers)
    assert answer.status_code == 403
    assert not answer.cookies
    assert not Address.objects.exists()


# -- the button -----------------------------------------------------------------------------------


def test_only_what_is_ticked_begins(client, topic, clock):
    ask(client, code(topic))
    ask(client, code(make_topic("sol")))
    confirm = link_in(mail.outbox[0], "confirmer")
    one, _two = Subscription.objects.order_by("pk")
    client.post(confirm, {"follow": one.pk}, **HERE)
    row = Subscription.objects.get()
    assert (row.pk, row.standing) == (one.pk, "active")
    again = client.post(confirm, {"follow": one.pk}, **HERE)
    assert again.status_code == 303
    assert "Tout est confirmé" in text_of(client.get(confirm))


def test_in_the_language_of_the_page(client, topic):
    ask(client, code(topic), language="nl")
    assert "Iemand, wellicht u" in body_of(mail.outbox[0])
    assert "/nl/volgen/bevestigen/" in body_of(mail.outbox[0])


def test_who_asks_for_what_is_followed_already_is_told_so(client, topic):
    follow(topic)
    ask(client, code(topic))
    said = body_of(mail.outbox[0])
    assert "Tout ce que vous suivez" in said
    client.post(
        link_in(mail.outbox[0], "confirmer"), {"follow": Subscription.objects.get().pk}, **HERE
    )
    assert Subscription.objects.get().standing == "active"


# -- how long ------------------------------------------------------------------------------------


def test_requests_are_erased_after_seven_days_and_addresses_after_thirty(client, topic, clock):
    ask(client, code(topic))
    row = follow(topic, email="b@example.org")
    clock.forward(days=UNCONFIRMED_DAYS, hours=1)
    keeping.clean_up()
    assert list(Address.objects.all()) == [row.address]
    from subscriptions import choices

    choices.end(row.address, why="reader")
    clock.forward(days=KEPT_DAYS - 1)
    keeping.clean_up()
    assert Address.objects.exists()
    clock.forward(days=2)
    keeping.clean_up()
    assert not Address.objects.exists()
    assert not Mail.objects.exists()
    assert not Followed.objects.exists()
    assert not Knock.objects.exists()


def test_an_address_that_can_t_be_reached_is_given_up(topic, clock):
    row = follow(topic)
    row.address.suspend("550")
    clock.forward(days=keeping.SUSPENDED_DAYS + 1)
    keeping.clean_up()
    row.refresh_from_db()
    assert (row.standing, row.ending) == ("ended", "undeliverable")
    clock.forward(days=KEPT_DAYS + 1)
    keeping.clean_up()
    assert not Address.objects.exists()


def test_the_privacy_page_says_how_long():
    assert (KEPT_DAYS, UNCONFIRMED_DAYS, MAIL_KEPT_DAYS) == (30, 7, 30)
    french, dutch = (read_text("privacy", code).body for code in ("fr", "nl"))
    assert "trente jours après la fin de votre dernier suivi" in french
    assert "sept jours" in french
    assert "dertig dagen nadat u niets meer volgt" in dutch
    assert "zeven dagen" in dutch

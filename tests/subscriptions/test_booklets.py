"""Booklets as news: new editions, errata, withdrawals; and those who want nothing else."""

import datetime

import pytest
from django.urls import reverse

from booklets import editions
from subscriptions import choices, letters, rounds, tokens
from subscriptions.models import Mail, Subscription
from tests.booklets.books import draft_booklet, make_asked, make_book_world, publish
from tests.factories import follow, make_recommendation, make_topic, publish_action
from tests.subscriptions.test_loop import HERE, ask

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def world():
    return make_book_world()


def letter(row: Subscription) -> letters.Letter:
    mail = Mail.objects.filter(address=row.address_id, kind="digest").latest("pk")
    return letters.Writer().letter(mail, row.address)


def told(row: Subscription) -> int:
    rounds.send_now()
    return Mail.objects.filter(address=row.address_id, kind="digest").count()


def test_a_new_edition_is_told_with_its_name_and_its_page(world):
    row = follow(world.cycle)
    edition = publish(draft_booklet(world))
    assert told(row) == 1
    french = letter(row)
    assert "Nouveau livret de suivi" in french.text
    assert "Livret 1" in french.text
    assert "/livret-1/" in french.html
    assert "31\xa0décembre 2024" in french.text
    row.address.languages = "nl"
    dutch = letter(row)
    assert "Nieuwe opvolgingsbrochure" in dutch.text
    assert "Brochure 1" in dutch.text
    assert edition.code


def test_who_wants_booklets_only_gets_nothing_else(world):
    row = follow(world.cycle, level="booklets")
    publish_action(make_recommendation(world.cycle, label="9"), value="accepted")
    assert told(row) == 0
    publish(draft_booklet(world))
    assert told(row) == 1
    assert "Nouveau livret de suivi" in letter(row).text


def test_an_edition_is_about_what_it_has_sheets_about(world):
    asked = world.cycle.recommendations.get()
    elsewhere = make_recommendation(world.cycle, label="9", topics=[make_topic("eau")])
    on_it = follow(asked, email="a@example.org")
    beside = follow(elsewhere, email="b@example.org")
    assembly = follow(world.cycle.assembly, email="c@example.org", level="booklets")
    search = follow("q=Guichet", email="d@example.org", level="booklets")
    page = draft_booklet(world)
    page.topics.set([])
    publish(page)
    assert [told(row) for row in (on_it, assembly, search)] == [1, 1, 1]
    assert told(beside) == 1  # it has a sheet about every recommendation of the cycle


def test_an_erratum_is_about_its_sheet_and_a_withdrawal_about_the_whole(world):
    make_asked(world, 2)
    first, second = world.cycle.recommendations.order_by("position")
    edition = publish(draft_booklet(world))
    one = follow(first, email="a@example.org")
    two = follow(second, email="b@example.org", level="booklets")
    editions.publish_erratum(
        edition, {"fr": "Lire 310 bacs.", "nl": "Lees 310 bakken."}, reference=first.reference
    )
    assert (told(one), told(two)) == (1, 0)
    said = letter(one).text
    assert "Erreur dans un livret de suivi" in said
    assert "Lire 310 bacs." in said
    assert first.reference in said
    editions.withdraw(edition, {"fr": "Mauvais fichier.", "nl": "Verkeerd bestand."})
    assert (told(one), told(two)) == (2, 1)
    assert "Livret de suivi retiré" in letter(two).text
    assert "Mauvais fichier." in letter(two).text


def test_an_edition_that_is_withdrawn_at_once_is_not_told_as_new(world):
    row = follow(world.cycle)
    edition = publish(draft_booklet(world))
    editions.withdraw(edition, {"fr": "Mauvais fichier.", "nl": "Verkeerd bestand."})
    assert told(row) == 1
    said = letter(row).text
    assert "Livret de suivi retiré" in said
    assert "Nouveau livret" not in said


def test_words_that_follow_are_no_news(world):
    edition = publish(draft_booklet(world, dutch=False))
    row = follow(world.cycle)
    editions.record_list(f"booklet:{edition.code}:nl:{'0' * 32}")
    assert told(row) == 0


def test_the_page_of_a_booklet_offers_the_next_one(client, world):
    edition = publish(draft_booklet(world))
    page = client.get(edition.page.url).content.decode()
    assert f'name="what" value="cycle:{world.cycle.pk}"' in page
    assert 'name="level" value="booklets"' in page
    answer = ask(client, f"cycle:{world.cycle.pk}", level="booklets")
    assert "Nouveaux livrets de suivi" in answer.content.decode()
    row = Subscription.objects.get()
    assert row.level == "booklets"
    ask(client, f"cycle:{world.cycle.pk}")
    assert Subscription.objects.get().level == "booklets"


def test_booklets_only_is_offered_where_booklets_are_about_it(client, world, mailoutbox):
    cycle = follow(world.cycle)
    body = follow(world.government)
    path = reverse("subscriptions:manage", args=[tokens.for_managing(cycle.address)])
    page = client.get(path)
    assert page.status_code == 200
    html = page.content.decode()
    assert html.count('value="booklets"') == 1
    given = {f"{body.pk}-frequency": "weekly", f"{body.pk}-level": "booklets"}
    assert client.post(path, given, **HERE).status_code == 400
    given = {f"{cycle.pk}-frequency": "monthly", f"{cycle.pk}-level": "booklets"}
    assert client.post(path, given, **HERE).status_code == 303
    assert Subscription.objects.get(pk=cycle.pk).level == "booklets"


def test_who_goes_back_to_everything_gets_it_from_then_on(world):
    row = follow(world.cycle, level="booklets")
    asked = world.cycle.recommendations.get()
    publish_action(asked, kind="progress", on=D(2024, 7, 1))
    choices.change(row, frequency="weekly", level="all")
    assert told(row) == 0

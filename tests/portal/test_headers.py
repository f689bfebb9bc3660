"""What goes with every answer: no cookie for readers, one policy for them and one for the admin."""

import datetime
import re

import pytest
from django.conf import settings as site
from django.urls import reverse
from django.utils import translation

from assemblies.models import Action
from tests.factories import (
    correct,
    make_act,
    make_measure,
    make_recommendation,
    make_standard_page,
    make_topic,
    make_world,
    plain,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in site.LANGUAGES]
#: What a reader sees without a log-in, and the status of the answer.
NOUNS = {
    "home page": 200,
    "standard page": 200,
    "assembly": 200,
    "cycle": 200,
    "recommendation": 200,
    "untranslated recommendation": 200,
    "withdrawn recommendation": 410,
    "permanent address": 302,
    "measure": 200,
    "act": 200,
    "action": 200,
    "corrected action": 200,
    "timeline": 200,
    "further timeline": 200,
    "bodies": 200,
    "body": 200,
    "topics": 200,
    "topic": 200,
    "no page": 404,
    "bad request": 400,
}


@pytest.fixture
def address():
    """A function: the address of a noun in a language, on a small world."""
    world = make_world()
    topic = make_topic("housing")
    asked = make_recommendation(world.cycle, label="1", topics=[topic])
    french = make_recommendation(world.cycle, label="2", dutch=False)
    gone = make_recommendation(world.cycle, label="3")
    withdraw(gone)
    measure = make_measure(asked, label="1.1", lead=world.administration)
    act = make_act(asked)
    said = publish_action(asked, value="accepted", on=datetime.date(2024, 5, 15))
    right = correct(said, value="partial")
    text = make_standard_page(world.home)
    pages = {
        "home page": world.home,
        "standard page": text,
        "assembly": world.assembly_page,
        "cycle": world.cycle_page,
        "recommendation": asked.page,
        "untranslated recommendation": french.page,
        "withdrawn recommendation": gone.page,
    }
    views = {
        "permanent address": ("assemblies:reference", asked.reference),
        "measure": ("assemblies:measure", measure.reference),
        "act": ("assemblies:act", act.reference),
        "action": ("assemblies:action", Action.objects.get(pk=right.pk).number),
        "corrected action": ("assemblies:action", Action.objects.get(pk=said.pk).number),
        "timeline": ("timeline:timeline",),
        "bodies": ("assemblies:bodies",),
        "body": ("assemblies:body", world.administration.slug),
        "topics": ("assemblies:topics",),
        "topic": ("assemblies:topic", topic.slug),
    }

    def of(noun: str, language: str) -> str:
        with translation.override(language):
            if noun in views:
                name, *parts = views[noun]
                return reverse(name, args=parts)
            if noun == "further timeline":
                newest = Action.objects.order_by("-number").values_list("number", flat=True)[0]
                return f"{reverse('timeline:timeline')}?before={newest}"
        if noun in pages:
            versions = pages[noun].get_translations(inclusive=True)
            page = versions.filter(locale__language_code=language).first()
            if page is not None:
                return page.get_url()
            within = of("cycle", language)
            return f"{within}{pages[noun].slug}/"
        return {"no page": f"/{language}/x/", "bad request": f"/{language}/?q=%00"}[noun]

    return of


def directives(response) -> dict[str, str]:
    header = response["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_readers_get(client, address, language):
    for noun, status in NOUNS.items():
        path = address(noun, language)
        response = client.get(path, HTTP_ACCEPT_LANGUAGE="nl")
        said = f"{noun}: {path}"
        assert path.startswith(f"/{language}/"), said
        assert response.status_code == status, said
        # No cookie, and nothing that keeps one copy from serving everybody.
        assert not response.cookies, said
        assert "Set-Cookie" not in response.headers, said
        assert "cookie" not in response.headers.get("Vary", "").lower(), said
        policy = directives(response)
        assert policy["default-src"] == "'none'", said
        assert policy["script-src"] == policy["style-src"] == "'self'", said
        assert "unsafe" not in response["Content-Security-Policy"], said
        assert response["X-Content-Type-Options"] == "nosniff", said
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", said
        assert response["Referrer-Policy"] == "same-origin", said
    assert not client.cookies


@pytest.mark.parametrize("path", ["/", "/r/bxl-c1-1", "/r/BXL-C1-9", "/themes/"])
def test_an_address_without_language_varies_with_the_language_only(client, address, path):
    client.cookies["django_language"] = "nl"
    response = client.get(path, HTTP_ACCEPT_LANGUAGE="fr")
    assert response.status_code == 302
    assert response["Location"].startswith("/fr/")
    assert response["Vary"].lower() == "accept-language"
    assert not response.cookies
    assert "unsafe" not in response["Content-Security-Policy"]


def unstamped(response) -> bytes:
    """A page without the second at which its form was made, which its stamp says."""
    stamp = re.compile(rb'(?<=name="stamp" value=")[^"]+')
    assert stamp.search(response.content)
    return stamp.sub(b"", response.content)


def test_nothing_changes_for_a_reader_who_brings_cookies(client, address):
    path = address("recommendation", "fr")
    bare = unstamped(client.get(path))
    client.cookies["django_language"] = "nl"
    client.cookies["sessionid"] = "x" * 32
    response = client.get(path)
    assert unstamped(response) == bare
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_need_no_looser_policy(client, address, language):
    """No inline script or style, which the strict policy would stop."""
    for noun, status in NOUNS.items():
        if status == 302:
            continue
        html = client.get(address(noun, language)).content.decode()
        assert " style=" not in html, noun
        assert "<style" not in html, noun
        assert "javascript:" not in html, noun
        for script in html.split("<script")[1:]:
            head, body = script.split("</script>", 1)[0].split(">", 1)
            assert "application/ld+json" in head or not body.strip(), noun


@pytest.mark.parametrize("name", ["wagtailadmin_login", "wagtailadmin_home"])
def test_the_policy_is_looser_under_the_admin_only(client, admin_client, name):
    visitor = client if name == "wagtailadmin_login" else admin_client
    response = visitor.get(reverse(name))
    assert response.status_code == 200
    assert reverse(name).startswith("/admin/")
    policy = directives(response)
    assert "'unsafe-inline'" in policy["script-src"]
    assert "unsafe-eval" not in response["Content-Security-Policy"]
    assert policy["default-src"] == policy["frame-ancestors"] == "'self'"


def test_an_editor_reads_under_the_strict_policy_too(admin_client, address):
    response = admin_client.get(address("recommendation", "fr"))
    assert response.status_code == 200
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("language", "title", "advice"),
    [
        ("fr", "Trop d’essais", "Réessayez dans 15 minutes."),
        ("nl", "Te veel pogingen", "Probeer opnieuw over 15 minuten."),
    ],
)
def test_who_is_locked_out_reads_when_to_come_back(client, settings, language, title, advice):
    settings.AXES_ENABLED = True
    assert settings.AXES_FAILURE_LIMIT == 5

    def log_in():
        typed = {"username": "nobody", "password": "wrong"}
        return client.post(reverse("wagtailadmin_login"), typed, HTTP_ACCEPT_LANGUAGE=language)

    assert [log_in().status_code for _failure in range(5)] == [200] * 4 + [429]
    response = log_in()
    assert response.status_code == 429
    assert response["Content-Language"] == language
    assert "no-store" in response["Cache-Control"]
    html = response.content.decode()
    assert f'<html lang="{language}"' in html
    read = plain(html)
    assert title in read
    assert advice in read
    assert "nobody" not in read

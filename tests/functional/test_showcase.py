"""No kind of page is left out of what is measured."""

import pytest
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLPattern
from django.utils.translation import override
from wagtail.models import get_page_models

from tests.functional.showcase import LANGUAGES, addresses, make_showcase

pytestmark = [pytest.mark.functional, pytest.mark.django_db]

#: Addresses below a language that are no page of their own, and why.
NO_PAGE = {
    "assemblies:card": "a picture",
    "timeline:feed": "a feed",
    "timeline:calendar": "a calendar",
    "booklets:feed": "a feed",
    "booklets:file": "a PDF, JSON or a folder of tables",
    "booklets:picture": "a picture",
    "subscriptions:export": "a file of data",
    "home:contact_sent": "one sentence after the form, in the form's frame",
}


def named(patterns, space="") -> set[str]:
    """The names of all addresses below ``/fr/``, with their namespaces."""
    found = set()
    for each in patterns:
        if isinstance(each, URLPattern):
            found |= {f"{space}{each.name}"} if each.name else set()
        else:
            inner = f"{space}{each.namespace}:" if each.namespace else space
            found |= named(each.url_patterns, inner)
    return found


def test_every_address_below_a_language_is_in_the_showcase():
    make_showcase()
    with override("fr"):
        below = next(each for each in get_resolver().url_patterns if str(each.pattern) == "fr/")
    wanted = {name for name in named(below.url_patterns) if not name.startswith("wagtail")}
    for language in LANGUAGES:
        with override(language):
            there = {
                resolve(address.partition("?")[0]).view_name
                for address in addresses(language).values()
            }
        assert wanted - there - set(NO_PAGE) == set()


def test_every_type_of_page_is_in_the_showcase(client):
    make_showcase()
    shown = set()
    for address in addresses("fr").values():
        response = client.get(address, follow=True)
        if page := (response.context or {}).get("page"):
            shown.add(type(page).__name__)
    assert {model.__name__ for model in get_page_models() if model.__name__ != "Page"} <= shown

"""Whatever is sent to a public address, the answer is one that a reader may get: never 500.

Every public pattern of the resolver is visited in every language. A new pattern fails the first
test until ``SENT`` says what is sent to it.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

import pytest
from django.conf import settings as site
from django.urls import get_resolver
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from subscriptions import tokens
from subscriptions.models import Address
from tests.booklets.books import draft_booklet, make_book_world, publish
from tests.factories import (
    correct,
    follow,
    make_act,
    make_measure,
    make_recommendation,
    make_standard_page,
    make_topic,
    publish_action,
    withdraw,
)
from tests.factories.subscriptions import make_address

pytestmark = pytest.mark.django_db

#: 503 is the file of open data before it was first made.
ALLOWED = {200, 301, 302, 304, 400, 403, 404, 405, 410, 414, 429, 503}
LANGUAGES = [code for code, _name in site.LANGUAGES]
FUZZ = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,  # the world is only read
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


# -- what is sent -----------------------------------------------------------------------------

HOSTILE = (
    "\0",
    "%00",
    "../../etc/passwd",
    "..\\..\\",
    "' OR 1=1 --",
    '"><script>alert(1)</script>',
    "{{ 7*7 }}",
    "%s%n",
    "\r\nSet-Cookie: a=b",
    "//evil.example/",
    "//[",
    "http://[::1",
    "٣",
    "é\u0301\u202e\U0001f5f3",
    "ß",
    "nan",
    "-0",
    "x" * 10_000,
)
HUGE = (0, -1, 2**31, 2**63, 2**64, 10**20, 10**400, 10**5_000 - 1)


def digits(number: int) -> str:
    """A number in full, however long."""
    return f"{number:d}" if abs(number) < 10**4_000 else "9" * 5_000


numbers = st.sampled_from(HUGE).map(digits) | st.integers().map(str)
#: Texts as they stand in an address: percent-encoded characters, or bytes that are no text at all.
hostile = (st.sampled_from(HOSTILE) | numbers | st.text(max_size=40)).map(
    lambda text: quote(text.encode("utf-8", "surrogatepass"), safe="")
) | st.binary(max_size=20).map(lambda given: quote(given, safe="/"))


def known(*values: str) -> st.SearchStrategy[str]:
    """Values that exist in the world, as they are, in other letters, and with more behind them."""
    plain = st.sampled_from(values)
    return (
        plain
        | plain.map(str.lower)
        | plain.map(str.upper)
        | st.builds("{}{}".format, plain, hostile)
        | hostile
    )


#: By which the page of what is expected names an assembly.
assembly_slugs = known("assemblee-bxl", "burgerraad-bxl")
#: Below which the pages of figures and of changes stand.
page_paths = known("assemblee-bxl", "assemblee-bxl/cycle-1", "burgerraad-bxl/cyclus-1", "methode")
#: Somebody who follows, and the links of their mails.
FOLLOWER = {"pk": 7, "key": "0123456789abcdef"}
links = known(
    tokens.for_confirming(Address(**FOLLOWER)),
    tokens.for_managing(Address(**FOLLOWER)),
    tokens.for_stopping(Address(**FOLLOWER), "weekly"),
    tokens.for_managing(Address(pk=8, key="gone")),
    "1:abc:def",
)
EDITION = "BXL-C1-L1"
references = known("BXL-C1-1", "BXL-C1-2", "BXL-C1-3", "BXL-C1", "BXL")
#: Pattern, as it stands in the code → what fills each of its places.
SENT: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "": {},
    "robots.txt": {},
    "favicon.ico": {},
    ".well-known/security.txt": {},
    "sitemap.xml": {},
    r"^sitemap-(?P<name>[a-z]+)-(?P<number>[0-9]{1,5})\.xml$": {
        "": known("sitemap-pages-1.xml", "sitemap-recommendations-1.xml", "sitemap-x-99999.xml")
    },
    "data/suites.zip": {},
    "data/<str:reference>.json": {"reference": references},
    "data/<str:reference>/<slug:table>.csv": {
        "reference": references,
        "table": known("recommendations", "actions", "regimes"),
    },
    "data/schemas/<slug:table>.json": {"table": known("recommendations", "passages")},
    "fr/data/": {},
    r"fr/^cards/(?P<name>site|[A-Z0-9.-]{1,60})/(?P<fingerprint>[0-9a-f]{16})\.png$": {
        "": known("cards/BXL-C1-1/0123456789abcdef.png", "cards/site/0123456789abcdef.png")
    },
    "r/<str:reference>": {"reference": references},
    "r/<str:reference>/": {"reference": references},
    "documents/^(\\d+)/(.*)$": {"": st.builds("{}/{}".format, numbers | hostile, hostile)},
    "documents/authenticate_with_password/<int:restriction_id>/": {
        "restriction_id": numbers | hostile
    },
    "fr/r/<str:reference>": {"reference": references},
    "fr/r/<str:reference>/": {"reference": references},
    "fr/measures/<str:reference>/": {"reference": known("BXL-C1-1.1", "BXL-C1-1.2")},
    "fr/acts/<str:reference>/": {"reference": known("BXL-2024-V-12", "BXL")},
    "fr/timeline/<int:number>/": {"number": numbers | hostile},
    "fr/bodies/": {},
    "fr/bodies/<slug:slug>/": {"slug": known("housing", "government-bxl")},
    "fr/topics/": {},
    "fr/topics/<slug:slug>/": {"slug": known("housing", "water")},
    "fr/contact/": {},
    "fr/contact/sent/": {},
    "fr/timeline/": {},
    "fr/timeline/feed/": {},
    "fr/expected/<slug:slug>/": {"slug": assembly_slugs},
    "fr/expected/<slug:slug>/agenda/": {"slug": assembly_slugs},
    "fr/expected/<slug:slug>/calendar.ics": {"slug": assembly_slugs},
    "fr/<path:path>/figures/": {"path": page_paths},
    "fr/<path:path>/changes/": {"path": page_paths},
    "fr/booklets/feed/": {},
    "fr/booklets/<str:name>": {
        "name": known(f"{EDITION}.pdf", f"{EDITION}.json", f"{EDITION}.zip", "BXL.pdf")
    },
    "fr/booklets/<str:code>/<str:name>": {
        "code": known(EDITION),
        "name": known("0123456789abcdef.jpg"),
    },
    "fr/search/": {},
    "fr/follow/": {},
    "fr/follow/confirm/<str:token>/": {"token": links},
    "fr/follow/mine/<str:token>/": {"token": links},
    "fr/follow/mine/<str:token>/erase/": {"token": links},
    "fr/follow/mine/<str:token>/data.json": {"token": links},
    "fr/follow/stop/<str:token>/": {"token": links},
    "fr/follow/mail/<str:token>/": {"token": links},
    "fr/_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": {
        "page_view_restriction_id": numbers | hostile,
        "page_id": numbers | hostile,
    },
    "fr/_util/login/": {},
    "fr/^((?:[\\w\\-]+/)*)$": {
        "": known(
            "assemblee-bxl/",
            "burgerraad-bxl/",
            "assemblee-bxl/cycle-1/",
            "burgerraad-bxl/cyclus-1/",
            "assemblee-bxl/cycle-1/1/",
            "burgerraad-bxl/cyclus-1/1-nl/",
            "assemblee-bxl/cycle-1/3/",
            "methode/",
        )
    },
}

names = st.sampled_from(
    (
        *("before", "after", "as_of", "from", "to", "late", "measures", "known_on", "q", "page"),
        *("next", "return_url", "about", "assembly", "cycle", "topic", "body", "kind", "response"),
        *("implementation", "opinion", "beside", "year", "what", "done"),
    )
)
values = (
    known(
        *("BXL-C1-1", "BXL-C1-1.1", "2026-11-12", "2026-02-30", "0000-00-00", "99999-01-01", "1"),
        *("BXL", "BXL-C1", "water", "government-bxl", "partial", "meeting", "topic:1", "-happened"),
    )
    | numbers
)
queries = (
    st.lists(st.builds("{}={}".format, names | hostile, values), max_size=4).map("&".join)
    | st.builds("{}={}".format, names, values)
    | st.binary(max_size=60).map(lambda given: given.decode("latin-1"))
    | st.sampled_from(("&" * 300, "=" * 300, "before=" + "1" * 7_900, "after=" + "%C3%A9" * 2_000))
)
methods = st.sampled_from(
    ("GET",) * 12 + ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
)
# Header lines are latin-1 without control characters: servers refuse the rest.
header_text = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"]), max_size=60
)
accepted = (
    st.sampled_from(
        (
            "",
            "nl",
            "fr-BE,nl;q=0.5",
            "*",
            "*;q=0",
            "nl;q=nan",
            "nl;q=1e999",
            "zz-" + "z" * 600,
            "fr," * 3_000,
            ";q=,;;=",
            "nl_BE@euro",
            "../nl",
            "i-klingon,x-private",
        )
    )
    | header_text
)
conditions = st.dictionaries(
    st.sampled_from(
        (
            "HTTP_IF_NONE_MATCH",
            "HTTP_IF_MODIFIED_SINCE",
            "HTTP_RANGE",
            "HTTP_REFERER",
            "HTTP_COOKIE",
            "HTTP_X_REQUESTED_WITH",
            "CONTENT_TYPE",
        )
    ),
    header_text
    | st.sampled_from(("sessionid=x; csrftoken=y", "bytes=0-1,5-2", 'W/"x', "text/x; =")),
    max_size=2,
)
bodies = st.sampled_from(
    (b"", b"username=%00&password=%00", b"password=" + b"x" * 10_000, b"\xff\xfe\0")
)


# -- where it is sent -------------------------------------------------------------------------


def patterns(found: Any, before: str = "") -> Iterator[str]:
    for each in found:
        route = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from patterns(each.url_patterns, route)
        else:
            yield route


def public_patterns(language: str | None) -> list[str]:
    """Every public pattern in a language; without one, as it stands in the code below ``fr/``."""
    with translation.override(language):
        every = list(patterns(get_resolver().url_patterns))
    return [route for route in every if not route.startswith("admin/")]


WRITTEN = public_patterns(None)
ROUTES = {
    code: dict(zip(WRITTEN, public_patterns(code), strict=True)) for code in LANGUAGES
}  # language → pattern as written → pattern as visited


@st.composite
def addresses(draw: Any, written: str) -> str:
    """An address of a pattern in one of the languages, its places filled."""
    route = ROUTES[draw(st.sampled_from(LANGUAGES))][written]
    fillings = {name: draw(strategy) for name, strategy in SENT[written].items()}
    start, regex, _rest = route.partition("^")
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda place: fillings[place[1]], start)
    return f"/{path}{fillings['']}" if regex else f"/{path}"


@pytest.fixture
def world():
    made = make_book_world(0)
    asked = [
        make_recommendation(made.cycle, label=label, dutch=label == "1", topics=[make_topic(topic)])
        for label, topic in (("1", "housing"), ("2", "water"))
    ]
    gone = make_recommendation(made.cycle, label="3")
    measure = make_measure(asked[0], label="1.1", lead=made.administration)
    said = publish_action(asked[0], value="accepted")
    correct(said, value="partial")
    publish_action(measure, value="under_way")
    make_act(asked[1])
    withdraw(gone)
    make_standard_page(made.home)
    publish(draft_booklet(made))
    follow(made.cycle, address=make_address(**FOLLOWER))
    return made


def check(client, method: str, path: str, query: str = "", body: bytes = b"", **headers) -> None:
    """Send one request. An exception in the program is one here too, with its traceback."""
    kind = headers.pop("CONTENT_TYPE", "application/x-www-form-urlencoded")
    # As a server passes it on: the test client would take "//x" for another machine.
    headers["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
    response = client.generic(method, "/", body, kind, QUERY_STRING=query, **headers)
    response.getvalue()
    assert response.status_code in ALLOWED, (method, path, query)
    target = urlsplit(response.headers.get("Location", ""))
    assert target.netloc in ("", "testserver")
    assert target.scheme in ("", "http")


# -- the tests --------------------------------------------------------------------------------


def test_every_public_pattern_is_visited():
    assert sorted(WRITTEN) == sorted(SENT), "say in SENT what is sent to a new pattern"


@pytest.mark.parametrize("written", list(SENT))
def test_no_request_breaks_a_page(client, world, written):
    @FUZZ
    @given(
        method=methods,
        path=addresses(written),
        query=queries,
        language=accepted,
        headers=conditions,
        body=bodies,
    )
    def attack(method, path, query, language, headers, body):
        check(client, method, path, query, body, HTTP_ACCEPT_LANGUAGE=language, **headers)

    attack()


def test_no_path_breaks_the_site(client, world):
    parts = st.lists(hostile | st.sampled_from(("", "fr", "nl", "r", "admin", ".")), max_size=5)

    @FUZZ
    @example(method="GET", path="//[", query="")
    @example(method="GET", path="//evil.example/fr", query="")
    @example(method="GET", path="/fr//evil.example", query="")
    @given(method=methods, path=parts.map(lambda given: "/" + "/".join(given)), query=queries)
    def attack(method, path, query):
        check(client, method, path, query)

    attack()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_exists_is_reached(client, world, language):
    """The fuzzing knows the world: its known values lead into the pages, and not past them."""
    reached = {
        "r/<str:reference>": ("BXL-C1-1", 302),
        "fr/r/<str:reference>/": ("BXL-C1-3", 410),
        "fr/measures/<str:reference>/": ("BXL-C1-1.1", 200),
        "fr/bodies/<slug:slug>/": ("housing", 200),
        "fr/topics/<slug:slug>/": ("water", 200),
        "fr/timeline/": ("", 200),
        "fr/timeline/feed/": ("", 200),
        "fr/expected/<slug:slug>/": ("assemblee-bxl", 200),
        "fr/expected/<slug:slug>/calendar.ics": ("assemblee-bxl", 200),
        "fr/booklets/<str:name>": (f"{EDITION}.json", 200),
        "fr/search/": ("", 200),
        "fr/follow/": ("", 200),
        "fr/follow/mine/<str:token>/": (tokens.for_managing(Address(**FOLLOWER)), 200),
        "fr/follow/stop/<str:token>/": (tokens.for_stopping(Address(**FOLLOWER), "weekly"), 200),
    }
    for written, (value, status) in reached.items():
        path = re.sub(r"<[^>]+>", value, ROUTES[language][written])
        assert client.get(f"/{path}").status_code == status, path

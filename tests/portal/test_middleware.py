from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import RequestFactory

from portal.middleware import ContentSecurityPolicy, RefuseMalformed, client_address


def answer(request):
    return HttpResponse("ok")


def policy(path: str) -> dict[str, str]:
    request = RequestFactory().get(path)
    header = ContentSecurityPolicy(answer)(request)["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


@pytest.mark.parametrize(
    "path", ["/", "/fr/", "/nl/bodies/", "/r/BXL-C1-1", "/admin", "/documents/1/x/"]
)
def test_the_policy_is_strict_for_readers(path):
    directives = policy(path)
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert not any("unsafe" in value or "*" in value for value in directives.values())


def test_the_policy_is_looser_under_the_admin_only():
    directives = policy("/admin/pages/3/")
    assert directives["script-src"] == directives["style-src"] == "'self' 'unsafe-inline'"
    assert directives["frame-ancestors"] == "'self'"
    assert not any("unsafe-eval" in value or "*" in value for value in directives.values())


@pytest.mark.parametrize(
    "address",
    [
        "/fr/%00/",
        "/fr/?q=%00",
        "/fr/?q=a%00b&page=2",
        "/fr/?%00=1",
        "/fr/?q=" + "a" * 10_000,
        "/fr/?" + "a=1&" * 2_500,
    ],
)
def test_what_no_reader_sends_is_a_bad_request(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert response["Content-Language"] == "fr"
    assert "Content-Security-Policy" in response


def test_a_raw_nul_is_refused_too():
    request = RequestFactory().get("/fr/")
    request.META["QUERY_STRING"] = "q=\0"
    assert RefuseMalformed(answer)(request).status_code == 400


@pytest.mark.parametrize("query", ["q=eau", "q=%25%30%30", "q=%ff%fe", "q=" + "a" * 7_000])
def test_what_a_reader_may_send_goes_through(query):
    request = RequestFactory().get("/fr/", QUERY_STRING=query)
    assert RefuseMalformed(answer)(request).status_code == 200


def test_powers_of_the_browser_are_waived(client):
    response = client.get("/fr/%00/")
    assert response["Permissions-Policy"] == django_settings.PERMISSIONS_POLICY


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "192.0.2.1"),
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.66, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.66, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "<script>", None),
        (1, None, None),
    ],
)
def test_the_address_of_a_client_can_not_be_forged(settings, proxies, forwarded, expected):
    settings.SUITES_PROXIES = proxies
    meta = {"REMOTE_ADDR": "192.0.2.1"}
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_address(SimpleNamespace(META=meta)) == expected

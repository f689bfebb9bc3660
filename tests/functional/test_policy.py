"""The security policy, as a browser applies it: the `page` fixture fails on any violation."""

import pytest

pytestmark = pytest.mark.functional


@pytest.fixture
def logged_in(page, django_user_model):
    django_user_model.objects.create_superuser("editor", password="suites-demo")
    page.goto("/admin/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", "suites-demo")
    page.click("[type=submit]")
    page.wait_for_selector("[data-side-panel], .sidebar")
    return page


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/admin/pages/", "/admin/images/add/", "/admin/snippets/", "/admin/account/"],
)
def test_the_admin_works_under_its_policy(logged_in, address):
    response = logged_in.goto(address)
    assert response.status == 200
    assert logged_in.locator("main h1, main h2").count()


@pytest.mark.parametrize("address", ["/fr/nothing-here/", "/nl/nothing-here/"])
def test_an_error_page_works_under_the_strict_policy(page, address):
    response = page.goto(address)
    assert response.status == 404
    assert "'unsafe" not in response.headers["content-security-policy"]
    assert page.locator("html").get_attribute("lang") == address[1:3]
    assert page.context.cookies() == []
    assert "cookie" not in response.headers.get("vary", "").lower()


def test_what_the_policy_stops_is_noticed(page):
    page.goto("/fr/nothing-here/")
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'),"
            "{text: 'window.broken = true'}))"
        )
    assert page.evaluate("window.broken") is None
    page.faults.clear()

import pytest
from django.test import RequestFactory
from django.urls import reverse

from portal import errors


@pytest.mark.parametrize(
    ("path", "accept", "language"),
    [
        ("/fr/nothing/", "nl", "fr"),
        ("/nl/nothing/", "fr", "nl"),
        ("/nothing/", "nl-BE,nl;q=0.9", "nl"),
        ("/nothing/", "", "fr"),
        ("/nothing/", "ja", "fr"),
    ],
)
@pytest.mark.parametrize(
    ("view", "status"),
    [
        (errors.bad_request, 400),
        (errors.permission_denied, 403),
        (errors.page_not_found, 404),
        (errors.csrf_failure, 403),
        (errors.server_error, 500),
    ],
)
@pytest.mark.django_db
def test_errors_speak_the_language_of_the_address(view, status, path, accept, language):
    response = view(RequestFactory().get(path, HTTP_ACCEPT_LANGUAGE=accept))
    assert response.status_code == status
    assert response["Content-Language"] == language
    assert f'lang="{language}"' in response.content.decode()


def test_a_server_error_asks_nothing_of_the_database():
    # Without the django_db mark every query fails the test.
    response = errors.server_error(RequestFactory().get("/nl/"))
    assert response.status_code == 500
    assert "no-store" in response["Cache-Control"]


def test_an_error_of_an_unprefixed_address_varies_with_the_reader():
    response = errors.server_error(RequestFactory().get("/robots.txt"))
    assert response["Vary"] == "Accept-Language"
    assert "Vary" not in errors.server_error(RequestFactory().get("/fr/"))


@pytest.mark.django_db
def test_log_in_is_throttled(client, settings, django_user_model):
    settings.AXES_ENABLED = True
    django_user_model.objects.create_user("editor", password="right")
    address = reverse("wagtailadmin_login")
    for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
        response = client.post(address, {"username": "editor", "password": "wrong"})
        assert response.status_code == 200
    response = client.post(address, {"username": "editor", "password": "wrong"})
    assert response.status_code == 429
    response = client.post(address, {"username": "editor", "password": "right"})
    assert response.status_code == 429
    assert "15" in response.content.decode()
    assert "_auth_user_id" not in client.session

    # Neither a colleague nor another place is locked out.
    django_user_model.objects.create_superuser("colleague", password="right")
    response = client.post(address, {"username": "colleague", "password": "right"})
    assert response.status_code == 302

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.utils.module_loading import import_string

from portal.env import BASE_DIR

ROOT = BASE_DIR
KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHOW = """
import json
from portal.settings import production as settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()},
                 default=str))
"""


def production(**environment: str) -> "subprocess.CompletedProcess[str]":
    # Only what a process needs to run: nothing of whoever runs the tests.
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT")}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def shown(**environment: str) -> dict:
    done = production(SECRET_KEY=KEY, ALLOWED_HOSTS="suites.example.org", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "Set SECRET_KEY and ALLOWED_HOSTS in the environment"),
        ({"SECRET_KEY": KEY}, "Set ALLOWED_HOSTS in the environment"),
        ({"ALLOWED_HOSTS": "suites.example.org"}, "Set SECRET_KEY in the environment"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "*"}, "must name hosts"),
        ({"SECRET_KEY": "short", "ALLOWED_HOSTS": "suites.example.org"}, "too short"),
    ],
)
def test_production_refuses_to_start(environment, sentence):
    done = production(**environment)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert sentence in last


def test_production_is_https_only():
    settings = shown()
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] == 31_536_000
    assert settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["WAGTAILADMIN_BASE_URL"] == "https://suites.example.org"
    assert settings["DEBUG"] is False
    static = import_string(settings["STORAGES"]["staticfiles"]["BACKEND"])
    assert issubclass(static, ManifestStaticFilesStorage)


def test_production_has_no_demo_log_ins_and_no_pinned_clock():
    settings = shown()
    assert settings["SUITES_DEMO_LOGINS"] is False
    assert settings["SUITES_TODAY"] is None


def test_the_protocol_of_a_request_is_believed_only_behind_a_proxy():
    assert "SECURE_PROXY_SSL_HEADER" not in shown()
    assert shown(SUITES_PROXIES="1")["SECURE_PROXY_SSL_HEADER"] == [
        "HTTP_X_FORWARDED_PROTO",
        "https",
    ]


def test_production_takes_its_database_and_mail_from_the_environment():
    settings = shown(
        DATABASE_URL="postgresql://u:p@db.example/suites",
        EMAIL_URL="smtp+tls://m:q@mail.example",
    )
    assert settings["DATABASES"]["default"]["HOST"] == "db.example"
    assert settings["EMAIL_HOST"] == "mail.example"
    assert settings["EMAIL_USE_TLS"] is True


def test_base_has_no_key_of_its_own():
    from portal.settings import base

    assert os.environ.get("SECRET_KEY", "") == base.SECRET_KEY
    assert base.DEBUG is False


def test_localize_stands_alone():
    assert "wagtail_localize.locales" in settings.INSTALLED_APPS
    assert "wagtail.locales" not in settings.INSTALLED_APPS
    assert "wagtail.contrib.simple_translation" not in settings.INSTALLED_APPS


def test_static_files_are_collected_elsewhere_than_their_source():
    assert Path(settings.STATIC_ROOT) not in map(Path, settings.STATICFILES_DIRS)

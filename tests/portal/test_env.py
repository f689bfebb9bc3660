import datetime
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.env import VARIABLES, Environment

BASE = Path("/srv/suites")


def read(**source: str) -> Environment:
    return Environment(source, BASE)


def test_unset_and_empty_variables_take_their_default():
    assert read().text("SUITES_LOG_LEVEL") == "INFO"
    assert read(SUITES_LOG_LEVEL=" ").text("SUITES_LOG_LEVEL") == "INFO"
    assert read().items("ALLOWED_HOSTS") == []
    assert read().day("SUITES_TODAY") is None
    assert read().address("SUITES_SITE_URL") == ""


def test_a_misspelt_variable_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="SUITES_TODYA"):
        read(SUITES_TODYA="2026-11-12")


def test_variables_of_others_are_not_ours_to_judge():
    read(LANG="nl_BE.UTF-8", SUITESTODAY="x")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("true", True), ("Yes", True), ("1", True), ("off", False), ("0", False), ("no", False)],
)
def test_flag(value, expected):
    assert read(SUITES_HSTS_SUBDOMAINS=value).flag("SUITES_HSTS_SUBDOMAINS") is expected


def test_readers_answer_their_type():
    env = read(
        SUITES_PROXIES="2",
        ALLOWED_HOSTS="a.example, b.example",
        SUITES_TODAY="2026-11-12",
        SUITES_SITE_URL="https://suites.example.org:8443/",
        SUITES_MEDIA_ROOT="files",
    )
    assert env.number("SUITES_PROXIES") == 2
    assert env.items("ALLOWED_HOSTS") == ["a.example", "b.example"]
    assert env.day("SUITES_TODAY") == datetime.date(2026, 11, 12)
    assert env.address("SUITES_SITE_URL") == "https://suites.example.org:8443"
    assert env.path("SUITES_MEDIA_ROOT") == BASE / "files"
    assert read(SUITES_MEDIA_ROOT="/mnt/files").path("SUITES_MEDIA_ROOT") == Path("/mnt/files")


@pytest.mark.parametrize(
    ("reader", "name", "value"),
    [
        ("flag", "SUITES_HSTS_SUBDOMAINS", "maybe"),
        ("number", "SUITES_PROXIES", "-1"),
        ("number", "SUITES_PROXIES", "1.5"),
        ("number", "SUITES_PROXIES", "٣"),
        ("number", "SUITES_PROXIES", "one"),
        ("items", "ALLOWED_HOSTS", "a.example,,b.example"),
        ("items", "ALLOWED_HOSTS", "a.example b.example"),
        ("day", "SUITES_TODAY", "12/11/2026"),
        ("day", "SUITES_TODAY", "2026-02-30"),
        ("day", "SUITES_TODAY", "20261112"),
        ("address", "SUITES_SITE_URL", "suites.example.org"),
        ("address", "SUITES_SITE_URL", "https://suites.example.org/fr"),
        ("address", "SUITES_SITE_URL", "https://suites.example.org:port"),
        ("address", "SUITES_SITE_URL", "ftp://suites.example.org"),
        ("address", "SUITES_SITE_URL", "https://"),
        ("text", "SUITES_MAIL_FROM", "a@example.org\nBcc: b@example.org"),
        ("database", "DATABASE_URL", "mysql://localhost/suites"),
        ("database", "DATABASE_URL", "sqlite://"),
        ("database", "DATABASE_URL", "sqlite:///"),
        ("database", "DATABASE_URL", "sqlite://suites.sqlite3"),
        ("database", "DATABASE_URL", "postgresql://localhost"),
        ("database", "DATABASE_URL", "postgresql://localhost/a/b"),
        ("database", "DATABASE_URL", "postgresql://u:p@localhost:port/suites"),
        ("database", "DATABASE_URL", "postgresql://u:p#w@localhost/suites"),
        ("database", "DATABASE_URL", "postgresql://localhost/suites?sslmode"),
        ("mail", "EMAIL_URL", "imap://localhost"),
        ("mail", "EMAIL_URL", "smtp://"),
        ("mail", "EMAIL_URL", "smtp://localhost/path"),
        ("mail", "EMAIL_URL", "smtp://localhost:x"),
    ],
)
def test_an_ill_formed_value_is_refused_with_the_variables_name(reader, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        getattr(read(**{name: value}), reader)(name)


@pytest.mark.parametrize("value", ["mysql://u:hidden@h/db", "postgresql://u:hidden@h:x/db"])
def test_a_refusal_keeps_the_password_to_itself(value):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(DATABASE_URL=value).database("DATABASE_URL")
    assert "hidden" not in str(refused.value)


def test_a_choice_is_one_of_those_there_are():
    with pytest.raises(ImproperlyConfigured, match=r"SUITES_LOG_LEVEL.*INFO"):
        read(SUITES_LOG_LEVEL="LOUD").text("SUITES_LOG_LEVEL", choices=("INFO", "ERROR"))


def test_sqlite_takes_its_lock_at_the_start_of_a_transaction():
    database = read().database("DATABASE_URL")
    assert database["NAME"] == BASE / "var/suites.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    absolute = read(DATABASE_URL="sqlite:////var/lib/suites.sqlite3").database("DATABASE_URL")
    assert absolute["NAME"] == Path("/var/lib/suites.sqlite3")


def test_postgresql():
    database = read(
        DATABASE_URL="postgresql://suites:p%40ss%2Fword@db.example:5433/suites?sslmode=require"
    ).database("DATABASE_URL")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == (
        "db.example",
        "5433",
        "suites",
    )
    assert (database["USER"], database["PASSWORD"]) == ("suites", "p@ss/word")
    assert database["OPTIONS"] == {"sslmode": "require"}


def test_postgresql_by_socket():
    database = read(DATABASE_URL="postgresql:///suites?host=/run/postgresql").database(
        "DATABASE_URL"
    )
    assert (database["HOST"], database["PORT"], database["OPTIONS"]) == ("/run/postgresql", "", {})


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://user:p%40ss@mail.example", 587, True, False),
        ("smtps://mail.example:4650", 4650, False, True),
    ],
)
def test_mail(url, port, tls, ssl):
    mail = read(EMAIL_URL=url).mail("EMAIL_URL")
    assert mail["EMAIL_HOST"] == "mail.example"
    assert (mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]) == (port, tls, ssl)
    assert mail["EMAIL_HOST_PASSWORD"] == ("p@ss" if "@mail" in url else "")


def test_what_is_required_is_asked_for_by_name():
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY and ALLOWED_HOSTS"):
        read().required("SECRET_KEY", "ALLOWED_HOSTS")
    read(SECRET_KEY="x", ALLOWED_HOSTS="y").required("SECRET_KEY", "ALLOWED_HOSTS")


def test_every_variable_explains_itself():
    for variable in VARIABLES:
        assert variable.help.endswith("."), variable.name
        assert variable.type in {"text", "bool", "int", "list", "url", "date", "path"}

"""The environment, read strictly: one table of variables, and one reader a type.

A value that cannot be read stops the start and names its variable. So does a variable that
begins with ``SUITES_`` and is not in the table: it is a misspelling. ``docs/deploying.md``
shows the same table, and a test holds the two equal.
"""

import datetime
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

PREFIX = "SUITES_"

TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing an operator may set. An empty default means that there is none."""

    name: str
    type: str
    default: str
    help: str


VARIABLES = (
    Variable(
        "SECRET_KEY",
        "text",
        "",
        "Signs sessions and links. At least 50 random characters, kept secret. "
        "Production does not start without it.",
    ),
    Variable(
        "ALLOWED_HOSTS",
        "list",
        "",
        "Host names this site answers to, separated by commas. "
        "Production does not start without it.",
    ),
    Variable(
        "DATABASE_URL",
        "url",
        "sqlite:///var/suites.sqlite3",
        "The database: `sqlite:///path` (relative to the repository; four slashes for an absolute "
        "path) or `postgresql://user:password@host:port/name` "
        "(`postgresql:///name?host=/run/postgresql` for a socket).",
    ),
    Variable(
        "EMAIL_URL",
        "url",
        "smtp://localhost:25",
        "The mail server: `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://`, "
        "then `user:password@host:port`. Percent-encode what is special in a password.",
    ),
    Variable(
        "SUITES_MAIL_FROM",
        "text",
        "suites@localhost",
        "The sender of all mail, `name <address>` or an address alone.",
    ),
    Variable(
        "SUITES_MAILS_A_MINUTE",
        "int",
        "600",
        "How many mails to followers leave in a minute at most, over all workers. "
        "0 is as many as the mail server takes.",
    ),
    Variable(
        "SUITES_BOUNCES_TO",
        "text",
        "",
        "The address that mails come back to when they can't be delivered. "
        "The sender's when left out.",
    ),
    Variable(
        "SUITES_BOUNCES_ROOT",
        "path",
        "var/bounces",
        "The mailbox (Maildir) of that address on this machine, read every quarter of an hour "
        "where it exists.",
    ),
    Variable(
        "SUITES_SITE_URL",
        "url",
        "",
        "The public address, without a path, for links in mail and in the admin. "
        "In production the first host, over https, when left out.",
    ),
    Variable(
        "SUITES_LANGUAGES",
        "list",
        "fr,nl",
        "The languages of the site, separated by commas; the first is the one for readers of any "
        "other. French, Dutch and English are ready; another needs a catalogue, then "
        "`manage.py add_language`.",
    ),
    Variable(
        "SUITES_LANGUAGE_HOSTS",
        "list",
        "",
        "A host name of its own for a language, like "
        "`fr=suites.example.org,nl=opvolging.example.org`. Those left out stay under "
        "`SUITES_SITE_URL`. The admin answers on every host.",
    ),
    Variable(
        "SUITES_TODAY",
        "date",
        "",
        "Pins the clock to a day (`2026-11-12`) for demonstrations, tests and pictures. "
        "Leave it out where the public reads.",
    ),
    Variable(
        "SUITES_MEDIA_ROOT",
        "path",
        "var/media",
        "The folder of uploaded documents and images. Back it up with the database.",
    ),
    Variable(
        "SUITES_OPEN_DATA_ROOT",
        "path",
        "var/open-data",
        "The folder of the nightly file of open data, which `publish_open_data` makes.",
    ),
    Variable(
        "SUITES_STATIC_ROOT",
        "path",
        "var/static",
        "The folder that `collectstatic` fills. It may be made again at any time.",
    ),
    Variable(
        "SUITES_CACHE_ROOT",
        "path",
        "var/cache",
        "A folder for what may be lost: how far a running import has come. "
        "The server and the worker both write there.",
    ),
    Variable(
        "SUITES_MAINTENANCE",
        "int",
        "0",
        "Closes the public pages for work: in how many minutes they open again. "
        "The admin stays open. 0 is open.",
    ),
    Variable(
        "SUITES_SECURITY_CONTACT",
        "text",
        "",
        "Whom to tell of a weakness, `mailto:` or `https://`: stands in "
        "`/.well-known/security.txt`. When left out, there is no such file.",
    ),
    Variable(
        "SUITES_PROXIES",
        "int",
        "0",
        "How many proxies of yours stand before the server. With 1 or more the last "
        "`X-Forwarded-For` addresses and `X-Forwarded-Proto` are believed, so the outermost "
        "proxy must set both itself.",
    ),
    Variable(
        "SUITES_HSTS_SECONDS",
        "int",
        "31536000",
        "How long browsers are told to use https only. Begin with 3600 on a new host name.",
    ),
    Variable(
        "SUITES_HSTS_SUBDOMAINS",
        "bool",
        "true",
        "Whether that holds for every host below this one too.",
    ),
    Variable(
        "SUITES_IMPORT_FILE_MB",
        "int",
        "100",
        "The largest file that an import reads, in megabytes. "
        "A larger one is refused before it is opened.",
    ),
    Variable(
        "SUITES_IMPORT_TOTAL_MB",
        "int",
        "400",
        "The most that a zip archive for an import may hold, unpacked, in megabytes. "
        "One file of it may hold `SUITES_IMPORT_FILE_MB`.",
    ),
    Variable(
        "SUITES_SEARCH",
        "text",
        "database",
        "Which engine answers the search: `database` (SQLite or PostgreSQL, whichever is in use) "
        "or `elasticsearch`.",
    ),
    Variable(
        "ELASTICSEARCH_URL",
        "url",
        "",
        "The Elasticsearch to ask, `https://user:password@host:port`; several separated by commas. "
        "Needed when `SUITES_SEARCH` says so.",
    ),
    Variable(
        "SUITES_SEARCH_REPLICAS",
        "int",
        "0",
        "How many copies of the index Elasticsearch keeps on other nodes: 0 on one node, 1 on "
        "three.",
    ),
    Variable(
        "SUITES_LOG_LEVEL",
        "text",
        "INFO",
        "How much is logged, on standard error: DEBUG, INFO, WARNING or ERROR.",
    ),
)

_TABLE = {variable.name: variable for variable in VARIABLES}


class Environment:
    """Reads the variables of the table out of a mapping (the process's environment)."""

    def __init__(self, source: Mapping[str, str], base: Path) -> None:
        self.source = source
        self.base = base
        unknown = sorted(name for name in source if name.startswith(PREFIX) and name not in _TABLE)
        if unknown:
            raise ImproperlyConfigured(
                f"Unknown variable in the environment: {', '.join(unknown)}. "
                "docs/deploying.md lists those there are."
            )

    def text(self, name: str, *, choices: tuple[str, ...] = ()) -> str:
        """The value as it stands, without the white space around it; empty when not set."""
        variable = _TABLE[name]
        value = self.source.get(name, "").strip() or variable.default
        if "\0" in value or "\n" in value:
            raise self._refusal(name, "must be one line")
        if choices and value not in choices:
            raise self._refusal(name, f"must be one of {', '.join(choices)}")
        return value

    def flag(self, name: str) -> bool:
        value = self.text(name).lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise self._refusal(name, f"must be one of {', '.join(TRUE + FALSE)}")

    def number(self, name: str, *, least: int = 0) -> int:
        value = self.text(name)
        if not re.fullmatch(r"[0-9]{1,12}", value, re.ASCII) or int(value) < least:
            raise self._refusal(name, f"must be a whole number, {least} or more")
        return int(value)

    def items(self, name: str) -> list[str]:
        value = self.text(name)
        items = [item.strip() for item in value.split(",")] if value else []
        if not all(items) or any(" " in item for item in items):
            raise self._refusal(name, "must be items separated by single commas")
        return items

    def day(self, name: str) -> datetime.date | None:
        value = self.text(name)
        if not value:
            return None
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
                raise ValueError
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise self._refusal(name, "must be a day like 2026-11-12") from None

    def languages(self, name: str) -> list[tuple[str, str]]:
        """Languages by their codes, each with its name in itself: Django's LANGUAGES."""
        codes = self.items(name)
        unknown = [code for code in codes if "name_local" not in LANG_INFO.get(code, {})]
        if unknown or not codes or len(set(codes)) < len(codes):
            raise self._refusal(name, "must be codes of languages like fr,nl, each of them once")
        return [(code, _capital(LANG_INFO[code]["name_local"])) for code in codes]

    def hosts(self, name: str, languages: list[tuple[str, str]]) -> dict[str, str]:
        """Code of a language → the host of its pages, with its port if it has one."""
        found: dict[str, str] = {}
        for item in self.items(name):
            code, _separator, host = item.partition("=")
            if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?", host):
                raise self._refusal(name, "must be like fr=suites.example.org,nl=…")
            if code not in dict(languages) or code in found:
                raise self._refusal(
                    name, f"must name languages of SUITES_LANGUAGES, each once: “{code}” is not so"
                )
            found[code] = host
        return found

    def path(self, name: str) -> Path:
        """A folder; a relative one is read from the root of the repository."""
        return self.base / self.text(name)

    def address(self, name: str) -> str:
        """The address of a site, without a path: `https://suites.example.org`."""
        value = self.text(name).rstrip("/")
        if not value:
            return ""
        parts = self._parts(name, value)
        host, rest = parts.hostname, parts.username or parts.path or parts.query or parts.fragment
        if parts.scheme not in ("http", "https") or not host or rest:
            raise self._refusal(name, "must be an address like https://suites.example.org")
        return value

    def contact(self, name: str) -> str:
        """Where to write to: a mail address as `mailto:`, or a page over https."""
        value = self.text(name)
        if value and not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https://\S+", value):
            raise self._refusal(name, "must be like mailto:security@example.org or https://…")
        return value

    def database(self, name: str) -> dict[str, Any]:
        """An entry of Django's DATABASES."""
        value = self.text(name)
        parts = self._parts(name, value)
        if parts.fragment:
            raise self._refusal(name, "holds a '#': write it as %23")
        if parts.scheme == "sqlite":
            if parts.netloc or parts.query or len(parts.path) < 2:
                raise self._refusal(name, "must be like sqlite:///var/suites.sqlite3")
            # Read-then-write transactions fail at once unless the lock is taken at their start.
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": self.base / unquote(parts.path[1:]),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
                },
            }
        if parts.scheme in ("postgresql", "postgres"):
            options = dict(self._pairs(name, parts.query))
            host = options.pop("host", "") or unquote(parts.hostname or "")
            database = unquote(parts.path[1:])
            if not database or "/" in database:
                raise self._refusal(name, "names no database after the host")
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": database,
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": host,
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": options,
            }
        raise self._refusal(name, "must begin with sqlite:// or postgresql://")

    def mail(self, name: str) -> dict[str, Any]:
        """Django's EMAIL_… settings."""
        value = self.text(name)
        parts = self._parts(name, value)
        ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
        if parts.scheme not in ports or not parts.hostname:
            raise self._refusal(name, "must be like smtp+tls://user:password@mail.example.org:587")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise self._refusal(name, "holds more than user, password, host and port")
        return {
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or ports[parts.scheme],
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
            "EMAIL_USE_SSL": parts.scheme == "smtps",
        }

    def required(self, *names: str) -> None:
        """Stop the start when one of these is not set."""
        missing = [name for name in names if not self.text(name)]
        if missing:
            raise ImproperlyConfigured(
                f"Set {' and '.join(missing)} in the environment: this site does not start "
                f"without {'them' if len(missing) > 1 else 'it'} (docs/deploying.md)."
            )

    def _parts(self, name: str, value: str) -> SplitResult:
        try:
            parts = urlsplit(value)
            if parts.port == 0:
                raise ValueError
        except ValueError:
            raise self._refusal(name, "is not an address (is the port a number?)") from None
        return parts

    def _pairs(self, name: str, query: str) -> list[tuple[str, str]]:
        pairs = []
        for part in query.split("&") if query else []:
            key, separator, value = part.partition("=")
            if not (key and separator and value):
                raise self._refusal(name, "has options that are not like ?sslmode=require")
            pairs.append((unquote(key), unquote(value)))
        return pairs

    def _refusal(self, name: str, reason: str) -> ImproperlyConfigured:
        # The value itself may be a secret and stays out of the message.
        return ImproperlyConfigured(f"{name} in the environment {reason} (docs/deploying.md).")


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment(os.environ, BASE_DIR)

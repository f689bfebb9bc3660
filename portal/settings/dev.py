"""One's own machine: errors in full, mail in a folder, the demo and its day."""

import datetime

from portal.env import BASE_DIR, env
from portal.settings.base import *  # noqa: F403
from portal.settings.base import ALLOWED_HOSTS, LOGGING, SUITES_TODAY

DEBUG = True
ROOT_URLCONF = "portal.dev_urls"  # with a page of every component, for developers
SECRET_KEY = env.text("SECRET_KEY") or "for-development-only-never-for-a-server-the-public-reaches"
if not env.items("ALLOWED_HOSTS"):
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *ALLOWED_HOSTS]
EMAIL_BACKEND = "portal.dev_mail.Folder"  # caught in var/mail/, shown at /_mail/
SUITES_DEMO_LOGINS = True
SUITES_TODAY = SUITES_TODAY or datetime.date(2026, 11, 12)
LOGGING = {
    **LOGGING,
    # Several lines for each page saved, else.
    "loggers": {name: {"level": "WARNING"} for name in ("django_tasks", "wagtail")},
}

(BASE_DIR / "var").mkdir(exist_ok=True)

"""Tests: fast, quiet, without files, and always on the same day."""

import datetime

from portal.settings.base import *  # noqa: F403

SECRET_KEY = "for-tests-only-never-for-a-server-that-the-public-can-reach"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SUITES_DEMO_LOGINS = True
SUITES_TODAY = datetime.date(2026, 11, 12)
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "progress")
}
TASKS = {  # where a test wants a worker, it starts one
    name: {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}
    for name in ("default", "background")
}
AXES_ENABLED = False  # Client.login() has no request to count; the tests of the throttle turn it on

"""A server that the public reaches: https only, and no start with half a configuration."""

from django.core.exceptions import ImproperlyConfigured

from portal.env import env
from portal.settings.base import *  # noqa: F403
from portal.settings.base import ALLOWED_HOSTS, MIDDLEWARE, SECRET_KEY, SUITES_PROXIES

env.required("SECRET_KEY", "ALLOWED_HOSTS")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY in the environment is too short: at least 50 random characters."
    )
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS in the environment must name hosts, not '*'.")

WAGTAILADMIN_BASE_URL = env.address("SUITES_SITE_URL") or f"https://{ALLOWED_HOSTS[0].lstrip('.')}"

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = env.number("SUITES_HSTS_SECONDS")
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SUITES_HSTS_SUBDOMAINS")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if SUITES_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Preloading binds a whole domain for years: a choice of its owner, not of this program.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 20
globals().update(env.mail("EMAIL_URL"))

# After SecurityMiddleware, so that files too are sent over https only. Pages are compressed here
# and not left to the server in front, so that they weigh little wherever they are installed.
MIDDLEWARE = [
    *MIDDLEWARE[:2],
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.compression.Compress",
    *MIDDLEWARE[2:],
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.sheets.StaticFiles"},
}

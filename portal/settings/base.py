"""What holds everywhere, safe as it stands. The other settings files are only differences."""

import tomllib
from datetime import timedelta

from portal.env import BASE_DIR, env

# The site

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS")
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "portal",
    "home",
    "timeline",
    "subscriptions",
    "translations",
    "search",
    "booklets",
    "exchange",
    "assemblies",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "portal.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "portal.compression.Squeeze",
    "portal.middleware.ContentSecurityPolicy",
    "portal.middleware.RefuseMalformed",
    "portal.middleware.Maintenance",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.LanguageHost",
    "portal.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "assemblies.middleware.TellRefusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "portal.context_processors.site",
            ],
        },
    },
]

# Data

DATABASES = {"default": env.database("DATABASE_URL")}
MEDIA_ROOT = env.path("SUITES_MEDIA_ROOT")
MEDIA_URL = "/media/"
STATIC_ROOT = env.path("SUITES_STATIC_ROOT")
SUITES_OPEN_DATA_ROOT = env.path("SUITES_OPEN_DATA_ROOT")
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Between server and worker, and not in the database: an import keeps that one locked.
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": env.path("SUITES_CACHE_ROOT"),
    },
}

# Languages and the clock. A language is a variable, a catalogue in locale/, and `add_language`.

LANGUAGES = env.languages("SUITES_LANGUAGES")
LANGUAGE_CODE = LANGUAGES[0][0]
SUITES_LANGUAGE_HOSTS = env.hosts("SUITES_LANGUAGE_HOSTS", LANGUAGES)
ALLOWED_HOSTS += sorted({host.partition(":")[0] for host in SUITES_LANGUAGE_HOSTS.values()})
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"
SUITES_TODAY = env.day("SUITES_TODAY")

# Wagtail

WAGTAIL_SITE_NAME = "Suites"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [*LANGUAGES, ("en", "English")]
if "en" in dict(LANGUAGES):
    WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILADMIN_BASE_URL = env.address("SUITES_SITE_URL") or "http://127.0.0.1:8000"
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False  # a new translation begins as a draft
WAGTAIL_AUTOSAVE_INTERVAL = 5000  # milliseconds; each save of a draft is a revision
WAGTAIL_ENABLE_UPDATE_CHECK = False  # nothing here calls another site
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILREDIRECTS_AUTO_CREATE = False  # past addresses are ours: assemblies.models.past_address
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# The public search is the room ``search``; Wagtail's own, above, serves the admin's choosers only.

SUITES_SEARCH = env.text("SUITES_SEARCH", choices=("database", "elasticsearch"))
ELASTICSEARCH_URLS = env.items("ELASTICSEARCH_URL")
SUITES_SEARCH_REPLICAS = env.number("SUITES_SEARCH_REPLICAS")
SUITES_SEARCH_INDEX = "suites"

# Work that a reader or editor need not wait for. Wagtail's own small tasks run at once; ours stand
# in the database until a worker takes them (`manage.py db_worker --backend background`).

TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "background": {"BACKEND": "django_tasks_db.DatabaseBackend"},
}

# The version of the program, which a frozen booklet names.

SUITES_VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"][
    "version"
]

SUITES_SECURITY_CONTACT = env.contact("SUITES_SECURITY_CONTACT")

# Mail

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("SUITES_MAIL_FROM")
EMAIL_SUBJECT_PREFIX = ""
SUITES_BOUNCES_TO = env.text("SUITES_BOUNCES_TO")
SUITES_BOUNCES_ROOT = env.path("SUITES_BOUNCES_ROOT")
SUITES_MAILS_A_MINUTE = env.number("SUITES_MAILS_A_MINUTE")

# Log-in: five failures of one name from one address close the door for a quarter of an hour.

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # who logged in from where is nobody's business a year later
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "portal.errors.locked_out"
AXES_CLIENT_IP_CALLABLE = "portal.middleware.client_address"
SUITES_PROXIES = env.number("SUITES_PROXIES")
SUITES_MAINTENANCE = env.number("SUITES_MAINTENANCE")
SUITES_IMPORT_FILE_MB = env.number("SUITES_IMPORT_FILE_MB")
SUITES_IMPORT_TOTAL_MB = env.number("SUITES_IMPORT_TOTAL_MB")
SUITES_DEMO_LOGINS = False  # whether the demo may bring its users, whose password is public

# Safety

CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=()"
PATH_MAX_LENGTH = 4_000  # Python refuses to read a number of more than 4,300 digits
QUERY_STRING_MAX_LENGTH = 8_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # data: the icon of the tab, which costs no request
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
# Wagtail's admin writes scripts and styles into its pages, and shows previews in frames.
CONTENT_SECURITY_POLICY_ADMIN = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.text("SUITES_LOG_LEVEL", choices=("DEBUG", "INFO", "WARNING", "ERROR")),
    },
    "loggers": {
        "django": {"handlers": []},  # Django's own would say everything twice
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # robots that try addresses
        "elastic_transport": {"level": "ERROR"},  # a line each question
        "fontTools": {"level": "WARNING"},  # each font that a PDF takes in, table by table
        "weasyprint": {"level": "WARNING"},  # each page of a PDF
        "django_tasks": {"level": "WARNING"},  # two lines each time something is saved
    },
}

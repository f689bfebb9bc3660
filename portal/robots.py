"""What machines ask a site for before anything else: robots.txt, security.txt, its sign."""

from datetime import UTC, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from assemblies.pages.common import reading, site_url
from assemblies.pages.filters import FILTERS
from timeline.filters import PARAMETERS

TEXT = "text/plain; charset=utf-8"
#: How long the contact holds without looking again; the standard asks for less than a year.
VALID = timedelta(days=180)


@reading
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read but the admin, and lists in every combination of their filters."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(f"Disallow: /*?*{name}=" for name in dict.fromkeys((*FILTERS, *PARAMETERS, "as_of"))),
        # Feeds are for whoever wants them: the longer path wins.
        *(f"Allow: {address}" for address in _feeds()),
        f"Sitemap: {site_url()}/sitemap.xml",
    ]
    return _lasting("\n".join(lines) + "\n")


def _feeds() -> list[str]:
    """The address of the feeds in each language."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append(reverse("timeline:feed"))
    return found


@reading
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); nothing where the operator names nobody."""
    if not settings.SUITES_SECURITY_CONTACT:
        raise Http404
    # The true day, also where the site's clock stands still.
    expires = (timezone.now() + VALID).astimezone(UTC).replace(hour=0, minute=0, second=0)
    languages = ", ".join([*(code for code, _name in settings.LANGUAGES), "en"])
    lines = [
        f"Contact: {settings.SUITES_SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {site_url()}/.well-known/security.txt",
    ]
    return _lasting("\n".join(lines) + "\n")


@reading
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that read no icon out of a page."""
    response = redirect(static("images/favicon.ico"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _lasting(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type=TEXT)
    response["Cache-Control"] = "public, max-age=86400"
    return response

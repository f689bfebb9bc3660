"""What is done to every request and every answer."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from assemblies.pages.common import preferred_language, site_url
from portal.errors import bad_request, maintenance

GetResponse = Callable[[HttpRequest], HttpResponse]

ADMIN = "/admin/"


class Headers:
    """Says with every answer which powers of the browser this site will never ask for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class ContentSecurityPolicy(CSPMiddleware):
    """Strict for readers, looser under the admin only."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(ADMIN):
            return replace(parts, config=settings.CONTENT_SECURITY_POLICY_ADMIN)
        return parts


class RefuseMalformed:
    """Answers 400 to what no reader sends: a NUL, which databases choke on, or a flood."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if (
            "\0" in request.path_info
            or len(request.path_info) > settings.PATH_MAX_LENGTH
            or len(query) > settings.QUERY_STRING_MAX_LENGTH
            or b"\0" in unquote_to_bytes(query)
        ):
            return bad_request(request)
        return self.get_response(request)


class Maintenance:
    """While the site is closed for work, readers are told so; the admin and the files stay open."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stays_open = (ADMIN, settings.STATIC_URL, settings.MEDIA_URL)
        if settings.SUITES_MAINTENANCE and not request.path_info.startswith(stays_open):
            return maintenance(request)
        return self.get_response(request)


class LanguageHost:
    """Sends readers to the host of the language that they read, where it has one of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SUITES_LANGUAGE_HOSTS and request.method in ("GET", "HEAD"):
            language = translation.get_language_from_path(request.path_info)
            host = settings.SUITES_LANGUAGE_HOSTS.get(language) if language else None
            if host and host != request.get_host():
                return HttpResponseRedirect(site_url(language) + request.get_full_path())
        return self.get_response(request)


class Language(LocaleMiddleware):
    """The language of the address, of the host, or the browser's; no cookie is looked at."""

    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_path(request.path_info)
        translation.activate(language or preferred_language(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        answer = super().process_response(request, response)
        if answer is not response:  # sent on to the same address with a language
            answer["Vary"] = "Accept-Language"
        return answer


def client_address(request: HttpRequest) -> str | None:
    """Where a request comes from, as the outermost of our own proxies saw it."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    candidate = (
        forwarded[-settings.SUITES_PROXIES]
        if 0 < settings.SUITES_PROXIES <= len(forwarded)
        else request.META.get("REMOTE_ADDR", "")
    )
    try:
        return str(ip_address(candidate.strip()))
    except ValueError:
        return None

"""Pages for what goes wrong, in the language of the address that was asked for."""

import logging
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.html import format_html
from django.utils.translation import gettext as _

from assemblies.pages.common import directory_of, preferred_language
from assemblies.parameters import UnknownValue

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that can't be read; what is wrong with it, where a page said so."""
    reason = exception.args[0] if isinstance(exception, UnknownValue) else ""
    return _page(request, 400, reason=reason)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, reference=_meant(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    logger.warning("CSRF check failed at %s: %s", request.path, reason)
    return _page(request, 403)


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: dict[str, str] | None = None,
) -> HttpResponse:
    """Too many failed log-ins. Says when to come back, and not whether the name exists."""
    return _page(request, 429, minutes=int(settings.AXES_COOLOFF_TIME.total_seconds() // 60))


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without request and context processors, so that it asks nothing of a database."""
    return _page(request, 500, with_request=False)


def maintenance(request: HttpRequest) -> HttpResponse:
    """Closed for work: says until about when, and asks nothing of a database."""
    minutes = settings.SUITES_MAINTENANCE
    response = _page(request, 503, with_request=False, minutes=minutes)
    response["Retry-After"] = str(minutes * 60)
    return response


#: The form of a permanent reference, anywhere in an address.
_REFERENCE = re.compile(r"(?<![A-Za-z0-9.-])[A-Za-z0-9]{2,12}(?:-[A-Za-z0-9.]{1,20}){2,4}")


def _meant(request: HttpRequest) -> str:
    """A reference in an address that leads nowhere, if one of our assemblies gives such ones.

    Not where the address was that of a reference: that one does not exist.
    """
    match = request.resolver_match
    if (match is not None and match.namespace == "assemblies") or request.path_info[:3] == "/r/":
        return ""
    codes = {assembly.code for assembly in directory_of(request).assemblies.values()}
    for found in _REFERENCE.findall(request.path_info[:500]):
        if found.upper().partition("-")[0] in codes:
            return found.upper().rstrip(".-")
    return ""


def _page(
    request: HttpRequest, status: int, *, with_request: bool = True, **context: object
) -> HttpResponse:
    prefix = translation.get_language_from_path(request.path_info)
    language = prefix or preferred_language(request)
    with translation.override(language):
        try:
            template = get_template(f"{status}.html")
        except TemplateDoesNotExist:
            content: str = format_html(
                '<!doctype html><html lang="{}"><title>{}</title><h1>{}</h1></html>',
                language,
                status,
                _("This page cannot be shown."),
            )
        else:
            content = template.render(
                {"status": status, **context}, request if with_request else None
            )
    response = HttpResponse(content, status=status)
    response["Content-Language"] = language
    add_never_cache_headers(response)
    if not prefix:
        patch_vary_headers(response, ["Accept-Language"])
    return response

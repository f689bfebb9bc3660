"""Pages for what goes wrong, in the language of the address that was asked for."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.html import format_html
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


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


def _page(
    request: HttpRequest, status: int, *, with_request: bool = True, **context: object
) -> HttpResponse:
    prefix = translation.get_language_from_path(request.path_info)
    language = prefix or translation.get_language_from_request(request)
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

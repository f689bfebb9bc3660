"""Every address of a page leads here: one query finds the page, whatever its language.

It takes the place of Wagtail's walk from page to page, and keeps what Wagtail does around it: its
hooks, its view restrictions, and the redirects that editors make by hand.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path
from wagtail import hooks
from wagtail.models import Page, PageViewRestriction

from assemblies import routing
from assemblies.directory import page_url
from assemblies.models import RecommendationPage
from assemblies.pages.common import directory_of, preferred_language, reader_language, reading
from assemblies.pages.recommendation import withdrawn


@reading
def root(request: HttpRequest) -> HttpResponse:
    """``/``: to the home page in the language that the browser asks for."""
    response = HttpResponseRedirect(page_url([], preferred_language(request)))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@reading
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve the page at ``path`` below ``/<language>/``.

    Another address of the same page (a slug of another language) is sent to its own address for
    readers of this language by a temporary redirect, since that address changes on the day a
    translation is published; an address of the past for good, but to be asked again within the
    hour: a page may be given its old name back. Query strings are kept.
    """
    lists = directory_of(request)
    route = routing.resolve(lists, path, reader_language())
    if route is None:
        raise Http404
    if route.url != escape_uri_path(request.path):
        query = request.META.get("QUERY_STRING", "")
        there = f"{route.url}?{query}" if query else route.url
        if not route.past:
            return HttpResponseRedirect(there)
        response = HttpResponsePermanentRedirect(there)
        response["Cache-Control"] = "max-age=3600"
        return response
    request.route = route
    if isinstance(route.original, RecommendationPage):
        register = route.original.register
        if register.withdrawn_on is not None:
            return withdrawn(request, register)
    return through_hooks(route.page, request)


def through_hooks(page: Page, request: HttpRequest) -> HttpResponseBase:
    """Serve a page as ``wagtail.views.serve`` does, with its view restrictions in one query."""
    paths = [page.path[:end] for end in range(Page.steplen, len(page.path) + 1, Page.steplen)]
    page.get_view_restrictions = lambda: PageViewRestriction.objects.filter(page__path__in=paths)

    def chain(page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]):
        return page.serve(request, *args, **kwargs)

    for wrap in reversed(hooks.get_hooks("on_serve_page")):
        chain = wrap(chain)
    for before in hooks.get_hooks("before_serve_page"):
        result = before(page, request, [], {})
        if isinstance(result, HttpResponse):
            return result
    return chain(page, request, [], {})

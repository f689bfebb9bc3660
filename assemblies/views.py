"""The pages of facts, and the permanent addresses; ``home.views`` serves the pages of the tree."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import override

from assemblies import routing
from assemblies.models import Recommendation, RecommendationPage
from assemblies.pages import action as action_page
from assemblies.pages import facts, pairs
from assemblies.pages.common import (
    directory_of,
    preferred_language,
    reader_language,
    reading,
)
from assemblies.pages.recommendation import withdrawn


@reading
def reference(request: HttpRequest, reference: str) -> HttpResponse:
    """``/fr/r/BXL-C2-12``: to the recommendation's page, wherever it is now; 410 if withdrawn."""
    return to_recommendation(request, reference)


@reading
def reference_in_any_language(request: HttpRequest, reference: str) -> HttpResponse:
    """``/r/BXL-C2-12``, as on paper: the same, in the language that the browser asks for."""
    with override(preferred_language(request)):
        response = to_recommendation(request, reference)
        if isinstance(response, TemplateResponse):
            response.render()
        response["Content-Language"] = reader_language()
    patch_vary_headers(response, ["Accept-Language"])
    return response


def to_recommendation(request: HttpRequest, reference: str) -> HttpResponse:
    """Looked up without regard to case. Temporary: a Dutch page may come, with its own address."""
    row = (
        Recommendation.objects.filter(reference=reference.upper(), page__live=True)
        .select_related("page")
        .first()
    )
    if row is None:
        raise Http404
    if row.withdrawn_on is not None:
        return withdrawn(request, row)
    lists = directory_of(request)
    language = reader_language()
    own = RecommendationPage.objects.filter(
        translation_key=row.translation_key,
        locale__language_code=language,
        live=True,
        alias_of__isnull=True,
    )
    slug = own.values_list("slug", flat=True).first() or row.page.slug
    cycle = lists.cycles[row.cycle_id]
    url = routing.recommendation_url(lists, cycle.translation_key, slug, language)
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{url}?{query}" if query else url)


@reading
def measure(request: HttpRequest, reference: str) -> HttpResponseBase:
    if reference != reference.upper():
        return redirect("assemblies:measure", reference.upper(), permanent=True)
    context = facts.measure_context(request, reference)
    template = pairs.TEMPLATE if pairs.asked_for(request) else "assemblies/measure.html"
    return TemplateResponse(request, template, context)


@reading
def act(request: HttpRequest, reference: str) -> HttpResponseBase:
    if reference != reference.upper():
        return redirect("assemblies:act", reference.upper(), permanent=True)
    context = facts.act_context(request, reference)
    template = pairs.TEMPLATE if pairs.asked_for(request) else "assemblies/act.html"
    return TemplateResponse(request, template, context)


@reading
def action(request: HttpRequest, number: int) -> HttpResponseBase:
    context = action_page.action_context(request, number)
    return TemplateResponse(request, "assemblies/action.html", context)

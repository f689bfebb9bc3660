"""The search page."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from assemblies import clock, collation
from assemblies.directory import Directory
from assemblies.models import Act, Action, Measure, Recommendation
from assemblies.pages.common import crumbs, directory_of, reader_language, reading
from search import asking, engines, facets, matching, query, results
from search.engines import Answer, Asked
from search.facets import Chosen
from search.query import Query

SIZE = 20
#: Whoever has not found it on a thousand results asks otherwise.
MOST_PAGES = 50
#: Seconds in which a database has to answer; the commonest words of 100,000 texts take a tenth.
LIMIT = 5.0
#: Seconds after which it is worth trying again.
RETRY = 120


@reading
def search(request: HttpRequest) -> HttpResponse:
    """``?q=``: what is looked for; beside it facets, and how results are shown.

    ``sort=date``; ``all=1``: all words only; ``tail=1``: the weak ones too; ``page=2``.
    """
    lists = directory_of(request)
    language = reader_language()
    understood = query.parse(request.GET.get("q", ""), language)
    chosen = Chosen.read(request.GET, lists)
    if address := _straight(understood):
        return HttpResponseRedirect(address)
    asked = _Page(request, understood, chosen)
    status = 200
    try:
        context = asked.context(lists, language)
    except engines.Unavailable as error:
        too_long = isinstance(error, engines.TooLong)
        context, status = {"unavailable": True, "too_long": too_long}, 503
    home = next(iter(lists.homes.values()), None)
    context |= {
        "query": understood,
        "typed": understood.typed,
        "search_address": request.path,
        "breadcrumbs": crumbs(
            lists, [home] if home else [], {"label": gettext("Search"), "url": None}
        ),
        "noindex": True,
    }
    response = TemplateResponse(request, "search/search.html", context, status=status)
    if status == 503:
        response["Retry-After"] = str(RETRY)
        add_never_cache_headers(response)
    return response


def _straight(understood: Query) -> str:
    """The address of what was asked for by its reference or number; "" when it is none."""
    if understood.number is not None:
        if Action.objects.filter(number=understood.number, live=True).exists():
            return reverse("assemblies:action", args=[understood.number])
        return ""
    if not understood.reference:
        return ""
    named = Q(reference=understood.reference) | Q(reference__endswith=f"-{understood.reference}")
    found = list(
        Recommendation.objects.live().filter(named).values_list("reference", flat=True)[:2]
    )
    if len(found) == 1:
        return reverse("assemblies:reference", args=found)
    if not found:
        found = list(
            Measure.objects.filter(named, live=True).values_list("reference", flat=True)[:2]
        )
        if len(found) == 1:
            return reverse("assemblies:measure", args=found)
    if not found:
        slug = understood.reference.lower()
        found = list(Act.objects.filter(slug=slug, live=True).values_list("slug", flat=True)[:1])
        if found:
            return reverse("assemblies:act", args=found)
    return ""


class _Page:
    """One page of results, and every address it leads to."""

    def __init__(self, request: HttpRequest, understood: Query, chosen: Chosen) -> None:
        given = request.GET
        self.query, self.chosen = understood, chosen
        self.by_date = given.get("sort") == "date"
        self.all_words = given.get("all") == "1"
        self.tail = given.get("tail") == "1"
        number = given.get("page", "1")
        self.number = (
            int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
        )
        self.number = min(max(self.number, 1), MOST_PAGES)

    def base(self, **changed: str) -> list[tuple[str, str]]:
        """What the address asks for beside facets; ``changed``: with these put otherwise."""
        own = {
            "q": self.query.typed,
            "sort": "date" if self.by_date else "",
            "all": "1" if self.all_words else "",
            "tail": "1" if self.tail else "",
            **changed,
        }
        return [(name, value) for name, value in own.items() if value]

    def address(self, *, facets: bool = True, **changed: str) -> str:
        pairs = [*self.base(**changed), *(self.chosen.pairs if facets else ())]
        return f"?{urlencode(pairs)}" if pairs else "?"

    def saved(self, language: str) -> str:
        return matching.saved(urlencode([*self.base(), *self.chosen.pairs]), language)

    def ask(self, question: asking.Question, language: str, known: Any, number: int) -> Answer:
        return engines.current().search(
            Asked(
                language=language,
                groups=question.groups,
                phrases=self.query.phrases,
                excluded=question.excluded,
                excluded_phrases=self.query.excluded_phrases,
                all_words=self.all_words,
                cut=len(question.groups) >= asking.LONG and not (self.tail or self.all_words),
                profiles=self.chosen.passing(known),
                late="late" in self.chosen.values,
                today=clock.today(),
                generation=question.generation,
                seconds=LIMIT,
                by_date=self.by_date,
                offset=(number - 1) * SIZE,
                size=SIZE,
            )
        )

    def context(self, lists: Directory, language: str) -> dict[str, Any]:
        common = {
            "topics": sorted(lists.topics.values(), key=lambda topic: collation.key(topic.name)),
            "hidden": self.base(q=""),
        }
        if not self.query:
            return {**common, "only_stop_words": bool(self.query.sequence)}
        now = lists.generation
        known = facets.profiles(now)
        question = asking.question(self.query, language, now)
        answer = self.ask(question, language, known, self.number)
        if not answer.hits and answer.total and self.number > 1:
            self.number = min(-(-answer.total // SIZE), MOST_PAGES)
            answer = self.ask(question, language, known, self.number)
        if any(number not in known for number, _late in answer.profiles):
            facets.forget()  # another process wrote entries without a new change
            known = facets.profiles(now)
        found = facets.facets(lists, answer.profiles, known, self.chosen, self.base())
        context = {
            **common,
            "total": answer.total,
            "words": [word.folded for word in self.query.words],
            "several": len(question.groups) > 1,
            "all_words": self.all_words,
            "all_words_url": self.address(all="" if self.all_words else "1", tail=""),
            "tail_hidden": answer.whole - answer.total,
            "whole": answer.whole,
            "tail_url": self.address(tail="1"),
            "by_date": self.by_date,
            "sort_url": self.address(sort="" if self.by_date else "date"),
            "facets": found,
            "chosen": [value for facet in found for value in facet.chosen],
            "without_facets": self.address(facets=False),
            "lines": results.lines(lists, answer.hits, question, language, self.query.phrases),
            "pages": self.pages(answer.total),
            "followed": self.saved(language),
            "suggestions": [],
        }
        if not answer.total or answer.total < 3:
            context["suggestions"] = self.suggestions(language, known, now)
        return context

    def suggestions(self, language: str, known: Any, now: tuple) -> list[dict[str, Any]]:
        """What may have been meant, with how many results each has; none that has nothing."""
        found = []
        for said in asking.suggestions(self.query, language, now):
            other = _Page.__new__(_Page)
            other.__dict__ |= self.__dict__
            other.query, other.chosen = query.parse(said, language), Chosen({})
            other.number = 1
            if not other.query:
                continue
            asked = asking.question(other.query, language, now)
            total = other.ask(asked, language, known, 1).total
            if total:
                found.append({"text": said, "number": total, "url": f"?{urlencode({'q': said})}"})
        return found

    def pages(self, total: int) -> dict[str, Any]:
        last = min(-(-total // SIZE), MOST_PAGES)
        here = self.number
        shown = sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)})
        numbers: list[dict[str, Any]] = []
        for place, number in enumerate(shown):
            if place and number > shown[place - 1] + 1:
                numbers.append({"gap": True})
            numbers.append(
                {"number": number, "url": self.address(page=str(number)), "here": number == here}
            )
        return {
            "numbers": numbers if last > 1 else [],
            "previous": self.address(page=str(here - 1)) if here > 1 else "",
            "next": self.address(page=str(here + 1)) if here < last else "",
            "first": (here - 1) * SIZE + 1,
        }

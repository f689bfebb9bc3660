"""A draft of a passage in the admin: the words of its recommendation, as it would mark them."""

from typing import Any

from django.http import HttpRequest

from assemblies.directory import Directory
from assemblies.models import Passage
from assemblies.pages.common import kicker, reader_language
from assemblies.pages.passages import Passages
from assemblies.pages.reading import Reading
from assemblies.pages.recommendation import frame_of
from assemblies.words import Choice


def passage_preview(request: HttpRequest, lists: Directory, draft: Passage) -> dict[str, Any]:
    """The words of a recommendation, as a draft of a passage would mark them."""
    about = Reading(lists, draft.recommendation)
    request.assembly = about.assembly
    page = draft.recommendation.page
    language = page.locale.language_code
    missing = language != reader_language()
    marked = Passages.read(about.row.pk, about.story, about.measures)
    marked.here = False
    marked.add(draft)
    title = Choice(page.full_title, language, missing=missing)
    return {
        **frame_of(about, title, kicker(lists, about.row)),
        "noindex": True,
        "draft": not draft.live,
        "language": language,
        "words_missing": missing,
        "handed_over_on": about.row.handed_over_on,
        "verbatim": marked.shown(page, page),
    }

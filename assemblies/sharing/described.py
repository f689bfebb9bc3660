"""What pages say of themselves to machines, in the words of schema.org: plain facts, no ratings."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from assemblies.pages.common import place_label, place_url, site_url
from assemblies.pages.reading import Reading
from assemblies.sharing.contents import invented
from assemblies.words import Choice, choose

CONTEXT = "https://schema.org"
#: How a search engine tells what was invented for a demonstration.
EXAMPLE = "Example"


def trail(breadcrumbs: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The breadcrumb of a page, for a search engine to show in the place of its address."""
    steps = [
        {
            "@type": "ListItem",
            "position": position,
            "name": choose(crumb["label"]).text,
            # The last one is the page itself, and needs no address.
            **({"item": site_url() + crumb["url"]} if crumb["url"] else {}),
        }
        for position, crumb in enumerate(breadcrumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps} if len(steps) > 1 else None


def work_of_recommendation(
    about: Reading, title: Choice, called: Choice, *, updated_on: datetime.date | None
) -> dict[str, Any]:
    """A recommendation as a work: what it is called, by whom, of when, and its state in words."""
    lists = about.lists
    cycle = lists.originals.get(about.cycle.translation_key)
    assembly = lists.originals.get(about.assembly.translation_key)
    address = site_url() + reverse("assemblies:reference", args=[about.row.reference])
    found: dict[str, Any] = {
        "@type": "CreativeWork",
        "@id": address,
        "identifier": about.row.reference,
        "name": f"{called.text}: {title.text}" if title else called.text,
        "inLanguage": title.language,
        "abstract": about.sentence(),
    }
    if assembly is not None:
        found["author"] = {
            "@type": "Organization",
            "name": place_label(lists, assembly).text,
            "url": site_url() + place_url(lists, assembly),
        }
    if cycle is not None:
        found["isPartOf"] = {
            "@type": "CreativeWork",
            "name": place_label(lists, cycle).text,
            "url": site_url() + place_url(lists, cycle),
        }
    if about.row.handed_over_on:
        found["dateCreated"] = about.row.handed_over_on.isoformat()
    if updated_on:
        found["dateModified"] = updated_on.isoformat()
    if invented(about):
        found["creativeWorkStatus"] = EXAMPLE
    return found

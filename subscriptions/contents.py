"""What a digest says: each change as readers see it, in one language, read once for all mails.

Ten thousand mails of a round tell much the same. Whatever is read here is kept while a worker
sends, by number and language, as of one number of the change log.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, override

from assemblies.directory import Directory
from assemblies.models import Change
from assemblies.pages.common import place_label, site_url
from assemblies.templatetags.suites import words
from assemblies.words import Choice, choose, said_with
from subscriptions.enums import Followable
from subscriptions.items import Group, Item, Items, Stories, reference_url
from subscriptions.models import Followed, Mention
from subscriptions.things import Thing, in_words


@dataclass
class Section:
    """An assembly, with what is told of it; or what became of followed things themselves."""

    title: Choice | str
    ink: str = ""
    groups: list[Group] = field(default_factory=list)


class Contents:
    """Changes in one language."""

    def __init__(self, lists: Directory, language: str, stories: Stories | None = None) -> None:
        self.lists = lists
        self.language = language
        self.making = Items(lists, language, stories or Stories(lists))
        self.items: dict[int, Item | None] = {}
        self.things: dict[int, Thing] = {}
        self.mentions: dict[tuple[int, int], Mention] = {}

    def sections(self, news: dict[int, list[int]]) -> list[Section]:
        """What a mail tells: by assembly, by recommendation, in the order of the log."""
        with override(self.language):
            self._read(news)
            found: dict[Any, Section] = {}
            for number in sorted(news):
                for item in self._told(number, news[number]):
                    section = found.setdefault(item.assembly, self._section(item.assembly))
                    self._place(section, item)
            order = sorted(found, key=lambda key: (key is None, self._code(key)))
            return [found[key] for key in order]

    def names(self, news: dict[int, list[int]]) -> list[SafeString]:
        """The things followed that a mail is about."""
        keys = dict.fromkeys(key for keys in news.values() for key in keys)
        return [self.things[key].marked_short for key in keys if key in self.things]

    # -- reading ------------------------------------------------------------------------------

    def _read(self, news: dict[int, list[int]]) -> None:
        wanted = {key for keys in news.values() for key in keys} - set(self.things)
        if wanted:
            self.things |= in_words(self.lists, Followed.objects.filter(pk__in=wanted))
        missing = set(news) - set(self.items)
        for change in Change.objects.filter(number__in=missing).select_related(
            "action__group", "measure", "withdrawal", "recommendation"
        ):
            self.items[change.number] = self.making.item(change)
            missing.discard(change.number)
        self.items |= dict.fromkeys(missing)
        noted = [number for number in news if self.items[number] is None]
        for mention in Mention.objects.filter(number__in=noted):
            self.mentions[mention.followed_id, mention.number] = mention

    def _told(self, number: int, keys: list[int]) -> Iterable[Item]:
        item = self.items[number]
        things = [self.things[key] for key in keys if key in self.things]
        if item is not None:
            told = Item(**{**item.__dict__, "because": [thing.marked_short for thing in things]})
            self._choose_place(told, things)
            yield told
            return
        for key in keys:
            mention = self.mentions.get((key, number))
            if mention is not None and key in self.things:
                yield self._notice(mention, self.things[key])

    def _choose_place(self, item: Item, things: list[Thing]) -> None:
        """Under the recommendation that is followed itself, else under the first."""
        if not item.places:
            return
        followed = {thing.key for thing in things if thing.kind == Followable.RECOMMENDATION}
        chosen = next((key for key in item.places if key in followed), next(iter(item.places)))
        item.group = self.making.group_of_recommendation(chosen)
        item.also = [
            {"reference": reference, "url": reference_url(reference)}
            for key, reference in item.places.items()
            if key != chosen
        ][:6]

    def _place(self, section: Section, item: Item) -> None:
        known = self.making.groups.get(item.group)
        found = next((g for g in section.groups if known and g.url == known.url), None)
        if found is None:
            found = Group(**{**known.__dict__, "items": []}) if known else Group(Choice("", ""), "")
            section.groups.append(found)
        found.items.append(item)

    def _section(self, key: int | None) -> Section:
        if key is None:
            return Section(gettext("What you follow"))
        row = self.lists.assemblies[key]
        page = self.lists.originals.get(row.translation_key)
        title = place_label(self.lists, page) if page else Choice(row.title, self.language)
        return Section(title, row.ink)

    def _code(self, key: int | None) -> str:
        return "" if key is None else self.lists.assemblies[key].code

    def _notice(self, mention: Mention, thing: Thing) -> Item:
        """What became of a followed thing itself."""
        was = choose(mention.note.get("was")) or thing.name
        what = mention.note.get("what")
        url, note = thing.url, gettext("It is no longer published here; nothing more will come.")
        if what == "renamed":
            note = said_with(
                gettext("It was called “%(was)s”; you still follow it."),
                was=words(was, note=False),
            )
        elif what == "succeeded":
            body = self.lists.bodies.get(mention.note.get("by"))
            if body is not None:
                url = body.url
                note = said_with(
                    gettext("It was succeeded by “%(name)s”; follow that one too, if you wish."),
                    name=words(body.name, note=False),
                )
        return Item(
            number=mention.number,
            kind="notice",
            group=("notice", 0),
            assembly=None,
            # What it is stands in the language of the mail: a foreign name stands alone.
            title=thing.name if thing.name.missing else choose(thing.label),
            url=site_url() + url if url else "",
            label=gettext("About what you follow"),
            note=note,
        )


def count_of(number: int) -> str:
    """How many things a mail tells."""
    return ngettext(
        "%(number)s new thing on what you follow",
        "%(number)s new things on what you follow",
        number,
    ) % {"number": number}

"""Elasticsearch 9: one document an entry, its texts nested in it, tokens made by our analyzer.

The index stands behind an alias. What was published is written after the commit; what could not be
is caught up from the numbers of the change log.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from search.engines.base import (
    KEPT,
    OWN,
    REPEATED,
    WEAK,
    Answer,
    Asked,
    Engine,
    Group,
    Hit,
    Unavailable,
)
from search.models import Entry, Mirror, counts

logger = logging.getLogger(__name__)
T = TypeVar("T")

BATCH = 200
#: Seconds to wait for an answer.
PATIENCE = 5
#: Profiles counted; there are never so many.
MOST_PROFILES = 10_000


def _field(language: str) -> str:
    return f"tokens_{language.replace('-', '_')}"


def _once(query: dict[str, Any]) -> dict[str, Any]:
    """A query for texts in which a booklet's sheet, which repeats what facts say, counts less."""
    repeated = {"term": {"texts.noun": "sheet"}}
    return {"boosting": {"positive": query, "negative": repeated, "negative_boost": REPEATED}}


def _repeated(tokens: str) -> str:
    """A document's tokens, each as often as it stands there; in which order is not asked."""
    return " ".join(f"{token} " * number for token, number in counts(tokens).items())


class Elastic(Engine):
    def __init__(self) -> None:
        from elasticsearch import Elasticsearch

        self.client = Elasticsearch(
            settings.ELASTICSEARCH_URLS or ["http://127.0.0.1:9200"],
            request_timeout=PATIENCE,
            retry_on_timeout=True,
            max_retries=2,
        )
        self.alias = settings.SUITES_SEARCH_INDEX

    def _try(self, ask: Callable[[], T]) -> T:
        """What the engine answers; its silence is one sort of error."""
        from elasticsearch import ApiError, TransportError

        try:
            return ask()
        except (ApiError, TransportError) as error:
            raise Unavailable(str(error)[:300]) from error

    # -- what is indexed ------------------------------------------------------------------------

    def _settings(self) -> dict[str, Any]:
        words = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
        texts = {
            "language": {"type": "keyword"},
            "audience": {"type": "keyword"},
            "noun": {"type": "keyword"},
            "plain": {"type": "text", "analyzer": "whitespace"},
            **{_field(code): words for code, _name in settings.LANGUAGES},
        }
        return {
            "settings": {
                "number_of_shards": 1,
                "number_of_replicas": settings.SUITES_SEARCH_REPLICAS,
                "refresh_interval": "1s",
            },
            "mappings": {
                "dynamic": False,
                "properties": {
                    "key": {"type": "keyword"},
                    "entry": {"type": "long"},
                    "changed": {"type": "long"},
                    "profile": {"type": "long"},
                    "next_due": {"type": "date"},
                    "day": {"type": "date"},
                    "texts": {"type": "nested", "properties": texts},
                },
            },
        }

    def _documents(self, entries: Iterable[Entry], index: str) -> Iterator[dict[str, Any]]:
        for entry in entries:
            # Two who catch up at a time: what is older never comes after what is newer.
            version = {"version": entry.changed, "version_type": "external_gte"}
            action = {"_index": index, "_id": entry.key, **version}
            if entry.gone:
                yield {**action, "_op_type": "delete"}
                continue
            yield {
                **action,
                "_source": {
                    "key": entry.key,
                    "noun": entry.noun,
                    "subject": entry.subject,
                    "entry": entry.pk,
                    "changed": entry.changed,
                    "profile": entry.profile,
                    "next_due": entry.next_due,
                    "day": entry.day,
                    "texts": [
                        {
                            "language": each.language,
                            "noun": each.noun,
                            "audience": each.audience.split(),
                            "plain": each.plain,
                            _field(each.language): _repeated(each.tokens),
                        }
                        for each in entry.documents.all()
                    ],
                },
            }

    def _write(self, entries: Iterable[Entry], index: str, *, refresh: bool) -> int:
        from elasticsearch import helpers

        written, errors = self._try(
            lambda: helpers.bulk(
                self.client,
                self._documents(entries, index),
                raise_on_error=False,
                refresh=refresh,
                chunk_size=BATCH,
            )
        )
        # Gone already, or written by somebody who was faster.
        fine = {404, 409}
        failed = [
            error
            for error in errors  # type: ignore[union-attr]
            if not fine & {each.get("status") for each in error.values()}
        ]
        if failed:
            raise Unavailable(str(failed[0])[:300])
        return written

    def _exists(self) -> bool:
        return bool(self._try(lambda: self.client.indices.exists_alias(name=self.alias)))

    def catch_up(self) -> int:
        """Write what was published since the last time, one portion after the other."""
        if not self._exists():
            self.rebuild()
            return Entry.objects.filter(gone=False).count()
        written = 0
        mirror, _new = Mirror.objects.get_or_create(name=self.alias)
        while True:
            # Several entries share a number: a portion ends with the last of one.
            numbers = list(
                Entry.objects.filter(changed__gt=mirror.number)
                .order_by("changed")
                .values_list("changed", flat=True)[:BATCH]
            )
            if not numbers:
                return written
            entries = Entry.objects.filter(
                changed__gt=mirror.number, changed__lte=numbers[-1]
            ).prefetch_related("documents")
            written += self._write(entries.iterator(BATCH), self.alias, refresh=True)
            # Whoever turned it back meanwhile wants these looked at once more.
            Mirror.objects.filter(pk=mirror.pk, number=mirror.number).update(number=numbers[-1])
            mirror.refresh_from_db()

    def rebuild(self) -> None:
        """A new index beside the old one, then the alias moves, and the old one goes."""
        with transaction.atomic():
            last = Entry.objects.order_by("-changed").values_list("changed", flat=True).first() or 0
        index = f"{self.alias}-{timezone.now():%Y%m%d%H%M%S%f}"
        self._try(lambda: self.client.indices.create(index=index, **self._settings()))
        entries = Entry.objects.filter(gone=False).order_by("pk").prefetch_related("documents")
        self._write(entries.iterator(BATCH), index, refresh=True)
        held = self._try(
            lambda: (
                dict(self.client.indices.get_alias(name=self.alias))
                if self.client.indices.exists_alias(name=self.alias)
                else {}
            )
        )
        actions: list[dict[str, Any]] = [{"add": {"index": index, "alias": self.alias}}]
        actions += [{"remove_index": {"index": old}} for old in held]
        self._try(lambda: self.client.indices.update_aliases(actions=actions))
        Mirror.objects.update_or_create(name=self.alias, defaults={"number": last})
        self.catch_up()

    def missing(self) -> int:
        if not self._exists():
            return Entry.objects.filter(gone=False).count()
        from elasticsearch import helpers

        there = self._try(
            lambda: {
                hit["_source"]["key"]: hit["_source"]["changed"]
                for hit in helpers.scan(
                    self.client, index=self.alias, _source=["key", "changed"], size=1000
                )
            }
        )
        owed = dict(Entry.objects.filter(gone=False).values_list("key", "changed"))
        wrong = sum(there.get(key) != changed for key, changed in owed.items())
        return wrong + len(set(there) - set(owed))

    # -- what is asked --------------------------------------------------------------------------

    def frequencies(self, tokens: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], int]:
        pairs = [(language, token) for language, each in tokens.items() for token in each]
        if not pairs:
            return {}
        searches: list[dict[str, Any]] = []
        for language, token in pairs:
            term = {"term": {f"texts.{_field(language)}": token}}
            searches += [{}, {"size": 0, "query": {"nested": {"path": "texts", "query": term}}}]
        answers = self._try(lambda: self.client.msearch(index=self.alias, searches=searches))
        found = {}
        for pair, answer in zip(pairs, answers["responses"], strict=True):
            number = answer.get("hits", {}).get("total", {}).get("value", 0)
            if number:
                found[pair] = number
        return found

    def search(self, asked: Asked) -> Answer:
        if not asked.groups:
            return Answer()
        least = self._least(asked) if asked.cut else 0.0
        body = {
            **self._hits(asked, least),
            "from": asked.offset,
            "size": asked.size,
            "aggs": {
                "profiles": {
                    "terms": {"field": "profile", "size": MOST_PROFILES},
                    "aggs": {"late": {"filter": self._late(asked)}},
                }
            },
            "_source": ["key", "noun", "subject"],
        }
        searches: list[dict[str, Any]] = [{}, body]
        if asked.cut:
            searches += [{}, {**self._hits(asked, 0.0), "size": 0}]
        answers = self._try(lambda: self.client.msearch(index=self.alias, searches=searches))
        for each in answers["responses"]:
            if "error" in each:
                raise Unavailable(json.dumps(each["error"])[:300])
        first, last = answers["responses"][0], answers["responses"][-1]
        answer = Answer(
            hits=[
                Hit(
                    hit["_source"]["key"],
                    hit["_source"]["noun"],
                    hit["_source"]["subject"],
                    hit.get("_score") or 0.0,
                )
                for hit in first["hits"]["hits"]
            ],
            total=first["hits"]["total"]["value"],
            whole=last["hits"]["total"]["value"],
        )
        for bucket in first["aggregations"]["profiles"]["buckets"]:
            late = bucket["late"]["doc_count"]
            for flag, number in ((True, late), (False, bucket["doc_count"] - late)):
                if number:
                    answer.profiles[int(bucket["key"]), flag] = number
        return answer

    def _hits(self, asked: Asked, least: float) -> dict[str, Any]:
        order: list[Any] = ["_score", {"entry": "asc"}]
        if asked.by_date:
            order.insert(0, {"day": {"order": "desc", "missing": "_last"}})
        return {
            "query": self._query(asked),
            "post_filter": {"bool": {"filter": self._filters(asked)}},
            "sort": order,
            "track_scores": True,
            "track_total_hits": True,
            **({"min_score": least} if least else {}),
        }

    def _least(self, asked: Asked) -> float:
        """The lowest score shown: as :meth:`search.engines.base.Sql.statement` has it."""
        query = self._query(asked)
        every = {"bool": {"must": [query], "filter": self._all_words(asked)}}
        ask = [
            {},
            {"size": KEPT, "query": query, "_source": False, "track_total_hits": False},
            {},
            {
                "size": 1,
                "query": every,
                "_source": False,
                "sort": [{"_score": "asc"}],
                "track_scores": True,
                "track_total_hits": False,
            },
        ]
        answers = self._try(lambda: self.client.msearch(index=self.alias, searches=ask))
        best, whole = (
            [h["_score"] for h in a.get("hits", {}).get("hits", ())] for a in answers["responses"]
        )
        if len(best) < KEPT:
            return 0.0
        top = best[0]
        weak = OWN + WEAK * (top - OWN) if top >= OWN else WEAK * top
        return min([weak, best[-1], *whole])

    def _nested(self, query: dict[str, Any], mode: str = "max") -> dict[str, Any]:
        return {"nested": {"path": "texts", "score_mode": mode, "query": query}}

    def _words(self, groups: Iterable[Group], language: str) -> list[dict[str, Any]]:
        return [
            {"term": {f"texts.{_field(language)}": {"value": token, "boost": weight}}}
            for group in groups
            for token, weight in group.tokens.get(language, {}).items()
        ]

    def _query(self, asked: Asked) -> dict[str, Any]:
        words = self._words(asked.groups, asked.language)
        own = {"bool": {"should": words}}
        branches: list[dict[str, Any]] = []
        if words:
            branches.append(
                {
                    "bool": {
                        "must": [self._nested(_once(own))],
                        "should": [{"constant_score": {"filter": self._nested(own), "boost": OWN}}],
                    }
                }
            )
        for language, _name in settings.LANGUAGES:
            words = self._words(asked.groups, language)
            if language != asked.language and words:
                query = {
                    "bool": {
                        "should": words,
                        "minimum_should_match": 1,
                        "filter": [{"term": {"texts.audience": asked.language}}],
                    }
                }
                branches.append(self._nested(_once(query)))
        conditions: list[dict[str, Any]] = []
        if asked.all_words and len(asked.groups) > 1:
            conditions += self._all_words(asked)
        conditions += [self._phrase(asked, phrase) for phrase in asked.phrases]
        without = [self._phrase(asked, phrase) for phrase in asked.excluded_phrases]
        without += [self._any(asked, group) for group in asked.excluded]
        return {
            "bool": {
                "must": [{"dis_max": {"queries": branches}}],
                "filter": conditions,
                "must_not": without,
            }
        }

    def _any(self, asked: Asked, group: Group) -> dict[str, Any]:
        """Entries of which some text that the reader sees holds a word."""
        words = [w for code, _name in settings.LANGUAGES for w in self._words([group], code)]
        return self._nested(
            {
                "bool": {
                    "should": words,
                    "minimum_should_match": 1,
                    "filter": [{"term": {"texts.audience": asked.language}}],
                }
            }
        )

    def _all_words(self, asked: Asked) -> list[dict[str, Any]]:
        return [self._any(asked, group) for group in asked.groups]

    def _phrase(self, asked: Asked, phrase: str) -> dict[str, Any]:
        return self._nested(
            {
                "bool": {
                    "must": [{"match_phrase": {"texts.plain": phrase.strip()}}],
                    "filter": [{"term": {"texts.audience": asked.language}}],
                }
            }
        )

    def _late(self, asked: Asked) -> dict[str, Any]:
        return {"range": {"next_due": {"lt": asked.today.isoformat()}}}

    def _filters(self, asked: Asked) -> list[dict[str, Any]]:
        passing: list[dict[str, Any]] = []
        if asked.profiles is not None:
            passing.append({"terms": {"profile": list(asked.profiles)}})
        if asked.late:
            passing.append(self._late(asked))
        if asked.among is not None:
            passing.append({"terms": {"key": list(asked.among)}})
        return passing

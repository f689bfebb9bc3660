"""From postings to an answer: BM25 summed a document, the best document an entry. Pure.

The databases say which documents hold a token, and how often; all else is added up here, the same
for both, from what :class:`~search.engines.docvalues.DocValues` knows of documents and entries.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest

from search.engines.base import KEPT, OWN, REPEATED, WEAK, Answer, Asked, Hit
from search.engines.docvalues import DocValues

#: BM25's two numbers, which FTS5 and Lucene have as well.
K1, B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Sought:
    """A token that is looked up in the documents of a language; ``place``: for which typed word."""

    language: str
    token: str
    place: int
    weight: float


#: The place of what was sought, how often documents hold it, and their numbers.
Posting = tuple[int, int, Sequence[int]]
#: Of a language: how many documents there are, and how many tokens one has on average.
Totals = Mapping[str, tuple[int, float]]


@dataclass
class Found:
    """The entries that hold any of the words, with their scores; ``every``: those that hold all."""

    scores: dict[int, float] = field(default_factory=dict)
    every: Collection[int] = ()


def sought(asked: Asked, totals: Totals) -> list[Sought]:
    """The tokens of a question, those of languages that have documents."""
    return [
        Sought(language, token, place, weight)
        for place, group in enumerate(asked.groups)
        for language, tokens in group.tokens.items()
        if language in totals
        for token, weight in tokens.items()
    ]


def worth(each: Sought, number: int, total: int) -> float:
    """A token's weight times its rarity, as Lucene measures it: ``number`` of ``total`` hold it."""
    return each.weight * math.log(1 + (max(total - number, 0) + 0.5) / (number + 0.5))


def add_up(
    postings: Sequence[Posting],
    tokens: Sequence[Sought],
    totals: Totals,
    values: DocValues,
    language: str,
    *,
    every: int = 0,
) -> Found:
    """What readers of ``language`` see of the documents, each entry by its best one.

    The score of a document in another language than theirs stays below all others. ``every``: so
    many words there are, where it matters which entries hold all of them.
    """
    numbers = Counter[int]()
    for place, _times, documents in postings:
        numbers[place] += len(documents)
    shares = values.shares(language, REPEATED)
    own = Counter(tokens[place].language for place in numbers)
    # Where no document holds two of the tokens there is nothing to sum.
    once = max(own.values(), default=0) <= 1
    entry, length, kind = values.entry, values.length, values.kind
    sums: dict[int, float] = {}
    best: dict[int, float] = {}
    summed, better = sums.get, best.get
    held: dict[int, set[int]] = {}
    for place, times, documents in postings:
        token = tokens[place]
        total, mean = totals[token.language]
        each = (K1 + 1) * worth(token, numbers[place], total)
        share = [each * part for part in shares]
        # tf (k + 1) / (tf + k (1 - b + b length / mean)), both sides divided by tf.
        fixed, slope = 1 + K1 * (1 - B) / times, K1 * B / mean / times
        base = OWN if token.language == language else 0.0
        if once:
            for document in documents:
                if part := share[kind[document]]:
                    score = part / (fixed + slope * length[document]) + base
                    owner = entry[document]
                    if score > better(owner, 0.0):
                        best[owner] = score
        else:
            for document in documents:
                if part := share[kind[document]]:
                    score = part / (fixed + slope * length[document])
                    sums[document] = summed(document, base) + score
        if every:
            holding = held.setdefault(token.place, set())
            holding.update(entry[d] for d in documents if share[kind[d]])
    for document, score in sums.items():
        owner = entry[document]
        if score > better(owner, 0.0):
            best[owner] = score
    return Found(best, set.intersection(*held.values()) if every and len(held) == every else ())


def least(found: Found) -> float:
    """The lowest score that is shown of a long query."""
    if not found.scores:
        return 0.0
    best = nlargest(KEPT, found.scores.values())
    strong = OWN + WEAK * (best[0] - OWN) if best[0] >= OWN else WEAK * best[0]
    kept = best[-1] if len(best) == KEPT else 0.0
    whole = min((found.scores[each] for each in found.every), default=strong)
    return min(strong, kept, whole)


def answer(
    found: Found, asked: Asked, values: DocValues, among: Collection[int] | None = None
) -> Answer:
    """Counts and the hits of one page; ``among``: the only entries that may be hits."""
    made = Answer()
    scores, limit = found.scores, least(found) if asked.cut else 0.0
    strong = {e: s for e, s in scores.items() if s >= limit} if limit else scores
    late = values.late(asked.today)
    chosen = None if asked.profiles is None else set(asked.profiles)

    def tally(entries: Mapping[int, float]) -> dict[tuple[int, bool], int]:
        said = Counter(map(values.profile.__getitem__, entries))
        behind = Counter(values.profile[each] for each in late & entries.keys())
        counts = {(number, True): count for number, count in behind.items()}
        for number, count in said.items():
            if rest := count - behind[number]:
                counts[number, False] = rest
        return counts

    def passing(counts: Mapping[tuple[int, bool], int]) -> int:
        return sum(
            count
            for (number, behind), count in counts.items()
            if (chosen is None or number in chosen) and (behind or not asked.late)
        )

    made.profiles = tally(strong)
    made.total = passing(made.profiles)
    made.whole = made.total if strong is scores else passing(tally(scores))
    shown = strong
    if chosen is not None:
        shown = {e: s for e, s in shown.items() if values.profile[e] in chosen}
    if asked.late:
        shown = {e: shown[e] for e in late & shown.keys()}
    if among is not None:
        shown = {e: shown[e] for e in shown.keys() & set(among)}
    for each in _page(shown, asked, values):
        noun, subject = values.noun(each), values.subject[each]
        made.hits.append(Hit(f"{noun}:{subject}", noun, subject, shown[each]))
    return made


def _page(scores: Mapping[int, float], asked: Asked, values: DocValues) -> list[int]:
    end = asked.offset + asked.size
    if asked.by_date:
        # Days are numbers, and no day is 0: it comes last.
        days = values.day
        dated = sorted(scores, key=lambda each: (-days[each], -scores[each], each))
        return dated[asked.offset : end]
    edge = min(nlargest(end, scores.values()), default=0.0)
    best = sorted((-score, each) for each, score in scores.items() if score >= edge)
    return [each for _score, each in best[asked.offset : end]]

"""From postings to an answer: checked against BM25 written out, document by document."""

import datetime
import math
from collections import Counter

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from search.engines import docvalues, ranking
from search.engines.base import KEPT, OWN, REPEATED, WEAK, Asked, Group
from search.engines.docvalues import DocValues
from search.models import Document, Entry
from tests.factories import make_recommendation, make_world, publish_action, withdraw

TODAY = datetime.date(2026, 11, 29)
TOKENS = ("dak", "hur", "won", "zon")
LANGUAGES = ("fr", "nl")

#: A document: language, whether readers of the other one see it, whether it is a booklet's sheet,
#: and its tokens.
document = st.tuples(
    st.sampled_from(LANGUAGES),
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from(TOKENS), min_size=1, max_size=12),
)
#: An entry: its profile, whether it is late, its day of the month or none, and its documents.
entry = st.tuples(
    st.integers(0, 2),
    st.booleans(),
    st.integers(0, 3),
    st.lists(document, min_size=1, max_size=3),
)
sought = st.tuples(st.sampled_from(LANGUAGES), st.sampled_from(TOKENS))
question = st.lists(st.lists(sought, min_size=1, max_size=3), min_size=1, max_size=4)


class Corpus:
    """Entries with documents, and the same as postings."""

    def __init__(self, entries):
        self.entries = entries
        self.documents = [
            (owner, *each) for owner, (*_about, own) in enumerate(entries, 1) for each in own
        ]
        self.values = DocValues()
        rows, number = [], 0
        for owner, (profile, late, day, own) in enumerate(entries, 1):
            due = TODAY - datetime.timedelta(days=1) if late else TODAY
            on = datetime.date(2026, 11, day) if day else None
            for language, shared, sheet, tokens in own:
                number += 1
                audience = f" {language} {'fr nl' if shared else ''} "
                what = "sheet" if sheet else "measure"
                about = (owner, owner, "recommendation", owner * 10, profile, on, due)
                rows.append((*about, number, language, audience, what, len(tokens)))
        self.values.take(rows)
        self.totals = {}
        for code in LANGUAGES:
            lengths = [len(tokens) for _o, own, *_s, tokens in self.documents if own == code]
            if lengths:
                self.totals[code] = (len(lengths), sum(lengths) / len(lengths))

    def postings(self, tokens):
        made = []
        for place, token in enumerate(tokens):
            times = {}
            for number, (_owner, language, *_said, held) in enumerate(self.documents, 1):
                if language == token.language and (n := held.count(token.token)):
                    times.setdefault(n, []).append(number)
            made += [(place, n, numbers) for n, numbers in times.items()]
        return made

    def expected(self, tokens, language):
        """Entry → score, and the words that it holds, by the formula and nothing else."""
        scores, words = {}, {}
        for owner, own, shared, sheet, held in self.documents:
            if own != language and not shared:
                continue
            score, found = 0.0, set()
            for token in tokens:
                tf = held.count(token.token)
                if token.language != own or not tf:
                    continue
                total, mean = self.totals[own]
                having = sum(d[1] == own and token.token in d[4] for d in self.documents)
                rarity = math.log(1 + (total - having + 0.5) / (having + 0.5))
                norm = tf + 1.2 * (1 - 0.75 + 0.75 * len(held) / mean)
                score += token.weight * rarity * tf * 2.2 / norm
                found.add(token.place)
            if not found:
                continue
            score = score * (REPEATED if sheet else 1) + (OWN if own == language else 0)
            scores[owner] = max(scores.get(owner, 0), score)
            words.setdefault(owner, set()).update(found)
        return scores, words


def asking(words, **more):
    groups = []
    for word in words:
        tokens = {}
        for language, token in word:
            tokens.setdefault(language, {})[token] = 1.0 if len(tokens) < 2 else 0.5
        groups.append(Group("word", tokens))
    return Asked("nl", groups, today=TODAY, **more)


@given(st.lists(entry, min_size=1, max_size=12), question)
def test_scores_are_those_of_the_formula(entries, words):
    corpus = Corpus(entries)
    tokens = ranking.sought(asking(words), corpus.totals)
    found = ranking.add_up(
        corpus.postings(tokens), tokens, corpus.totals, corpus.values, "nl", every=len(words)
    )
    scores, held = corpus.expected(tokens, "nl")
    assert found.scores == pytest.approx(scores)
    assert set(found.every) == {e for e, places in held.items() if len(places) == len(words)}


@given(
    st.lists(entry, min_size=1, max_size=25),
    question,
    st.booleans(),
    st.booleans(),
    st.none() | st.sets(st.integers(0, 2)),
    st.booleans(),
    st.integers(0, 3),
)
def test_counts_and_pages_agree_with_what_passes(
    entries, words, cut, late, profiles, by_date, offset
):
    corpus = Corpus(entries)
    asked = asking(
        words,
        cut=cut,
        late=late,
        profiles=None if profiles is None else sorted(profiles),
        by_date=by_date,
        offset=offset,
        size=5,
    )
    tokens = ranking.sought(asked, corpus.totals)
    found = ranking.add_up(
        corpus.postings(tokens), tokens, corpus.totals, corpus.values, "nl", every=len(words)
    )
    answer = ranking.answer(found, asked, corpus.values)
    scores = found.scores
    limit = 0.0
    if cut and scores:
        best = sorted(scores.values(), reverse=True)
        strong = OWN + WEAK * (best[0] - OWN) if best[0] >= OWN else WEAK * best[0]
        kept = best[KEPT - 1] if len(best) >= KEPT else 0.0
        limit = min([strong, kept, *(scores[e] for e in found.every)])
    shown = [e for e, score in scores.items() if score >= limit]
    about = {owner: (profile, behind) for owner, (profile, behind, *_d) in enumerate(entries, 1)}
    assert answer.profiles == Counter(about[e] for e in shown)

    def passes(e):
        profile, behind = about[e]
        return (profiles is None or profile in profiles) and (behind or not late)

    passing = [e for e in shown if passes(e)]
    assert answer.total == len(passing)
    assert answer.whole == sum(map(passes, scores))
    day = {owner: each[2] for owner, each in enumerate(entries, 1)}
    order = sorted(passing, key=lambda e: (-day[e] if by_date else 0, -scores[e], e))
    assert [hit.subject for hit in answer.hits] == [e * 10 for e in order[offset : offset + 5]]


def test_only_named_entries_are_hits_and_all_are_counted():
    corpus = Corpus([(0, False, 1, [("nl", True, False, ["dak"])]) for _each in range(4)])
    asked = asking([[("nl", "dak")]])
    tokens = ranking.sought(asked, corpus.totals)
    found = ranking.add_up(
        corpus.postings(tokens), tokens, corpus.totals, corpus.values, "nl", every=0
    )
    answer = ranking.answer(found, asked, corpus.values, among={2, 9})
    assert [hit.key for hit in answer.hits] == ["recommendation:20"]
    assert answer.total == 4


def test_nothing_is_found_by_no_postings():
    corpus = Corpus([(0, False, 1, [("nl", True, False, ["dak"])])])
    asked = asking([[("nl", "zon")]], cut=True)
    tokens = ranking.sought(asked, corpus.totals)
    found = ranking.add_up([], tokens, corpus.totals, corpus.values, "nl", every=1)
    answer = ranking.answer(found, asked, corpus.values)
    assert (answer.hits, answer.total, answer.whole, answer.profiles) == ([], 0, 0, {})


def test_a_document_that_nobody_has_read_of_is_not_seen():
    """It was published between the reading of the postings and that of the values."""
    corpus = Corpus([(0, False, 1, [("nl", True, False, ["dak"])])])
    asked = asking([[("nl", "dak")]])
    tokens = ranking.sought(asked, corpus.totals)
    corpus.values.reach([1, 70_000])
    found = ranking.add_up(
        [(0, 1, [1, 70_000])], tokens, corpus.totals, corpus.values, "nl", every=0
    )
    assert set(found.scores) == {1}


# -- what is held in memory -----------------------------------------------------------------------


def facts(values):
    """What is known of the documents that there are, by their numbers."""
    return {
        row.pk: (values.entry[row.pk], values.length[row.pk], values.profile[row.entry_id])
        for row in Document.objects.all()
    }


def stored():
    return {
        row.pk: (row.entry_id, row.length, row.entry.profile)
        for row in Document.objects.select_related("entry")
    }


@pytest.mark.django_db
def test_a_transaction_sees_its_own_writing_and_leaves_nothing_behind():
    before = {name: each.version for name, each in docvalues._shared.items() if each.version}
    asked = make_recommendation(make_world().cycle, label="1")
    assert facts(docvalues.current()) == stored()
    publish_action(asked, value="accepted")
    assert facts(docvalues.current()) == stored()
    after = {name: each.version for name, each in docvalues._shared.items() if each.version}
    assert after == before


@pytest.mark.django_db(transaction=True)
def test_only_what_is_new_is_read(django_assert_num_queries):
    asked = make_recommendation(make_world().cycle, label="1")
    first = docvalues.current()
    assert facts(first) == stored()
    seen = []
    first.take = lambda rows: seen.extend(rows) or DocValues.take(first, rows)
    publish_action(asked, value="accepted")
    make_recommendation(asked.cycle, label="2")
    docvalues.current()
    assert facts(first) == stored()
    seen.clear()
    with django_assert_num_queries(1):
        docvalues.current()
    assert len({row[0] for row in seen}) == 1  # the last entry, by which the database is known
    withdraw(asked)
    assert facts(docvalues.current()) == stored()


@pytest.mark.django_db(transaction=True)
def test_another_database_under_the_same_name_is_read_from_the_beginning():
    """As after a backup was put back: its last entry is older than the last that was read."""
    world = make_world()
    for label in ("1", "2"):
        make_recommendation(world.cycle, label=label)
    docvalues.current()
    last = Entry.objects.order_by("version").last()
    last.delete()
    first = Entry.objects.get()
    Entry.objects.update(profile=first.profile ^ 1)
    found = docvalues.current()
    assert found.version == first.version
    assert facts(found) == stored()
    assert len(stored()) >= 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="Only PostgreSQL has vectors in a table."
)
@pytest.mark.django_db
def test_a_long_vector_stays_in_its_row_as_it_is():
    """In a table beside, compressed, it takes five to eight times as long to be read."""
    words = " ".join(f"w{number:x}rd" for number in range(400))
    make_recommendation(make_world().cycle, label="1", summary=words)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_column_size(vector), pg_column_compression(vector) FROM search_vector "
            "ORDER BY 1 DESC LIMIT 1"
        )
        size, compression = cursor.fetchone()
        cursor.execute(
            "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'search_vector'"
        )
        [beside] = cursor.fetchone()
    assert size > 3000
    assert compression is None
    assert beside == 0

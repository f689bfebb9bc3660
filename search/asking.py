"""From a query to what an engine is asked: groups of tokens, one a typed word."""

from dataclasses import dataclass, field

from django.conf import settings

from search import analyzer, concepts, engines, vocabulary
from search.analyzer import Word
from search.engines import Group
from search.query import Query

#: From so many words on the weak tail is hidden.
LONG = 3
#: What the parts of a compound are worth beside the whole word.
PART = 0.5


@dataclass
class Question:
    """The groups of a query, and how it was understood.

    ``why``: language and token → the word of that language, and the typed word that it translates.
    ``unknown``: typed words that no text holds.
    """

    groups: list[Group]
    excluded: list[Group]
    why: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    #: The change log's last row when it was asked.
    generation: tuple = ()

    def tokens(self, language: str) -> frozenset[str]:
        return frozenset(t for group in self.groups for t in group.tokens.get(language, ()))


def _tokens(word: Word) -> dict[str, float]:
    return {**dict.fromkeys(word.parts, PART), word.stem: 1.0}


def _elsewhere(word: Word, typed: str, language: str) -> dict[str, dict[str, float]]:
    """The same letters read as a word of the other languages: names, numbers, loan words."""
    found = {}
    for code, _name in settings.LANGUAGES:
        if code != language:
            each = [w for w in analyzer.words(word.folded, code) if w.stem]
            if len(each) == 1:
                found[code] = {each[0].stem: 1.0}
    return found


def question(query: Query, language: str, now: tuple) -> Question:
    """What to ask for a query; ``now``: the change log's last row."""
    terms = concepts.current(now)
    stems = tuple(word.stem for word in query.words)
    otherwise, why = terms.said_otherwise(stems, language)
    groups = []
    for place, word in enumerate(query.words):
        tokens: dict[str, dict[str, float]] = {language: _tokens(word)}
        tokens |= _elsewhere(word, query.typed, language)
        for code, more in otherwise.get(place, {}).items():
            own = tokens.setdefault(code, {})
            for token, weight in more.items():
                own[token] = max(own.get(token, 0), weight)
        groups.append(Group(word.folded, tokens))
    if query.words:
        groups[-1] = _completed(groups[-1], query.words[-1], language, now)
    excluded = [
        Group(
            word.folded,
            {language: {word.stem: 1.0}, **_elsewhere(word, query.typed, language)},
        )
        for word in query.excluded
    ]
    return Question(groups, excluded, why, generation=now)


def _completed(group: Group, word: Word, language: str, now: tuple) -> Group:
    """The last word, as long as no text holds it as it stands, may be the beginning of one."""
    words = vocabulary.of(language, now)
    if len(word.folded) < 3 or word.folded in words.known or not word.folded.isalpha():
        return group
    held = engines.current().frequencies({language: [word.stem, *word.parts]})
    if held:
        return group
    tokens = dict(group.tokens[language])
    for whole in words.begin_with(word.folded):
        for each in analyzer.words(whole, language):
            if each.stem:
                tokens.setdefault(each.stem, PART)
    return Group(group.word, {**group.tokens, language: tokens})


def suggestions(query: Query, language: str, now: tuple) -> list[str]:
    """What may have been meant: the query with its unknown words put right, the nearest first."""
    words = vocabulary.of(language, now)
    unknown = [w for w in query.words if w.folded not in words.known and w.folded.isalpha()]
    if not unknown or len(unknown) > 3:
        return []
    near = {word.folded: words.near(word.folded) for word in unknown}
    for word in unknown:
        near[word.folded] = (
            near[word.folded] or _apart(word.folded, words) or words.akin(word.folded)
        )
    made: dict[str, None] = {}
    for place in range(3):
        said, changed = [], False
        for folded in query.sequence:
            options = near.get(folded)
            if options:
                said.append(options[min(place, len(options) - 1)])
                changed = True
            elif folded not in near:
                said.append(folded)
        if changed:
            made[" ".join(said)] = None
    return list(made)


def _apart(word: str, words: vocabulary.Vocabulary) -> list[str]:
    """Two words that were written as one, the second perhaps mistyped: ``dakdelen``: dak, delen."""
    known = words.known
    cuts = [c for c in range(3, len(word) - 2) if word[:c] in known]
    found = [f"{word[:c]} {word[c:]}" for c in cuts if word[c:] in known]
    for cut in () if found else cuts:
        found += [f"{word[:cut]} {near}" for near in words.near(word[cut:])[:1]]
    return sorted(found, key=lambda pair: abs(len(pair) // 2 - pair.index(" ")))[:2]

"""Dutch compounds taken apart, and Dutch stems. Pure: a word in, words out.

``dakisolatie`` is found by ``isolatie`` because its parts are indexed with it. Parts are words of
OpenTaal's list (``lexicon/``), at least four letters long, or one of a few nouns of three.
"""

import gzip
import re
from functools import cache, lru_cache
from pathlib import Path

LEXICON = Path(__file__).parent / "lexicon" / "dutch.txt.gz"

#: Nouns of three letters that compounds are made of.
SHORT = frozenset(
    (  # as words of a line, which reads better than a list of a hundred lines
        "bak bos bus dag dak eis gas hof kas net tol vak vee vis wet weg zee zon btw cao ras pas "
    ).split()
)
#: Forms that only compounds have: ``zonnepanelen``.
BOUND = frozenset(["zonne", "stads", "scheeps", "kinder", "runder"])
#: What joins two parts.
JOINTS = ("", "s", "en", "er", "e", "n")
LONGEST_PART = 12
MOST_PARTS = 4
#: Shorter words are not taken apart: eight letters, or six where a noun of three is one part.
SHORTEST, SHORTEST_WITH_NOUN = 8, 6

_PREPOSITIONS = (
    "aan achter achteraan af beneden bij binnen boven bovenop buiten door heen heel hier hoe in "
    "langs mede mee met na naar naast neer nader niet om omheen onder op over rond samen sinds te "
    "tegen tegenover terug toe tot tussen uit van vanaf vandaan via volgens voor vooraf voorbij "
    "waar weder weer weg wel zonder daar dan eruit erop"
)
_SUFFIXES = (
    "heid heden lijk lijke schap schappen loos loze achtig achtige baar bare eren rijk rijke ster "
    "sters vesting vestingen nis nissen regel regelen gang ling lingen sten elijk elijke igheid "
    "teit ering eringen atie aties atief iseren isering erend erende ende enden ingen isme isten "
    "erij "
    # False friends: ends and beginnings of words that are no compounds.
    "minis mini inis onde gevan genis ders stern inge eren eerd eerde uren aren oren eling "
    "aars tegens voorst ellen schappelijk schappelijke williger willigers anders telling keling"
)
#: Never parts: prepositions and adverbs, ``er-`` and ``daar-`` with one, suffixes, false friends.
NEVER = frozenset(
    [
        *_PREPOSITIONS.split(),
        *_SUFFIXES.split(),
        *(
            first + last
            for first in ("er", "daar", "hier", "waar")
            for last in _PREPOSITIONS.split()
        ),
    ]
)
#: Words that a list takes for compounds and nobody else does.
WHOLE = frozenset(
    (  # as words of a line, which reads better than a list of a hundred lines
        "daklozen dakloze dakloos inburgering onderwijs regering regeringen minister "
        "ministers maatregel maatregelen gevangenis gevangenissen mogelijkheid mogelijkheden "
        "jongeren jongere huisvesting gemeenschap gemeenschappen gemeente gemeenten "
        "vereniging verenigingen ontwikkeling ontwikkelingen omgeving samenleving vergadering "
        "vergaderingen verordening bevolking aanbeveling aanbevelingen opvolging antwoord "
        "antwoorden toegankelijk verantwoording verantwoordelijk bijvoorbeeld tegenwoordig "
    ).split()
)
#: Stems that Porter's rules leave apart.
IRREGULAR = {
    "kinder": "kind",
    "lieder": "lied",
    "volker": "volk",
    "eier": "ei",
    "sted": "stad",
    "stedelijk": "stad",
    "led": "lid",
    "schep": "schip",
    "zonn": "zon",
}
_FINAL = {"z": "s", "v": "f"}


@cache
def lexicon() -> frozenset[str]:
    """The word list, read once a process."""
    return frozenset(gzip.decompress(LEXICON.read_bytes()).decode().split())


@cache
def _stop() -> frozenset[str]:
    text = (LEXICON.parent / "stop_nl.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _is_part(word: str) -> bool:
    if len(word) == 3:
        return word in SHORT
    return word in BOUND or (
        4 <= len(word) <= LONGEST_PART
        and word in lexicon()
        and word not in NEVER
        and word not in _stop()
    )


def split(word: str) -> tuple[str, ...]:
    """The parts of a folded word, and theirs: ``gemeenteraad`` ``gemeente`` ``raad``.

    Empty when it is no compound.
    """
    found: dict[str, None] = {}
    for part in _parts(word):
        found[part] = None
        found.update(dict.fromkeys(split(part)))
    return tuple(found)


@lru_cache(maxsize=50_000)
def _parts(word: str) -> tuple[str, ...]:
    """The fewest parts that make the word; of several ways, the longest shortest part."""
    if len(word) < SHORTEST_WITH_NOUN or word in WHOLE or not word.isascii() or len(word) > 60:
        return ()
    ways = list(_ways(word, MOST_PARTS, {}))
    ways = [way for way in ways if len(way) > 1]
    if len(word) < SHORTEST:
        ways = [way for way in ways if any(len(part) == 3 for part in way)]
    if not ways:
        return ()
    return min(ways, key=_rank)


def _rank(way: tuple[str, ...]) -> tuple[int, int, int, tuple[str, ...]]:
    """Few parts first, then a long shortest part, then as few letters as possible left out."""
    return len(way), -min(map(len, way)), -sum(map(len, way)), way


def _ways(
    rest: str, most: int, known: dict[tuple[str, int], list[tuple[str, ...]]]
) -> list[tuple[str, ...]]:
    """Every way to make ``rest`` of at most ``most`` parts, the joints between them left out."""
    key = (rest, most)
    if key in known:
        return known[key]
    found: list[tuple[str, ...]] = []
    if _is_part(rest):
        found.append((rest,))
    if most > 1:
        for end in range(3, min(LONGEST_PART, len(rest) - 3) + 1):
            part = rest[:end]
            if not _is_part(part):
                continue
            for joint in JOINTS:
                if rest.startswith(joint, end) and len(rest) - end - len(joint) >= 3:
                    after = _ways(rest[end + len(joint) :], most - 1, known)
                    found += [(part, *way) for way in after]
    # The best few are enough: what is longer or has a shorter part never wins later.
    found.sort(key=_rank)
    known[key] = found[:6]
    return known[key]


def stem(word: str, porter: object) -> str:
    """The stem of a folded word; ``porter`` stems once, and is asked until nothing changes."""
    before = ""
    while word != before:
        before, word = word, porter(word)  # type: ignore[operator]
    word = IRREGULAR.get(word, word)
    word = re.sub(r"i(?:aa|ee)l$", lambda found: found[0][:2] + "l", word)  # sociaal, sociale
    return word[:-1] + _FINAL[word[-1]] if len(word) > 2 and word[-1] in _FINAL else word

"""From text to tokens: the same for equal words, whatever they look like."""

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from search import analyzer, dutch, highlight

LANGUAGES = st.sampled_from(["fr", "nl", "en"])


def one(word: str, language: str) -> tuple[str, ...]:
    [found] = [each for each in analyzer.words(word, language) if each.stem]
    return found.tokens


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("huurwoningen", "huur woningen"),
        ("woningbouw", "woning bouw"),
        ("begrotingsplannen", "begroting plannen"),
        ("kinderopvang", "kinder opvang"),
        ("fietspaden", "fiets paden"),
        ("luchtkwaliteit", "lucht kwaliteit"),
        ("verkeersveiligheid", "verkeer veiligheid"),
        ("voedselverspilling", "voedsel verspilling"),
        ("burgerraad", "burger raad"),
        ("burgerparticipatie", "burger participatie"),
        ("energiearmoede", "energie armoede"),
        ("daklozenopvang", "daklozen opvang"),
        ("gemeenteraadsverkiezingen", "gemeenteraad gemeente raad verkiezingen"),
        ("dakisolatie", "dak isolatie"),
        ("zonnepanelen", "zonne panelen"),
        ("klimaatplan", "klimaat plan"),
    ],
)
def test_dutch_compounds_are_taken_apart(word, parts):
    assert dutch.split(word) == tuple(parts.split())


@pytest.mark.parametrize(
    "word",
    [
        *("daklozen", "inburgering", "onderwijs", "regering", "minister", "maatregelen"),
        *("gevangenissen", "mogelijkheden", "jongeren", "huisvesting", "gezondheid"),
        *("aanbevelingen", "ontwikkeling", "instellingen", "voorstellen"),
    ],
)
def test_dutch_words_that_are_no_compounds_stay_whole(word):
    assert dutch.split(word) == ()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "l’eau l'eau EAU eaux"),
        ("fr", "vélo VÉLOS velo vélos"),
        ("fr", "œuvre oeuvres ŒUVRE"),
        ("fr", "citoyens citoyen·ne·s citoyen(ne)s"),
        ("fr", "habitants habitant-e-s habitant(e)s habitant·e·s"),
        ("fr", "travail travaux"),
        ("nl", "fiets fietsen Fiets"),
        ("nl", "huis huizen"),
        ("nl", "brief brieven"),
        ("nl", "kind kinderen"),
        ("nl", "stad steden stedelijke"),
        ("nl", "foto foto's foto’s"),
    ],
)
def test_forms_of_one_word_have_one_stem(language, words):
    stems = {one(word, language)[0] for word in words.split()}
    assert len(stems) == 1, stems


@pytest.mark.parametrize(
    ("one_word", "another"),
    [("gemeente", "mening"), ("gezondheid", "zon"), ("gezin", "zin"), ("gebouw", "bouw")],
)
def test_dutch_words_of_other_meaning_stay_apart(one_word, another):
    assert one(one_word, "nl")[0] != one(another, "nl")[0]


def test_references_and_numbers_are_kept_whole():
    assert one("BXL-C2-12", "fr") == ("bxl-c2-12", "bxl", "c2", "12")
    assert one("3,4", "nl") == ("3.4", "3", "4")


def test_stop_words_have_no_tokens():
    assert analyzer.tokens("de la et pour", "fr") == []
    assert analyzer.tokens("de het een van", "nl") == []


@given(st.text(), LANGUAGES)
def test_any_text_has_words_that_stand_in_it(text, language):
    place = 0
    for word in analyzer.words(text, language):
        assert place <= word.start < word.end <= len(text)
        assert all(token and " " not in token and len(token) <= 64 for token in word.tokens)
        place = word.end


@given(st.text(alphabet="abcdeéèêàçùœ'’- ", max_size=60), LANGUAGES)
def test_accents_capitals_and_apostrophes_change_nothing(text, language):
    other = text.upper().replace("'", "’")
    assert analyzer.tokens(other, language) == analyzer.tokens(text.replace("’", "'"), language)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=60))
def test_parts_are_words_of_the_list(word):
    for part in dutch.split(word):
        assert part in dutch.lexicon() or part in dutch.SHORT or part in dutch.BOUND


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("« Nous voulons des arbres. »", "Nous voulons des <mark>arbres</mark>."),
        ("Des <b>arbres</b> & l’ombre", "Des &lt;b&gt;<mark>arbres</mark>&lt;/b&gt; &amp; l’ombre"),
        ("Un. " * 200 + "Puis un arbre.", "Puis un <mark>arbre</mark>."),
        ("Rien du tout", ""),
    ],
)
def test_the_best_passage_is_quoted_without_marks_of_its_own(text, quoted):
    assert highlight.passage(text, "fr", analyzer.tokens("arbre", "fr")).html == quoted


@given(st.text(max_size=300), LANGUAGES)
def test_what_is_marked_is_the_text_and_nothing_else(text, language):
    tokens = frozenset(analyzer.tokens(text, language)[:3])
    marked = highlight.marked(text, language, tokens)
    plain = marked.replace("<mark>", "").replace("</mark>", "")
    assert plain == escape(text)

"""The words of the catalogues: one for each thing, the field's own, and none of the known wrong.

Terms are those of the domain (docs/domain.md). What is tested is what readers and editors get.
"""

import re

import polib
import pytest

from portal.env import BASE_DIR

pytestmark = pytest.mark.tooling

#: What may never be said, with the reason.
WRONG = {
    "fr": {
        r"\w·\w|\w\(e\)s?\b": "our words include everyone without signs",
        r"\bcommission de suivi\b|\bcomité d’accompagnement\b": "it is the comité de suivi",
        r"\bbrochure": "it is a livret de suivi",
        r"\bproposition citoyenne|\bdemande citoyenne": "it is a recommandation",
        r"\bse désinscrire\b|\bdésinscri": "one verb: se désabonner",
        r"\béchéance": "it is a date prévue",
        r"\breprésentations? proportionnelle": "not of this field",
    },
    "nl": {
        r"\w·\w": "our words include everyone without signs",
        r"\b[Vv]olgrecht": "an artists’ right",
        r"\b[Oo]pvolgingsrecht": "succession",
        r"\b[Bb]urgerassemblee|\b[Bb]urgerpanel|\b[Bb]urgerforum": "it is a burgerraad",
        r"\b[Oo]pvolgcomit|\b[Bb]egeleidingscomit": "it is the opvolgingscomité",
        r"\b[Oo]pvolgboek|\b[Oo]pvolgingsboek|\b[Bb]oekje": "it is an opvolgingsbrochure",
        r"\b[Dd]eadline|\b[Vv]ervaldatum|\b[Vv]ervaldag": "it is a streefdatum",
        r"\b[Aa]fmelden|\b[Uu]itschrijving\b": "one verb: uitschrijven",
        r"\b[Aa]dvies van het opvolgingscomité": "it is a beoordeling",
        r"\b[Gg]eïmplementeerd|\b[Ii]mplementatie": "it is uitvoering",
        r"\b[Tt]oestand": "a state is a stand",
        r"\b[Cc]yclussen|\b(?<!Open )(?<!Frictionless )[Dd]ata\b(?! \()": "cycli, datums",
        r"\b[Oo]ntwerp\b": "a draft is a concept",
        r"\b[Jj]ullie\b|\bjouw\b|\bje\b": "readers are u",
    },
}
#: English, as it stands in a message → what each language says for it.
TERMS = {
    r"follow-up committee": {"fr": r"comité", "nl": r"[Oo]pvolgingscomité|comité"},
    r"follow-up booklet": {"fr": r"[Ll]ivrets?", "nl": r"brochures?"},
    r"\brecommendations?\b": {"fr": r"[Rr]ecommandation", "nl": r"[Aa]anbeveling"},
    r"\bmeasures?\b": {"fr": r"[Mm]esure", "nl": r"[Mm]aatregel"},
    r"citizens’ assembl": {"fr": r"[Aa]ssemblées? citoyenne", "nl": r"[Bb]urgerra"},
    r"\bunsubscribe": {"fr": r"désabonn", "nl": r"uitschrij|uitgeschreven|uitschrijf"},
    r"\btopics?\b": {"fr": r"[Tt]hème", "nl": r"[Tt]hema"},
    r"\bpassages?\b": {"fr": r"[Pp]assage", "nl": r"[Pp]assage"},
    r"\btimeline\b": {"fr": r"[Cc]hronologie", "nl": r"[Tt]ijdlijn"},
}


def said(language: str) -> list[tuple[str, str, str]]:
    """Message, its plural, and each thing that a language says for it."""
    path = BASE_DIR / "locale" / language / "LC_MESSAGES/django.po"
    return [
        (entry.msgid, entry.msgid_plural, text)
        for entry in polib.pofile(str(path))
        if not entry.obsolete
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if text
    ]


@pytest.mark.parametrize("language", WRONG)
def test_no_known_wrong_word(language):
    found = [
        (word, text)
        for word in WRONG[language]
        for _message, _plural, text in said(language)
        if re.search(word, text)
    ]
    assert found == []


@pytest.mark.parametrize("language", WRONG)
@pytest.mark.parametrize("term", TERMS)
def test_one_word_for_one_thing(language, term):
    told = [
        (message, text)
        for message, _plural, text in said(language)
        if re.search(term, re.sub(r"%\(\w+\)", "", message)) and not message.endswith("/")
    ]
    assert told
    assert [each for each in told if not re.search(TERMS[term][language], each[1])] == []


def test_french_has_its_spaces_and_apostrophes():
    wrong = r"'|[^\s\u202f\u00a0\d&/]([;!?»])(?=\s|$)| [;!?»:]|« |«\w|\w:\s"
    plain = re.compile(r"%\([^)]*\)\w|<[^>]+>|https?:\S*|`[^`]*`|&\w+;|\b\d+:\d+")
    found = [text for _m, _p, text in said("fr") if re.search(wrong, plain.sub("x", text))]
    assert found == []


def test_dutch_quotes_as_dutch_does():
    found = [text for _m, _p, text in said("nl") if re.search(r"[«»\u202f]| [;!?:]|\w'\w", text)]
    assert found == []

"""Each mistake that a folder may hold is told where it is and why, in French and in Dutch."""

# ruff: noqa: E501 – messages stand on one line, as they are told

import pytest
from django.utils import translation

from exchange import reader
from tests.exchange import folders
from tests.exchange.bad_files import BAD

#: By mistake: what is said in French and in Dutch; where more than one thing is said, a list.
SAID: dict[str, tuple[str | list[str], str | list[str]]] = {
    "no table": (
        "dossier : Ce dossier ne contient ni datapackage.json, ni table connue.",
        "dossier: Deze map bevat geen datapackage.json en geen bekende tabel.",
    ),
    "json is broken": (
        "datapackage.json : La ligne 3 n’est pas du JSON.",
        "datapackage.json: Regel 3 is geen JSON.",
    ),
    "json is something else": (
        "datapackage.json : Ce n’est pas la description d’un paquet de données.",
        "datapackage.json: Dit is geen beschrijving van een datapakket.",
    ),
    "an unknown table is declared": (
        "datapackage.json, « topic » : Cette table n’existe pas. Vouliez-vous dire « topics » ?",
        "datapackage.json, “topic”: Deze tabel bestaat niet. Bedoelde u “topics”?",
    ),
    "a file is missing": (
        "topics.csv : Ce fichier n’existe pas.",
        "topics.csv: Dit bestand bestaat niet.",
    ),
    "a file leads out": (
        "../topics.csv : Ce fichier n’existe pas.",
        "../topics.csv: Dit bestand bestaat niet.",
    ),
    "a file has a wrong name": (
        "topic.csv : Cette table n’existe pas. Vouliez-vous dire « topics » ?",
        "topic.csv: Deze tabel bestaat niet. Bedoelde u “topics”?",
    ),
    "a form of days is none": (
        "datapackage.json, « withdrawals » : Aucun jour ne peut être lu sous cette forme : %d %B.",
        "datapackage.json, “withdrawals”: In deze vorm kunnen geen dagen gelezen worden: %d %B.",
    ),
    "a schema is none": (
        "datapackage.json, « topics » : Son schéma ne peut pas être lu.",
        "datapackage.json, “topics”: Zijn schema kan niet gelezen worden.",
    ),
    "a dialect is none": (
        "topics.csv : Le dialecte déclaré dans datapackage.json n’en est pas un.",
        "topics.csv: Het dialect in datapackage.json is er geen.",
    ),
    "a dialect asks too much": (
        "topics.csv : datapackage.json déclare ce qui ne peut pas être suivi : commentChar.",
        "topics.csv: datapackage.json vermeldt iets dat niet gevolgd kan worden: commentChar.",
    ),
    "a file is too large": (
        "topics.csv : Ce fichier dépasse 100 Mo : rien n’en a été lu.",
        "topics.csv: Dit bestand is groter dan 100 MB: er werd niets van gelezen.",
    ),
    "a file is empty": (
        "topics.csv : Ce fichier est vide.",
        "topics.csv: Dit bestand is leeg.",
    ),
    "a file is a workbook": (
        "topics.csv : C’est un fichier de tableur. Enregistrez-le en CSV, encodé en UTF-8.",
        "topics.csv: Dit is een eigen bestand van een rekenblad. Sla het op als CSV, in UTF-8.",
    ),
    "an encoding is wrong": (
        "regimes.csv, ligne 2 : Ce fichier ne peut pas être lu en UTF-8. C’est ce que déclare datapackage.json ; il semble être en Windows-1252.",
        "regimes.csv, rij 2: Dit bestand kan niet als UTF-8 gelezen worden. Zo staat het in datapackage.json; het lijkt Windows-1252 te zijn.",
    ),
    "an encoding is unknown": (
        "topics.csv : Aucun encodage connu ne porte ce nom : utf-9.",
        "topics.csv: Er is geen codering bekend met deze naam: utf-9.",
    ),
    "an encoding can’t be found": (
        "topics.csv : Ce fichier n’est encodé ni en UTF-8, ni en UTF-16, ni en Windows-1252. Déclarez son encodage dans datapackage.json.",
        "topics.csv: Dit bestand is niet gecodeerd in UTF-8, UTF-16 of Windows-1252. Vermeld zijn codering in datapackage.json.",
    ),
    "a delimiter is wrong": (
        "topics.csv, ligne 1, « key,slug,name_fr,name_nl,description_fr,description_nl » : La première ligne ne contient aucune colonne de cette table. D’après datapackage.json, les cellules sont séparées par « ; ».",
        "topics.csv, rij 1, “key,slug,name_fr,name_nl,description_fr,description_nl”: In de eerste rij staat geen enkele kolom van deze tabel. Volgens datapackage.json staat er “;” tussen de cellen.",
    ),
    "a quotation mark is left open": (
        "topics.csv, ligne 2 : Un guillemet s’ouvre ici et ne se ferme jamais.",
        "topics.csv, rij 2: Hier opent een aanhalingsteken dat nooit gesloten wordt.",
    ),
    "a quotation mark is not doubled": (
        "topics.csv, ligne 2 : Le guillemet fermant n’est suivi ni de « , » ni de la fin de la ligne.",
        "topics.csv, rij 2: Na een sluitend aanhalingsteken volgt geen “,” en evenmin het einde van de rij.",
    ),
    "a row is too short": (
        "topics.csv, ligne 2 : Cette ligne compte 3 cellules, et l’en-tête 6.",
        "topics.csv, rij 2: Deze rij telt 3 cellen, de kop 6.",
    ),
    "a row is too long": (
        "topics.csv, ligne 2 : Cette ligne compte 7 cellules, et l’en-tête 6.",
        "topics.csv, rij 2: Deze rij telt 7 cellen, de kop 6.",
    ),
    "no header": (
        "topics.csv, ligne 1, « t » : La première ligne ne contient aucune colonne de cette table.",
        "topics.csv, rij 1, “t”: In de eerste rij staat geen enkele kolom van deze tabel.",
    ),
    "a column is unknown": (
        [
            "topics.csv, ligne 1, colonne « slugg » : Cette colonne n’existe pas. Vouliez-vous dire « slug » ?",
            "topics.csv, ligne 1, colonne « slug » : Cette colonne manque.",
        ],
        [
            "topics.csv, rij 1, kolom “slugg”: Deze kolom bestaat niet. Bedoelde u “slug”?",
            "topics.csv, rij 1, kolom “slug”: Deze kolom ontbreekt.",
        ],
    ),
    "a column has no language": (
        "topics.csv, ligne 1, colonne « description » : Cette colonne n’existe pas. Vouliez-vous dire « description_fr » ?",
        "topics.csv, rij 1, kolom “description”: Deze kolom bestaat niet. Bedoelde u “description_fr”?",
    ),
    "a language is unknown": (
        "topics.csv, ligne 1, colonne « description_de » : Le site ne publie pas dans cette langue : de.",
        "topics.csv, rij 1, kolom “description_de”: De site publiceert niet in deze taal: de.",
    ),
    "a column stands twice": (
        "topics.csv, ligne 1, colonne « description_fr » : Cette colonne figure deux fois.",
        "topics.csv, rij 1, kolom “description_fr”: Deze kolom staat er twee keer.",
    ),
    "a column is missing": (
        "topics.csv, ligne 1, colonne « slug » : Cette colonne manque.",
        "topics.csv, rij 1, kolom “slug”: Deze kolom ontbreekt.",
    ),
    "words are missing": (
        "topics.csv, ligne 1, colonne « name_… » : Cette colonne manque : à donner dans une langue au moins.",
        "topics.csv, rij 1, kolom “name_…”: Deze kolom ontbreekt: geef ze in minstens één taal.",
    ),
    "a cell has no column": (
        "topics.csv, ligne 2, « vive » : Rien ne figure au-dessus de cette cellule dans l’en-tête.",
        "topics.csv, rij 2, “vive”: In de kop staat niets boven deze cel.",
    ),
    "a value is missing": (
        "cycles.csv, ligne 2, colonne « assembly » : Cette valeur est obligatoire.",
        "cycles.csv, rij 2, kolom “assembly”: Deze waarde is verplicht.",
    ),
    "words are given in no language": (
        "actions.csv, ligne 4, colonne « title » : À donner dans une langue au moins.",
        "actions.csv, rij 4, kolom “title”: Geef dit in minstens één taal.",
    ),
    "a day does not exist": (
        "actions.csv, ligne 4, colonne « happened_first », « 2023-02-29 » : Ce jour n’existe pas.",
        "actions.csv, rij 4, kolom “happened_first”, “2023-02-29”: Deze dag bestaat niet.",
    ),
    "a day has another form": (
        "actions.csv, ligne 4, colonne « happened_first », « 31/12/2023 » : Ce jour n’existe pas, ou n’a pas la forme déclarée : 2024-01-31.",
        "actions.csv, rij 4, kolom “happened_first”, “31/12/2023”: Deze dag bestaat niet, of heeft niet de opgegeven vorm: 2024-01-31.",
    ),
    "a day is none": (
        "actions.csv, ligne 4, colonne « happened_first », « printemps » : Ce n’est pas un jour : écrivez-le comme 2024-01-31.",
        "actions.csv, rij 4, kolom “happened_first”, “printemps”: Dit is geen dag: schrijf hem zoals 2024-01-31.",
    ),
    "a year is short": (
        "actions.csv, ligne 4, colonne « happened_first », « 02/04/24 » : Écrivez l’année en entier, comme dans 2024-01-31.",
        "actions.csv, rij 4, kolom “happened_first”, “02/04/24”: Schrijf het jaar voluit, zoals in 2024-01-31.",
    ),
    "a text is too long": (
        "recommendations.csv, ligne 2, colonne « label », « 1111111111111111111111111111111 » : Trop long : 31 caractères, 30 au plus.",
        "recommendations.csv, rij 2, kolom “label”, “1111111111111111111111111111111”: Te lang: 31 tekens, hoogstens 30.",
    ),
    "a code is wrong": (
        "actions.csv, ligne 4, colonne « stage », « Finale » : Ne figure pas parmi : initial, interim, final. Vouliez-vous dire « final » ?",
        "actions.csv, rij 4, kolom “stage”, “Finale”: Niet een van: initial, interim, final. Bedoelde u “final”?",
    ),
    "a code of several is wrong": (
        "duty_rules.csv, ligne 2, colonne « answered_by », « responce|referral » : « responce » ne figure pas parmi : handover, response, vote, lead, progress, unchanged, decision, budget, works, report, meeting, question, opinion, postponed, suspension, outcome, referral, merge, end, correction. Vouliez-vous dire « response » ?",
        "duty_rules.csv, rij 2, kolom “answered_by”, “responce|referral”: “responce” is niet een van: handover, response, vote, lead, progress, unchanged, decision, budget, works, report, meeting, question, opinion, postponed, suspension, outcome, referral, merge, end, correction. Bedoelde u “response”?",
    ),
    "a number is none": (
        "actions.csv, ligne 4, colonne « amount », « beaucoup » : Ce n’est pas un nombre.",
        "actions.csv, rij 4, kolom “amount”, “beaucoup”: Dit is geen getal.",
    ),
    "a number may be two": (
        "actions.csv, ligne 4, colonne « amount », « 1.500 » : Est-ce 1.5 ou 1500 ? Écrivez-le sans signe entre les milliers.",
        "actions.csv, rij 4, kolom “amount”, “1.500”: Is dit 1.5 of 1500? Schrijf het zonder teken tussen de duizendtallen.",
    ),
    "a number is not whole": (
        "announced_counts.csv, ligne 2, colonne « number », « 12.5 » : Ce n’est pas un nombre entier.",
        "announced_counts.csv, rij 2, kolom “number”, “12.5”: Dit is geen geheel getal.",
    ),
    "a number is too low": (
        "duty_rules.csv, ligne 2, colonne « count », « 0 » : Au moins 1.",
        "duty_rules.csv, rij 2, kolom “count”, “0”: Minstens 1.",
    ),
    "a number is too high": (
        "duty_rules.csv, ligne 2, colonne « delay », « 99999 » : Au plus 32767.",
        "duty_rules.csv, rij 2, kolom “delay”, “99999”: Hoogstens 32767.",
    ),
    "neither true nor false": (
        "actions.csv, ligne 4, colonne « example », « peut-être » : Ni true, ni false.",
        "actions.csv, rij 4, kolom “example”, “peut-être”: Niet true en niet false.",
    ),
    "a form is another": (
        "topics.csv, ligne 2, colonne « slug », « l'eau » : Ce n’est pas la forme demandée.",
        "topics.csv, rij 2, kolom “slug”, “l'eau”: Niet in de gevraagde vorm.",
    ),
    "a zero stands in a text": (
        "sources.csv, ligne 2, colonne « title », « a�b » : Un caractère qu’aucun texte ne contient.",
        "sources.csv, rij 2, kolom “title”, “a�b”: Een teken dat in geen enkele tekst voorkomt.",
    ),
    "a key stands twice": (
        "topics.csv, ligne 3, colonne « key », « t » : La ligne 2 a déjà cette clé.",
        "topics.csv, rij 3, kolom “key”, “t”: Rij 2 heeft deze sleutel al.",
    ),
    "a code stands twice": (
        "topics.csv, ligne 3, colonne « slug », « eau » : La ligne 2 a déjà cette valeur.",
        "topics.csv, rij 3, kolom “slug”, “eau”: Rij 2 heeft deze waarde al.",
    ),
    "a reference is unknown": (
        "targets.csv, ligne 2, colonne « recommendation », « x9 » : Cette clé n’existe pas dans recommendations.csv.",
        "targets.csv, rij 2, kolom “recommendation”, “x9”: Deze sleutel bestaat niet in recommendations.csv.",
    ),
    "a reference of several is unknown": (
        "recommendations.csv, ligne 2, colonne « topics », « feu » : Cette clé n’existe pas dans topics.csv.",
        "recommendations.csv, rij 2, kolom “topics”, “feu”: Deze sleutel bestaat niet in topics.csv.",
    ),
}


def plain(text: str) -> str:
    """With ordinary spaces, so that they can be told apart above."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_each_mistake_has_its_message():
    assert SAID.keys() == BAD.keys()


@pytest.mark.parametrize("mistake", BAD)
@pytest.mark.parametrize(("place", "language"), [(0, "fr"), (1, "nl")])
def test_a_bad_file_is_refused_with_its_reason(tmp_path, mistake, place, language):
    folder = tmp_path / "dossier"
    folder.mkdir()
    folders.write(folder, folders.small())
    BAD[mistake](folder)
    with translation.override(language):
        package = reader.read(folder, folders.LANGUAGES)
        said = [plain(str(problem)) for problem in package.problems]
    expected = SAID[mistake][place]
    assert said == ([expected] if isinstance(expected, str) else expected)

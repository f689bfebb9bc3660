"""Turn the list of propositions of the Convention citoyenne pour le climat into rows of the demo.

    python3 demo/convert_ccc.py propositions.csv

The source (see ``ccc/README.md``) has one row a proposition: ``n, theme, objective_id, objective,
objective_url, ges_stars, proposal``. This script replaces the rows of ``groups.csv`` and
``recommendations.csv`` whose key begins with ``ccc-2020-`` and leaves all others as they stand.
Standard library only; running it twice gives the same bytes.
"""

import argparse
import csv
import html
import sys
from pathlib import Path

PREFIX = "ccc-2020-"
TITLE_LENGTH = 255

#: The codes of the source, in its order, and what the convention calls them.
THEMES = {
    "SE_NOURRIR": "Se nourrir",
    "SE_LOGER": "Se loger",
    "SE_DEPLACER": "Se déplacer",
    "CONSOMMER": "Consommer",
    "PRODUIRE": "Produire et travailler",
    "CONSTITUTION": "Constitution",
}

#: The demo's topics for each theme, or objective where it says more: our own classification.
TOPICS = {
    "SE_NOURRIR": "alimentation",
    "SE_LOGER": "logement",
    "SE_DEPLACER": "mobilite",
    "CONSOMMER": "consommation",
    "PRODUIRE": "consommation",
    "CONSTITUTION": "participation",
    "sl1": "renovation|energie",
    "sl2": "energie",
    "sl3": "logement|nature",
    "sd10": "mobilite|participation",
    "c5": "participation",
    "pt9": "energie",
}

#: Where a sentence may end as a title, best first.
BREAKS = (". ", " : ", " ; ", ", ", " (")


def title(text: str) -> str:
    """The whole sentence where a title may be that long; else its beginning up to a clause's end.

    Nothing is added and no word is cut: the whole stands in the verbatim.
    """
    if len(text) <= TITLE_LENGTH:
        return text
    beginning = text[: TITLE_LENGTH + 1]
    for mark in BREAKS:
        at = beginning.rfind(mark)
        # Long enough to say something, and not within brackets.
        if at >= 60 and text.count("(", 0, at) == text.count(")", 0, at):
            return text[:at]
    return beginning[: beginning.rfind(" ")]


def rows(source: Path) -> tuple[list[dict], list[dict]]:
    """The groups (theme, then objective) and the recommendations, in the order of the source."""
    groups: dict[str, dict] = {}
    recommendations = []
    with source.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            text, objective = row["proposal"].strip(), row["objective"].strip()
            theme = PREFIX + row["theme"].lower().replace("_", "-")
            if theme not in groups:
                order = list(THEMES).index(row["theme"]) + 1
                groups[theme] = {
                    "key": theme,
                    "cycle": "ccc-2020",
                    "title_fr": THEMES[row["theme"]],
                    "sort_order": order,
                    "example": "false",
                }
            group = theme
            if objective:
                group = PREFIX + row["objective_id"]
                if group not in groups:
                    order = sum(each.get("parent") == theme for each in groups.values()) + 1
                    groups[group] = {
                        "key": group,
                        "cycle": "ccc-2020",
                        "parent": theme,
                        "title_fr": objective,
                        "sort_order": order,
                        "example": "false",
                    }
            recommendations.append(
                {
                    "key": PREFIX + row["n"],
                    "cycle": "ccc-2020",
                    "label": row["n"],
                    "kind": "ccc-proposition",
                    "group": group,
                    "topics": TOPICS.get(row["objective_id"]) or TOPICS[row["theme"]],
                    "language": "fr",
                    "example": "false",
                    "title_fr": title(text),
                    "verbatim_fr": f"<p>{html.escape(text, quote=False)}</p>",
                }
            )
    return list(groups.values()), recommendations


def replace(path: Path, new: list[dict]) -> None:
    """Write the table with these rows in place of its former ones of the convention, at its end."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or ())
        kept = [row for row in reader if not row["key"].startswith(PREFIX)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*kept, *new])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="the CSV file of the propositions")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent, help="the demo")
    options = parser.parse_args()
    groups, recommendations = rows(options.source)
    replace(options.folder / "groups.csv", groups)
    replace(options.folder / "recommendations.csv", recommendations)
    sys.stdout.write(f"{len(groups)} groups, {len(recommendations)} recommendations\n")


if __name__ == "__main__":
    main()

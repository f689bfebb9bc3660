"""What mails look like. Mail programs read no style sheet, so each element carries its own.

The inks are those of ``static/css/tokens.css``. Dark mode turns them over by class, in the few
lines of style that ``frame.html`` has; programs that know neither show black on white.
"""

from django.utils.safestring import mark_safe

SERIF = "font-family:Georgia,'Times New Roman',serif"
SANS = "font-family:'Source Sans 3',Arial,Helvetica,sans-serif"

#: The second ink of each assembly on white.
INKS = {
    "iris": "#4b3a8c",
    "bouteille": "#1d5a3f",
    "brique": "#8a3a22",
    "petrole": "#0d5561",
    "prune": "#7a2a5b",
    "ardoise": "#3d4b5e",
}

CHIP = (
    f"{SANS};display:inline-block;font-size:14px;line-height:20px;font-weight:bold;padding:2px 8px"
)
#: A state by how far it is, as on the pages: the more ink, the more is done.
TONES = {
    "full": f"{CHIP};border:2px solid #12505f;background:#12505f;color:#ffffff",
    "going": f"{CHIP};border:2px solid #37798a;background:#dcebee;color:#0e4350",
    "part": f"{CHIP};border:2px solid #8c6600;background:#f6e6bd;color:#4a3600",
    "no": f"{CHIP};border:2px solid #17191f",
    "open": f"{CHIP};border:2px dashed #6f737c",
    "plain": f"{CHIP};border:2px solid #6f737c",
}

STYLES = {
    "page": "margin:0;padding:0;background:#f3f3ef;color:#17191f",
    "around": "background:#f3f3ef",
    "sheet": "max-width:600px;background:#ffffff;text-align:left",
    "name": f"margin:0;{SERIF};font-size:24px;line-height:28px;font-weight:bold",
    "rule": (
        "border-top:4px solid #17191f;border-bottom:1px solid #17191f;font-size:3px;line-height:3px"
    ),
    "h1": f"margin:0 0 8px;{SERIF};font-size:26px;line-height:32px;font-weight:bold",
    "h2": f"margin:0 0 4px;{SERIF};font-size:20px;line-height:26px;font-weight:bold",
    "h3": f"margin:0 0 6px;{SERIF};font-size:18px;line-height:24px;font-weight:bold",
    "p": f"margin:0 0 12px;{SANS};font-size:16px;line-height:24px",
    "quiet": f"margin:0 0 8px;{SANS};font-size:16px;line-height:24px;color:#4d515b",
    "small": f"margin:0 0 6px;{SANS};font-size:14px;line-height:21px;color:#4d515b",
    "link": "color:#17191f",
    "words": f"margin:0 0 8px;{SERIF};font-size:16px;line-height:24px",
    "group": "padding:20px 0 0;border-top:2px solid #17191f",
    "item": "padding:14px 0 10px;border-top:1px solid #d9d9d3",
    "example": (
        f"{SANS};font-size:13px;line-height:18px;font-weight:bold;border:1px solid #6f737c;"
        "padding:0 5px;color:#17191f"
    ),
    "button": (
        f"{SANS};display:inline-block;font-size:17px;line-height:24px;font-weight:bold;"
        "padding:12px 24px;border:2px solid #17191f;background:#17191f;color:#ffffff;"
        "text-decoration:none"
    ),
    "hidden": "display:none;font-size:1px;line-height:1px;max-height:0;overflow:hidden",
}


def _safe(styles: dict[str, str]) -> dict[str, str]:
    """As they are, in attributes: what is written here is ours."""
    return {name: mark_safe(style) for name, style in styles.items()}  # noqa: S308


STYLES, TONES = _safe(STYLES), _safe(TONES)

"""Pictures of every kind of page of the demo, in both languages and three widths.

Run by ``python3 dev.py screenshots``. Nothing is compared: they are for the eye, beside the
mock-ups, and two of them for the README (``--readme``).
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WIDTHS = {360: 640, 768: 1024, 1280: 900}
#: The README's pictures: the page, the width and the height that is shown of it.
README = {"recommendation": (1280, 1000), "cycle": (1280, 1000)}


@contextmanager
def served():
    """The site on a free port, with the database of development; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, str(ROOT / "manage.py"), "runserver", place, "--noreload"]
    env = {**os.environ, "DJANGO_RUNSERVER_HIDE_WARNING": "true"}
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=quiet, stderr=quiet)
    try:
        host, port = place.split(":")
        while server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((host, int(port))) == 0:
                    break
            time.sleep(0.1)
        else:
            sys.exit("The site did not start: python3 dev.py serve says why.")
        yield f"http://{place}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def browser():
    from playwright.sync_api import sync_playwright

    from tests.conftest import CHROMIUM_FLAGS, chromium_path

    path = chromium_path()
    if not path:
        sys.exit("Chromium is not installed (on Debian: apt install chromium).")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


def take_all(folder: Path, pages: dict[str, dict[str, str]], schemes: list[str]) -> int:
    """Every page, language, width and colour scheme as one picture of the whole page."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with served() as base, browser() as chromium:
        for scheme in schemes:
            window = chromium.new_page(color_scheme=scheme)
            for language, addresses in pages.items():
                for name, address in addresses.items():
                    for width, height in WIDTHS.items():
                        window.set_viewport_size({"width": width, "height": height})
                        window.goto(base + address)
                        dark = "-dark" if scheme == "dark" else ""
                        file = f"{name.replace(' ', '-')}-{language}-{width}{dark}.png"
                        window.screenshot(path=folder / file, full_page=True)
                        count += 1
    return count


def take_for_readme(folder: Path, pages: dict[str, dict[str, str]]) -> None:
    """The top of two French pages, as WebP."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    with served() as base, browser() as chromium:
        for name, (width, height) in README.items():
            window = chromium.new_page(viewport={"width": width, "height": height})
            window.goto(base + pages["fr"][name])
            taken = folder / f"{name}.png"
            window.screenshot(path=taken)
            window.close()
            with Image.open(taken) as picture:
                picture.save(folder / f"{name}.webp", quality=82, method=6)
            taken.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py screenshots", description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "var/screenshots")
    parser.add_argument("--dark", action="store_true", help="in dark colours as well")
    parser.add_argument("--readme", action="store_true", help="the two of the README instead")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    import django

    django.setup()
    from tests.functional.showcase import LANGUAGES, addresses

    pages = {language: addresses(language) for language in LANGUAGES}
    if options.readme:
        take_for_readme(ROOT / "docs/images", pages)
        sys.stdout.write("docs/images\n")
    else:
        count = take_all(options.into, pages, ["light", "dark"] if options.dark else ["light"])
        sys.stdout.write(f"{count} pictures in {options.into}\n")


if __name__ == "__main__":
    main()

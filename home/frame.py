"""What editors set around every page, held in memory until the change log moves on.

It costs no query of its own: the directory has already looked at the last row of the log, and each
change of these settings writes one there.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wagtail.images.models import SourceImageIOError

from assemblies.directory import Directory
from home.models import SiteFrame

#: The logo is drawn at most this high, twice over for fine screens.
LOGO = "max-320x96|format-webp"


@dataclass(frozen=True, slots=True)
class Picture:
    """A file with its size, so that nothing moves when it arrives."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link that editors added: words in each language, to a page (by its key) or an address."""

    label: Any
    key: UUID | None
    address: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as of one state of the change log."""

    logo: Picture | None = None
    menu: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    footer_text: Any = ""
    contact_address: str = ""
    contact_intro: Any = ""
    contacts: tuple[tuple[int, str], ...] = ()

    def address_for(self, assembly: int | None) -> str:
        """Where messages about an assembly go: its own address, else the site's."""
        return dict(self.contacts).get(assembly or 0, self.contact_address)


_current: tuple[tuple, Settings] | None = None


def current(lists: Directory) -> Settings:
    """The settings that go with these lists: read anew when the change log has moved on."""
    global _current
    held = _current
    if held is None or held[0] is not lists.generation:
        held = _current = (lists.generation, _read())
    return held[1]


def _read() -> Settings:
    row = (
        SiteFrame.objects.filter(site__is_default_site=True)
        .select_related("logo")
        .prefetch_related("menu_entries__page", "footer_links__page", "assembly_contacts")
        .first()
    )
    if row is None:
        return Settings()
    return Settings(
        logo=_logo(row.logo),
        menu=_links(row.menu_entries),
        footer=_links(row.footer_links),
        footer_text=row.footer_text,
        contact_address=row.contact_address,
        contact_intro=row.contact_intro,
        contacts=tuple((each.assembly_id, each.address) for each in row.assembly_contacts.all()),
    )


def _logo(image: Any) -> Picture | None:
    if image is None:
        return None
    try:
        drawn = image.get_rendition(LOGO)
    except SourceImageIOError:  # the file is gone: the pages are there without it
        return None
    return Picture(url=drawn.url, width=drawn.width, height=drawn.height)


def _links(rows: Any) -> tuple[Link, ...]:
    return tuple(
        Link(
            label=each.label,
            key=each.page.translation_key if each.page_id else None,
            address=each.address,
        )
        for each in rows.all()
    )

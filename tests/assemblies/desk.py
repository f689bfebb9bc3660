"""At the editor's desk: forms filled in as a browser would send them, and what the answer says."""

import re
from typing import Any

from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from assemblies.models import Role


def make_user(name: str, *roles: tuple[Any, ...], language: str = "en", superuser: bool = False):
    """A user with roles, each ``(assembly, name)`` or ``(assembly, name, body)``."""
    user = get_user_model().objects.create_user(
        name, f"{name}@example.org", "password", is_superuser=superuser, is_staff=superuser
    )
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    if roles:
        group = Group.objects.create(name=f"group of {name}")
        user.groups.add(group)
        for assembly, role, *body in roles:
            Role.objects.create(
                group=group, assembly=assembly, name=role, body=body[0] if body else None
            )
    return user


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def desk_url(thing: Any, view: str, *args: Any) -> str:
    """The address of a snippet's view: of a model, or of one of its rows."""
    model = thing if isinstance(thing, type) else type(thing)
    keys = args if isinstance(thing, type) else (thing.pk, *args)
    return reverse(model.snippet_viewset.get_url_name(view), args=keys)


def page_url(page: Any, view: str, *args: Any) -> str:
    return reverse(f"wagtailadmin_pages:{view}", args=(page.pk, *args))


def bulk_url(thing: Any, action: str) -> str:
    """The address of a bulk action on one object; pages are pages, whatever their type."""
    label = ("wagtailcore", "page")
    if not hasattr(thing, "translation_key"):
        label = (thing._meta.app_label, thing._meta.model_name)
    return f"{reverse('wagtail_bulk_action', args=(*label, action))}?id={thing.pk}"


def filled(response: HttpResponse) -> dict[str, Any]:
    """What the browser would send with the form of an edit view, as it stands."""
    form = BeautifulSoup(response.content, "html.parser").select_one("form[data-edit-form]")
    assert form is not None, "There is no form on this page."
    data: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = field["name"]
        if "__prefix__" in name or name.startswith("action-"):
            continue
        if field.name == "textarea":
            data[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = [each.get("value", "") for each in field.select("option[selected]")]
            data[name] = chosen if field.has_attr("multiple") else (chosen or [""])[0]
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data.setdefault(name, [])
                data[name].append(field.get("value", "on"))
        elif field.get("type") not in ("submit", "button", "file"):
            data[name] = field.get("value", "")
    return data


def with_rows(data: dict[str, Any], name: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """The same form with new rows in one of its inline panels."""
    start = int(data[f"{name}-TOTAL_FORMS"])
    added = {f"{name}-TOTAL_FORMS": str(start + len(rows))}
    for number, row in enumerate(rows, start=start):
        row = {"ORDER": number + 1, "id": "", "DELETE": "", **row}
        added |= {f"{name}-{number}-{key}": value for key, value in row.items()}
    return {**data, **added}


def told(response: HttpResponse) -> str:
    """What an answer says to the editor: messages, and the errors of its form."""
    soup = BeautifulSoup(response.content, "html.parser")
    parts = [str(message) for message in (response.context or {}).get("messages", ())]
    parts += [
        each.get_text(" ", strip=True)
        for each in soup.select(".messages li, .error-message, .w-field__errors, .help-critical")
    ]
    return re.sub(r"\s+", " ", " ".join(parts))

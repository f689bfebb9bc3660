"""The admin's forms: what a user may choose, and what a publication must have."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nTextarea, I18nTextInput
from i18nfield.strings import LazyI18nString
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput

from assemblies import history, permissions
from assemblies.enums import DEMANDS


class SideBySide:
    """All languages of a text beside one another, each labelled with its language, in itself."""

    def format_output(self, rendered_widgets, id_):
        names = dict(settings.LANGUAGES)
        columns = format_html_join(
            "",
            '<div class="languages-side-by-side__one">'
            '<label for="{}_{}" lang="{}">{}</label>{}</div>',
            (
                (id_, i, locale, names.get(locale, locale), mark_safe(widget))  # noqa: S308
                for i, (locale, widget) in enumerate(
                    zip(self.enabled_locales, rendered_widgets, strict=True)
                )
            ),
        )
        attributes = flatatt({"class": "languages-side-by-side", "id": id_ or ""})
        return format_html("<div{}>{}</div>", attributes, columns)

    def render(self, name, value, attrs=None, renderer=None):
        # The language stands in the label; a placeholder would repeat it and vanish on typing.
        attrs = {"placeholder": "", **(attrs or {})}
        return super().render(name, value, attrs, renderer)

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_


class WordsInput(SideBySide, I18nTextInput):
    """One line, in every language of the site."""


class WordsTextarea(SideBySide, I18nTextarea):
    """Some lines, in every language of the site."""

    widget = AdminAutoHeightTextInput


def narrow(form, user) -> None:
    """Offer only what the user's roles reach: assemblies, cycles, groups, bodies, kinds."""
    if user is None or user.is_superuser:
        return
    reach = {role.assembly_id for role in permissions.roles_of(user)}
    paths = {
        "assembly": "pk",
        "cycle": "assembly",
        "group": "cycle__assembly",
        "kind": "assembly",
    }
    for name, path in paths.items():
        field = form.fields.get(name)
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            field.queryset = field.queryset.filter(**{f"{path}__in": reach})


class AssemblyForm(WagtailAdminModelForm):
    """A form of an object that belongs to an assembly: within the user's reach only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        narrow(self, self.for_user)

    def clean(self):
        cleaned = super().clean()
        if self.for_user is not None and not self.for_user.is_superuser:
            self._stay_within_reach(cleaned)
        return cleaned

    def _stay_within_reach(self, cleaned):
        reach = {role.assembly_id for role in permissions.roles_of(self.for_user)}
        for name, value in cleaned.items():
            assembly = getattr(value, "assembly_id", None)
            if name == "assembly" and value is not None:
                assembly = value.pk
            if assembly is not None and assembly not in reach:
                self.add_error(name, _("This belongs to an assembly that you have no role for."))

    def is_valid(self):
        valid = super().is_valid()
        if valid and self.for_user is not None and not self._may_leave_it_so():
            self.add_error(None, history.NO_RIGHT)
            valid = False
        return valid

    def _may_leave_it_so(self):
        """Whether the user's role in the assembly that the form names allows what is done.

        Wagtail asks for the model only: a publisher of one assembly may be an editor of another.
        """
        policy = permissions.policy_for(type(self.instance))
        done = ["change" if self.instance.pk else "add"]
        if self.data.get("action-publish"):
            done.append("publish")
        return all(policy.allows_result(self.for_user, each, self.instance) for each in done)


class FactForm(AssemblyForm):
    """A fact: a draft may lack things, a publication may not, and says all of them at once."""

    def is_valid(self):
        valid = super().is_valid()
        if valid and not self.is_deferred_validation:
            try:
                self.check_publication()
            except ValidationError as error:
                self._tell(error)
                valid = False
        return valid

    def check_publication(self):
        """Raise what ``check_publishable`` raises, for the object as this form would leave it."""
        before = {name: list(getattr(self.instance, name).all()) for name in self.formsets}
        try:
            for name, formset in self.formsets.items():
                rows = [
                    form.instance
                    for form in formset.forms
                    if form.has_changed() or form.instance.pk
                    if form not in formset.deleted_forms
                ]
                setattr(self.instance, name, rows)
            self.instance.check_publishable()
        finally:
            for name, rows in before.items():
                setattr(self.instance, name, rows)

    def _tell(self, error):
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class ActionForm(FactForm):
    """The form of a follow-up action. Its script shows the fields that the chosen state demands."""

    class Media:
        js = ["js/admin-action.js"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        value = self.fields.get("value")
        if value is not None:
            demands = {
                code: list(names) for values in DEMANDS.values() for code, names in values.items()
            }
            value.widget.attrs["data-demands"] = _json(demands)
            value.widget.attrs["data-demanded"] = _json(
                sorted({name for names in demands.values() for name in names} - {"sources"})
            )
        if "happened_last" in self.fields:
            self.fields["happened_last"].required = False
        assembly = self.fields.get("assembly")
        if assembly is not None and not self.instance.pk and assembly.queryset.count() == 1:
            assembly.initial = assembly.queryset.get().pk

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("happened_last") and cleaned.get("happened_first"):
            cleaned["happened_last"] = cleaned["happened_first"]
        assembly = cleaned.get("assembly")
        if assembly is not None:
            speak_for(self, assembly.pk, cleaned.get("body"))
        return cleaned


class PassageForm(FactForm):
    """The form of a passage. Words that are not in the text are refused in a draft already."""

    def clean(self):
        cleaned = super().clean()
        recommendation = cleaned.get("recommendation")
        if recommendation is None:
            return cleaned
        speak_for(self, recommendation.assembly_id, cleaned.get("body"))
        words = cleaned.get("words")
        if words and words.data and not self.errors:
            try:
                self._quoted(recommendation, cleaned).check_words()
            except ValidationError as error:
                self._tell(error)
        return cleaned

    def _quoted(self, recommendation, cleaned):
        """The words alone, as the form has them."""
        return type(self.instance)(
            pk=self.instance.pk,
            recommendation=recommendation,
            words=cleaned["words"],
            occurrence=cleaned.get("occurrence") or "",
            replaces=cleaned.get("replaces"),
        )


def speak_for(form, assembly_id: int, body) -> None:
    """Say so where the user may not enter what this body does or says."""
    if form.for_user is None or body is None:
        return
    if not permissions.may_speak_for(form.for_user, assembly_id, body):
        form.add_error("body", _("You have no role in which you may speak for this body."))


def _json(value) -> str:
    import json

    return json.dumps(value)


class MissingLanguagesForm(forms.Form):
    """The words of a published fact in the languages it lacks; what is there can't be touched."""

    def __init__(self, *args, fact, **kwargs):
        super().__init__(*args, **kwargs)
        self.fact = fact
        self.pairs: list[tuple[str, str, str]] = []
        names = dict(settings.LANGUAGES)
        for field in fact._meta.fields:
            if field.name not in fact.worded() or not field.editable:
                continue
            there = history._plain(getattr(fact, field.name)) or {}
            if not there or not isinstance(there, dict):
                continue
            for language, name in settings.LANGUAGES:
                if there.get(language):
                    continue
                key = f"{field.name}_{language}"
                code, text = next(iter(there.items()))
                self.pairs.append((field.name, language, key))
                self.fields[key] = forms.CharField(
                    label=format_html("{} ({})", field.verbose_name, name),
                    required=False,
                    help_text=format_html(
                        '{}: <span lang="{}">{}</span>', names.get(code, code), code, text
                    ),
                    widget=AdminAutoHeightTextInput(attrs={"lang": language}),
                )

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(key) for _name, _language, key in self.pairs):
            raise ValidationError(_("Write at least one text."))
        try:
            self.apply().check_words()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return cleaned

    def apply(self):
        """Put the new texts into the fact, beside those that are there; does not save."""
        for name, language, key in self.pairs:
            text = self.cleaned_data.get(key)
            if text:
                there = dict(history._plain(getattr(self.fact, name)))
                there[language] = text
                setattr(self.fact, name, LazyI18nString(there))
        return self.fact

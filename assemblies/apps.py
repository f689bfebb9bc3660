from django.apps import AppConfig
from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class AssembliesConfig(AppConfig):
    name = "assemblies"
    verbose_name = _("Assemblies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.models import Page

        from assemblies import history, models

        for fact in models.FACTS:
            pre_delete.connect(history.refuse_deletion, sender=fact)
        for part in models.FACT_PARTS:
            pre_delete.connect(history.refuse_child_change, sender=part)
            pre_save.connect(history.refuse_child_change, sender=part)
        for page in (Page, models.RecommendationPage):
            pre_save.connect(history.guard_page_save, sender=page)
            pre_delete.connect(history.guard_page_deletion, sender=page)

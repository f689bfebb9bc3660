from django.apps import AppConfig
from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class AssembliesConfig(AppConfig):
    name = "assemblies"
    verbose_name = _("Assemblies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.documents import get_document_model
        from wagtail.models import PageViewRestriction, get_page_models
        from wagtail.signals import post_page_move, pre_page_move

        from assemblies import history, models, page_changes

        for fact in models.FACTS:
            pre_save.connect(history.refuse_raw_change, sender=fact)
            pre_delete.connect(history.refuse_deletion, sender=fact)
            for name in fact.many_relations:
                history.guard_links(fact, name)
        for part in models.FACT_PARTS:
            pre_delete.connect(history.refuse_child_change, sender=part)
            pre_save.connect(history.refuse_child_change, sender=part)
        for row in models.REGISTERS:
            pre_save.connect(history.guard_register, sender=row)
        pre_save.connect(history.guard_log, sender=models.Change)
        pre_delete.connect(history.guard_log, sender=models.Change)
        for page in get_page_models():
            pre_save.connect(history.guard_page_save, sender=page)
            pre_save.connect(page_changes.note_change, sender=page)
            pre_delete.connect(history.guard_page_deletion, sender=page)
        pre_page_move.connect(history.guard_page_move)
        post_page_move.connect(page_changes.note_move)
        pre_save.connect(history.guard_privacy, sender=PageViewRestriction)
        pre_save.connect(history.guard_document, sender=get_document_model())

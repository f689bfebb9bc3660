"""The admin's way in for data: send, compare, confirm, watch."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from exchange import tables
from exchange.plan import Step
from exchange.uploads import tasks
from exchange.uploads.forms import UploadForm
from exchange.uploads.models import UNDER_WAY, Standing, Upload, UploadQuerySet, fingerprint

PERMISSION = "exchange.add_upload"
ROWS = 100
UPLOADS = 30
#: What becomes of a row, in a word.
STEPS = {
    Step.ADD: pgettext_lazy("row", "New"),
    Step.CHANGE: pgettext_lazy("row", "Changed"),
    Step.UNCHANGED: pgettext_lazy("row", "Unchanged"),
    Step.REFUSE: pgettext_lazy("row", "Refused"),
    Step.MISSING: pgettext_lazy("row", "Not in the folder"),
}
may_upload = permission_required(PERMISSION, raise_exception=True)


@may_upload
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What was sent so far, newest first."""
    uploads = Upload.objects.light().select_related("sent_by")
    page = Paginator(uploads, UPLOADS).get_page(request.GET.get("p"))
    return render(request, "exchange/admin/uploads.html", {"page": page, **_frame(_("Data"))})


@may_upload
def send(request: HttpRequest) -> HttpResponse:
    """Take a folder in and have it compared."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        upload = Upload.objects.create(
            file_name=file.name,
            size=len(content),
            fingerprint=fingerprint(content),
            content=content,
            sent_by_id=request.user.pk,
            language=get_language(),
        )
        tasks.compare.enqueue(upload.pk)
        return redirect(upload.url)
    status = 422 if form.errors else 200
    context = {"form": form, **_frame(_("Send data"))}
    return render(request, "exchange/admin/send.html", context, status=status)


@may_upload
@require_GET
def detail(request: HttpRequest, upload: int) -> HttpResponse:
    """How far an upload has come: what it would change, what is wrong with it, what it did."""
    found = get_object_or_404(
        Upload.objects.defer("content").select_related("sent_by", "loaded_by"), pk=upload
    )
    page = Paginator(found.differences, ROWS).get_page(request.GET.get("p"))
    context = {
        "upload": found,
        "tally": _tally(found),
        "steps": list(STEPS.values()),
        "page": page,
        "rows": [{**row, "step_in_words": STEPS[Step(row["step"])]} for row in page],
        "progress": tasks.progress_of(found.pk)[-8:] if found.is_under_way else [],
        "is_silent": found.is_under_way and tasks.is_silent(found),
        **_frame(found.file_name),
    }
    return render(request, "exchange/admin/upload.html", context)


@may_upload
@require_POST
def load(request: HttpRequest, upload: int) -> HttpResponse:
    """Confirm: what was shown is loaded, and nothing that was compared again since."""
    seen = Upload.objects.filter(plan_fingerprint=request.POST.get("plan", "")[:64])
    return _start(
        request, upload, Standing.READY, Standing.LOADING, among=seen, loaded_by=request.user
    )


@may_upload
@require_POST
def again(request: HttpRequest, upload: int) -> HttpResponse:
    """Compare once more: the site may have changed, or a worker may have died."""
    found = get_object_or_404(Upload.objects.light(), pk=upload)
    if found.is_under_way and not tasks.is_silent(found):
        messages.warning(request, _("A worker is still at it."))
        return redirect(found.url)
    return _start(request, upload, Standing(found.standing), Standing.COMPARING)


@may_upload
@require_POST
def drop(request: HttpRequest, upload: int) -> HttpResponse:
    """Throw away what was sent."""
    found = get_object_or_404(Upload.objects.light(), pk=upload)
    standing = Standing(found.standing)
    open_ones = (Standing.READY, Standing.REFUSED, Standing.FAILED, *UNDER_WAY)
    is_open = standing in open_ones and (standing not in UNDER_WAY or tasks.is_silent(found))
    if is_open and Upload.objects.move(upload, standing, to=Standing.DROPPED, content=None):
        messages.success(request, _("What was sent is thrown away. The site is as it was."))
        return redirect("uploads:index")
    messages.warning(request, _("This can’t be thrown away any more."))
    return redirect(found.url)


def _start(
    request: HttpRequest,
    upload: int,
    standing: Standing,
    to: Standing,
    *,
    among: UploadQuerySet | None = None,
    **values: object,
) -> HttpResponse:
    found = get_object_or_404(Upload.objects.light(), pk=upload)
    is_kept = Upload.objects.filter(pk=upload, content__isnull=False).exists()
    uploads = Upload.objects.all() if among is None else among
    if is_kept and uploads.move(upload, standing, to=to, **values):
        task = tasks.load if to == Standing.LOADING else tasks.compare
        task.enqueue(upload)
    else:
        messages.warning(request, _("Somebody was faster: look at how it stands now."))
    return redirect(found.url)


def _tally(upload: Upload) -> list[tuple[str, list[int]]]:
    """A row a table: how many rows are added, changed, unchanged, refused, missing."""
    return [
        (name, [upload.counts[name].get(step.value, 0) for step in STEPS])
        for name in tables.NAMES
        if name in upload.counts
    ]


def _frame(title: str) -> dict[str, object]:
    """What the admin's own frame shows above a page."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    if title != _("Data"):
        crumbs.append({"url": reverse("uploads:index"), "label": _("Data")})
    crumbs.append({"url": "", "label": title})
    return {"page_title": title, "header_title": title, "breadcrumbs_items": crumbs}

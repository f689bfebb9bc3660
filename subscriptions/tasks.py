"""What a worker does: write the mails that requests bring, and send what is in the outbox."""

from django.utils import timezone
from django_tasks import TaskResultStatus, task

from subscriptions import asking, delivery
from subscriptions.models import Mail


@task(backend="background")
def post() -> None:
    """Everything that can leave now. Safe to run twice, and at once."""
    asking.queue_confirmations()
    outcome = delivery.deliver()
    if outcome.stopped == "time":
        post.enqueue()


def post_if_needed() -> bool:
    """Call a worker where something waits and none is called yet; whether one was called."""
    if not Mail.objects.ready(timezone.now()).exists():
        return False
    if _called():
        return False
    post.enqueue()
    return True


def _called() -> bool:
    """Whether a worker is called that has not begun: then another call changes nothing."""
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.filter(
        task_path=post.module_path, status=TaskResultStatus.READY, backend_name="background"
    )
    return waiting.exists()

"""The index kept true: written in the publishing transaction, rebuilt, compared, repaired."""

import hashlib
import json
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Max

from assemblies.models import Change
from assemblies.models.change import lock_numbers
from search import analyzer, documents, engines
from search.documents import Draft, Found
from search.models import Document, Entry, Mirror, Word, counted

logger = logging.getLogger(__name__)
BATCH = 500


def record(numbers: list[int]) -> None:
    """Index what these changes of the log are about; in the transaction that published it."""
    keys: set[str] = set()
    for start in range(0, len(numbers), BATCH):
        keys |= documents.touched(numbers[start : start + BATCH])
    for portion in _portions(sorted(keys)):
        write(portion, changed=numbers[-1])
    if keys:
        transaction.on_commit(mirror, robust=True)


def again(keys: Iterable[str], *, anew: bool = False) -> int:
    """Make these entries what the database says, though nothing new was published."""
    number = last_number()
    with transaction.atomic():
        changed = write(keys, changed=number, anew=anew)
        if changed:
            # An engine outside the database has this number already: it has to look once more.
            Mirror.objects.filter(number__gte=number).update(number=max(number - 1, 0))
            transaction.on_commit(mirror, robust=True)
    return changed


def _portions(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), 200):
        yield keys[start : start + 200]


def mirror() -> None:
    """Bring an engine outside the database up to date; when it is down, the next time will."""
    try:
        engines.current().catch_up()
    except engines.Unavailable as error:
        logger.warning("The search engine is behind, and will be caught up: %s", error)


def profile_of(facets: dict[str, list[str]]) -> tuple[int, str]:
    """The text of some facets, and its number: the same facets have the same number everywhere."""
    said = json.dumps({k: v for k, v in sorted(facets.items()) if v}, ensure_ascii=True)
    digest = hashlib.blake2b(said.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True), said


def write(keys: Iterable[str], *, changed: int, anew: bool = False) -> int:
    """Make these entries what the database says; returns how many had to change.

    ``anew``: analyse every text again, also those that say the same as before.
    """
    keys = list(keys)
    with transaction.atomic():
        # Who writes entries goes one after the other: what is read is what is written, and
        # versions follow the order of commits.
        lock_numbers()
        gathered = documents.gather(keys)
        first = _next_version()
        stored = {entry.key: entry for entry in Entry.objects.filter(key__in=keys)}
        held: dict[int, dict[tuple[str, str], tuple[int, str]]] = defaultdict(dict)
        for pk, owner, fact, language, fingerprint in Document.objects.filter(
            entry__key__in=keys
        ).values_list("pk", "entry", "fact", "language", "fingerprint"):
            held[owner][fact, language] = (pk, fingerprint)
        made: list[Document] = []
        dropped: list[int] = []
        fresh: list[tuple[Entry, Found]] = []
        touched = 0
        for version, key in enumerate(keys, first):
            found, entry = gathered.get(key), stored.get(key)
            if found is None:
                if entry is not None and not entry.gone:
                    Entry.objects.filter(pk=entry.pk).update(
                        gone=True, changed=changed, version=version
                    )
                    dropped += [pk for pk, _print in held[entry.pk].values()]
                    touched += 1
                continue
            values = _values(found, changed)
            if entry is None:
                fresh.append((Entry(key=key, version=version, **values), found))
                continue
            before = held[entry.pk]
            after = {(d.fact, d.language): d for d in found.drafts}
            gone = [pk for each, (pk, _p) in before.items() if each not in after]
            new = [
                d
                for each, d in after.items()
                if anew or before.get(each, (0, ""))[1] != d.fingerprint
            ]
            replaced = [
                before[d.fact, d.language][0] for d in new if (d.fact, d.language) in before
            ]
            same = all(
                getattr(entry, name) == value for name, value in values.items() if name != "changed"
            )
            if same and not gone and not new:
                continue
            touched += 1
            Entry.objects.filter(pk=entry.pk).update(version=version, **values)
            dropped += gone + replaced
            made += [_document(entry, draft) for draft in new]
        if dropped:
            Document.objects.filter(pk__in=dropped).delete()
        Entry.objects.bulk_create([entry for entry, _its in fresh], batch_size=500)
        for new_entry, its in fresh:
            touched += 1
            made += [_document(new_entry, draft) for draft in its.drafts]
        Document.objects.bulk_create(made, batch_size=200)
        engines.named("database").take(made)
        _note_words(made)
    return touched


def _next_version() -> int:
    """Greater than all there are, and than any that was taken back: the clock, in microseconds."""
    last = Entry.objects.aggregate(last=Max("version"))["last"] or 0
    return max(last + 1, time.time_ns() // 1000)


def _values(found: Found, changed: int) -> dict[str, Any]:
    profile, facets = profile_of(found.facets)
    return {
        "noun": found.noun,
        "subject": found.subject,
        "profile": profile,
        "facets": facets,
        "next_due": found.next_due,
        "day": found.day,
        "changed": changed,
        "gone": False,
    }


def _document(entry: Entry, draft: Draft) -> Document:
    words = [
        word
        for part in f"{draft.title} {draft.text}".split()
        for word in analyzer.chunk(part, draft.language)
    ]
    tokens = [token for word in words for token in word.tokens]
    return Document(
        entry=entry,
        fact=draft.fact,
        noun=draft.noun,
        handle=draft.handle,
        language=draft.language,
        audience=f" {' '.join(draft.audience)} ",
        title=draft.title,
        text=draft.text,
        plain=f" {' '.join(word.folded for word in words)} ",
        tokens=counted(tokens),
        length=len(tokens),
        fingerprint=draft.fingerprint,
    )


def _note_words(made: list[Document]) -> None:
    words = {
        (each.language, word)
        for each in made
        for word in each.plain.split()
        if len(word) > 2 and word.isalpha() and word not in analyzer.rules(each.language).stop
    }
    Word.objects.bulk_create(
        [Word(language=language, word=word) for language, word in sorted(words)],
        batch_size=400,
        ignore_conflicts=True,
    )


# -- all of it ------------------------------------------------------------------------------------


def last_number() -> int:
    return Change.objects.order_by("-number").values_list("number", flat=True).first() or 0


def rebuild(*, anew: bool = True) -> Iterator[tuple[int, int]]:
    """Make every entry what the database says; yields how many were looked at, and had to change.

    Portion by portion, each in a transaction of its own, so that readers always find something and
    editors wait for one portion at most.
    """
    seen = changed = 0
    known: set[str] = set()
    for keys in documents.every():
        with transaction.atomic():
            changed += write(keys, changed=last_number(), anew=anew)
        known |= set(keys)
        seen += len(keys)
        yield seen, changed
    left = set(Entry.objects.filter(gone=False).values_list("key", flat=True)) - known
    for portion in _portions(sorted(left)):
        changed += write(portion, changed=last_number())
        yield seen, changed
    if anew:
        _forget_words()


def _forget_words() -> None:
    """Drop the words that no text holds any more."""
    held: set[tuple[str, str]] = set()
    for language, plain in Document.objects.values_list("language", "plain").iterator(500):
        held.update((language, word) for word in plain.split())
    stale = [
        pk
        for pk, language, word in Word.objects.values_list("pk", "language", "word").iterator()
        if (language, word) not in held
    ]
    for start in range(0, len(stale), BATCH):
        Word.objects.filter(pk__in=stale[start : start + BATCH]).delete()


def differences() -> Counter[str]:
    """What the index says otherwise than the database, by kind; nothing is written."""
    wrong: Counter[str] = Counter()
    known: set[str] = set()
    for keys in documents.every():
        known |= set(keys)
        gathered = documents.gather(keys)
        stored = {
            entry.key: entry
            for entry in Entry.objects.filter(key__in=keys, gone=False).prefetch_related(
                "documents"
            )
        }
        wrong["not public"] += len(set(stored) - set(gathered))
        for key, found in gathered.items():
            entry = stored.get(key)
            if entry is None:
                wrong["missing"] += 1
                continue
            held = {(d.fact, d.language): d.fingerprint for d in entry.documents.all()}
            owed = {(d.fact, d.language): d.fingerprint for d in found.drafts}
            said = (profile_of(found.facets)[0], found.next_due, found.day)
            if held != owed or (entry.profile, entry.next_due, entry.day) != said:
                wrong["outdated"] += 1
    left = set(Entry.objects.filter(gone=False).values_list("key", flat=True)) - known
    wrong["not public"] += len(left)
    return +wrong

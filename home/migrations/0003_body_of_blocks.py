"""The text of a standard page becomes the first block of its body; so in its drafts and revisions."""

import json
from uuid import uuid4

import wagtail.fields
from django.db import migrations

import assemblies.blocks.choices


def as_blocks(html):
    """A rich text as the stored form of a body with one block."""
    if html.startswith("[{"):
        return html
    block = {"type": "text", "value": html, "id": str(uuid4())}
    return json.dumps([block] if html else [])


def as_text(stored):
    """The texts of a body, one after the other; what is no text is left out."""
    blocks = json.loads(stored) if stored.startswith("[") else []
    return "".join(block["value"] for block in blocks if block["type"] == "text")


def _rewrite(apps, change):
    pages = apps.get_model("home", "StandardPage")
    for page in pages.objects.all():
        pages.objects.filter(pk=page.pk).update(body=change(page.body))
    revisions = apps.get_model("wagtailcore", "Revision").objects.filter(
        content_type__app_label="home", content_type__model="standardpage"
    )
    for revision in revisions.iterator():
        body = revision.content.get("body")
        if isinstance(body, str):
            revision.content["body"] = change(body)
            revision.save(update_fields=["content"])


def forwards(apps, schema_editor):
    _rewrite(apps, as_blocks)


def backwards(apps, schema_editor):
    _rewrite(apps, as_text)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_frame_and_messages"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
        migrations.AlterField(
            model_name="standardpage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("text", 0),
                    ("heading", 3),
                    ("quotation", 7),
                    ("picture", 12),
                    ("documents", 16),
                    ("figures", 19),
                    ("note", 22),
                    ("details", 24),
                    ("recommendations", 32),
                    ("timeline", 35),
                ],
                block_lookup={
                    0: ("assemblies.blocks.words.TextBlock", (), {}),
                    1: ("wagtail.blocks.CharBlock", (), {"label": "Heading", "max_length": 160}),
                    2: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": assemblies.blocks.choices.levels,
                            "help_text": "A part follows a section.",
                            "label": "Level",
                        },
                    ),
                    3: ("wagtail.blocks.StructBlock", [[("text", 1), ("level", 2)]], {}),
                    4: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"help_text": "As they were said, without marks.", "label": "Words"},
                    ),
                    5: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "A body or a role; a person’s name only with their consent.",
                            "label": "Who said it",
                            "max_length": 160,
                        },
                    ),
                    6: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {
                            "label": "Where it can be read",
                            "required": False,
                            "validators": [assemblies.blocks.choices.only_web],
                        },
                    ),
                    7: (
                        "wagtail.blocks.StructBlock",
                        [[("words", 4), ("who", 5), ("source", 6)]],
                        {},
                    ),
                    8: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "Picture"}),
                    9: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "What the picture shows, for people who can’t see it.",
                            "label": "Alternative text",
                            "max_length": 250,
                        },
                    ),
                    10: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Who made it, and under which licence.",
                            "label": "Credit",
                            "max_length": 160,
                        },
                    ),
                    11: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Caption", "max_length": 250, "required": False},
                    ),
                    12: (
                        "wagtail.blocks.StructBlock",
                        [[("image", 8), ("alt", 9), ("credit", 10), ("caption", 11)]],
                        {},
                    ),
                    13: ("wagtail.blocks.CharBlock", (), {"label": "Title", "max_length": 160}),
                    14: (
                        "wagtail.documents.blocks.DocumentChooserBlock",
                        (),
                        {"label": "Document"},
                    ),
                    15: ("wagtail.blocks.ListBlock", (14,), {"label": "Documents"}),
                    16: ("wagtail.blocks.StructBlock", [[("title", 13), ("documents", 15)]], {}),
                    17: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": assemblies.blocks.choices.subjects,
                            "help_text": "One only: figures of two assemblies are never added up.",
                            "label": "Assembly or cycle",
                        },
                    ),
                    18: (
                        "wagtail.blocks.MultipleChoiceBlock",
                        [],
                        {"choices": assemblies.blocks.choices.key_figures, "label": "Figures"},
                    ),
                    19: (
                        "wagtail.blocks.StructBlock",
                        [[("title", 13), ("subject", 17), ("figures", 18)]],
                        {},
                    ),
                    20: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 120, "required": False},
                    ),
                    21: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": ["bold", "link", "document-link", "ol", "ul"],
                            "label": "Text",
                        },
                    ),
                    22: ("wagtail.blocks.StructBlock", [[("title", 20), ("text", 21)]], {}),
                    23: ("wagtail.blocks.CharBlock", (), {"label": "Summary", "max_length": 160}),
                    24: ("wagtail.blocks.StructBlock", [[("summary", 23), ("text", 21)]], {}),
                    25: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": assemblies.blocks.choices.subjects,
                            "label": "Assembly or cycle",
                        },
                    ),
                    26: (
                        "wagtail.blocks.MultipleChoiceBlock",
                        [],
                        {
                            "choices": assemblies.blocks.choices.responses,
                            "label": "Response",
                            "required": False,
                        },
                    ),
                    27: (
                        "wagtail.blocks.MultipleChoiceBlock",
                        [],
                        {
                            "choices": assemblies.blocks.choices.implementations,
                            "help_text": "Of the recommendation, or of one of its measures.",
                            "label": "Implementation",
                            "required": False,
                        },
                    ),
                    28: (
                        "wagtail.blocks.MultipleChoiceBlock",
                        [],
                        {
                            "choices": assemblies.blocks.choices.opinions,
                            "label": "Opinion of the citizens",
                            "required": False,
                        },
                    ),
                    29: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": assemblies.blocks.choices.topics,
                            "label": "Topic",
                            "required": False,
                        },
                    ),
                    30: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": assemblies.blocks.choices.bodies,
                            "help_text": "That decides on it, or leads one of its measures.",
                            "label": "Body",
                            "required": False,
                        },
                    ),
                    31: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "default": 5,
                            "help_text": "Up to 20.",
                            "label": "At most",
                            "max_value": 20,
                            "min_value": 1,
                        },
                    ),
                    32: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 13),
                                ("subject", 25),
                                ("response", 26),
                                ("implementation", 27),
                                ("opinion", 28),
                                ("topic", 29),
                                ("body", 30),
                                ("limit", 31),
                            ]
                        ],
                        {},
                    ),
                    33: (
                        "wagtail.blocks.MultipleChoiceBlock",
                        [],
                        {
                            "choices": assemblies.blocks.choices.kinds,
                            "help_text": "None chosen: all of them.",
                            "label": "Kinds of step",
                            "required": False,
                        },
                    ),
                    34: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "default": 3,
                            "help_text": "Up to 10.",
                            "label": "At most",
                            "max_value": 10,
                            "min_value": 1,
                        },
                    ),
                    35: (
                        "wagtail.blocks.StructBlock",
                        [[("title", 13), ("subject", 25), ("kinds", 33), ("limit", 34)]],
                        {},
                    ),
                },
                verbose_name="body of the page",
            ),
        ),
    ]

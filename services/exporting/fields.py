"""Which fields of what is a user's are in a copy: all that is theirs, and nothing of ours."""

OF_USER = [
    "id",
    "language",
    "shape",
    "size",
    "picture_count",
    "lora_scale",
    "kept_seed",
    "wants_preview",
    "wants_reminders",
    "wants_prompts",
    "group_stars",
    "created_at",
]
OF_DRAFT = [
    "id",
    "name",
    "trigger_word",
    "subject",
    "trainer",
    "mode",
    "steps",
    "created_at",
    "updated_at",
]
OF_TRAINING = [
    "id",
    "name",
    "trigger_word",
    "subject",
    "trainer",
    "mode",
    "steps",
    "state",
    "failure",
    "finished_at",
    "created_at",
]
OF_MODEL = [
    "id",
    "training_id",
    "name",
    "trigger_word",
    "subject",
    "trainer",
    "generator",
    "likeness",
    "lora_scale",
    "active",
    "created_at",
]
OF_LOAN = ["pictures", "days", "state", "offered_until", "ends_at", "created_at"]
OF_PHOTO = ["training_id", "number", "label", "state", "refusal", "sha256", "created_at"]
OF_GENERATION = [
    "id",
    "model_id",
    "prompt",
    "english",
    "title",
    "editor",
    "source_picture_id",
    "purpose",
    "shape",
    "size",
    "picture_count",
    "lora_scale",
    "seed",
    "state",
    "failure",
    "is_borrowed",
    "call_chat_id",
    "call_message_id",
    "call_end",
    "created_at",
]
OF_PICTURE = ["id", "position", "width", "height", "is_favourite", "likeness", "created_at"]
OF_WEBHOOK = ["url", "changed_at", "delivered_at"]

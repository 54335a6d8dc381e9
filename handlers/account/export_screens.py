"""What is said of a copy: in the chat, and in the copy itself."""

from handlers.account.callbacks import ExportAction, ExportButton
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.domain.exports import Contents, Export, ExportState, ItemKind
from services.exporting.post import PartSent
from texts.reader import Texts

DATA_FILES = ("data", "pictures", "consents")
"""The texts that are in every copy."""


def screen(t: Texts, export: Export) -> Screen:
    """Return how a copy stands, with the button that stops it while it is made."""
    if export.state is ExportState.WORKING:
        press = ExportButton(action=ExportAction.STOP, export_id=export.id).pack()
        return Screen(_progress(t, export), keyboard_of([button(t.plain("export-stop"), press)]))
    return Screen(t(f"export-{export.state}", parts=export.parts))


def _progress(t: Texts, export: Export) -> str:
    lines = [t("export-working")]
    if export.items:
        lines.append(t("export-gathered", done=export.gathered, all=export.items))
    if export.parts:
        lines.append(t("export-parts-sent", count=export.parts))
    return "\n".join(lines)


def caption(t: Texts, part: PartSent) -> str:
    """Return what is said below a part."""
    if not part.is_last:
        return t("export-part", number=part.number)
    key = "export-only-part" if part.number == 1 else "export-last-part"
    lines = [t(key, number=part.number)]
    if part.missing:
        lines.append(t("export-missing", count=part.missing))
    return "\n".join(lines)


def readme(t: Texts, contents: Contents) -> str:
    """Say what each file of a copy is, and what is missing, as a text file does."""
    day = contents.made_at.date()
    blocks = [
        t.plain("export-readme", id=str(contents.user_id), date=day),
        _files(t, contents),
        _links(t, contents),
        _missing(t, contents),
        t.plain("export-readme-not"),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _files(t: Texts, contents: Contents) -> str:
    lines = [t.plain("export-readme-files")]
    lines += [
        "- " + t.plain(f"export-readme-{kind}", count=count)
        for kind in ItemKind
        if (count := contents.counts.get(kind, 0))
    ]
    names = [*DATA_FILES, *(["receipts"] if contents.has_receipts else [])]
    lines += ["- " + t.plain(f"export-readme-file-{name}") for name in names]
    return "\n".join(lines)


def _links(t: Texts, contents: Contents) -> str:
    if not contents.links:
        return ""
    days = contents.links_last_days
    until = t.plain("export-readme-links-last", days=days) if days else ""
    lines = [" ".join(filter(None, (t.plain("export-readme-links"), until)))]
    lines += [f"- {path}: {link}" for path, link in contents.links.items()]
    return "\n".join(lines)


def _missing(t: Texts, contents: Contents) -> str:
    if not contents.missing:
        return ""
    lines = [
        f"- {item.path}: " + t.plain(f"export-problem-{item.problem}") for item in contents.missing
    ]
    return "\n".join([t.plain("export-readme-missing"), *lines])

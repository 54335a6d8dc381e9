"""What owners and borrowers of models see of loans."""

from collections.abc import Sequence

from aiogram import html
from aiogram.types import InlineKeyboardButton

from handlers.models.callbacks import Lend, LoanAction, LoanButton
from handlers.telegram.callbacks import ModelAction, ModelButton, UseModel
from handlers.telegram.captions import cut
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.domain.loans import Borrowed, Loan, LoanTerm
from services.lending.service import Invitation, LentModel, LoanCard
from texts.reader import Texts

PROMPT_ROOM = 150
"""Signs of each prompt in the list of uses."""


def lent(t: Texts, shown: LentModel) -> Screen:
    """Return how a model can be lent, and its loans that have not ended."""
    model_id = shown.model.id
    terms = [
        button(
            t.plain(f"lend-term-{term.name.lower()}"), Lend(model_id=model_id, term=term).pack()
        )
        for term in LoanTerm
    ]
    loans = [[_about(t, loan)] for loan in shown.loans]
    back = ModelButton(model_id=model_id, action=ModelAction.CARD).pack()
    keyboard = keyboard_of(terms[:2], terms[2:], *loans, [button(t.plain("lend-back"), back)])
    return Screen(t("lend", name=shown.model.name), keyboard)


def _about(t: Texts, loan: Loan) -> InlineKeyboardButton:
    key = "lend-open" if loan.is_open else "lend-offered"
    return _button(t, key, loan.id, LoanAction.SHOW, limit=limit(t, loan))


def offered(t: Texts, loan: Loan, link: str) -> Screen:
    """Return the link to a model that is offered."""
    until = loan.offered_until.date()
    text = t("lend-link", limit=limit(t, loan), link=link, until=until)
    return Screen(text, keyboard_of([_button(t, "lend-end", loan.id, LoanAction.END)]))


def loan_card(t: Texts, shown: LoanCard) -> Screen:
    """Return a loan as the owner sees it, with its newest uses."""
    loan = shown.loan
    key = "loan-lent" if loan.is_open else "loan-offered" if loan.is_offered else "loan-ended"
    lines = [
        t("loan-card", name=shown.model.name, limit=limit(t, loan), used=shown.used),
        t(key, until=(loan.ends_at or loan.offered_until).date()),
    ]
    for use in shown.uses:
        line = t("loan-use", date=use.at.date(), count=use.pictures)
        # Put together here, because Fluent puts in values of limited length.
        words = html.quote(cut(use.prompt, PROMPT_ROOM)) if use.prompt else t("loan-use-deleted")
        lines.append(f"{line} {words}")
    rows = []
    if loan.is_open or loan.is_offered:
        rows.append([_button(t, "lend-end", loan.id, LoanAction.END)])
    rows.append([button(t.plain("lend-back"), Lend(model_id=loan.model_id).pack())])
    return Screen("\n".join(lines), keyboard_of(*rows))


def invitation(t: Texts, shown: Invitation) -> Screen:
    """Return what is offered by a link, and the two answers."""
    text = t("loan-invitation", name=shown.model_name, limit=limit(t, shown.loan))
    if shown.loan.allows_others:
        text += "\n\n" + t("loan-others")
    accept = _button(t, "loan-accept", shown.loan.id, LoanAction.ACCEPT)
    decline = _button(t, "loan-decline", shown.loan.id, LoanAction.DECLINE)
    return Screen(text, keyboard_of([accept], [decline]))


def borrowed_card(t: Texts, one: Borrowed) -> Screen:
    """Return a loan as the borrower sees it."""
    words = {"name": one.model.name, "trigger": one.model.trigger_word, "left": left(t, one)}
    rows = []
    if one.is_usable:
        generate = UseModel(model_id=one.loan.id, then_prompt=True).pack()
        rows.append(
            [
                _button(
                    t,
                    "model-in-use" if one.loan.active else "model-use",
                    one.loan.id,
                    LoanAction.USE,
                ),
                button(t.plain("menu-generate"), generate),
            ]
        )
    rows.append([_button(t, "borrowed-return", one.loan.id, LoanAction.RETURN)])
    listed = ModelButton(model_id=one.loan.id, action=ModelAction.LIST).pack()
    rows.append([button(t.plain("model-button-list"), listed)])
    return Screen(t("borrowed-card", **words), keyboard_of(*rows))


def listed(
    t: Texts, loans: Sequence[Borrowed]
) -> tuple[list[str], list[list[InlineKeyboardButton]]]:
    """Return the lines and the buttons of borrowed models in the list of models."""
    lines = [
        f"{'✅' if one.loan.active else '🤝'} "
        + t("borrowed-line", name=one.model.name, left=left(t, one))
        for one in loans
    ]
    buttons = [
        [_button(t, "borrowed-name", one.loan.id, LoanAction.OPEN, name=one.model.name)]
        for one in loans
    ]
    return lines, buttons


def limit(t: Texts, loan: Loan) -> str:
    """Return for how long a model is lent."""
    if loan.pictures is not None:
        return t.plain("loan-limit-pictures", count=loan.pictures)
    return t.plain("loan-limit-days", count=loan.days or 0)


def left(t: Texts, one: Borrowed) -> str:
    """Return what is left of a loan."""
    if not one.is_usable:
        return t.plain("borrowed-over")
    if one.left is not None:
        return t.plain("borrowed-left", count=one.left)
    return t.plain("borrowed-until", until=(one.loan.ends_at or one.loan.created_at).date())


def _button(
    t: Texts, key: str, loan_id: str, action: LoanAction, **values: str
) -> InlineKeyboardButton:
    return button(t.plain(key, **values), LoanButton(loan_id=loan_id, action=action).pack())

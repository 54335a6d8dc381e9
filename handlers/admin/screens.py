"""The screens of the console but for threads: figures, jobs, people, the log."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.admin.callbacks import (
    AccountButton,
    ConsoleButton,
    ConsolePlace,
    JobButton,
    PersonButton,
    RepairsButton,
    ThreadsButton,
)
from handlers.admin.pages import moment
from handlers.telegram.callbacks import OpenThread
from handlers.telegram.captions import cut
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.console.jobs import Doing
from services.console.reading import Home, Listed
from services.domain.clock import now
from services.domain.console import Action, ConsoleJob, Deed, Period, Person, TrainerFigures
from services.money.star_prices import PriceRow
from texts.reader import Texts

MOST_PRICES = 36
"""So many lines fit into one message of 4096 characters."""

REASON_ROOM = 120
"""UTF-16 units of a reason in a list."""


def home(t: Texts, shown: Home) -> InlineKeyboardMarkup:
    """Return the buttons below the report of /admin."""
    promos = [ConsolePlace.PROMOS] if shown.are_paying else []
    return keyboard_of(
        [place(t, one) for one in (ConsolePlace.TODAY, ConsolePlace.WEEK, ConsolePlace.MONTH)],
        [place(t, ConsolePlace.JOBS), place(t, ConsolePlace.LOST)],
        [
            button(
                t.plain("console-threads-count", count=shown.threads_waiting),
                ThreadsButton().pack(),
            )
        ],
        [place(t, ConsolePlace.FIND), place(t, ConsolePlace.LOG)],
        [
            place(t, ConsolePlace.REPAIRS, mark="🔴 " if shown.is_maintained else ""),
            place(t, ConsolePlace.BROADCASTS),
        ],
        [place(t, one) for one in (ConsolePlace.PRICES, *promos)],
    )


def place(t: Texts, where: ConsolePlace, *, mark: str = "") -> InlineKeyboardButton:
    """Return the button that leads to a screen."""
    text = mark + t.plain(f"console-place-{where.value}")
    return button(text, ConsoleButton(place=where).pack())


def period(t: Texts, days: int, shown: Period, star_usd: Decimal | None = None) -> Screen:
    """Return the figures of some days; with what a Star brings, those of payments too."""
    lines = [t("console-period", days=days)]
    lines.append(t("console-users", new=shown.users_new, active=shown.users_active))
    lines += [_trainer(t, one) for one in shown.trainers]
    lines.append(t("console-enlargements", count=shown.enlargements))
    if shown.lent:
        lines.append(t("console-lent", count=shown.lent))
    lines.append(
        t(
            "console-cost",
            estimated=t.usd(shown.estimated_usd),
            real=t.usd(shown.real_usd),
            priced=shown.priced,
            charges=shown.charges,
        )
    )
    if star_usd is not None:
        lines.append(_revenue(t, shown, star_usd))
    failures = [
        t("console-failure", reason=reason.value, count=count) for reason, count in shown.failures
    ]
    lines.append(
        "\n".join([t("console-failures"), *failures]) if failures else t("console-no-failures")
    )
    return Screen("\n\n".join(lines), keyboard_of([place(t, ConsolePlace.HOME)]))


def _trainer(t: Texts, one: TrainerFigures) -> str:
    lines = [
        t(
            "console-trainer",
            trainer=one.trainer,
            started=one.started,
            completed=one.completed,
            failed=one.failed,
            pictures=one.pictures,
        )
    ]
    if one.compared:
        lines.append(t("console-likeness", percent=one.likeness, models=one.compared))
    if one.good or one.bad:
        lines.append(t("console-ratings", good=one.good, bad=one.bad))
    return "\n".join(lines)


def _revenue(t: Texts, shown: Period, star_usd: Decimal) -> str:
    revenue = shown.revenue
    usd = revenue.kept * star_usd
    left = usd - shown.cost_usd
    return t(
        "console-revenue",
        came=str(revenue.came),
        payments=revenue.payments,
        went=str(revenue.went),
        refunds=revenue.refunds,
        spent=str(revenue.spent),
        usd=t.usd(usd),
        cost=t.usd(shown.cost_usd),
        margin=f"{'−' if left < 0 else ''}{t.usd(abs(left))}",
    )


def prices(t: Texts, rows: Sequence[PriceRow], star_usd: Decimal | None) -> Screen:
    """Return what things cost at fal and, where users pay, in Stars; as many as fit."""
    lines = [
        t("console-price", name=row.name, cost=t.usd(row.cost_usd))
        if star_usd is None
        else t(
            "console-price-stars",
            name=row.name,
            cost=t.usd(row.cost_usd),
            stars=row.stars,
            margin=f"{row.margin:.2f}",
        )
        for row in rows[:MOST_PRICES]
    ]
    return Screen(
        "\n".join([t("console-prices"), *lines]), keyboard_of([place(t, ConsolePlace.HOME)])
    )


def jobs(t: Texts, shown: Sequence[Listed], *, are_lost: bool) -> Screen:
    """Return a list of jobs, stuck ones marked."""
    head = t("console-jobs-lost") if are_lost else t("console-jobs")
    rows = [[_job_button(one)] for one in shown]
    text = head if shown else f"{head}\n{t('console-none')}"
    return Screen(text, keyboard_of(*rows, [place(t, ConsolePlace.HOME)]))


def job(t: Texts, shown: Doing) -> Screen:
    """Return a job with what can be done about it."""
    one = shown.job
    text = t(
        "console-job",
        kind=one.kind,
        id=one.id,
        user=str(one.user_id),
        state=one.state,
        date=moment(one.created_at),
    )
    if one.failure is not None:
        text += "\n" + t("console-job-failure", reason=one.failure.value)
    if one.is_cancelled:
        text += "\n" + t("console-job-cancelled")
    if not shown.deeds:
        text += "\n" + t("console-job-nothing")
    deeds = [
        [
            button(
                t.plain(f"console-deed-{deed.value}"),
                JobButton(kind=one.kind, job_id=one.id, deed=deed).pack(),
            )
        ]
        for deed in shown.deeds
    ]
    user = PersonButton(user_id=one.user_id)
    return Screen(
        text,
        keyboard_of(
            *deeds,
            [button(t.plain("console-open-user"), user.pack())],
            [place(t, ConsolePlace.JOBS)],
        ),
    )


def person(t: Texts, shown: Person) -> Screen:
    """Return what there is to know of a user, and what can be done."""
    user = shown.user
    lines = [
        t(
            "console-person",
            id=str(user.id),
            language=user.language.value,
            date=moment(user.created_at),
        )
    ]
    if shown.block is not None:
        lines.append(
            t(
                "console-person-blocked",
                date=moment(shown.block.since),
                admin=str(shown.block.admin_id),
                reason=cut(shown.block.reason, REASON_ROOM),
            )
        )
    if user.unreachable_since is not None:
        lines.append(t("console-person-away", date=moment(user.unreachable_since)))
    lines.append(
        t("console-person-today", trainings=shown.trainings_today, pictures=shown.images_today)
    )
    trainings = ", ".join(f"{state} {count}" for state, count in shown.trainings) or "–"
    models = ", ".join(f"{trainer} {count}" for trainer, count in shown.models) or "–"
    lines.append(
        t("console-person-has", trainings=trainings, models=models, pictures=shown.pictures)
    )
    if shown.stars is not None:
        lines.append(t("console-person-stars", stars=str(shown.stars)))
    if shown.codes:
        codes = [f"{one.code} {one.kind} {moment(one.said_at)}" for one in shown.codes]
        lines.append(t("console-person-codes", codes="; ".join(codes)))
    lines += [_action_line(t, action) for action in shown.actions]
    rows = [[_job_button(Listed(one))] for one in shown.under_way]
    if shown.thread_id is not None:
        rows.append(
            [button(t.plain("support-open"), OpenThread(thread_id=shown.thread_id).pack())]
        )
    if shown.stars is not None:
        account = AccountButton(user_id=user.id).pack()
        rows.append([button(t.plain("console-open-account"), account)])
    deed = Deed.BLOCK if shown.block is None else Deed.ALLOW
    doing = PersonButton(user_id=user.id, deed=deed).pack()
    rows.append([button(t.plain(f"console-deed-{deed.value}"), doing)])
    return Screen("\n".join(lines), keyboard_of(*rows, [place(t, ConsolePlace.HOME)]))


def log(t: Texts, actions: Sequence[Action]) -> Screen:
    """Return what admins did last."""
    lines = [_action_line(t, action) for action in actions] or [t("console-none")]
    return Screen(
        "\n".join([t("console-log"), *lines]), keyboard_of([place(t, ConsolePlace.HOME)])
    )


def repairs(t: Texts, *, is_on: bool) -> Screen:
    """Return whether new orders are taken, and the switch."""
    text = t("console-repairs-on") if is_on else t("console-repairs-off")
    switch = t.plain("console-repairs-end") if is_on else t.plain("console-repairs-begin")
    return Screen(
        text,
        keyboard_of(
            [button(switch, RepairsButton(on=not is_on).pack())], [place(t, ConsolePlace.HOME)]
        ),
    )


def _action_line(t: Texts, action: Action) -> str:
    return t(
        "console-action",
        date=moment(action.done_at),
        admin=str(action.admin_id),
        deed=action.deed,
        user=str(action.user_id or "–"),
        of=action.of_id or "–",
        reason=cut(action.reason or "–", REASON_ROOM),
    )


def _job_button(one: Listed) -> InlineKeyboardButton:
    shown = one.job
    mark = "⚠️ " if one.is_stuck else ""
    state = shown.failure.value if shown.failure else shown.state
    text = f"{mark}{shown.kind} · {state} · {_age(shown)} · {shown.user_id}"
    return button(cut(text, 64), JobButton(kind=shown.kind, job_id=shown.id).pack())


def _age(shown: ConsoleJob, at: datetime | None = None) -> str:
    minutes = int(((at or now()) - shown.created_at).total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02}"

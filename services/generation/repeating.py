"""What a user can do with pictures that they have asked for before."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from db.database import Database, Transaction
from services.domain.press import Press
from services.domain.values import Generation, Place
from services.domain.vocabulary import FailureReason
from services.errors import StaleButton
from services.generation.found import own_generation, result_of
from services.generation.line import read_line
from services.generation.options import (
    PictureOptions,
    PictureRequest,
    edit_of,
    options_of,
    remembered,
    second_of,
)
from services.generation.ordering import Asker, Ordering
from services.lending.holding import hold_more
from services.money.sales import paid_before, require_shown


class RepeatService:
    """Use cases of earlier generations: the same again, other words, another try at sending.

    Args:
        database: Where they are kept.
        ordering: Records what is asked for.
        carry: Has a generation carried on, now.
    """

    def __init__(
        self, database: Database, ordering: Ordering, carry: Callable[[str], None]
    ) -> None:
        self._database = database
        self._ordering = ordering
        self._carry = carry

    async def again(
        self, user_id: int, place: Place, generation_id: str, press: Press
    ) -> Sequence[Generation]:
        """Ask for the same prompt and model with a new seed; for all of a pack where it is one.

        A second press while the first one's picture is being made asks for nothing new, nor does
        the same press that is handled again.

        Raises:
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            before, model = await own_generation(tx, user_id, generation_id)
            pack = await tx.generations.pack_of(before)
            requests = [
                PictureRequest(
                    one.prompt,
                    replace(options_of(one), seed=None),
                    one.title,
                    _english_of(one),
                    edit_of(one),
                    second_of(one),
                )
                for one in pack
            ]
            press = await _shown(tx, press, pack)
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), f"again:{before.id}", press, requests
            )
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def make_again(
        self, user_id: int, place: Place, generation_id: str, press: Press
    ) -> Sequence[Generation]:
        """Ask for the same prompt and model with the user's remembered choices.

        A second press with the same choices asks for nothing new while pictures are being made,
        nor does the same press that is handled again.

        Raises:
            NotFound: No such generation of this user.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            before, model = await result_of(tx, user_id, generation_id)
            options = remembered(await tx.users.lock(user_id), model)
            button = f"panel:{before.id}:{_tag(options)}"
            request = PictureRequest(
                before.prompt, options, english=_english_of(before), second=second_of(before)
            )
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), button, press, [request]
            )
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def send_as_it_is(
        self, user_id: int, place: Place, generation_id: str, press: Press
    ) -> Sequence[Generation]:
        """Ask for pictures of a prompt that could not be put into English, word for word.

        A second press while pictures are being made asks for nothing new, nor does the same press
        that is handled again.

        Raises:
            NotFound: No such generation of this user.
            StaleButton: Its prompt needs no such decision.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            before, model = await own_generation(tx, user_id, generation_id)
            if before.failure is not FailureReason.NOT_ENGLISH:
                raise StaleButton
            request = PictureRequest(
                before.prompt,
                options_of(before),
                english=before.prompt,
                edit=edit_of(before),
                second=second_of(before),
            )
            button = f"as-is:{before.id}"
            press = await _shown(tx, press, [before])
            asked = await self._ordering.press(
                tx, Asker(user_id, place, model), button, press, [request]
            )
        for generation in asked:
            self._carry(generation.id)
        return asked

    async def stars_like(self, user_id: int, generation_id: str) -> int:
        """Return what pictures as those of an earlier generation cost a user now.

        Raises:
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            before, of = await own_generation(tx, user_id, generation_id)
            asked = PictureRequest("", options_of(before), edit=edit_of(before))
            return self._ordering.price_stars(of, [asked])

    async def vary(
        self,
        user_id: int,
        place: Place,
        generation_id: str,
        prompt: str,
        origin: str,
        *,
        shown: int | None = None,
    ) -> Generation:
        """Ask for another prompt with the model, seed and choices of an earlier generation.

        Args:
            user_id: Who asks.
            place: Where the pictures go.
            generation_id: The earlier generation.
            prompt: What the pictures show now; choices written into it go first.
            origin: The update that asks; delivered again, it asks for nothing new.
            shown: What the user was shown that this costs; None for what it has cost before.

        Raises:
            NotFound: No such generation of this user.
            UnknownOption: And the others of `read_line`.
            InvalidPrompt: The prompt is empty or too long.
            PriceChanged: It is dearer by now.
            DomainError: A spending limit, see `Ledger.charge_images`.
        """
        async with self._database.transaction() as tx:
            before, model = await own_generation(tx, user_id, generation_id)
            given = options_of(before)
            request = read_line(prompt, given)
            if before.editor is not None:
                # There is one picture of one, whatever is written into the words.
                request = PictureRequest(prompt, given, edit=edit_of(before))
            if await tx.generations.find_origin(user_id, origin) is None:
                shown = await paid_before(tx, before.id) if shown is None else shown
                same = PictureRequest(prompt, given, edit=request.edit)
                require_shown(shown, self._ordering.price_stars(model, [same]))
            request = replace(request, second=second_of(before))
            generation = await self._ordering.once(
                tx, Asker(user_id, place, model), request, origin
            )
        self._carry(generation.id)
        return generation

    async def deliver_again(self, user_id: int, generation_id: str) -> bool:
        """Have the pictures tried again that could not be sent; nothing is charged for it.

        Returns:
            Whether there are any; a second press finds none.

        Raises:
            NotFound: No such generation of this user.
            LoanUsedUp: They were made with a borrowed model that has fewer pictures left.
        """
        async with self._database.transaction() as tx:
            result, _ = await own_generation(tx, user_id, generation_id)
            await tx.users.lock(user_id)
            pack = await tx.generations.pack_of(result)
            missing = False
            for generation in pack:
                # What is not told yet is still held as it was ordered.
                if generation.announced_at is not None:
                    count = await tx.pictures.count_problems(generation.id)
                    await hold_more(tx, generation.id, count)
                missing |= await tx.pictures.forget_problems(generation.id)
            if missing:
                await tx.generations.tell_again(pack[0].id)
        if missing:
            self._carry(pack[0].id)
        return missing


async def _shown(tx: Transaction, press: Press, before: Sequence[Generation]) -> Press:
    """Return a press with what its user was shown: the price on its button, or the last one."""
    if press.stars is not None:
        return press
    return replace(press, stars=await paid_before(tx, *(one.id for one in before)))


def _english_of(before: Generation) -> str | None:
    """Return what the generator got for a prompt, where that is known; presets are in English."""
    return before.english or (before.prompt if before.title else None)


def _tag(options: PictureOptions) -> str:
    seed = "new" if options.seed is None else options.seed
    return f"{options.shape}:{options.size}:{options.count}:{options.lora_scale}:{seed}"

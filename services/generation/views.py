"""What a front shows of generations, and in which messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.database import Database, Transaction
from services.domain.credits import Order, OrderState
from services.domain.states import GenerationState
from services.domain.values import Generation, Model, Photo, Picture
from services.domain.vocabulary import CallEnd, Language, Purpose
from services.errors import NotFound
from services.lending.holding import public_ids
from services.photos.coach.judging import Flaw, Lack
from services.photos.coach.resemblance import Resemblance, percent_of, resemblance_of
from services.photos.coach.sets import numbers_by_flaw, own_likeness, verdict_on
from services.rules import TrainingRules


@dataclass(frozen=True)
class FirstLikeness:
    """How much the first pictures of a model look like its person.

    `percent` is that of the best one, None where no face was found on any; `number` is its place
    among those shown, and `lora_scale` the strength it was made with where several were compared.
    `own_percent` is how much the photos are alike among themselves, where that is known. `flaws`
    has the numbers of photos that could be better, `lack` what would help their set most.
    """

    percent: int | None
    number: int = 1
    lora_scale: float | None = None
    own_percent: int | None = None
    flaws: Mapping[Flaw, Sequence[int]] = field(default_factory=dict)
    lack: Lack | None = None

    @property
    def resemblance(self) -> Resemblance | None:
        """The same in a word; None without a face."""
        return None if self.percent is None else resemblance_of(self.percent)


@dataclass(frozen=True)
class GenerationView:
    """A generation with its model and its pictures in their order.

    Of a pack, `pack` has all generations, the first of which stands for it, and the pictures are
    those of all. `stars_back` is what the user has paid and gets back. `likeness` is that of first
    pictures, where it was measured; `has_changes` says whether pictures can be changed.
    """

    generation: Generation
    language: Language
    model: Model | None
    pictures: tuple[Picture, ...] = ()
    pack: tuple[Generation, ...] = ()
    stars_back: int = 0
    likeness: FirstLikeness | None = None
    has_changes: bool = False

    @property
    def is_unlike(self) -> bool:
        """Whether these are first pictures that show somebody else."""
        known = self.likeness
        return known is not None and known.resemblance is Resemblance.STRANGER

    @property
    def failed(self) -> tuple[Generation, ...]:
        """Those of a pack of which there is no picture."""
        return tuple(one for one in self.pack if one.failure is not None)

    @property
    def shown(self) -> tuple[Picture, ...]:
        """The pictures that were not held back."""
        return tuple(picture for picture in self.pictures if not picture.is_flagged)

    @property
    def delivered(self) -> tuple[Picture, ...]:
        """The pictures that the user has."""
        return tuple(picture for picture in self.shown if picture.is_sent)

    @property
    def missing(self) -> tuple[Picture, ...]:
        """The pictures that could not be sent."""
        return tuple(picture for picture in self.shown if picture.delivery_problem is not None)


@dataclass(frozen=True)
class ListedGeneration:
    """A generation as programs have it, with its own pictures in their order.

    `public_model_id` is what programs call the model, `public_second_id` that of a second person.
    """

    generation: Generation
    pictures: tuple[Picture, ...] = ()
    public_model_id: str | None = None
    public_second_id: str | None = None


class GenerationViews:
    """Reads generations for the screens, each in one transaction.

    Args:
        database: Where everything is kept.
        rules: Say how many photos a good set has.
        has_changes: Whether pictures can be changed.
    """

    def __init__(
        self,
        database: Database,
        rules: TrainingRules | None = None,
        *,
        has_changes: bool = False,
    ) -> None:
        self._database = database
        self._has_changes = has_changes
        self._recommended = (rules or TrainingRules()).recommended_photos

    async def generation(self, generation_id: str) -> GenerationView | None:
        """Return a generation."""
        async with self._database.transaction() as tx:
            generation = await tx.generations.read(generation_id)
            user = await tx.users.get(generation.user_id) if generation else None
            if generation is None or user is None:
                return None
            model = await tx.models.get(generation.model_id)
            pack = await tx.generations.pack_of(generation)
            pictures = [picture for one in pack for picture in await tx.pictures.all_of(one.id)]
            orders = {one.id: await tx.orders.get(one.id) for one in pack}
            is_first = generation.purpose is Purpose.PREVIEW and model is not None
            photos = await tx.photos.all_of(model.training_id) if model and is_first else []
        several = tuple(pack) if generation.pack is not None else ()
        back = sum(_back(orders[one.id], one, pictures) for one in pack)
        view = GenerationView(
            generation,
            user.language,
            model,
            tuple(pictures),
            several,
            back,
            has_changes=self._has_changes,
        )
        if not is_first:
            return view
        return replace(view, likeness=_likeness(view, pack, photos, self._recommended))

    async def own(self, user_id: int, generation_id: str) -> ListedGeneration:
        """Return a generation to its owner.

        Raises:
            NotFound: No such generation of this user.
        """
        async with self._database.transaction() as tx:
            generation = await tx.generations.read(generation_id)
            if generation is None or generation.user_id != user_id:
                raise NotFound
            model = await tx.models.get(generation.model_id)
            second = await tx.models.get(generation.second_model_id)
            (listed,) = await _listed(tx, user_id, [(generation, model, second)])
        return listed

    async def below(
        self, user_id: int, generation_id: str | None, limit: int
    ) -> Sequence[ListedGeneration]:
        """Return the user's generations, newest first: those older than one, or the first.

        Raises:
            NotFound: The one is not the user's.
        """
        async with self._database.transaction() as tx:
            start = await tx.generations.read(generation_id) if generation_id else None
            if generation_id and (start is None or start.user_id != user_id):
                raise NotFound
            return await newest_generations(tx, user_id, limit, start)

    async def end_call(self, generation_id: str, end: CallEnd) -> None:
        """Note what became of the call from a group that asked for a generation."""
        async with self._database.transaction() as tx:
            await tx.generations.end_call(generation_id, end)

    async def move_calls(self, chat_id: int, new_chat_id: int) -> None:
        """Note that a group has become another chat: its open calls are answered there."""
        async with self._database.transaction() as tx:
            await tx.generations.move_calls(chat_id, new_chat_id)

    async def set_status_message(self, generation_id: str, message_id: int) -> bool:
        """Remember which message tells of a generation under way.

        Returns:
            Whether it still is under way; if not, nothing is remembered.
        """
        async with self._database.transaction() as tx:
            return await tx.generations.show_in(generation_id, message_id)


async def newest_generations(
    tx: Transaction, user_id: int, limit: int, below: Generation | None = None
) -> Sequence[ListedGeneration]:
    """Return the user's generations, newest first: those older than one, or the first.

    However many they are, it takes two statements, and one more where a model is borrowed.
    """
    return await _listed(tx, user_id, await tx.generations.page_of(user_id, below, limit))


async def _listed(
    tx: Transaction,
    user_id: int,
    found: Sequence[tuple[Generation, Model | None, Model | None]],
) -> Sequence[ListedGeneration]:
    models = [model for _, *pair in found for model in pair if model is not None]
    names = await public_ids(tx, user_id, models)
    pictures = await tx.pictures.by_generation([generation.id for generation, *_ in found])
    return [
        ListedGeneration(
            generation,
            tuple(pictures.get(generation.id, ())),
            names[model.id] if model else None,
            names[second.id] if second else None,
        )
        for generation, model, second in found
    ]


def _likeness(
    view: GenerationView, pack: Sequence[Generation], photos: Sequence[Photo], recommended: int
) -> FirstLikeness | None:
    looked_at = [picture for picture in view.shown if picture.has_face is not None]
    alike = [picture for picture in looked_at if picture.likeness is not None]
    if not alike:
        return _advised(FirstLikeness(None), photos, recommended) if looked_at else None
    best = max(alike, key=lambda picture: picture.likeness or 0)
    scales = {one.id: one.lora_scale for one in pack}
    several = len({scales[picture.generation_id] for picture in alike}) > 1
    own = own_likeness(photos)
    found = FirstLikeness(
        percent=best.likeness,
        number=view.shown.index(best) + 1,
        lora_scale=scales[best.generation_id] if several else None,
        own_percent=None if own is None else percent_of(own),
    )
    return _advised(found, photos, recommended)


def _advised(found: FirstLikeness, photos: Sequence[Photo], recommended: int) -> FirstLikeness:
    verdict = verdict_on(photos, recommended)
    if verdict is None:
        return found
    return replace(found, flaws=numbers_by_flaw(photos, verdict), lack=verdict.lack)


def _back(order: Order | None, generation: Generation, pictures: Sequence[Picture]) -> int:
    """Return what comes back of a price, also while the pictures are being sent."""
    if order is None:
        return 0
    if order.state is not OrderState.HELD or generation.state is not GenerationState.MADE:
        return order.returned
    mine = [one for one in pictures if one.generation_id == generation.id]
    return order.price - order.unit_price * sum(one.is_shown for one in mine)

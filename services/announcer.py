"""How services speak to the user: implemented by the handlers, which know texts and Telegram."""

from datetime import date
from typing import Protocol


class Announcer(Protocol):
    """Tells the user. What is shown is read from the database at the moment of showing."""

    def photos_changed(self, training_id: str) -> None:
        """Let the photo counter catch up, soon and not too often. Never fails."""
        ...

    async def draft_ages(self, training_id: str, kept_until: date) -> None:
        """Send the message that a draft will be removed unless its user goes on with it.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
        """
        ...

    def training_changed(self, training_id: str) -> None:
        """Let the progress message catch up, soon and not too often. Never fails."""
        ...

    async def training_asks(self, training_id: str) -> None:
        """Ask in a new message whether to go on with fewer photos; the progress is shown there.

        Never fails: what cannot be sent now is sent when the progress is shown next.
        """
        ...

    async def training_ended(self, training_id: str) -> None:
        """Send the message that a training has ended, well or badly.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
        """
        ...

    async def training_in_doubt(self, training_id: str) -> None:
        """Send the message that it is not clear what fal has done, and that it is looked for.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
        """
        ...

    async def generation_in_doubt(self, generation_id: str) -> None:
        """As `training_in_doubt`, for a generation."""
        ...

    async def training_settled(self, training_id: str) -> None:
        """Return once the progress message shows how the training ended.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
        """
        ...

    def generation_changed(self, generation_id: str) -> None:
        """Show that a generation goes on and where it stands. Never fails."""
        ...

    async def generation_ended(self, generation_id: str) -> None:
        """Send the pictures of a generation, or say why there are none.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
            FalUnavailable: Some pictures cannot be fetched now; try again later.
        """
        ...

    async def generation_settled(self, generation_id: str) -> None:
        """Take away the message that a generation is under way. Never fails."""
        ...

    async def enlargement_ended(self, enlargement_id: str) -> None:
        """Send a larger picture, or say why there is none; raises as `generation_in_doubt`."""
        ...

    async def enlargement_in_doubt(self, enlargement_id: str) -> None:
        """As `training_in_doubt`, for an enlargement."""
        ...


class PhotoSource(Protocol):
    """Where the photos the user sent are fetched from."""

    async def fetch(self, file_id: str) -> bytes:
        """Return the bytes of a photo, at most 20 MB.

        Raises:
            PhotoUnavailable: Try again later.
            PhotoGone: It cannot be fetched any more.
        """
        ...

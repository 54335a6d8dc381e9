"""Where fal is told to call when a job has ended."""

import hashlib
import hmac

from api.door import FAL_PATH


def fal_word(fal_key: str) -> str:
    """Return the last part of the address: the same from all replicas, told to fal alone.

    fal signs its calls for all its customers with the same keys; none of them knows this word.
    """
    return hmac.new(fal_key.encode(), b"fal webhook", hashlib.sha256).hexdigest()[:32]


def fal_address(public_url: str, fal_key: str) -> str:
    """Return the whole address, below PUBLIC_URL."""
    return f"{public_url}{FAL_PATH}/{fal_word(fal_key)}"

"""A strict local fal: queue, storage, CDN and platform API over HTTP, true to sourced facts.

Limits, first of all:

- It calls webhooks on this machine only (others are refused with 501), signs no CDN addresses,
  and reads only LoRA files that its own trainers made. Anything else it does not know is refused.
- Files live in memory until they expire or the emulator is reset. Inputs are fetched from this
  machine only, pictures have at most 16.8 megapixels.
- Its language model (`openrouter/router`) is a scripted double with a list of words, is found at
  fal.run only, and answers at once, outside of the limit of jobs at the same time.
- It draws instead of generating. The time it takes is set by its clock, not by the work.

What the facts leave open is decided here, and may differ at the real fal:

- Every trainer refuses fewer than four images. Images in folders count; HEIC, hidden files and
  `_mask` images do not.
- The log lines have likely shapes, not known wording. The table of endpoints says which prices
  are facts, which are borrowed from a sister endpoint, and which are invented.
- Unknown apps and requests answer 404 in FastAPI's manner; a missing key is told about its format.
- A cancelled request ends COMPLETED with `client_cancelled` and a result of 499; one that was
  removed from the queue is 404 everywhere.
- Webhooks may be http. A call counts as taken when it is answered with 2xx; the ten repeats come
  after 7, 14, 28 ... seconds. A request that was removed from the queue has none.
- Megapixels are charged exactly, not rounded; a fast training of 1000 steps costs 2 USD.
"""

from sandbox.fal.clock import Clock, ClockMode
from sandbox.fal.emulator import FalEmulator
from sandbox.fal.routes import add_fal_routes
from sandbox.fal.scenario import Scenario

__all__ = ["Clock", "ClockMode", "FalEmulator", "Scenario", "add_fal_routes"]

"""What a process that bots are forked from has done for them; see `tests.forks`."""

import gc

import bot.run  # noqa: F401  # imported to be there
import db.migrate  # noqa: F401
import services.photos.worker  # noqa: F401
from handlers.routing import build_router

# This reads all sentences once; they are kept.
build_router()
# A collector that goes over what is there already would copy all of its memory for each bot.
gc.collect()
gc.freeze()

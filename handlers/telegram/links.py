"""What links to the bot carry after `?start=`."""

FAVOURITES = "favourites"
"""From inline mode: whoever has no favourites is led to the bot."""

LOAN = "lend_"
"""A model that somebody lends."""

GROUPS = "groups"
"""From a group: what is not said there is said in private."""

PROMO, REFERRAL = "promo_", "ref_"

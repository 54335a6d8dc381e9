"""From /train to the started training, and what is told of it."""

"""Finished LoRAs: renaming, choosing, deleting."""

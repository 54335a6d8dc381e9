"""/presets: ready-made ideas."""

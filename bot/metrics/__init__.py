"""What the bot tells Prometheus; docs/metrics.md names every figure."""

"""The fal.ai gateway: the one way out to the trainers and generators."""

"""The words of the field. Everything may import them; they import nothing of ours."""

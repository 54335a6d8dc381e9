"""Pictures made larger: the third kind of paid job."""

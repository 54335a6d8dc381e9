"""Threads in which users and the operator write to each other."""

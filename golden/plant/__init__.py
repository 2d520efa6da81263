"""Faults planted in upstream's own classes, recorded, and what the tool answers about them."""

"""Repairs a deviation while the script runs: each at the hook where what it spoils passes by."""

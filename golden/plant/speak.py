"""The script under observation."""

from golden.plant import current

current.run()

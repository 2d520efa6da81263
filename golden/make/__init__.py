"""Makes the tiny checkpoint behind the golden archives: upstream's architecture, trained on synthetic speech."""

"""Makes the tiny checkpoint behind the golden archives, and the archives themselves."""

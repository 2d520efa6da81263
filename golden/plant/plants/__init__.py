"""The faults themselves: each function here changes a script, or upstream's code, as a user's bug would."""

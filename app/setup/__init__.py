"""The first set-up: from an empty house to first labels, in steps that keep nothing of their own."""

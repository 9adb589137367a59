"""The demo world: made through the same rules as real acts."""

"""Who has what, until when: loans and their lines, hand-overs, agreements, extensions."""

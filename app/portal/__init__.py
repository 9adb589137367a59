"""What anybody sees: the page of a found thing, help, and the words about data and accessibility."""

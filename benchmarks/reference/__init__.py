"""The plain app the house is measured against: no sign-in, no journal, no seal. It is a ceiling, not an example."""

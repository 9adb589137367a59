"""The counter: one screen over all wings. Questions and screens only; it is imported by nobody."""

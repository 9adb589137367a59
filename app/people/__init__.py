"""Who there is and who may what: organisations, centres, staff, roles, sessions, doors, households."""

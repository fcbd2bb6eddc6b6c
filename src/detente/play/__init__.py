"""Playing a crisis: the table, machine opponents, the debrief, tournaments, and oTree."""

"""People's rights over their data, asked of every wing in one loop: tell, merge, erase. Nothing is kept twice."""

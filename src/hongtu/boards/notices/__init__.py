"""A person's notices: the bell, the list, her settings, her calendar."""

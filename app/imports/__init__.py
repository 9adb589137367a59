"""Tables taken over into the register: what their columns mean, what each line would do, and the doing of it."""

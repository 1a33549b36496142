"""Cases: a matter heard, weighed, handed to the right people, followed until it is closed, and looked after."""

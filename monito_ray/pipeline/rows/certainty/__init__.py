"""How sure the reading of a list is: the amounts that nothing accounts for, what speaks against it, and what a person is told and asked."""

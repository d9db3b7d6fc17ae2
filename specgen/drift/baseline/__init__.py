"""What people know of and accept: only drift that is new is red."""

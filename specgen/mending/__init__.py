"""What the cluster said, written back into pages: only what differs, all else byte for byte."""

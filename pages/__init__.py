"""One screen a file; each begins with ``shell.begin`` and computes nothing."""

"""What all pages share: shell, session, caches and widgets."""

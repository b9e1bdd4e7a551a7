"""Where untrusted code runs: a process that cannot reach anything but its own work."""

"""Everything that is generated: stubs from solutions."""

"""Records in the formats of other systems. Each export is a pure function of records."""

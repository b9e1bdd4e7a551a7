"""Records in the formats that other systems read. Each export is a pure function of records."""

"""What a student reads: results, messages, hints and progress."""

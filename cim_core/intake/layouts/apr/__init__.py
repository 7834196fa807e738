"""CDE's annual performance report measures as printed: sheet, Word, PDF text."""

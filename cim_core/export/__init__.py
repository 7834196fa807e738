"""What leaves as a file: rows for tables, texts, marked copies of workbooks."""

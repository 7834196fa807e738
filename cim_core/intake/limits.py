"""How much of a file is ever read: one table for every reader, each limit counted before anything is parsed.

What is beyond them is refused with the limit named. They are chosen so that whatever stays within them is
read in seconds and in well under the memory that a worker has (`cim_core.placing.apart`).
"""

from __future__ import annotations

MAX_BYTES = 25 * 2**20
"""Of a file as it is uploaded."""
MAX_ROWS = 200_000
"""Rows that hold anything, over all sheets."""
MAX_LEAS = 3_000
"""LEAs of all open files together; California has some 2,300 with all charter schools. More are not shown in
time: what would move each LEA, and how sure that is, is worked out against all others of its year."""
MAX_LEA_YEARS = 25_000
"""LEAs times years of all open files together: all of California's over ten years. With so many every page
stands within ten seconds (`benchmarks/large.py`)."""
MAX_COLUMNS = 500
MAX_CELLS = 6_000_000
"""Cells of a file; a sheet that spans more is read cell by cell, or refused where that cannot be done."""
MAX_CELL = 10_000
"""Characters in one cell; a row with a longer one is set aside."""
MAX_SHEETS = 50

MAX_UNPACKED = 200 * 2**20
"""Bytes of a workbook's archive, unpacked."""
MAX_MEMBERS = 2_000
MAX_RATIO = 100
"""Unpacked over packed, of archives that unpack to more than a megabyte."""
MAX_PART = 8 * 2**20
"""Bytes of styles and of the list of sheets: they are parsed as a whole; no real workbook has larger ones."""
MAX_DEPTH = 128
"""Elements within elements of XML; real workbooks have some ten."""
MAX_MARKS = 30_000_000
"""Elements begun and closed in one part of an archive."""
MAX_MARKS_WALKED = 12_000_000
"""The same where each has to be looked at: of ODS, and where comments could hide how deep it is."""
MAX_MARKS_HELD = 500_000
"""The same of styles and of the list of sheets, which are kept as a whole."""
MAX_BLOCKS = 200_000
"""Blocks of merged cells."""
MAX_IN_BLOCKS = 500_000
"""Cells that are linked or, where openpyxl opens a workbook, merged: each is made."""
MAX_FORMAT = 1_000
"""Characters of one number format; Excel allows 255."""
MAX_STYLES = 100_000
"""Records of an XLS workbook outside its sheets."""
MAX_RECORDS = 4_000_000
"""Records in the sheets of an XLS workbook."""
MAX_UNPLACED = 200_000
"""Cells of a sheet that do not say where they stand: they can only be read one by one."""
MAX_STRINGS = 1_000_000
"""Entries in the table of shared strings."""
MAX_STRING = 100_000
"""Bytes of one shared string with its marks."""
MAX_TEXT = 300 * 2**20
"""Bytes of text once every cell holds its own: shared strings are copied into each cell that shows them."""
MAX_REPEATED = 200_000
"""Cells of an ODS file that hold something only because another one is repeated."""
MAX_LETTERS = 100 * 2**20
"""Characters of a workbook, each as often as it is shown."""
MAX_BLANKS = 1_000_000
"""Blanks of an ODS file that are written as a number of blanks."""
FURTHEST = 200_100, 1_000
"""The last row and column of an ODS sheet that may hold something."""

"""Texts of cells that are no numbers, no dates, no characters, or more than anything holds."""

NO_NUMBERS = (
    "NaN",
    "-inf",
    "Infinity",
    "1e999",
    "1E+400",
    "1" * 400,
    "9" * 4_301,
    "0." + "0" * 400 + "1",
    "-0",
    "1e-400",
    "1/0",
    "1.5.5.5",
    "٣٤٥",
)
NO_SIZES = (
    "Rice 0.00000000000000000000001 kg",
    f"Rice 1{'0' * 30} kg",
    "Rice 1e30 kg",
    "Rice 1/0 kg",
    "Rice 9999x9999x9999x9999x9999 kg",
    f"Rice {'9' * 4_500} kg",
    f"Cable {'0.' + '0' * 30}1 m",
    f"Water {'9' * 30}",
    "Syrup 1 mg/0.0000000001 ml ampoule",
)
NO_DATES = ("0000-00-00", "9999-99-99", "31.02.2024", "1.1.0000", "99.99.99999", "1000000000000")
NO_CHARACTERS = (
    "\ud800",
    "a\udc00b",
    "Ri\x00ce",
    "\x01\x02",
    "12\x00000",
    "\ufffe",
    f"&#{'9' * 5_000};",
    f"&#x{'f' * 5_000};",
    "&#xD800;",
    "&#0;",
)
CELLS = (*NO_NUMBERS, *NO_SIZES, *NO_DATES, *NO_CHARACTERS)

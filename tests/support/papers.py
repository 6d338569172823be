"""PDF pages made by hand, with a standard font and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

FONT = 9.0


@dataclass
class Paper:
    """A page that is being drawn; all positions are points from the upper left corner."""

    width: float = 595
    height: float = 842
    #: The page's rotation flag, in degrees.
    rotate: int = 0
    #: Operators of the page's content stream.
    marks: list[str] = field(default_factory=list)
    #: Annotation objects.
    notes: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, *, spread: str = "", size: float = FONT, bold: bool = False) -> "Paper":
        """Write with the baseline at `y`; `spread` is the operand of TJ (strings and moves) instead of a plain string."""
        plain = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        show = f"[{spread}] TJ" if spread else f"({plain}) Tj"
        self.marks.append(f"BT /F{1 + bold} {size} Tf 1 0 0 1 {x} {self.height - y} Tm {show} ET")
        return self

    def row(self, y: float, cells: Iterable[tuple[float, str]]) -> "Paper":
        """Write several texts on one line."""
        for x, text in cells:
            self.text(x, y, text)
        return self

    def grid(self, xs: list[float], ys: list[float]) -> "Paper":
        """Rule a table."""
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> "Paper":
        """Draw one ruling."""
        self.marks.append(f"{x0} {self.height - y0} m {x1} {self.height - y1} l S")
        return self

    def bar(self, x0: float, y0: float, x1: float, y1: float, paint: str = "0 g") -> "Paper":
        """Fill a rectangle."""
        self.marks.append(f"q {paint} {x0} {self.height - y1} {x1 - x0} {y1 - y0} re f Q")
        return self

    def note(self, x0: float, y0: float, x1: float, y1: float, text: str) -> "Paper":
        """Lay a FreeText annotation over the page."""
        rect = f"[{x0} {self.height - y1} {x1} {self.height - y0}]"
        self.notes.append(f"<< /Type /Annot /Subtype /FreeText /Rect {rect} /Contents ({text}) /DA (/Helv 9 Tf) >>")
        return self


def pdf(*papers: Paper, trailer: str = "") -> bytes:
    """The papers as a PDF file."""
    fonts = [f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>" for name in ("Helvetica", "Helvetica-Bold")]
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", *fonts]
    kids = []
    for paper in papers:
        drawn = "\n".join(paper.marks)
        first = len(objects) + 1
        refs = " ".join(f"{first + 2 + i} 0 R" for i in range(len(paper.notes)))
        kids.append(f"{first} 0 R")
        objects += [
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {paper.width} {paper.height}] /Rotate {paper.rotate} "
                f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> /ExtGState << /Clear << /CA 0 >> >> >> /Contents {first + 1} 0 R /Annots [{refs}] >>"
            ),
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
            *paper.notes,
        ]
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, offsets = b"%PDF-1.6\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(body)}\n%%EOF"
    return body + end.encode()


#: The x of the columns of `ruled_table` and `unruled_table`, the right border last.
COLUMNS = [40.0, 70.0, 260.0, 330.0, 420.0]
HEADER = ("No", "Item", "Size", "Price")
GOODS = [
    ("1", "Coconut oil", "500 ml", "Rp 45.000"),
    ("2", "Palm sugar", "1 kg", "Rp 28.500"),
    ("3", "Sea salt", "250 g", "Rp 9.750"),
]


def ruled_table(lines: Sequence[tuple[str, ...]], top: float = 100, *, page: Paper | None = None) -> Paper:
    """A ruled table with a row of 20 points for each of `lines`."""
    page = page or Paper()
    page.grid(COLUMNS, [top + 20 * i for i in range(len(lines) + 1)])
    for i, line in enumerate(lines):
        page.row(top + 20 * i + 13, [(x + 3, cell) for x, cell in zip(COLUMNS[:-1], line, strict=True) if cell])
    return page


def unruled_table(lines: Sequence[tuple[str, ...]], top: float = 100, *, page: Paper | None = None, pitch: float = 16) -> Paper:
    """The same without rulings, a row every `pitch` points."""
    page = page or Paper()
    for i, line in enumerate(lines):
        page.row(top + pitch * i, [(x, cell) for x, cell in zip(COLUMNS[:-1], line, strict=True) if cell])
    return page


def draw_page(description: dict[str, Any]) -> Paper:
    """A page of `lines`, each a text for each of `columns` (positions in points), from `top` on every `pitch` points.

    Columns of the indexes `right` end at their position. `texts` [[x, y, text, size, "bold"]] stand anywhere, the last two if need be, `notes` [[x0, y0, x1, y1, text]] are
    annotations, `ruled` draws a grid (over all lines; its last position is the right border), `rulings` one between these heights, `rotate` and `matrix` turn the page.
    """
    page = Paper(rotate=description.get("rotate", 0))
    if "matrix" in description:
        page.marks.append(f"{description['matrix']} cm")
        page.width, page.height = page.height, page.width
    _draw_lines(page, description)
    for x, y, text, *of_type in description.get("texts", ()):
        page.text(x, y, text, size=next(iter(of_type), FONT), bold="bold" in of_type)
    if "rulings" in description:
        page.grid(description["columns"], description["rulings"])
    for note in description.get("notes", ()):
        page.note(*note)
    return page


def _draw_lines(page: Paper, description: dict[str, Any]) -> None:
    top, pitch = description.get("top", 100), description.get("pitch", 16)
    columns, lines = description.get("columns", []), description.get("lines", [])
    is_ruled, right = description.get("ruled", False), description.get("right", ())
    for n, line in enumerate(lines):
        for column, (x, text) in enumerate(zip(columns, line, strict=False)):
            if text:
                start = x - _width(text) if column in right else x + 3 * is_ruled
                page.text(start, top + pitch * n, text)
    if is_ruled:
        page.grid(columns, [top - 0.7 * pitch + pitch * n for n in range(len(lines) + 1)])


def _width(text: str) -> float:
    """The width of digits and points in Helvetica; letters are about as wide."""
    return FONT * sum(0.278 if char in ".,: " else 0.556 for char in text)

"""HTML to a tree of what is seen of it, as forgiving as a browser."""

import re
from dataclasses import dataclass, field

from monito_ray.errors import FileTooLarge
from monito_ray.pipeline.files.clean_cells import unescape

#: Elements within elements; what is nested deeper belongs to the last one, as in browsers.
MAX_DEPTH = 150
MAX_ELEMENTS = 1_500_000
# Every way through it ends where the next tag begins or takes all that is left, so that no page costs more than its length.
_TOKEN = re.compile(
    r"<!--(?:.*?-->|.*)|<(?:script|style)\b(?:.*?</(?:script|style)[^<>]*>|.*)|<[!?][^<>]*+>"
    r"|<(/?)([a-z][\w:-]*+)((?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)>|<(/?)([a-z][\w:-]*+)([^<>]*+)>|([^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(class|itemprop|style|colspan|rowspan|hidden)(?![\w-])(?:\s*=\s*(?:"([^"]*+)"|'([^']*+)'|([^\s"']++)))?""", re.IGNORECASE
)
_VOID = frozenset("area base br col embed frame hr img input keygen link meta param source track wbr".split())
#: What nobody reads in a page, what leads elsewhere or does something, and what is crossed out: it holds no more.
_UNSEEN = frozenset("title nav noscript template svg math select button textarea iframe object audio video canvas del s strike map".split())
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|text-decoration[\w-]{0,20}+\s*:[^;:]*line-through", re.IGNORECASE)
#: Classes of frameworks for words that are only read aloud.
_ALOUD = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader"})
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dl-entry dt fieldset figcaption figure footer form frameset h1 h2 h3"
    " h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_TABLE_PARTS = frozenset("table thead tbody tfoot tr td th caption".split())
#: Of a list of definitions: a term with what it means.
_ENTRY = "dl-entry"
#: Open elements that a tag ends, as far as the nearest of its containers.
_ENDED_BY = {
    "li": ({"li"}, {"ul", "ol", "menu", "dir"}),
    "dt": ({"dt", "dd", _ENTRY}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl", _ENTRY}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "tr": ({"tr", "td", "th"}, {"table"}),
    "thead": ({"thead", "tbody", "tfoot", "tr", "td", "th"}, {"table"}),
    "tbody": ({"thead", "tbody", "tfoot", "tr", "td", "th"}, {"table"}),
    "tfoot": ({"thead", "tbody", "tfoot", "tr", "td", "th"}, {"table"}),
}
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
LINE_END = "\n"
#: Marks of a text's style, which do not end a piece unless they have a class; spans and links do.
_STYLES = frozenset("abbr acronym b bdi bdo big cite code data em font i ins mark q small strong sub sup time tt u var wbr".split())


@dataclass(slots=True)
class Element:
    """An element of a page with what is seen in it: elements, texts, and line ends."""

    tag: str
    #: The first of its classes without a digit, "" where there is none: pieces of one kind share it.
    kind: str = ""
    #: All of its classes, and what it says that it is of a product.
    classes: str = ""
    columns: int = 1
    rows: int = 1
    children: list["Element | str"] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether it stands on lines of its own."""
        return self.tag in BLOCKS

    @property
    def is_style(self) -> bool:
        """Whether it only styles a text."""
        return self.tag in _STYLES and not self.kind

    @property
    def has_elements(self) -> bool:
        """Whether there is more in it than a text on one line."""
        return any(not isinstance(child, str) or child == LINE_END for child in self.children)


def parse_html(page: str, file_name: str) -> Element:
    """Return the root of a page; texts are unescaped, white space is one blank as browsers show it.

    Scripts, styles, menus of links, buttons, what is hidden and what is crossed out is left out.

    Raises:
        FileTooLarge: the page has more than `MAX_ELEMENTS` elements.
    """
    tree = _Tree(file_name)
    for match in _TOKEN.finditer(page):
        closing, tag, attributes, closing_2, tag_2, attributes_2, text = match.groups()
        if text:
            tree.add_text(text)
        elif tag or tag_2:
            if closing or closing_2:
                tree.end((tag or tag_2).lower())
            else:
                tree.start((tag or tag_2).lower(), attributes or attributes_2)
    return tree.root


class _Tree:
    """The tree that grows tag by tag."""

    def __init__(self, file_name: str) -> None:
        self.root = Element("html")
        self._file_name = file_name
        self._open = [self.root]
        #: How many of the open elements stand outside of all unseen ones.
        self._seen = 1
        self._elements = 0

    def add_text(self, text: str) -> None:
        """Take text between tags."""
        if self._seen < len(self._open):
            return
        parent = self._open[-1]
        is_typed = any(element.tag == "pre" for element in self._open) if "\n" in text or "  " in text else False
        if not is_typed:
            text = _WHITE_SPACE.sub(" ", text)
        parent.children.append(unescape(text))

    def start(self, tag: str, attributes: str) -> None:
        """Take an opening tag."""
        if tag == "br":
            self._append(LINE_END)
            return
        if tag in _VOID:
            return
        if tag in _ENDED_BY:
            self._end_open(*_ENDED_BY[tag])
        elif tag in BLOCKS:
            self._end_open({"p"}, BLOCKS - {"p"})
        self._open_implied(tag)
        self._push(*_element(tag, attributes))

    def _open_implied(self, tag: str) -> None:
        """Open what a tag does without: the row of a cell, and an entry around a term and what it means."""
        if tag in ("td", "th") and self._open[-1].tag != "tr":
            self._push(Element("tr"))
        elif tag == "dt" and self._open[-1].tag == "dl":
            self._push(Element(_ENTRY))

    def _push(self, element: Element, is_seen: bool = True) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise FileTooLarge(f"{self._file_name}: its page has more than {MAX_ELEMENTS:,} elements")
        if len(self._open) >= MAX_DEPTH:
            return
        if is_seen and self._seen == len(self._open):
            self._open[-1].children.append(element)
            self._seen += 1
        self._open.append(element)

    def end(self, tag: str) -> None:
        """Take a closing tag: it ends the nearest element of its name, within the cell of a table only what stands in the cell."""
        for index in range(len(self._open) - 1, 0, -1):
            name = self._open[index].tag
            if name == tag:
                self._cut(index)
                return
            if name == "table" or (name in ("td", "th") and tag not in _TABLE_PARTS):
                return

    def _end_open(self, ended: set[str], containers: "set[str] | frozenset[str]") -> None:
        last = len(self._open)
        for index in range(len(self._open) - 1, 0, -1):
            name = self._open[index].tag
            if name in containers and name not in ended:
                break
            if name in ended:
                last = index
        self._cut(last)

    def _cut(self, length: int) -> None:
        del self._open[length:]
        self._seen = min(self._seen, length)

    def _append(self, child: str) -> None:
        if self._seen == len(self._open):
            self._open[-1].children.append(child)


def _element(tag: str, attributes: str) -> tuple[Element, bool]:
    """Return an element without children, and whether it is seen."""
    element = Element(tag)
    is_seen = tag not in _UNSEEN
    if not attributes:
        return element, is_seen
    for name, double, single, bare in _ATTRIBUTE.findall(attributes):
        value = double or single or bare
        match name.lower():
            case "class":
                classes = value.split()
                is_seen = is_seen and _ALOUD.isdisjoint(classes)
                element.kind = next((one for one in classes if not any(map(str.isdigit, one))), element.kind)
                element.classes += f" {value}"
            case "itemprop":
                element.kind = element.kind or value
                element.classes += f" {value}"
            case "colspan":
                element.columns = _span(value)
            case "rowspan":
                element.rows = _span(value)
            case "hidden":
                is_seen = False
            case "style":
                is_seen = is_seen and not _UNSEEN_STYLE.search(value)
    return element, is_seen


def _span(value: str) -> int:
    digits = value.strip()[:7]
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() else 1

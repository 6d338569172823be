"""The XML of documents, parsed without entities and within a depth."""

from collections.abc import Callable
from xml.parsers import expat

from monito_ray.errors import FileDamaged, FileTooLarge
from monito_ray.pipeline.files.clean_cells import repair_references

#: Elements within elements; a document has some twenty.
MAX_DEPTH = 2_000
#: The text of a document of some thousand pages.
MAX_XML_BYTES = 64 * 1024 * 1024


def parse_xml(
    part: bytes,
    file_name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Give the tags and texts of `part` to the handlers; names are `namespace local`, attributes of no namespace only `local`.

    Raises:
        FileTooLarge: the XML is longer than `MAX_XML_BYTES`.
        FileDamaged: the XML is not well-formed, declares entities, or is nested deeper than `MAX_DEPTH`.
    """
    if len(part) > MAX_XML_BYTES:
        raise FileTooLarge(f"{file_name}: its text is longer than the {MAX_XML_BYTES / 1e6:,.0f} MB that are read")
    depth = 0

    def start_element(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise FileDamaged(f"{file_name}: its XML is nested without end")
        start(name, attributes)

    def end_element(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    def refuse_entity(*_: object) -> None:
        raise FileDamaged(f"{file_name}: its XML declares entities, which no document does")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start_element, end_element, text
    parser.EntityDeclHandler = refuse_entity
    try:
        parser.Parse(repair_references(part), True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FileDamaged(f"{file_name}: its XML is broken ({error})") from None

"""Records of binary workbooks."""

from raw_workbooks import BOF, biff8

from monito_ray.pipeline.files import biff


def test_records_are_read_up_to_the_end_of_their_sheet():
    """Each record comes with the offset of its content; what follows the closing record is another sheet's."""
    book = biff8((BOF, b"ab"), (biff.NUMBER, b"cde"), (biff.EOF, b""), (biff.NUMBER, b"next sheet"))
    assert list(biff.xls_records(book, 0)) == [(BOF, 4, 2), (biff.NUMBER, 10, 3)]
    assert list(biff.xls_records(book, 6)) == [(biff.NUMBER, 10, 3)]


def test_a_record_that_is_cut_off_is_as_long_as_the_file():
    """The length of the last record is what is left of the file, whatever it claims."""
    book = biff8((biff.NUMBER, bytes(14)))[:-10]
    assert list(biff.xls_records(book, 0)) == [(biff.NUMBER, 4, 4)]


def test_kinds_and_lengths_of_an_xlsb_take_seven_bits_a_byte():
    """A set high bit means that another byte follows."""
    part = b"\x05\x02ab" + b"\x81\x01\x80\x01" + bytes(128) + b"\x00\x7f" + b"x"
    assert list(biff.xlsb_records(part)) == [(5, 2, 2), (129, 8, 128), (0, 138, 1)]


def test_the_workbook_names_where_its_sheets_begin():
    """Offsets come in the order of the sheets; a record too short for one is passed over."""
    sheets = [(biff.BOUND_SHEET, offset.to_bytes(4, "little") + b"name") for offset in (900, 70)]
    assert biff.xls_sheet_offsets(biff8((BOF, b""), sheets[0], (biff.BOUND_SHEET, b"x"), sheets[1], (biff.EOF, b""))) == [900, 70]

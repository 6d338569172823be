"""Whether long lists lose or gain rows: made lists of 10 to 50,000 offers, in every format that a supplier sends.

    python benchmarks/generated.py [--count 200] [--seed 5] [--only xlsx pdf ...] [--most 50000] [--show 3]

Each list has a language, an order of columns, sections or none, a header once or again and again, sheets or pages, and offers without
repeats; all of it is drawn from the seed. Prints for each format how many offers are missing and how many were invented; ends with 1
when there is one of either.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random

import written_lists
from written_lists import Goods, Layout

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.rows import price_list, validation

_WORDS = {
    "id": (
        "Beras Minyak Gula Kopi Teh Kecap Sambal Tepung Mie Susu Keju Sabun Garam Madu Kerupuk Santan Cuka Bihun Biskuit Sirup",
        "Premium Spesial Manis Pedas Asli Halus Super Hitam Putih Merah",
        "Sembako, Bumbu Dapur, Minuman, Makanan Ringan, Kebersihan, Susu dan Keju",
        "No, Kode, Nama Barang, Satuan, Harga",
    ),
    "en": (
        "Rice Oil Sugar Coffee Tea Sauce Flour Noodles Milk Cheese Soap Salt Honey Crackers Vinegar Biscuits Syrup Beans Oats Jam",
        "Premium Special Sweet Spicy Original Fine Super Dark White Red",
        "Dry Goods, Spices, Beverages, Snacks, Cleaning, Dairy",
        "No., Code, Description, Unit, Price",
    ),
    "es": (
        "Arroz Aceite Azúcar Café Té Salsa Harina Fideos Leche Queso Jabón Sal Miel Galletas Vinagre Jarabe Lentejas Avena Mermelada Atún",
        "Premium Especial Dulce Picante Original Fino Extra Negro Blanco Rojo",
        "Almacén, Especias, Bebidas, Golosinas, Limpieza, Lácteos",
        "N°, Código, Descripción, Unidad, Precio",
    ),
    "de": (
        "Reis Öl Zucker Kaffee Tee Soße Mehl Nudeln Milch Käse Seife Salz Honig Kekse Essig Sirup Bohnen Hafer Konfitüre Thunfisch",
        "Premium Spezial Süß Scharf Original Fein Super Dunkel Weiß Rot",
        "Trockenwaren, Gewürze, Getränke, Süßwaren, Reinigung, Molkerei",
        "Nr., Artikelnr., Bezeichnung, Einheit, Preis",
    ),
    "ru": (
        "Рис Масло Сахар Кофе Чай Соус Мука Лапша Молоко Сыр Мыло Соль Мёд Печенье Уксус Сироп Фасоль Овёс Джем Тунец",
        "Премиум Особый Сладкий Острый Оригинальный Мелкий Супер Тёмный Белый Красный",
        "Бакалея, Специи, Напитки, Сладости, Химия, Молочное",
        "№, Артикул, Наименование, Ед., Цена",
    ),
}
_MAKERS = "Tiara Rosella Nusa Bintang Alba Monte Verano Sorrel Kestrel Lumen Delta Orchid Palma Cedar Onyx Marina Solano Fjord Ember Quill"
_SIZES = "100 g, 250 g, 500 g, 750 g, 1 kg, 2 kg, 5 kg, 250 ml, 330 ml, 500 ml, 1 L, 2 L"
_UNITS = {"ru": "шт кор кг"}
#: Most offers of a list, where a format does not take the most that is asked for.
_MOST = {"pdf ruled": 3_000, "pdf": 3_000, "pdf broken rows": 1_000, "docx": 2_000, "html": 20_000, "txt": 20_000}
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of one list: a sample of the offers missing and of those invented."""

    kind: str
    what: str
    offers: int
    missing: list[tuple[str, Decimal]]
    invented: list[tuple[str, Decimal]]
    seconds: float


def goods(language: str, count: int, dice: Random) -> list[Goods]:
    """So many offers without repeats, in sections where the list has some."""
    things, kinds, sections, _ = (text.split(", ") if ", " in text else text.split() for text in _WORDS[language])
    parts = (things, kinds, _MAKERS.split(), _SIZES.split(", "))
    total = len(things) * len(kinds) * len(parts[2]) * len(parts[3])
    chosen = dice.sample(range(total), count)
    every = max(1, count // dice.randrange(2, 30))
    units = _UNITS.get(language, "pcs box kg").split()
    return [
        Goods(
            _name(parts, number),
            Decimal(dice.randrange(20, 4_000) * 25) / dice.choice([1, 1, 10]),
            dice.choice(units),
            f"{dice.choice('ABCD')}{number:06}",
            f"{sections[n // every % len(sections)]} {'I' * (n // every // len(sections) + 1)}",
        )
        for n, number in enumerate(chosen)
    ]


def _name(parts: tuple[list[str], ...], number: int) -> str:
    words = []
    for part in parts:
        number, place = divmod(number, len(part))
        words.append(part[place])
    return " ".join(words)


def case(number: int, seed: int, kinds: tuple[str, ...], most: int) -> tuple[str, str, list[Goods], bytes, str]:
    """Return a list's format, what it is like, what it offers, its bytes and its file's name."""
    dice = Random(f"{seed} {number}")
    kind = kinds[number % len(kinds)]
    languages = [code for code in _WORDS if code in written_lists.LANGUAGES_OF.get(kind, _WORDS)]
    language = languages[number // len(kinds) % len(languages)]
    most = min(most, _MOST.get(kind, most))
    count = min(most, round(_FEWEST * (most / _FEWEST) ** dice.random()))
    made = goods(language, count, dice)
    titles = dict(zip(("number", "code", "name", "unit", "price"), _WORDS[language][3].split(", "), strict=True))
    layout = Layout.drawn(titles, language, dice)
    return kind, f"{language}, {count:,} offers, {layout.told()}", made, *written_lists.written(kind, made, layout, dice)


def outcome(number: int, seed: int, kinds: tuple[str, ...], most: int) -> Outcome:
    """Make a list, read it, compare."""
    kind, what, made, data, name = case(number, seed, kinds, most)
    began = time.monotonic()
    try:
        rows = validation.partition(validation.validate(price_list.read_price_list(data, name).rows))[0]
    except FileUnusable:
        rows = None
    have = Counter(zip(rows["original_name"].to_pylist(), rows["price"].to_pylist(), strict=True)) if rows is not None else Counter()
    truth = Counter((one.name, one.price) for one in made)
    missing, invented = list((truth - have).elements()), list((have - truth).elements())
    return Outcome(kind, f"list {number}: {what}", len(made), missing, invented, time.monotonic() - began)


def outcomes(count: int, seed: int, kinds: tuple[str, ...], most: int, processes: int) -> Iterator[Outcome]:
    """Yield what came out of so many lists, the formats in turn."""
    work = partial(outcome, seed=seed, kinds=kinds, most=most)
    if processes == 1:
        yield from map(work, range(count))
        return
    with multiprocessing.get_context("spawn").Pool(processes, os.nice, (5,)) as pool:
        yield from pool.imap_unordered(work, range(count))


def main() -> None:
    """Make, read, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=written_lists.KINDS, default=written_lists.KINDS)
    parser.add_argument("--most", type=int, default=50_000, help="offers of the longest list")
    parser.add_argument("--show", type=int, default=0, help="how many rows that are missing or invented to name for each list")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    by_kind = defaultdict(list)
    for result in outcomes(chosen.count, chosen.seed, tuple(chosen.only), chosen.most, chosen.processes):
        by_kind[result.kind].append(result)
        if result.missing or result.invented:
            print(f"{result.kind}, {result.what}: {len(result.missing)} missing, {len(result.invented)} invented", flush=True)
            for what, rows in (("missing", result.missing), ("invented", result.invented)):
                for row in rows[: chosen.show]:
                    print(f"    {what}: {row[0]!r} {row[1]}")
    for kind, results in sorted(by_kind.items()):
        offers, missing, invented = (sum(map(len, column)) for column in ((), [r.missing for r in results], [r.invented for r in results]))
        offers, seconds = sum(result.offers for result in results), sum(result.seconds for result in results)
        whole = sum(not (result.missing or result.invented) for result in results)
        print(
            f"{kind:<18}{len(results):>4} lists, {whole:>3} whole, {offers:>9,} offers, {missing:>6} missing, {invented:>6} invented, {seconds:6.1f} s"
        )
    sys.exit(int(any(result.missing or result.invented for results in by_kind.values() for result in results)))


if __name__ == "__main__":
    main()

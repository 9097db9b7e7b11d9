"""Files of any shape read by a mapping: lines into records, and what is said of bad ones."""

from pathlib import Path

import pytest
from mapping_parsing import mapped, products

from catalog.errors import FileRefused
from catalog.files.reading import Defaults

ROWS = "fields: {external_id: id, name: name}\n"
GROUPED = """
group_by: id
fields: {external_id: id, name: name}
variants:
  fields: {sku: sku}
"""


def test_the_lines_of_a_product_may_stand_anywhere(tmp_path: Path) -> None:
    lamp, mug = products(tmp_path, "id,name,sku\n1,Lamp,a\n2,Mug,b\n1,,c\n", GROUPED)
    assert [variant["sku"] for variant in lamp["variants"]] == ["a", "c"]
    assert (lamp["name"], mug["name"]) == ("Lamp", "Mug")


def test_a_line_that_does_not_stand_with_its_product_is_named(tmp_path: Path) -> None:
    found = mapped(tmp_path, "id,name,sku\n1,Lamp,a\n2,Mug,b\n1,,c\n", f"adjacent: true\n{GROUPED}")
    assert found.said == [(4, "id", "NOT_ADJACENT")]
    assert "line 2" in found.findings[0].message
    assert [len(product["variants"]) for product in found.all("product")] == [1, 1]


def test_a_line_that_belongs_to_nothing_is_named(tmp_path: Path) -> None:
    found = mapped(tmp_path, "id,name,sku\n,Lamp,a\n2,Mug,b\n", GROUPED)
    assert found.said == [(2, "id", "MISSING")]
    assert found.product["name"] == "Mug"


def test_an_axis_may_be_named_in_the_first_line_only(tmp_path: Path) -> None:
    mapping = f"{GROUPED}  options: [{{name: axis, value: value}}]"
    source = "id,name,sku,axis,value\n1,Tee,a,Size,S\n1,,b,,M\n2,Mug,c,,\n"
    tee, mug = products(tmp_path, source, mapping)
    assert [variant["options"] for variant in tee["variants"]] == [{"size": "s"}, {"size": "m"}]
    assert mug["variants"] == [{"sku": "c"}]


def test_variants_know_their_lines(tmp_path: Path) -> None:
    found = mapped(tmp_path, "id,name,sku\n1,Lamp,a\n2,Mug,b\n1,,c\n", GROUPED)
    lines = [(s.line, s.variant_lines) for s in found.sourced if s.record.record == "product"]
    assert lines == [(2, (2, 4)), (3, (3,))]


def test_a_slug_that_comes_again_gets_the_key_behind_it(tmp_path: Path) -> None:
    slug = "slug: {from: name, slug: true, repeated: {append: id}}"
    found = mapped(
        tmp_path, "id,name\n1,Lamp\n2,LAMP\n", f"fields: {{external_id: id, name: name, {slug}}}"
    )
    assert [product["slug"] for product in found.all("product")] == ["lamp", "lamp-2"]
    assert found.said == [(3, "name", "REPEATED")]
    assert found.findings[0].warning


def test_a_sku_that_comes_again_is_left_out(tmp_path: Path) -> None:
    found = mapped(
        tmp_path,
        "id,name,sku\n1,Lamp,a\n2,Mug,a\n",
        f"{ROWS}variants: {{fields: {{sku: {{from: sku, repeated: drop}}}}}}",
    )
    assert [p["variants"] for p in found.all("product")] == [[{"sku": "a"}], [{}]]
    assert found.said == [(3, "sku", "REPEATED")]


def test_what_is_empty_stays_unless_the_mapping_says_otherwise(tmp_path: Path) -> None:
    source = "id,name,brand\n1,Lamp,\n"
    fields = "fields: {{external_id: id, name: name, brand: {{from: brand, empty: {}}}}}"

    def brand(rule: str) -> object:
        found = mapped(tmp_path, source, fields.format(rule))
        told = [said for said in found.said if said[2] != "NEVER_FOUND"]
        return told or [product.get("brand", "kept") for product in found.all("product")]

    assert brand("keep") == ["kept"]
    assert brand("clear") == [None]
    assert brand("warn") == brand("error") == [(2, "brand", "MISSING")]
    assert brand("skip") == []


def test_lists_and_texts_of_search_engines_can_be_cleared(tmp_path: Path) -> None:
    fields = """
tags: {from: tags, split: ",", empty: clear}, seo.title: {from: title, empty: clear}
""".strip()
    mapping = f"fields: {{external_id: id, name: name, {fields}}}"
    source = 'id,name,tags,title\n1,Lamp,"a, b",Lamps\n2,Mug,,\n'
    lamp, mug = products(tmp_path, source, mapping)
    assert (lamp["tags"], lamp["seo"]) == (["a", "b"], {"title": "Lamps"})
    assert (mug["tags"], mug["seo"]) == (None, {"title": None})


def test_a_value_that_cannot_be_read_keeps_its_record_out(tmp_path: Path) -> None:
    found = mapped(
        tmp_path,
        "id,name,watts\n1,Lamp,220-240V\n2,Mug,5 W\n",
        f"{ROWS}attributes: {{power: {{from: watts, number: true}}}}",
    )
    assert [p["attributes"] for p in found.all("product")] == [{"power": "5"}]
    (finding,) = found.findings
    assert (finding.line, finding.column, finding.value) == (2, "watts", "220-240V")
    assert finding.message == "holds several numbers: pick one with `match`"


def test_a_path_that_no_line_has_is_named(tmp_path: Path) -> None:
    source = '{"id": 1, "name": "Lamp"}\n'
    found = mapped(
        tmp_path,
        source,
        "fields: {external_id: id, name: name, brand: maker.name}",
        format="jsonl",
    )
    assert found.said == [(1, "maker.name", "NEVER_FOUND")]
    assert found.product["name"] == "Lamp"


def test_lines_that_are_not_wanted_are_left_out(tmp_path: Path) -> None:
    source = "id,name,state\n1,Lamp,live\n2,Mug,dead\n"
    (lamp,) = products(tmp_path, source, f"{ROWS}when: {{from: state, ignore: dead}}")
    assert lamp["name"] == "Lamp"


def test_derived_columns_are_columns(tmp_path: Path) -> None:
    mapping = """
derive: {number: {from: image, match: '/(\\d+)_'}}
fields: {external_id: number, name: {template: "{name} no. {number}"}}
"""
    (lamp,) = products(tmp_path, "name,image\nLamp,https://x.test/12_a.jpg\n", mapping)
    assert (lamp["external_id"], lamp["name"]) == ("12", "Lamp no. 12")


def test_a_lookup_may_come_from_a_second_file(tmp_path: Path) -> None:
    (tmp_path / "colours.csv").write_text("id,label\n7,Red\n")
    mapping = f"""
{ROWS}tables: {{colours: {{file: colours.csv, key: id, value: label}}}}
attributes: {{colour: {{from: colour, lookup: colours}}}}
"""
    lamp, mug = products(tmp_path, "id,name,colour\n1,Lamp,7\n2,Mug,8\n", mapping)
    assert lamp["attributes"] == {"colour": "Red"}
    assert mug["attributes"] == {"colour": "8"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("file: no.csv, key: id, value: label", "there is no no.csv in"),
        ("file: colours.csv, key: id, value: name", "colours.csv has no column 'name'"),
    ],
)
def test_a_table_that_is_not_there_is_refused(table: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "colours.csv").write_text("id,label\n7,Red\n")
    with pytest.raises(FileRefused, match=said):
        mapped(tmp_path, "id,name\n1,Lamp\n", f"{ROWS}tables: {{colours: {{{table}}}}}")


def test_lines_that_are_no_objects_are_named(tmp_path: Path) -> None:
    source = '{"id": 1, "name": "Lamp"}\n{"id": \n\n[1]\n'
    found = mapped(tmp_path, source, ROWS, format="jsonl")
    assert [said[::2] for said in found.said] == [(2, "BAD_JSON"), (4, "BAD_JSON")]
    assert found.product["external_id"] == "1"


def test_records_deep_in_a_document_see_what_is_around_them(tmp_path: Path) -> None:
    source = '{"shelves": [{"name": "Top", "products": [{"id": 1, "name": "Lamp"}]}]}'
    mapping = f"source: {{format: json, items: shelves.*.products}}\nchannels: []\n{ROWS}"
    (lamp,) = products(tmp_path, source, f"{mapping}metadata: {{shelf: ^name}}", format="json")
    assert lamp["metadata"] == {"shelf": "Top"}


def test_a_document_without_that_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"at products is no list; set source\.items"):
        mapped(
            tmp_path,
            '{"items": []}',
            f"source: {{format: json, items: products}}\nchannels: []\n{ROWS}",
            format="json",
        )


def test_a_column_that_the_file_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"fields\.name: .* no column 'titel'; .* 'title'"):
        mapped(tmp_path, "id,title\n1,Lamp\n", "fields: {external_id: id, name: titel}")


def test_columns_with_points_are_columns(tmp_path: Path) -> None:
    source = "id,name,custom.power\n1,Lamp,5\n2,Mug,\n"
    (lamp, mug) = products(tmp_path, source, f"{ROWS}metadata: {{power: custom.power}}")
    assert lamp["metadata"] == {"power": "5"}
    assert "metadata" not in mug


def test_delimiter_and_encoding_are_taken_at_their_word(tmp_path: Path) -> None:
    mapping = f"source: {{format: csv, delimiter: '~', encoding: cp1252}}\nchannels: []\n{ROWS}"
    (lamp,) = products(tmp_path, "id~name\n1~Löffel, groß\n", mapping, encoding="cp1252")
    assert lamp["name"] == "Löffel, groß"


def test_products_are_listed_in_the_default_channel(tmp_path: Path) -> None:
    mapping = f"source: {{format: csv}}\n{ROWS}variants: {{prices: [{{amount: price}}]}}"
    source = "id,name,price\n1,Lamp,9.90\n"
    (lamp,) = products(tmp_path, source, mapping, defaults=Defaults("web", "EUR", "de"))
    assert lamp["listings"] == [{"channel": "web"}]
    assert lamp["variants"] == [{"prices": [{"amount": "9.90", "currency": "EUR"}]}]
    with pytest.raises(FileRefused, match="say --currency"):
        mapped(tmp_path, source, mapping)


def test_an_attribute_takes_the_kind_that_the_catalog_knows(tmp_path: Path) -> None:
    catalog = Defaults("web", "EUR", "en", {"colour": "select", "power": "text"})
    mapping = f"{ROWS}attributes: {{colour: colour}}"
    (lamp,) = products(tmp_path, "id,name,colour\n1,Lamp,Dark red\n", mapping, defaults=catalog)
    assert lamp["attributes"] == {"colour": "dark-red"}
    found = mapped(
        tmp_path,
        "id,name,power\n1,Lamp,5\n",
        f"{ROWS}attributes: {{power: {{from: power, kind: number}}}}",
        defaults=catalog,
    )
    assert found.said == [(2, "power", "OTHER_KIND")]


def test_bad_fields_are_told_by_their_column(tmp_path: Path) -> None:
    source = "id,name,price,photo\n1,Lamp,12 EUR,ftp://x\n"
    mapping = f"{ROWS}media: [{{url: photo}}]\nvariants: {{prices: [{{amount: price}}]}}"
    found = mapped(
        tmp_path, source, mapping.replace("amount: price", "amount: price, currency: id")
    )
    assert {said[1] for said in found.said} == {"photo", "price", "id"}
    assert found.all("product") == []


def test_what_is_mentioned_comes_once_and_before_its_product(tmp_path: Path) -> None:
    mapping = "fields: {external_id: id, name: name, brand: brand}\ncategories: [{path: group}]"
    found = mapped(tmp_path, "id,name,brand,group\n1,Lamp,Lumen,Home\n2,Mug,LUMEN,Home\n", mapping)
    assert [record["record"] for record in found.records] == [
        *("type", "brand", "category", "product", "product")
    ]
    assert [product["brand"] for product in found.all("product")] == ["lumen", "lumen"]

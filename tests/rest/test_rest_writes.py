"""Every noun is made, changed, deleted and brought back over REST."""

from typing import Any

import pytest
from factories import load, shop
from writing import Writer, flaws

from catalog import sample
from catalog.rest import examples, sent

NEW: dict[str, dict[str, Any]] = {
    "products": {"slug": "new", "name": "New", "type": "lamp"},
    "categories": {"slug": "new", "name": "New", "parent": "home"},
    "collections": {"slug": "new", "name": "New"},
    "brands": {"slug": "new", "name": "New"},
    "attributes": {"code": "new", "name": "New", "kind": "text"},
    "types": {"code": "new", "name": "New", "attributes": [{"attribute": "power"}]},
    "channels": {
        "code": "new",
        "name": "New",
        "default_currency": "EUR",
        "default_locale": "en",
    },
    "locations": {"code": "new", "name": "New", "channels": ["eu"]},
}

every_noun = pytest.mark.parametrize("noun", NEW)


def key(noun: str) -> str:
    return "slug" if "slug" in NEW[noun] else "code"


@pytest.fixture(autouse=True)
async def lamp_shop(clean: None) -> None:
    await load(*shop())


@every_noun
async def test_what_is_posted_is_there(noun: str, write: Writer) -> None:
    made = await write("POST", f"/v1/{noun}", NEW[noun] | {"external_id": "N/1"})

    assert made.status_code == 201, made.text
    assert (made.json()["name"], made.json()["external_id"]) == ("New", "N/1")
    assert made.headers["Location"] == f"/v1/{noun}/id:{made.json()['id']}"
    shown = await write.good("GET", made.headers["Location"])
    assert shown.json() == made.json()
    assert shown.headers["ETag"] == made.headers["ETag"]


@every_noun
async def test_what_is_there_is_not_posted_again(noun: str, write: Writer) -> None:
    made = await write.good("POST", f"/v1/{noun}", NEW[noun])

    again = await write("POST", f"/v1/{noun}", NEW[noun] | {"name": "Other"})
    assert again.status_code == 409
    assert flaws(again) == [(f"body.{key(noun)}", f"{key(noun).upper()}_TAKEN")]
    assert (await write.good("GET", f"/v1/{noun}/new")).json() == made.json()


@every_noun
async def test_put_makes_or_changes_what_has_the_key(noun: str, write: Writer) -> None:
    made = await write("PUT", f"/v1/{noun}/ext:N%2F1", NEW[noun])
    same = await write("PUT", f"/v1/{noun}/ext:N%2F1", NEW[noun])
    named = await write("PUT", f"/v1/{noun}/new", {"name": "Newer"})

    assert [each.status_code for each in (made, same, named)] == [201, 200, 200]
    assert made.json()["external_id"] == named.json()["external_id"] == "N/1"
    assert same.headers["ETag"] == made.headers["ETag"] != named.headers["ETag"]
    assert named.json()["name"] == "Newer"


@every_noun
async def test_the_key_in_the_address_is_the_record_s(noun: str, write: Writer) -> None:
    ours = await write("PUT", f"/v1/{noun}/new", NEW[noun] | {key(noun): "other"})
    theirs = await write("PUT", f"/v1/{noun}/ext:1", NEW[noun] | {"external_id": "2"})

    assert flaws(ours) == [(f"body.{key(noun)}", "KEY_MISMATCH")]
    assert flaws(theirs) == [("body.external_id", "KEY_MISMATCH")]
    assert (await write("GET", f"/v1/{noun}/new")).status_code == 404


@every_noun
async def test_put_only_if_there_is_none(noun: str, write: Writer) -> None:
    path = f"/v1/{noun}/ext:1"
    made = await write("PUT", path, NEW[noun], If_None_Match="*")
    again = await write("PUT", path, {"name": "Newer"}, If_None_Match="*")

    assert (made.status_code, again.status_code) == (201, 412)
    assert (await write.good("GET", path)).json()["name"] == "New"


@every_noun
async def test_put_of_a_version(noun: str, write: Writer) -> None:
    path = f"/v1/{noun}/ext:1"
    none = await write("PUT", path, NEW[noun], If_Match="*")
    made = await write.good("PUT", path, NEW[noun])
    changed = await write("PUT", path, {"name": "Newer"}, If_Match=made.headers["ETag"])
    late = await write("PUT", path, {"name": "Newest"}, If_Match=made.headers["ETag"])

    assert [each.status_code for each in (none, changed, late)] == [412, 200, 412]
    assert (await write.good("GET", path)).json()["name"] == "Newer"


@every_noun
async def test_an_unknown_id_makes_nothing(noun: str, write: Writer) -> None:
    made = await write.good("POST", f"/v1/{noun}", NEW[noun])
    path = made.headers["Location"]
    await write.good("DELETE", path, If_Match="*")

    for method in ("PUT", "PATCH", "DELETE"):
        answer = await write(
            method, path, {"name": "Again"}, If_Match="*" if method != "PUT" else None
        )
        assert (answer.status_code, flaws(answer)) == (404, [("path.ref", "NOT_FOUND")])


@every_noun
async def test_patch_changes_what_was_sent(noun: str, write: Writer) -> None:
    made = await write.good("POST", f"/v1/{noun}", NEW[noun] | {"external_id": "N/1"})

    changed = await write(
        "PATCH", f"/v1/{noun}/new", {"name": "Newer"}, If_Match=made.headers["ETag"]
    )
    assert changed.status_code == 200, changed.text
    named = {"name": "Newer", "version": changed.json().get("version")}
    assert changed.json() | {"updated_at": ""} == made.json() | {"updated_at": ""} | {
        k: v for k, v in named.items() if v is not None
    }
    assert (await write.tag(f"/v1/{noun}/new")) == changed.headers["ETag"] != made.headers["ETag"]


@every_noun
async def test_null_clears(noun: str, write: Writer) -> None:
    await write.good("POST", f"/v1/{noun}", NEW[noun] | {"external_id": "N/1"})
    path = f"/v1/{noun}/ext:N%2F1"

    cleared = await write("PATCH", path, {"external_id": None}, If_Match="*")
    emptied = await write("PATCH", f"/v1/{noun}/new", {"name": None}, If_Match="*")

    assert (cleared.status_code, cleared.json()["external_id"]) == (200, None)
    assert (emptied.status_code, flaws(emptied)) == (422, [("body.name", "REQUIRED")])


@every_noun
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_a_change_says_of_which_version_it_is(noun: str, method: str, write: Writer) -> None:
    await write.good("POST", f"/v1/{noun}", NEW[noun])

    path = f"/v1/{noun}/new"
    unsaid = await write(method, path, {"name": "Newer"})
    weak = await write(method, path, {"name": "Newer"}, If_Match="W/" + await write.tag(path))
    wrong = await write(method, path, {"name": "Newer"}, If_Match='"0-0"')
    broken = await write(method, path, {"name": "Newer"}, If_Match="0-0")

    assert [each.status_code for each in (unsaid, weak, wrong, broken)] == [428, 412, 412, 400]
    assert unsaid.json()["code"] == "VERSION_REQUIRED"
    assert (await write.good("GET", path)).json()["name"] == "New"


@every_noun
async def test_what_is_deleted_comes_back(noun: str, write: Writer) -> None:
    made = await write.good("POST", f"/v1/{noun}", NEW[noun] | {"external_id": "N/1"})
    path = made.headers["Location"]

    gone = await write("DELETE", path, If_Match=f'"0-0", {made.headers["ETag"]}')
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await write("GET", path)).status_code == 404

    back = await write("POST", f"{path}/restore")
    assert back.status_code == 200, back.text
    assert (back.json()["name"], back.json()["external_id"]) == ("New", "N/1")
    assert back.headers["ETag"] == await write.tag(path)


@every_noun
async def test_what_has_taken_its_key_meanwhile_is_named(noun: str, write: Writer) -> None:
    path = (await write.good("POST", f"/v1/{noun}", NEW[noun])).headers["Location"]
    await write.good("DELETE", path, If_Match="*")
    await write.good("POST", f"/v1/{noun}", NEW[noun])

    collided = await write("POST", f"{path}/restore")
    assert collided.status_code == 409, collided.text
    assert flaws(collided)[0][0] == f"path.ref.{key(noun)}"


@every_noun
async def test_only_a_deleted_one_is_restored_and_by_its_id(noun: str, write: Writer) -> None:
    made = await write.good("POST", f"/v1/{noun}", NEW[noun])

    by_key = await write("POST", f"/v1/{noun}/new/restore")
    alive = await write("POST", made.headers["Location"] + "/restore")
    deeper = await write("POST", f"/v1/{noun}/new/old/restore")

    assert [each.status_code for each in (by_key, deeper)] == [400, 405]
    assert alive.status_code in (200, 404), alive.text


@every_noun
async def test_a_dry_run_tells_and_writes_nothing(noun: str, write: Writer) -> None:
    made = await write.good("POST", f"/v1/{noun}?dry_run=true", NEW[noun])
    assert (made.status_code, made.json()["status"]) == (200, "created")
    assert {"path": ["name"], "old": None, "new": "New"} in made.json()["changes"]
    assert (await write("GET", f"/v1/{noun}/new")).status_code == 404

    real = await write.good("POST", f"/v1/{noun}", NEW[noun])
    path = real.headers["Location"]
    changed = await write.good("PATCH", f"{path}?dry_run=true", {"name": "Newer"}, If_Match="*")
    named = [{"path": ["name"], "old": "New", "new": "Newer"}]
    assert changed.json() == {"status": "updated", "changes": named}
    gone = await write.good("DELETE", f"{path}?dry_run=true", If_Match="*")
    assert gone.json()["changes"]
    assert (await write.good("GET", path)).json() == real.json()


@pytest.mark.parametrize("noun", examples.REFERENCES)
async def test_the_examples_can_be_sent_to_the_sample_shop(noun: str, write: Writer) -> None:
    await sample.load()
    path = f"/v1/{noun}/{examples.REFERENCES[noun]}"

    changed = await write("PATCH", path, sent.example(noun, "PATCH"), If_Match="*")
    assert changed.status_code == 200, changed.text
    if noun == "variants":
        return
    put = await write("PUT", path, sent.example(noun, "PUT"))
    assert put.status_code == 200, put.text
    made = await write("POST", f"/v1/{noun}", sent.example(noun, "POST"))
    assert made.status_code in (201, 409), made.text

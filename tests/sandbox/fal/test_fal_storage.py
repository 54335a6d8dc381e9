"""Uploads and files of the emulated CDN."""

import json
from datetime import UTC, datetime

import httpx

from sandbox.fal.files import FileStore, Lifecycle
from sandbox.fal.storage import Uploads
from tests.sandbox.fal.fal_kit import Fal

WEEK = {"expiration_duration_seconds": 604_800}


async def _token(fal: Fal) -> dict[str, str]:
    answer = await fal.http.post(
        f"{fal.url}/fal/rest/storage/auth/token", params={"storage_type": "fal-cdn-v3"}, json={}
    )
    assert answer.status_code == 200
    return dict(answer.json())


async def _put(fal: Fal, data: bytes, **headers: str) -> httpx.Response:
    token = await _token(fal)
    known = {
        "Authorization": f"{token['token_type']} {token['token']}",
        "Content-Type": "application/zip",
        "X-Fal-File-Name": "photos.zip",
    }
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    url = f"{token['base_url']}/files/upload"
    return await fal.http.post(url, content=data, headers=known | names)


async def test_a_token_expires_at_a_moment_with_a_zone(fal: Fal) -> None:
    token = await _token(fal)
    assert datetime.fromisoformat(token["expires_at"]) > datetime.now(UTC)
    assert token["base_url"] == f"{fal.url}/fal/cdn"


async def test_an_uploaded_file_keeps_name_type_and_bytes(fal: Fal) -> None:
    data = bytes(range(256)) * 20_000  # More than aiohttp's own limit for forms.
    url = (await _put(fal, data)).json()["access_url"]
    assert url.startswith(f"{fal.url}/fal/cdn/files/b/")
    assert url.endswith("_photos.zip")
    answer = await fal.http.get(url, headers={"Authorization": ""})
    assert answer.content == data
    assert answer.headers["content-type"] == "application/zip"


async def test_a_range_of_a_file_can_be_read(fal: Fal) -> None:
    url = await fal.upload(b"0123456789")
    part = await fal.http.get(url, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, b"234")
    assert part.headers["content-range"] == "bytes 2-4/10"
    tail = await fal.http.get(url, headers={"Range": "bytes=-3"})
    assert tail.content == b"789"
    beyond = await fal.http.get(url, headers={"Range": "bytes=50-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */10")
    assert (await fal.http.head(url)).headers["content-length"] == "10"


async def test_uploads_want_a_token_that_has_not_expired(fal: Fal) -> None:
    token = await _token(fal)
    headers = {"Authorization": f"Bearer {token['token']}"}
    url = f"{fal.url}/fal/cdn/files/upload"
    assert (await fal.http.post(url, content=b"x", headers=headers)).status_code == 200
    assert (await fal.http.post(url, content=b"x")).status_code == 401
    fal.wall.shift = 7200
    assert (await fal.http.post(url, content=b"x", headers=headers)).status_code == 401


async def test_a_file_is_gone_when_its_lifetime_is_over(fal: Fal) -> None:
    lifecycle = json.dumps(WEEK)
    url = (await _put(fal, b"x", X_Fal_Object_Lifecycle=lifecycle)).json()["access_url"]
    stays = await fal.upload(b"x")
    fal.wall.shift = 604_000
    assert (await fal.http.get(url)).status_code == 200
    fal.wall.shift = 605_000
    assert (await fal.http.get(url)).status_code == 404
    assert (await fal.http.get(stays)).status_code == 200


async def test_a_file_may_be_closed_to_strangers(fal: Fal) -> None:
    token = await _token(fal)
    for access, code in (("forbid", 403), ("hide", 404)):
        lifecycle = json.dumps({"initial_acl": {"default": access, "rules": []}})
        answer = await _put(fal, b"x", X_Fal_Object_Lifecycle_Preference=lifecycle)
        url = answer.json()["access_url"]
        assert (await fal.http.get(url)).status_code == code
        owner = {"Authorization": f"Bearer {token['token']}"}
        assert (await fal.http.get(url, headers=owner)).status_code == 200


async def test_a_lifecycle_that_is_no_json_is_refused(fal: Fal) -> None:
    assert (await _put(fal, b"x", X_Fal_Object_Lifecycle="soon")).status_code == 422


async def test_an_initiated_file_is_unknown_until_its_bytes_arrive(fal: Fal) -> None:
    for storage_type in ("gcs", "fal-cdn-v3"):
        answer = await fal.http.post(
            f"{fal.url}/fal/rest/storage/upload/initiate",
            params={"storage_type": storage_type},
            json={"file_name": "../a (1)+%41 фото.zip", "content_type": "application/zip"},
        )
        body = answer.json()
        assert (await fal.http.get(body["file_url"])).status_code == 404
        put = await fal.http.put(body["upload_url"], content=b"x", headers={"Authorization": ""})
        assert put.status_code == 200
        assert (await fal.http.get(body["file_url"])).content == b"x"


async def test_storage_refuses_unknown_types_and_bodies(fal: Fal) -> None:
    url = f"{fal.url}/fal/rest/storage"
    for answer in (
        await fal.http.post(f"{url}/auth/token", params={"storage_type": "s3"}),
        await fal.http.post(f"{url}/upload/initiate", params={"storage_type": "s3"}, json={}),
    ):
        assert answer.status_code == 400
    answer = await fal.http.post(f"{url}/upload/initiate?storage_type=gcs", json={})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "file_name"]


async def test_a_file_can_come_in_parts(fal: Fal) -> None:
    token = await _token(fal)
    headers = {"Authorization": f"Bearer {token['token']}", "X-Fal-File-Name": "big.zip"}
    begun = await fal.http.post(f"{token['base_url']}/files/upload/multipart", headers=headers)
    url, upload_id = begun.json()["access_url"], begun.json()["uploadId"]
    parts = []
    for number, data in ((2, b"world"), (1, b"hello ")):
        target = f"{url}/multipart/{upload_id}/{number}"
        answer = await fal.http.put(target, content=data, headers=headers)
        parts.append({"partNumber": number, "etag": answer.headers["etag"]})
    complete = f"{url}/multipart/{upload_id}/complete"
    wrong = {"parts": [{"partNumber": 1, "etag": '"no"'}]}
    assert (await fal.http.post(complete, json=wrong, headers=headers)).status_code == 400
    done = await fal.http.post(complete, json={"parts": parts}, headers=headers)
    assert done.status_code == 200
    assert (await fal.http.get(url)).content == b"hello world"


async def test_a_locked_account_cannot_upload(fal: Fal) -> None:
    await fal.scenario(locked=True)
    for path in ("auth/token?storage_type=fal-cdn-v3", "upload/initiate?storage_type=gcs"):
        answer = await fal.http.post(f"{fal.url}/fal/rest/storage/{path}", json={})
        assert answer.status_code == 403
        assert answer.json()["detail"].startswith("User is locked. Reason: Exhausted balance.")


async def test_the_cdn_may_have_lost_its_files(fal: Fal) -> None:
    url = await fal.upload(b"x")
    await fal.scenario(cdn_missing="weights")
    assert (await fal.http.get(url)).status_code == 200
    await fal.scenario(cdn_missing=True)
    assert (await fal.http.get(url)).status_code == 404


async def test_the_javascript_client_uploads_in_parts(fal: Fal) -> None:
    places = (
        await fal.http.post(
            f"{fal.url}/fal/rest/storage/upload/initiate-multipart",
            params={"storage_type": "fal-cdn-v3"},
            json={"file_name": "photos.zip", "content_type": "application/zip"},
        )
    ).json()
    parts = []
    for number, data in enumerate((b"first ", b"second"), start=1):
        answer = await fal.http.put(f"{places['upload_url']}/{number}", content=data)
        parts.append(answer.json())
    assert [part["partNumber"] for part in parts] == [1, 2]
    wrong = {"parts": [{"partNumber": 1, "etag": "none"}]}
    complete = f"{places['upload_url']}/complete"
    assert (await fal.http.post(complete, json=wrong)).status_code == 400
    assert (await fal.http.post(complete, json={"parts": parts})).status_code == 200
    assert (await fal.http.post(complete, json={"parts": parts})).status_code == 404
    assert (await fal.http.get(places["file_url"])).content == b"first second"


def test_the_oldest_files_go_when_too_much_is_kept() -> None:
    files = FileStore(lambda: 0.0, max_bytes=10)
    old, new, newest = [files.add("a", "x/y", bytes(4), Lifecycle()) for _ in range(3)]
    assert files.get(old.path) is None
    assert files.get(new.path) is not None
    assert files.get(newest.path) is not None


def test_uploads_in_parts_that_never_ended_are_forgotten() -> None:
    uploads = Uploads(lambda: 0.0, max_bytes=10)
    for name in ("oldest", "older", "newest"):
        uploads.begin_multipart(name, name)
        uploads.multipart[name].add(1, b"x" * 8)
    assert list(uploads.multipart) == ["older", "newest"]
    uploads.begin_multipart("now", "now")
    assert list(uploads.multipart) == ["newest", "now"]

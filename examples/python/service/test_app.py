"""The service, called as a browser would."""

import pathlib

import pytest

pytest.importorskip("fastapi")
from app import MOST_BYTES, app  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402

SCANS = pathlib.Path(__file__).resolve().parents[2] / "data" / "scans"


@pytest.fixture(scope="module")
def client():
    with TestClient(app) as c:
        yield c


@pytest.mark.parametrize("digit", [0, 3, 7])
def test_reads_scans(client, digit):
    with open(SCANS / f"{digit}.png", "rb") as scan:
        best = client.post("/predict", files={"scan": scan}).json()
    assert len(best) == 5 and best[0]["digit"] == digit
    assert best == sorted(best, key=lambda b: -b["probability"])


def test_shows_the_picture_and_five_answers(client):
    assert "<form" in client.get("/").text
    page = client.post("/", files={"scan": ("7.png", (SCANS / "7.png").read_bytes(), "image/png")}).text
    assert page.count("<meter") == 5 and "data:image/png;base64," in page and "<td>7<td>" in page


@pytest.mark.parametrize("data, status", [(b"not a picture", 415), (b"", 415), (b"x" * (MOST_BYTES + 1), 413)])
def test_refuses_what_is_no_picture(client, data, status):
    assert client.post("/predict", files={"scan": ("x.png", data)}).status_code == status

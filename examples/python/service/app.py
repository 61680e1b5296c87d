"""A web service that reads handwritten digits: a page to upload a scan on, and the same as JSON.

    pip install . fastapi uvicorn pillow python-multipart     # in the root of this source tree
    uvicorn app:app --app-dir examples/python/service
"""

from __future__ import annotations

import base64
import io
import os
import pathlib
from contextlib import asynccontextmanager
from html import escape
from typing import Any, AsyncIterator

import lite
import numpy as np
from fastapi import FastAPI, HTTPException, UploadFile
from fastapi.responses import HTMLResponse
from PIL import Image, UnidentifiedImageError

MODEL = os.environ.get("MODEL", str(pathlib.Path(__file__).resolve().parents[2] / "data" / "digits.onnx"))
MOST_BYTES = 4 << 20
TIME_LIMIT_S = 1.0
FORM = '<form method="post" enctype="multipart/form-data"><input type="file" name="scan" accept="image/*"><button>Read it</button></form>'


@asynccontextmanager
async def lifespan(service: FastAPI) -> AsyncIterator[None]:
    # One network holds the weights; each request runs its own that shares them, so that requests run side by side.
    with lite.Network(MODEL, threads=1) as net:
        service.state.net = net
        yield


app = FastAPI(title="digits", lifespan=lifespan)


def pixels_of(data: bytes) -> np.ndarray:
    """A picture as the model wants it: grey, 8 x 8, 0 to 1."""
    try:
        picture = Image.open(io.BytesIO(data)).convert("L").resize((8, 8), Image.Resampling.BOX)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as e:
        raise HTTPException(415, f"not a picture: {e}") from None
    return (np.asarray(picture, np.float32) / 255).reshape(1, 1, 8, 8)


async def top_five(scan: UploadFile) -> tuple[bytes, list[dict[str, Any]]]:
    data = await scan.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise HTTPException(413, f"the picture has more than {MOST_BYTES} bytes")
    with lite.Network(share_weights_with=app.state.net, threads=1) as net:
        net.set_timeout(TIME_LIMIT_S)
        prob = (await net.run_async({"data": pixels_of(data)}))["prob"][0]
    best = np.argsort(prob)[::-1][:5]
    return data, [{"digit": int(i), "probability": float(prob[i])} for i in best]


@app.post("/predict")
async def predict(scan: UploadFile) -> list[dict[str, Any]]:
    return (await top_five(scan))[1]


@app.get("/", response_class=HTMLResponse)
async def ask() -> str:
    return f"<h1>Which digit?</h1>{FORM}"


@app.post("/", response_class=HTMLResponse)
async def answer(scan: UploadFile) -> str:
    data, best = await top_five(scan)
    rows = "".join(
        f"<tr><td>{b['digit']}<td><meter value={b['probability']:.4f}></meter><td>{b['probability']:.1%}" for b in best
    )
    picture = f"data:{escape(scan.content_type or 'image/png')};base64,{base64.b64encode(data).decode()}"
    return f'<h1>Which digit?</h1><img src="{picture}" width=160><table>{rows}</table>{FORM}'

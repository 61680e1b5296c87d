"""Packs and encrypted models from Python."""

import pathlib

import numpy as np
import pytest

import lite

ROOT = pathlib.Path(__file__).resolve().parents[3]
DIGITS = ROOT / "examples" / "data" / "digits.onnx"
PACKS = ROOT / "tests" / "data" / "packs"
KEY = bytes(range(100, 132))
INFO = {
    "valid": True,
    "name": "digits",
    "version": "1.13.0",
    "IO": {"inputs": [{"name": "data", "shape": {"dim0": 2, "dim1": 1, "dim2": 8, "dim3": 8}}]},
    "extra_info": {"classes": 10},
}


def probabilities(model, **options):
    with lite.Network(model, threads=1, **options) as net:
        return net.run({"data": np.ones((2, 1, 8, 8), np.float32)})["prob"]


def test_packs_run_like_what_is_in_them(tmp_path):
    want = probabilities(DIGITS)
    path = tmp_path / "digits.lite"
    for encrypt, key in ((None, None), ("AES_default", KEY), ("AES_256_GCM", KEY)):
        assert lite.pack(DIGITS, path, info=INFO, encrypt=encrypt, key=key) is None
        np.testing.assert_array_equal(probabilities(path, key=key), want)
        np.testing.assert_array_equal(probabilities(path.read_bytes(), key=key), want)
        assert lite.unpack(path, key=key) == DIGITS.read_bytes()
        assert b"classes" in lite.unpack(path, "info", key=key)
        facts = lite.describe_pack(path)
        assert facts["packed"] and facts["name"] == "digits" and facts["model"]["method"] == (encrypt or "NONE")
        assert ("text" in facts["info"]) == (encrypt is None)


def test_bare(tmp_path):
    path = tmp_path / "digits.bin"
    lite.pack(DIGITS, path, encrypt="AES_256_GCM", key=KEY, bare=True)
    assert lite.describe_pack(path)["model"]["method"] == "AES_256_GCM"
    options = {"decryption": "AES_256_GCM"}
    np.testing.assert_array_equal(probabilities(path, key=KEY, options=options), probabilities(DIGITS))
    with pytest.raises(lite.Error, match="the tag is wrong"):
        probabilities(path, key=KEY[::-1], options=options)
    with pytest.raises(lite.Error, match="31 bytes, 32 wanted"):
        lite.set_decryption_key("AES_256_GCM", KEY[1:])
    assert lite.unpack(path, method="AES_256_GCM", key=KEY) == DIGITS.read_bytes()


def test_megengines_packs():
    want = np.load(ROOT / "tests/data/mge/xor/output_0.npy")
    x = np.load(ROOT / "tests/data/mge/xor/input_0.npy")
    for path in sorted(PACKS.glob("*.lite")):
        with lite.Network(path) as net:
            np.testing.assert_allclose(net.run({"data": x})["output0"], want, atol=1e-5)


def test_what_is_wrong():
    with pytest.raises(lite.Error, match="only read"):
        lite.pack(DIGITS, encrypt="RC4_default", key=KEY)
    with pytest.raises(lite.Error, match="not built in"):
        lite.pack(DIGITS, encrypt="ROT13", key=KEY)
    with pytest.raises(lite.Error, match="version is missing"):
        lite.pack(DIGITS, info={"valid": True, "name": "m"})
    with pytest.raises(ValueError, match="part is 'weights'"):
        lite.unpack(PACKS / "plain.lite", "weights")
    with pytest.raises(lite.Error, match="no cache"):
        lite.unpack(PACKS / "plain.lite", "cache")

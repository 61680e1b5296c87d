"""What programs for MegEngine Lite's Python package rely on."""

import ctypes
import gc
import os
import pathlib
import re
import subprocess
import sys
import threading
import warnings
import weakref

import numpy as np
import pytest

import lite
from lite import _native

lite.install_as_megenginelite()
from megenginelite import *  # noqa: E402
from megenginelite.network import _LiteNetworkIO  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data" / "mge"
DIGITS, INPUT, WANT = (DATA / "digits" / name for name in ("model.mge", "input_0.npy", "output_0.npy"))
SCANS, PROB = np.load(INPUT), np.load(WANT)


def run(network, times=1):
    network.get_io_tensor("data").set_data_by_copy(SCANS)
    for _ in range(times):
        network.forward()
        network.wait()
    return network.get_io_tensor("prob").to_numpy()


def loaded(config=None, io=None):
    network = LiteNetwork(config, io)
    network.load(DIGITS)
    return network


def check(got):
    np.testing.assert_allclose(got, PROB, atol=1e-5)


# ---- the package


def test_modules_and_names():
    import megenginelite
    import megenginelite.struct
    from megenginelite.base import version as base_version
    from megenginelite.tensor import LiteTensor as same

    assert megenginelite is lite.megenginelite and same is lite.LiteTensor
    assert version == base_version == megenginelite.__version__ and re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert c_void_p is ctypes.c_void_p  # star imports of the original bring these along
    assert megenginelite.struct.LiteDeviceType.LITE_DEVICE_DEFAULT == 7


def test_the_package_is_found_only_after_it_is_installed():
    code = "import lite\ntry:\n import megenginelite\nexcept ImportError: pass\nelse: raise SystemExit(1)\nlite.install_as_megenginelite()\nimport megenginelite.utils"
    assert subprocess.run([sys.executable, "-S", "-c", "import site; site.main()\n" + code]).returncode == 0


def test_log_level():
    before = get_log_level()
    set_log_level(LiteLogLevel.ERROR)
    assert get_log_level() == LiteLogLevel.ERROR
    set_log_level(before)


def test_errors_are_runtime_errors_with_the_librarys_text():
    with pytest.raises(RuntimeError, match="nothing"):
        loaded().get_io_tensor("nothing")
    with pytest.raises(RuntimeError, match="LITE_load_model_from_path"):
        LiteNetwork().load(INPUT)
    with pytest.raises(FileNotFoundError):
        LiteNetwork().load("missing.mge")
    with pytest.raises(AssertionError):
        LiteNetwork().load(b"bytes")


# The functions that megenginelite 1.13 declares, and with which arguments: p pointer, z size_t, i int.
REGISTERED = """
LITE_clear_memory_pair p p i i | LITE_destroy_network p | LITE_destroy_tensor p | LITE_dump_layout_transform_model p p
LITE_dump_persistent_cache p | LITE_enable_global_layout_transform p | LITE_enable_io_bin_dump p p
LITE_enable_io_txt_dump p p | LITE_enable_profile_performance p p | LITE_extra_configure p LiteExtraConfig
LITE_forward p | LITE_get_all_input_name p p p | LITE_get_all_output_name p p p | LITE_get_cpu_threads_number p p
LITE_get_device_count i p | LITE_get_device_id p p | LITE_get_discrete_tensor p p z i p | LITE_get_input_name p z p
LITE_get_io_tensor p p i p | LITE_get_last_error | LITE_get_model_io_info_by_memory p z LiteConfig p
LITE_get_model_io_info_by_path p LiteConfig p | LITE_get_output_name p z p | LITE_get_static_memory_alloc_info p p
LITE_get_stream_id p p | LITE_get_tensor_device_id p p | LITE_get_tensor_device_type p p | LITE_get_tensor_layout p p
LITE_get_tensor_memory p p | LITE_get_tensor_total_size_in_byte p p | LITE_get_version p p p
LITE_is_cpu_inplace_mode p p | LITE_is_memory_continue p p | LITE_is_pinned_host p p | LITE_load_model_from_mem p p z
LITE_load_model_from_path p p | LITE_lookup_physic_ptr p p i i | LITE_make_default_network p
LITE_make_network p LiteConfig LiteNetworkIO | LITE_make_tensor LiteTensorDesc p
LITE_register_decryption_and_key p p p z | LITE_register_memory_pair p p z i i | LITE_reset_tensor p LiteLayout p
LITE_reset_tensor_memory p p z | LITE_set_async_callback p p | LITE_set_cpu_inplace_mode p
LITE_set_cpu_threads_number p z | LITE_set_device_id p i | LITE_set_finish_callback p p | LITE_set_loader_lib_path p
LITE_set_log_level i | LITE_set_network_algo_fastrun_config p i i | LITE_set_network_algo_policy p i
LITE_set_network_algo_workspace_limit p z | LITE_set_persistent_cache p i | LITE_set_start_callback p p
LITE_set_stream_id p i | LITE_set_tensor_layout p LiteLayout | LITE_share_runtime_memroy p p
LITE_shared_weight_with_network p p | LITE_tensor_concat p i i i i p | LITE_tensor_copy p p | LITE_tensor_fill_zero p
LITE_tensor_reshape p p i | LITE_tensor_share_memory_with p p | LITE_tensor_slice p p p p z p
LITE_try_coalesce_all_free_memory | LITE_update_decryption_or_key p p p z | LITE_use_tensorrt p | LITE_wait p
"""


def kind(parameter):
    """How a parameter of a C declaration is passed."""
    words = parameter.replace("const ", "").split()
    if "*" in parameter or words[0] in ("LiteTensor", "LiteNetwork") or words[0].endswith(("Callback", "Func")):
        return "p"
    structs = "LiteLayout LiteConfig LiteNetworkIO LiteTensorDesc LiteExtraConfig".split()
    return words[0] if words[0] in structs else "z" if words[0] == "size_t" else "i"


def test_the_library_has_what_the_real_package_declares():
    headers = "".join(p.read_text() for p in (ROOT / "include" / "lite-c").glob("*.h"))
    headers = re.sub(r"/\*.*?\*/", "", headers, flags=re.S)
    declared = {
        m[1]: [kind(p.strip()) for p in m[2].split(",") if p.strip() != "void"]
        for m in re.finditer(r"LITE_API[\w\s*]*?[\s*](LITE_\w+)\(([^;]*)\);", headers)
    }
    library = ctypes.CDLL(os.environ["LITE_LIBRARY"])
    for line in re.split(r"\||\n", REGISTERED.strip()):
        name, *arguments = line.split()
        assert hasattr(library, name), name
        assert declared[name] == arguments, name


def test_structs_are_laid_out_as_in_c(tmp_path):
    structs = {"LiteNetworkIO": _LiteNetworkIO}
    structs.update({s.__name__: s for s in (LiteLayout, LiteTensorDesc, LiteOptions, LiteConfig, LiteExtraConfig, LiteIO)})
    ours = [s for s in vars(_native).values() if isinstance(s, type(ctypes.Structure)) and s.__module__ == _native.__name__]
    structs = {**{"Lite" + s.__name__.removeprefix("Lite"): s for s in ours if s is not _native.Managed}, **structs}
    assert len(structs) == 19
    lines, want = [], []
    for name, struct in structs.items():
        lines.append(f"sizeof({name})")
        want.append(ctypes.sizeof(struct))
        for field, *_ in struct._fields_:
            lines.append(f"offsetof({name}, {field.lstrip('_')})")
            want.append(getattr(struct, field).offset)
    source = tmp_path / "sizes.c"
    body = "".join(f'  printf("%d\\n", (int){line});\n' for line in lines)
    source.write_text(
        "#include <stddef.h>\n#include <stdio.h>\n#include <lite.h>\n"
        f"int main(void) {{\n{body}  return 0;\n}}\n"
    )
    subprocess.run(["cc", "-I", str(ROOT / "include"), str(source), "-o", str(tmp_path / "sizes")], check=True)
    got = subprocess.run([str(tmp_path / "sizes")], check=True, capture_output=True, text=True).stdout
    assert [int(n) for n in got.split()] == want


# ---- configuration


def test_config():
    config = LiteConfig()
    config.bare_model_cryption_name = "nothing"
    assert config.bare_model_cryption_name == "nothing"
    config.bare_model_cryption_name = b"bytes"
    assert config.bare_model_cryption_name == "bytes"
    with pytest.raises(AssertionError):
        config.bare_model_cryption_name = 3
    assert (config.options.graph_opt_level, config.options.var_sanity_check_first_run) == (2, 1)
    assert config.device_type == LiteDeviceType.LITE_CPU and config.discrete_input_name == b""
    assert "'bare_model_cryption_name': 'bytes'" in repr(config) and "'jit_level': 0" in repr(config)
    assert repr(LiteExtraConfig(True)) == "{'disable_configure_by_model_info': True}"


def test_network_io():
    first, second = LiteIO("a", is_host=False), LiteIO("b", io_type=LiteIOType.LITE_IO_SHAPE, layout=LiteLayout([2, 4, 4]))
    io = LiteNetworkIO()
    io.add_input(first)
    io.add_input(second)
    io.add_input("c", False)
    io.add_output(LiteIO("out", layout=LiteLayout([1, 10])))
    assert [x.name for x in io.inputs] == ["a", "b", "c"] and io.inputs[0] == first
    assert not io.inputs[2].is_host and io.inputs[1].config_layout.shapes == [2, 4, 4]
    made = io._create_network_io()
    gc.collect()
    assert (made.input_size, made.output_size) == (3, 1)
    assert [made.inputs[i].name for i in range(3)] == ["a", "b", "c"] and made.outputs[0].name == "out"
    of_lists = LiteNetworkIO([["a", True], ["b", False, LiteIOType.LITE_IO_SHAPE]], [first])
    assert of_lists.inputs[1].io_type == LiteIOType.LITE_IO_SHAPE and of_lists.outputs == [first]
    first.name = "other"
    assert first.name == "other" and hash(first) == hash("other")
    with pytest.raises(AssertionError):
        LiteNetworkIO(["name"])


# ---- networks


@pytest.mark.parametrize("model", ["model.mge", "model_v1.mge"])
def test_basic(model):
    network = LiteNetwork()
    network.load(str(DATA / "digits" / model))
    tensor = network.get_io_tensor(network.get_input_name(0))
    assert tensor.layout.shapes == [1, 1, 8, 8] and tensor.layout.ndim == 4
    assert tensor.layout.data_type == LiteDataType.LITE_FLOAT and tensor.layout.dtype is np.float32
    assert network.get_all_input_name() == ["data"] and network.get_all_output_name() == [network.get_output_name(0)]
    check(run(network, 3))


def test_xor():
    network = LiteNetwork()
    network.load(DATA / "xor" / "model.mge")
    network.get_io_tensor(network.get_input_name(0)).set_data_by_copy(np.load(DATA / "xor" / "input_0.npy"))
    network.forward()
    network.wait()
    answer = network.get_io_tensor(network.get_output_name(0)).to_numpy()
    np.testing.assert_allclose(answer, np.load(DATA / "xor" / "output_0.npy"), atol=1e-5)


def test_load_from_an_open_file():
    network = LiteNetwork()
    with open(DIGITS, "rb") as file:
        network.load(file)
    check(run(network))


def test_input_by_share():
    network = loaded()
    network.get_io_tensor("data").set_data_by_share(SCANS.copy())  # nobody else keeps the array
    gc.collect()
    network.forward()
    network.wait()
    check(network.get_io_tensor("prob").to_numpy())


def test_input_shares_another_tensors_memory():
    network, tensor = loaded(), LiteTensor(LiteLayout(SCANS.shape, SCANS.dtype))
    tensor.set_data_by_share(SCANS)
    network.get_io_tensor("data").share_memory_with(tensor)
    network.forward()
    network.wait()
    check(network.get_io_tensor("prob").to_numpy())


def test_tensors_keep_their_network():
    tensor = loaded().get_io_tensor("data")
    gc.collect()
    assert tensor.layout.shapes == [1, 1, 8, 8]


@pytest.mark.parametrize("name, first", [("device_id", 0), ("stream_id", 0), ("threads_number", 1)])
def test_numbers_that_are_fixed_by_loading(name, first):
    network = LiteNetwork()
    assert getattr(network, name) == first
    setattr(network, name, first + 1)
    network.load(DIGITS)
    assert getattr(network, name) == first + 1
    with pytest.raises(RuntimeError):
        setattr(network, name, first + 1)
    check(run(network))


def test_inplace_mode():
    network = LiteNetwork()
    assert not network.is_cpu_inplace_mode()
    network.enable_cpu_inplace_mode()
    network.load(DIGITS)
    assert network.is_cpu_inplace_mode()
    with pytest.raises(RuntimeError):
        network.enable_cpu_inplace_mode()
    check(run(network))


def test_options_and_extra_configuration():
    option = LiteOptions()
    option.weight_preprocess = 1
    option.var_sanity_check_first_run = 0
    network = LiteNetwork(LiteConfig(option=option))
    network.extra_configure(LiteExtraConfig(True))
    network.use_tensorrt()
    network.enable_global_layout_transform()
    network.set_network_algo_workspace_limit(1 << 20)
    network.load(DIGITS)
    network.set_network_algo_policy(
        LiteAlgoSelectStrategy.LITE_ALGO_PROFILE | LiteAlgoSelectStrategy.LITE_ALGO_REPRODUCIBLE,
        shared_batch_size=1,
        binary_equal_between_batch=True,
    )
    check(run(network))


def test_layouts_of_io():
    io = LiteNetworkIO()
    io.add_input("data", layout=LiteLayout(SCANS.shape))
    network = loaded(io=io)
    assert network.get_io_tensor("data").layout.shapes == list(SCANS.shape)
    check(run(network))
    io.add_output("prob", layout=LiteLayout([7, 10]))
    with pytest.raises(RuntimeError, match="prob"):
        run(loaded(io=io))


def test_shape_only():
    io = LiteNetworkIO()
    io.add_output(LiteIO("prob", io_type=LiteIOType.LITE_IO_SHAPE))
    network = loaded(io=io)
    run(network)
    assert network.get_io_tensor("prob").layout.shapes == [32, 10]


def test_discrete_input():
    config = LiteConfig()
    config.discrete_input_name = b"data"
    io = LiteNetworkIO([LiteIO("data", layout=LiteLayout(SCANS.shape))])
    network = loaded(config, io)
    for i, scan in enumerate(SCANS):
        network.get_discrete_tensor("data", i).set_data_by_share(scan[None])
    network.forward()
    network.wait()
    check(network.get_io_tensor("prob").to_numpy())


def test_shared_weights_and_runtime_memory():
    source = loaded()
    other = LiteNetwork()
    other.enable_cpu_inplace_mode()
    other.share_weights_with(source)
    third = LiteNetwork()
    third.share_runtime_memroy(source)
    third.load(DIGITS)
    for network in (source, other, third):
        check(run(network))
    with pytest.raises(AssertionError):
        other.share_weights_with(None)


def test_async():
    network, finished, where = loaded(), threading.Event(), []

    def done():
        where.append(threading.get_ident())
        finished.set()

    network.async_with_callback(done)
    gc.collect()  # the network keeps the callback
    network.get_io_tensor("data").set_data_by_share(SCANS)
    network.forward()
    assert finished.wait(30)
    network.wait()
    assert where != [threading.get_ident()]
    check(network.get_io_tensor("prob").to_numpy())


def test_start_and_finish_callbacks():
    network, seen = loaded(), {}

    def keep(which):
        def callback(ios):
            seen[which] = {io.name: tensor.to_numpy() for io, tensor in ios.items()}
            return 1  # results are ignored

        return callback

    network.set_start_callback(keep("start"))
    network.set_finish_callback(keep("finish"))
    run(network)
    np.testing.assert_array_equal(seen["start"]["data"], SCANS)
    check(seen["finish"]["prob"])


def test_output_in_the_callers_memory():
    config = LiteConfig()
    config.options.force_output_use_user_specified_memory = True
    network, mine = loaded(config), np.zeros_like(PROB)
    network.get_io_tensor("data").set_data_by_share(SCANS)
    network.get_io_tensor("prob").set_data_by_share(mine)
    for _ in range(2):
        network.forward()
        network.wait()
    check(mine)


def test_files(tmp_path):
    network = loaded()
    network.enable_profile_performance(str(tmp_path / "profile.json"))
    network.io_txt_dump(str(tmp_path / "io.txt"))
    (tmp_path / "bin").mkdir()
    network.io_bin_dump(str(tmp_path / "bin"))
    check(run(network))
    network.get_static_memory_alloc_info(str(tmp_path / "memory"))
    network.dump_layout_transform_model(str(tmp_path / "again.mge"))
    for name in ("profile.json", "io.txt", "again.mge"):
        assert (tmp_path / name).stat().st_size > 0
    assert list((tmp_path / "bin").iterdir()) and list((tmp_path / "memory").iterdir())
    again = LiteNetwork()
    again.load(tmp_path / "again.mge")
    check(run(again))


def test_model_io_info():
    io = get_model_io_info(str(DIGITS))
    gc.collect()
    assert [(x.name, x.config_layout.shapes) for x in io.inputs] == [("data", [1, 1, 8, 8])]
    assert [(x.name, x.config_layout.shapes) for x in io.outputs] == [("prob", [1, 10])]
    assert len(get_model_io_info(str(DATA / "multi_io" / "model.mge"), LiteConfig()).inputs) == 3


# ---- tensors


def test_layouts():
    assert (LiteLayout().ndim, LiteLayout().data_type) == (0, LiteDataType.LITE_FLOAT)
    for dtype, code in (
        ("float32", LiteDataType.LITE_FLOAT),
        (np.int8, LiteDataType.LITE_INT8),
        (np.dtype("uint16"), LiteDataType.LITE_UINT16),
        ("float16", LiteDataType.LITE_HALF),
        (LiteDataType.LITE_UINT8, LiteDataType.LITE_UINT8),
    ):
        layout = LiteLayout([4, 16], dtype)
        assert (layout.shapes, layout.data_type) == ([4, 16], code)
    assert LiteLayout((2, 3), "int16") == LiteLayout([2, 3], np.int16) != LiteLayout([2, 3])
    layout.shapes = (1, 2, 3)
    assert (layout.ndim, layout.shapes) == (3, [1, 2, 3])
    with pytest.raises(AssertionError):
        LiteLayout([1] * 8)
    with pytest.raises(RuntimeError):
        LiteLayout([1], object())
    assert lite_dtype_2_numpy(LiteDataType.LITE_HALF) is np.float16
    with pytest.raises(AssertionError):
        lite_dtype_2_numpy(0)


def test_making():
    layout = LiteLayout([4, 16])
    tensor = LiteTensor(layout, device_id=1)
    assert tensor.layout == layout and tensor.device_type == LiteDeviceType.LITE_CPU and tensor.device_id == 1
    assert tensor.is_continue and not tensor.is_pinned_host and tensor.nbytes == 256
    tensor.layout = [8, 14]
    assert tensor.layout.shapes == [8, 14] and layout.shapes == [4, 16]
    tensor = LiteTensor(shapes=[1, 3, 224], dtype=np.int8)
    assert tensor.layout == LiteLayout([1, 3, 224], np.int8)
    assert LiteTensor().layout.ndim == 0 and LiteTensor().to_numpy().size == 0
    assert LiteTensor().get_data_by_share().size == 0
    assert "'shapes': [1, 3, 224]" in repr(tensor)


def test_set_data():
    tensor = LiteTensor(LiteLayout([2, 16], "int8"))
    tensor.set_data_by_copy(list(range(32)))
    np.testing.assert_array_equal(tensor.to_numpy(), np.arange(32, dtype=np.int8).reshape(2, 16))
    with pytest.raises(AssertionError):
        tensor.set_data_by_copy([0] * 33)
    array = np.arange(32, dtype=np.int8).reshape(2, 16)
    tensor.set_data_by_share(array)
    array[0, 8] = 100
    assert tensor.to_numpy()[0, 8] == 100
    half = np.arange(6, dtype=np.float16).reshape(2, 3)
    tensor.set_data_by_copy(half)
    assert tensor.layout == LiteLayout([2, 3], "float16")
    np.testing.assert_array_equal(tensor.to_numpy(), half)
    across = np.arange(6, dtype=np.uint8).reshape(2, 3).T
    with pytest.raises(AssertionError):
        tensor.set_data_by_copy(across)
    with pytest.raises(AssertionError):
        tensor.set_data_by_share(across)


def test_set_data_by_address():
    array = np.arange(32, dtype=np.int16).reshape(4, 8)
    tensor = LiteTensor(LiteLayout([4, 8], "int16"))
    tensor.set_data_by_share(array.ctypes.data, array.nbytes)
    array[3, 7] = 345
    np.testing.assert_array_equal(tensor.to_numpy(), array)
    with pytest.raises(AssertionError):
        tensor.set_data_by_share(array.ctypes.data, 3)
    tensor = LiteTensor()
    tensor.set_data_by_copy(array.ctypes.data_as(c_void_p), layout=LiteLayout([8, 4], "int16"))
    np.testing.assert_array_equal(tensor.to_numpy(), array.reshape(8, 4))
    with pytest.raises(AssertionError):
        tensor.set_data_by_copy(array.ctypes.data, 3)


def test_an_array_of_another_size_brings_its_shape():
    for element, want in (("uint16", "int16"), ("int32", "int32")):
        tensor = LiteTensor(LiteLayout([4, 32], "int16"))
        tensor.set_data_by_share(np.ones([8, 64], element))
        assert tensor.layout == LiteLayout([8, 64], want)
        assert tensor.to_numpy().sum() == 512


def test_fill_copy_reshape_share():
    tensor, other = (LiteTensor(LiteLayout([4, 8], "int16")) for _ in range(2))
    tensor.set_data_by_copy(list(range(32)))
    other.copy_from(tensor)
    tensor.fill_zero()
    assert not tensor.to_numpy().any()
    np.testing.assert_array_equal(other.to_numpy().ravel(), np.arange(32))
    other.reshape([8, -1])
    assert other.layout.shapes == [8, 4]
    tensor.share_memory_with(other)
    other.set_data_by_copy(list(range(5, 37)))
    np.testing.assert_array_equal(tensor.to_numpy(), np.arange(5, 37).reshape(8, 4))


def test_slice():
    whole = LiteTensor(LiteLayout([4, 8], "int32"))
    whole.set_data_by_copy(list(range(32)))
    part = whole.slice([1, 4], [3, 8])
    assert part.layout.shapes == [2, 4] and not part.is_continue
    array = np.arange(32).reshape(4, 8)
    np.testing.assert_array_equal(part.to_numpy(), array[1:3, 4:8])
    np.testing.assert_array_equal(whole.slice([0, 1], [4, 8], [2, 3]).to_numpy(), array[::2, 1::3])
    with pytest.raises(AssertionError):
        whole.slice([1], [2, 3])
    with pytest.raises(AssertionError):
        part.get_data_by_share()
    with pytest.raises(AssertionError):
        part.set_data_by_share(np.zeros([2, 4], np.int32))
    row = whole.slice([1], [2])
    row.set_data_by_copy(np.zeros([8], np.int32))  # a row's place takes a row of another rank
    array[1] = 0
    np.testing.assert_array_equal(whole.to_numpy(), array)


def test_arrays_live_as_long_as_something_sees_them():
    array = np.arange(6, dtype=np.int32).reshape(2, 3)
    alive = weakref.ref(array)
    whole, other = LiteTensor(LiteLayout([2, 3], "int32")), LiteTensor()
    whole.set_data_by_share(array)
    row = whole.slice([1], [2])
    other.share_memory_with(row)
    whole.set_data_by_share(np.zeros([2, 3], np.int32))
    del array, whole, row
    gc.collect()
    np.testing.assert_array_equal(other.to_numpy(), [[3, 4, 5]])
    del other
    gc.collect()
    assert alive() is None


def test_concat():
    tensors = []
    for i in range(4):
        tensors.append(LiteTensor(LiteLayout([4, 2], "int16")))
        tensors[-1].set_data_by_copy([i] * 8)
    assert LiteTensorConcat(tensors, 0).layout.shapes == [16, 2]
    np.testing.assert_array_equal(LiteTensorConcat(tensors, 1).to_numpy(), [[0, 0, 1, 1, 2, 2, 3, 3]] * 4)
    with pytest.raises(RuntimeError):
        LiteTensorConcat(tensors, 2)


def test_data_by_share():
    tensor = LiteTensor(LiteLayout([4, 8], "int16"))
    tensor.set_data_by_copy(list(range(32)))
    seen = tensor.get_data_by_share()
    tensor.set_data_by_copy(list(range(32, 64)))
    del tensor
    gc.collect()
    np.testing.assert_array_equal(seen.ravel(), np.arange(32, 64))


# ---- collecting a batch


@pytest.fixture
def batch():
    return TensorBatchCollector([4, 6, 8], dtype=LiteDataType.LITE_INT, device_type=LiteDeviceType.LITE_CPU)


def item(i):
    return np.full([6, 8], i, np.int32)


def test_collect(batch):
    tensor = LiteTensor(LiteLayout([6, 8], LiteDataType.LITE_INT))
    tensor.set_data_by_share(item(11))
    by_address = item(12)
    assert batch.collect(item(10)) == 0
    assert batch.collect(tensor) == 1
    assert batch.collect_by_ctypes(by_address.ctypes.data, by_address.nbytes) == 2
    batch.collect_id(item(13), 3)
    np.testing.assert_array_equal(batch.to_numpy(), np.stack([item(i) for i in range(10, 14)]))
    assert batch.get_tensor_at(2).layout.shapes == [1, 6, 8] and batch.get_tensor_at(2).to_numpy()[0, 0, 0] == 12
    with pytest.warns(UserWarning):
        assert batch.collect(item(14)) == -1
    batch.free([1])
    assert batch.collect(item(15)) == 1
    assert batch.get().to_numpy()[:, 0, 0].tolist() == [10, 15, 12, 13]


def test_collect_warns_and_refuses(batch):
    with pytest.warns(UserWarning):
        batch.get_tensor_at(0)
    with pytest.warns(UserWarning):
        batch.free([0])
    batch.collect_id(item(1), 0)
    with pytest.warns(UserWarning):
        batch.collect_id(item(2), 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert batch.get_tensor_at(0).to_numpy()[0, 0, 0] == 2
    for wrong in (np.zeros([6, 7], np.int32), np.zeros([6, 8], np.float32), [0] * 48, LiteTensor(LiteLayout([6, 8]))):
        with pytest.raises(AssertionError):
            batch.collect_id(wrong, 1)
        batch.free([1])
    with pytest.raises(AssertionError):
        batch.get_tensor_at(4)


def test_collect_into_a_networks_input():
    network = loaded()
    data = network.get_io_tensor("data")
    data.layout = LiteLayout(SCANS.shape)
    batch = TensorBatchCollector(SCANS.shape, tensor=data)
    for scan in SCANS:
        batch.collect(scan)
    network.forward()
    network.wait()
    check(network.get_io_tensor("prob").to_numpy())


# ---- the process


def test_devices_and_memory():
    assert LiteGlobal.get_device_count(LiteDeviceType.LITE_CPU) > 0
    LiteGlobal.try_coalesce_all_free_memory()
    LiteGlobal.set_loader_lib_path("nowhere.so")
    LiteGlobal.set_tensorrt_cache("nowhere")
    LiteGlobal.dump_tensorrt_cache()


def test_persistent_cache(tmp_path):
    def tune(threads):
        network = LiteNetwork()
        network.threads_number = threads
        network.set_network_algo_policy(LiteAlgoSelectStrategy.LITE_ALGO_PROFILE)
        network.load(DIGITS)
        check(run(network))

    cache = tmp_path / "cache"
    tune(1)
    LiteGlobal.dump_persistent_cache(str(cache))
    known = cache.read_text().splitlines()
    assert known[0].startswith("lite-choices 1\t") and len(known) > 1
    LiteGlobal.set_persistent_cache(str(cache), always_sync=True)
    tune(1)
    assert cache.read_text().splitlines() == known
    # What is measured with another number of threads is added, and written at once.
    tune(2)
    assert len(cache.read_text().splitlines()) == 2 * len(known) - 1

    foreign = tmp_path / "megengine"
    foreign.write_bytes(b"MGBC\0\1")
    LiteGlobal.set_persistent_cache(str(foreign), always_sync=True)
    tune(3)
    assert foreign.read_bytes() == b"MGBC\0\1"
    LiteGlobal.set_persistent_cache(str(cache))


def test_memory_pairs():
    virtual, physical = (np.ones([2, 3]).ctypes.data_as(c_void_p) for _ in range(2))
    LiteGlobal.register_memory_pair(virtual, physical, 48, LiteDeviceType.LITE_NPU)
    assert LiteGlobal.lookup_physic_ptr(virtual, LiteDeviceType.LITE_NPU).value == physical.value
    LiteGlobal.clear_memory_pair(virtual, physical, LiteDeviceType.LITE_NPU)
    with pytest.raises(RuntimeError):
        LiteGlobal.lookup_physic_ptr(virtual, LiteDeviceType.LITE_NPU)
    with pytest.raises(AssertionError):
        LiteGlobal.register_memory_pair(1, 2, 3, LiteDeviceType.LITE_NPU)


def test_decryption(tmp_path):
    asked = []

    @decryption_func
    def exclusive_or(given, key, out):
        asked.append(out is None)
        if out is not None:
            out[:] = given ^ key[0]
        return given.size

    LiteGlobal.register_decryption_and_key("test_megenginelite_xor", exclusive_or, [15])
    del exclusive_or
    gc.collect()  # the registry keeps it
    (tmp_path / "secret").write_bytes((np.fromfile(DIGITS, np.uint8) ^ 21).tobytes())
    config = LiteConfig()
    config.bare_model_cryption_name = "test_megenginelite_xor"
    LiteGlobal.update_decryption_key("test_megenginelite_xor", [21])
    network = LiteNetwork(config)
    network.load(tmp_path / "secret")
    check(run(network))
    assert True in asked and False in asked

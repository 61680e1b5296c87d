#!/usr/bin/env python3
"""Latency of inference engines on the models of models.py.

    bench.py prepare          build WORK: models, feeds, engine-specific files, reference outputs
    bench.py check            run each engine once and compare its outputs with the reference
    bench.py probe            load time, first run and peak RSS in fresh processes
    bench.py time             interleaved latency, 1 and 2 threads
    bench.py report           markdown from WORK/results.json

Options: --work DIR --models A,B --engines X,Y --threads 1,2 --batch N --rounds N

Every engine lives in its own worker process.  For one (model, threads) all
workers are kept loaded and get their turns round robin; a worker is stopped
with SIGSTOP outside its turn, so no spinning thread pool disturbs another one.
A turn is one untimed run (it refills the caches) and k timed runs.

To add an engine, write a class like those under "engines" and list it in ENGINES.
"""
import argparse
import json
import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
P311 = sys.executable
P310 = os.environ.get("MEGENGINE_PYTHON", "")  # a Python 3.10 with MegEngine, optional


def wp(work, model, suffix):
    return os.path.join(work, model + suffix)


# ---------------------------------------------------------------- engines
# load(work, model, threads) then run() any number of times, then outputs() -> list of arrays
# in the order of the ONNX outputs.  run() must not copy more than the engine's own API does.

def feeds_of(work, model):
    import numpy as np
    with np.load(wp(work, model, ".in.npz")) as z:
        return {k: z[k] for k in z.files}


class Ort:
    opt = "ALL"

    def load(self, work, model, threads):
        import onnxruntime as ort
        so = ort.SessionOptions()
        so.intra_op_num_threads, so.inter_op_num_threads = threads, 1
        so.graph_optimization_level = getattr(ort.GraphOptimizationLevel, "ORT_ENABLE_" + self.opt) \
            if self.opt != "NONE" else ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        so.log_severity_level = 3
        t = time.perf_counter()
        self.s = ort.InferenceSession(wp(work, model, ".onnx"), so, providers=["CPUExecutionProvider"])
        t = time.perf_counter() - t
        self.b = self.s.io_binding()
        self.keep = []
        for k, v in feeds_of(work, model).items():
            o = ort.OrtValue.ortvalue_from_numpy(v)
            self.keep.append((v, o))
            self.b.bind_ortvalue_input(k, o)
        for o in self.s.get_outputs():
            self.b.bind_ortvalue_output(o.name, ort.OrtValue.ortvalue_from_shape_and_type(o.shape, "float32" if o.type == "tensor(float)" else o.type))
        # the low-level call: no Python wrapper around it
        f, so_, bo = self.s._sess.run_with_iobinding, None, self.b._iobinding
        self.run = lambda: f(bo, so_)
        return t

    def outputs(self):
        return self.b.copy_outputs_to_cpu()


class OrtNoOpt(Ort):
    opt = "NONE"


class Ov:
    def load(self, work, model, threads):
        import openvino as ov
        core = ov.Core()
        t = time.perf_counter()
        m = core.read_model(wp(work, model, ".onnx"))
        c = core.compile_model(m, "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32",
                                          "INFERENCE_NUM_THREADS": threads})
        t = time.perf_counter() - t
        self.r = c.create_infer_request()
        self.keep = feeds_of(work, model)
        for p in c.inputs:
            name = next(n for n in p.get_names() if n in self.keep)
            self.r.set_tensor(p, ov.Tensor(self.keep[name], shared_memory=True))
        self.n = len(c.outputs)
        from openvino._pyopenvino import InferRequest
        f, r = InferRequest.infer, self.r
        try:
            f(r, {}, True, True, False)
            self.run = lambda: f(r, {}, True, True, False)
        except TypeError:
            self.run = lambda: r.infer(None, share_inputs=True, share_outputs=True)
        return t

    def outputs(self):
        return [self.r.get_output_tensor(i).data.copy() for i in range(self.n)]


class Ncnn:
    def load(self, work, model, threads):
        import numpy as np
        import ncnn
        net = ncnn.Net()
        net.opt.num_threads = threads
        net.opt.use_vulkan_compute = False
        # f32 like the others: by default ncnn keeps InnerProduct weights in fp16 on F16C machines
        net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
        net.opt.use_bf16_storage = False
        t = time.perf_counter()
        if net.load_param(wp(work, model, ".ncnn.param")) or net.load_model(wp(work, model, ".ncnn.bin")):
            raise RuntimeError("ncnn cannot load the converted model")
        t = time.perf_counter() - t
        # no batch dimension in ncnn
        with np.load(wp(work, model, ".ncnn.in.npz")) as z:
            self.keep = [np.ascontiguousarray(z[k][0]) for k in z.files]
        self.ins = [(f"in{i}", ncnn.Mat(v).clone()) for i, v in enumerate(self.keep)]
        self.outs = [n for n in net.output_names()]
        self.net, self.res = net, None
        return t

    def run(self):
        ex = self.net.create_extractor()
        for k, m in self.ins:
            ex.input(k, m)
        self.res = [ex.extract(k)[1] for k in self.outs]

    def outputs(self):
        import numpy as np
        return [np.array(m)[None] for m in self.res]


class Mnn:
    def load(self, work, model, threads):
        import MNN
        import numpy as np
        feeds = feeds_of(work, model)
        with open(wp(work, model, ".io.json")) as f:
            io = json.load(f)
        cfg = {"backend": "CPU", "precision": "high", "numThread": threads}
        path = wp(work, model, ".mnn")
        if model == "speech_rnn":  # has subgraphs: only the Module API runs those
            import MNN.expr as E
            import MNN.nn as nn
            cfg["backend"], cfg["precision"] = 0, "high"
            t = time.perf_counter()
            rt = nn.create_runtime_manager((cfg,))
            mod = nn.load_module_from_file(path, list(io["inputs"]), list(io["outputs"]), runtime_manager=rt)
            t = time.perf_counter() - t
            xs = [E.const(v.ravel().tolist(), list(v.shape), E.NCHW) if v.size < 0 else
                  E.const(v, list(v.shape), E.NCHW) for v in feeds.values()]
            self.keep = (rt, mod, xs, feeds)

            def run():
                self.res = [y.read() for y in mod.forward(xs)]
            self.run = run
            self.outputs = lambda: [np.array(y) for y in self.res]
            return t
        t = time.perf_counter()
        net = MNN.Interpreter(path)
        s = net.createSession(cfg)
        t = time.perf_counter() - t
        for k, v in feeds.items():
            x = net.getSessionInput(s, k)
            v = v.astype(np.int32) if v.dtype == np.int64 else v
            kind = MNN.Halide_Type_Int if v.dtype == np.int32 else MNN.Halide_Type_Float
            if tuple(x.getShape()) != v.shape:
                net.resizeTensor(x, v.shape)
                net.resizeSession(s)
            x.copyFrom(MNN.Tensor(v.shape, kind, v, MNN.Tensor_DimensionType_Caffe))
        self.run = lambda: net.runSession(s)

        def outputs():
            ys = []
            for name, shape in io["outputs"].items():
                y = net.getSessionOutput(s, name)
                h = MNN.Tensor(tuple(shape), MNN.Halide_Type_Float, np.zeros(shape, np.float32),
                               MNN.Tensor_DimensionType_Caffe)
                y.copyToHostTensor(h)
                ys.append(np.array(h.getNumpyData()).reshape(shape))
            return ys
        self.outputs, self.keep = outputs, (net, s)
        return t


class Mge:
    """The real MegEngine through its LITE_* C ABI (python binding), .mge from mge_export.py."""
    nchw88 = False

    def load(self, work, model, threads):
        import megenginelite as lite
        opt = lite.LiteOptions()
        opt.weight_preprocess, opt.const_shape, opt.graph_opt_level = True, True, 2
        opt.comp_node_seq_record_level = 1
        opt.var_sanity_check_first_run = False
        opt.enable_nchw88 = self.nchw88
        t = time.perf_counter()
        net = lite.LiteNetwork(config=lite.LiteConfig(lite.LiteDeviceType.LITE_CPU, opt))
        if threads > 1:
            net.threads_number = threads
        else:
            net.enable_cpu_inplace_mode()
        net.load(wp(work, model, ".mge"))
        t = time.perf_counter() - t
        for k, v in feeds_of(work, model).items():
            net.get_io_tensor(k).set_data_by_copy(v if v.dtype == "float32" else v.astype("int32"))
        self.net = net
        return t

    def run(self):
        self.net.forward()
        self.net.wait()

    def outputs(self):
        return [self.net.get_io_tensor(n).to_numpy() for n in self.net.get_all_output_name()]


class Mge88(Mge):
    """With the blocked layout, which MegEngine never chooses by itself on x86."""
    nchw88 = True


class Lite:
    """Ours, through the Python binding (PYTHONPATH and LITE_LIBRARY say where it is)."""
    options = {}
    suffix = ".onnx"

    def load(self, work, model, threads):
        import lite
        t = time.perf_counter()
        self.n = lite.Network(wp(work, model, self.suffix), threads=threads, options=self.options)
        t = time.perf_counter() - t
        for k, v in feeds_of(work, model).items():
            self.n.set_input(k, v)
        # the low-level call, as for the others: inputs are bound, outputs lie in the library's memory
        f, h = lite.network.lib.LITE_forward, self.n._handle
        check = lite.network.check
        self.run = lambda: check(f(h))
        return t

    def outputs(self):
        return list(self.n.run().values())


class LiteDirect(Lite):
    """Without Winograd's algorithm."""
    options = {"winograd": "0"}


class LiteCompiled(Lite):
    """From the container that `lite compile` writes."""
    suffix = ".lite"


# name: (class, python, file the engine needs, native libraries for the size table)
import sysconfig
SP = sysconfig.get_path("platlib") + "/"
SP10 = os.environ.get("MEGENGINE_SITE", "") + "/"
OVL = SP + "openvino/libs/"
ENGINES = {
    "ort": (Ort, P311, ".onnx", [SP + "onnxruntime/capi/libonnxruntime.so.1.31.1"]),
    "openvino": (Ov, P311, ".onnx", [OVL + n for n in (
        "libopenvino.so.2641", "libopenvino_intel_cpu_plugin.so", "libopenvino_onnx_frontend.so.2641",
        "libopenvino_c.so.2641", "libtbb.so.12", "libhwloc.so.15", "libtbbbind_2_5.so.3")]),
    "ncnn": (Ncnn, P311, ".ncnn.param", [SP + "ncnn/ncnn.cpython-311-x86_64-linux-gnu.so", SP + "ncnn.libs"]),
    "mnn": (Mnn, P311, ".mnn", [SP + "_mnncengine.cpython-311-x86_64-linux-gnu.so", SP + "mnn.libs"]),
    "megengine": (Mge, P310, ".mge", [SP10 + "megengine/core/lib/libmegengine_shared.so",
                                      SP10 + "megenginelite/libs"]),
    "mge_nchw88": (Mge88, P310, ".mge", [SP10 + "megengine/core/lib/libmegengine_shared.so",
                                         SP10 + "megenginelite/libs"]),
    "ort_noopt": (OrtNoOpt, P311, ".onnx", []),
    "lite": (Lite, P311, ".onnx", [os.environ.get("LITE_LIBRARY", "")]),
    "lite_direct": (LiteDirect, P311, ".onnx", []),
    "lite_compiled": (LiteCompiled, P311, ".lite", []),
}
DEFAULT = ["ort", "openvino", "ncnn", "mnn", "lite"] + (["megengine", "mge_nchw88"] if P310 else [])


# ---------------------------------------------------------------- worker side

def status_kb(field):
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith(field + ":"):
                return int(line.split()[1])


def worker(a):
    pipe = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # engines print to stdout
    say = lambda **k: print(json.dumps(k), file=pipe)
    import numpy  # noqa: F401  (count it in the baseline)
    base = status_kb("VmRSS")
    e = ENGINES[a.engine][0]()
    try:
        spent = time.process_time()
        t = time.perf_counter()
        load = e.load(a.work, a.model, a.threads)
        total = time.perf_counter() - t
        t = time.perf_counter()
        e.run()
        first = time.perf_counter() - t
        spent = time.process_time() - spent
    except Exception as ex:
        say(error=f"{type(ex).__name__}: {str(ex)[:300]}")
        return
    say(load=load, load_with_import=total, first=first, first_cpu=spent, peak_kb=status_kb("VmHWM"), base_kb=base)
    cpu = time.process_time
    run, now = e.run, cpu if a.cpu_time else time.perf_counter
    for line in sys.stdin:
        cmd, _, arg = line.strip().partition(" ")
        if cmd == "run":
            ts, c0 = [], cpu()
            run()
            c, w = cpu(), now()
            for _ in range(int(arg)):
                t = now()
                run()
                ts.append(now() - t)
            say(t=ts, cpu=(cpu() - c) / (now() - w), cpu_s=cpu() - c0)
        elif cmd == "save":
            import numpy as np
            ys = [np.asarray(y, np.float32) for y in e.outputs()]
            np.savez(arg, *ys)
            say(shapes=[list(y.shape) for y in ys])
        else:
            break
    os._exit(0)  # some engines hang or crash in their destructors


class Worker:
    def __init__(self, work, engine, model, threads, cpu_time=False):
        env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        cmd = [ENGINES[engine][1], os.path.abspath(__file__), "worker", "--engine", engine, "--model", model,
               "--threads", str(threads), "--work", work] + ["--cpu-time"] * cpu_time
        self.engine = engine
        self.started = time.time()
        self.p = subprocess.Popen(cmd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  text=True, env=env)
        self.info = self.read()

    def read(self):
        line = self.p.stdout.readline()
        return json.loads(line) if line else {"error": f"worker died ({self.p.wait()})"}

    def ask(self, cmd):
        self.p.send_signal(signal.SIGCONT)
        try:
            self.p.stdin.write(cmd + "\n")
            self.p.stdin.flush()
        except BrokenPipeError:
            pass
        r = self.read()
        if "error" not in r:
            self.p.send_signal(signal.SIGSTOP)
        return r

    def used_avx512(self):
        """Whether a thread of it had something in the registers that came with AVX-512; None where the kernel does not tell, as
        on a processor without them."""
        found, tasks = None, f"/proc/{self.p.pid}/task"
        for task in os.listdir(tasks):
            path = f"{tasks}/{task}/arch_status"
            if not os.path.exists(path):
                continue
            with open(path) as f:
                _, tells, rest = f.read().partition("AVX512_elapsed_ms:")
            if tells:
                elapsed = int(rest.split()[0])  # -1 for never; a new process and its threads inherit it
                found = bool(found) or 0 <= elapsed < 1000 * (time.time() - self.started) - 50
        return found

    def close(self):
        self.p.kill()
        self.p.wait()


# ---------------------------------------------------------------- prepare

def prepare(a):
    import numpy as np
    import onnx
    sys.path.insert(0, HERE)
    import models
    os.makedirs(a.work, exist_ok=True)
    src = os.path.join(a.work, "dyn")
    subprocess.check_call([P311, os.path.join(HERE, "models.py"), src, "--int8", "--only"] +
                          sorted({n.removesuffix("_int8") for n in a.models}))
    meta = {}
    for name in a.models:
        m = models.fix_batch(onnx.load(os.path.join(src, name + ".onnx")), a.batch)
        onnx.save(m, wp(a.work, name, ".onnx"))
        np.savez(wp(a.work, name, ".in.npz"), **models.example_inputs(m))
        dims = lambda v: [d.dim_value for d in v.type.tensor_type.shape.dim]
        io = {"inputs": {v.name: dims(v) for v in m.graph.input}, "outputs": {v.name: dims(v) for v in m.graph.output}}
        with open(wp(a.work, name, ".io.json"), "w") as f:
            json.dump(io, f)
        meta[name] = {"macs": sum(models.count_macs(m).values())}
        wanted = {e.split("_")[0] for e in a.engines}
        if "lite_compiled" in a.engines:
            import lite
            lite.compile(wp(a.work, name, ".onnx"), wp(a.work, name, ".lite"))
        print(name, convert_mnn(a.work, name) if "mnn" in wanted else "", convert_ncnn(a.work, name, m) if "ncnn" in wanted else "",
              convert_mge(a.work, name, m) if P310 and wanted & {"megengine", "mge"} else "", flush=True)
        w = Worker(a.work, "ort_noopt", name, 2)
        print("   reference", w.ask("save " + wp(a.work, name, ".ref.npz")), flush=True)
        w.close()
    merge(a.work, "meta", meta)


def convert_mnn(work, name):
    work = os.path.abspath(work)  # the converter leaves files in its current folder
    out = wp(work, name, ".mnn")
    r = subprocess.run([os.path.join(os.path.dirname(P311), "mnnconvert"), "-f", "ONNX", "--modelFile", wp(work, name, ".onnx"),
                        "--MNNModel", out, "--bizCode", "b"], cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if r.returncode and os.path.exists(out):
        os.remove(out)
    return f"mnn:{r.returncode}"


def convert_ncnn(work, name, m):
    import numpy as np
    import onnx
    if name.endswith("_int8"):
        return "ncnn:no QDQ support (pnnx leaves pnnx.Expression layers)"
    if next(iter(feeds_of(work, name).values())).shape[0] != 1:
        return "ncnn:no batches"
    d = wp(work, name, ".pnnx")
    os.makedirs(d, exist_ok=True)
    m2 = onnx.ModelProto()
    m2.CopyFrom(m)
    feeds = feeds_of(work, name)
    if name == "bert_base":
        without_lookups(m2, feeds)
    np.savez(wp(work, name, ".ncnn.in.npz"), **feeds)
    onnx.save(m2, os.path.join(d, "m.onnx"))
    shapes = ",".join("[" + ",".join(str(x.dim_value) for x in v.type.tensor_type.shape.dim) + "]" +
                      ("i64" if v.type.tensor_type.elem_type == 7 else "f32") for v in m2.graph.input)
    r = subprocess.run([SP + "pnnx/pnnx", "m.onnx", "inputshape=" + shapes, "fp16=0"], cwd=d,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if r.returncode:
        return f"ncnn:{r.returncode}"
    os.replace(os.path.join(d, "m.ncnn.param"), wp(work, name, ".ncnn.param"))
    os.replace(os.path.join(d, "m.ncnn.bin"), wp(work, name, ".ncnn.bin"))
    subprocess.run(["rm", "-rf", d])
    return "ncnn:0"


def without_lookups(m, feeds):
    """For ncnn (no Gather, no Cast): feed embedding rows and a float mask instead of integers."""
    import numpy as np
    from onnx import numpy_helper
    g = m.graph
    inits = {i.name: i for i in g.initializer}
    ints = {v.name: v for v in g.input}
    for n in list(g.node):
        if n.op_type == "Gather" and n.input[0] in inits and n.input[1] in ints:
            table, v = inits[n.input[0]], ints[n.input[1]]
            rows = numpy_helper.to_array(table)[feeds.pop(v.name)]
            for x in g.node:
                if x.op_type == "Shape" and x.input[0] == v.name:  # read for its batch only
                    x.input[0] = n.output[0]
            v.CopyFrom(helper_info(n.output[0], rows.shape))
            feeds[v.name] = rows
            g.initializer.remove(table)
            g.node.remove(n)
    for n in list(g.node):
        if n.op_type == "Cast":  # Unsqueeze -> Unsqueeze -> Cast
            u = next(x for x in g.node if x.output[0] == n.input[0])
            u0 = next(x for x in g.node if x.output[0] == u.input[0])
            v, mask = ints[u0.input[0]], feeds.pop(u0.input[0])
            g.node.remove(u0)
            feeds[n.output[0]] = mask[:, None, None].astype(np.float32)
            v.CopyFrom(helper_info(n.output[0], feeds[n.output[0]].shape))
            g.node.remove(u)
            g.node.remove(n)
    order = [v.name for v in g.input]
    for k in order:
        feeds[k] = feeds.pop(k)
    del g.value_info[:]


def helper_info(name, shape):
    from onnx import TensorProto, helper
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def convert_mge(work, name, m):
    """ONNX -> flat description -> .mge built by the real MegEngine (mge_export.py)."""
    exporter = os.path.join(HERE, "mge_export.py")
    if not os.path.exists(exporter) or name.endswith("_int8"):
        return "mge:-"
    r = subprocess.run([P311, exporter, "describe", wp(work, name, ".onnx"), wp(work, name, ".pkl")],
                       capture_output=True, text=True)
    if not r.returncode:
        r = subprocess.run([P310, exporter, "build", wp(work, name, ".pkl"), wp(work, name, ".mge")],
                           capture_output=True, text=True)
    if os.path.exists(wp(work, name, ".pkl")):
        os.remove(wp(work, name, ".pkl"))
    return "mge:0" if not r.returncode else "mge:" + (r.stderr.strip().splitlines() or ["?"])[-1][:120]


def merge(work, key, value):
    path = os.path.join(work, "results.json")
    data = {}
    if os.path.exists(path):
        with open(path) as f:
            data = json.load(f)
    data.setdefault(key, {})
    for k, v in value.items():
        if isinstance(v, dict) and isinstance(data[key].get(k), dict):
            data[key][k].update(v)
        else:
            data[key][k] = v
    with open(path, "w") as f:
        json.dump(data, f, indent=1)


def usable(work, model, engine):
    return os.path.exists(wp(work, model, ENGINES[engine][2]))


# ---------------------------------------------------------------- measure

def compare(work, model, path):
    import numpy as np
    with np.load(wp(work, model, ".ref.npz")) as r, np.load(path) as y:
        out = []
        for k in r.files:
            a, b = r[k], y[k] if k in y.files else None
            if b is None or a.size != b.size:
                return {"bad": f"{k}: shape {None if b is None else b.shape} instead of {a.shape}"}
            d = np.abs(a.astype(np.float64) - b.reshape(a.shape))
            scale = np.abs(a).max()
            cos = float((a * b.reshape(a.shape)).sum() / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-30))
            out.append((float(d.max()), float(d.max() / scale), cos, bool(np.isfinite(b).all())))
        worst = max(out, key=lambda o: o[1])
        return {"max_abs": worst[0], "rel_to_max": worst[1], "cos": worst[2], "finite": worst[3]}


def check(a):
    res = {}
    for m in a.models:
        res[m] = {}
        for e in a.engines:
            if not usable(a.work, m, e):
                continue
            for t in a.threads:
                w = Worker(a.work, e, m, t)
                r = w.info
                if "error" not in r:
                    tmp = wp(a.work, m, f".{e}.npz")
                    r = w.ask("save " + tmp)
                    if "error" not in r:
                        r = compare(a.work, m, tmp)
                        os.remove(tmp)
                w.close()
                res[m][f"{e}/{t}"] = r
                print(f"{m:20s} {e:10s} {t}T {r}", flush=True)
    merge(a.work, "check", res)


def probe(a):
    """Engines in turns, the best of six: a host that hands out memory anew makes one round take twice as long as the next. first_cpu is
    processor time from before the load (imports included) to the first result."""
    res = {}
    for m in a.models:
        best = res[m] = {}
        for _ in range(6):
            for e in a.engines:
                if not usable(a.work, m, e) or "error" in best.get(e, {}):
                    continue
                w = Worker(a.work, e, m, 1)
                i = w.info
                w.close()
                if "error" in i or e not in best or i["load"] + i["first"] < best[e]["load"] + best[e]["first"]:
                    best[e] = i
        for e, i in best.items():
            print(m, e, i, flush=True)
    merge(a.work, "probe", res)


def busy():
    """CPU seconds used by the whole machine, stolen time included."""
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:9]]
    return (sum(v) - v[3] - v[4]) / os.sysconf("SC_CLK_TCK")


def foreign_load(seconds=0.1):
    b = busy()
    time.sleep(seconds)
    return (busy() - b) / seconds


def timing(a):
    """Only turns during which other processes used < QUIET cores count, unless there are none."""
    for m in a.models:
        for t in a.threads:
            ws = [Worker(a.work, e, m, t, a.cpu_time and t == 1) for e in a.engines if usable(a.work, m, e)]
            for w in ws:
                if "error" in w.info:
                    print(m, w.engine, w.info)
                    w.close()
                else:
                    w.p.send_signal(signal.SIGSTOP)
            ws = [w for w in ws if "error" not in w.info]
            k, need, turns = {}, {}, {w.engine: [] for w in ws}
            for w in ws:  # warm up, and choose the runs per turn
                w.ask("run 2")
                est = min(w.ask("run 3")["t"])
                k[w.engine] = max(2, min(3000, int(0.25 / est)))
                need[w.engine] = max(a.rounds, -(-20 // k[w.engine]) if est < 0.5 else 6)
            good = lambda e: [x for x in turns[e] if a.cpu_time or x["foreign"] < a.quiet]
            end, r = time.time() + a.limit, 0
            while time.time() < end and any(len(good(w.engine)) < need[w.engine] for w in ws):
                for w in ws[r % len(ws):] + ws[:r % len(ws)]:
                    if len(good(w.engine)) >= need[w.engine]:
                        continue
                    while not a.cpu_time and foreign_load() > 0.2 and time.time() < end:
                        pass
                    b, c = busy(), time.time()
                    x = w.ask(f"run {k[w.engine]}")
                    x["foreign"] = (busy() - b - x["cpu_s"]) / (time.time() - c)
                    turns[w.engine].append(x)
                r += 1
            out = {}
            for w in ws:
                avx512 = w.used_avx512()
                w.close()
                xs = good(w.engine)
                ok = len(xs)
                if ok < 3:
                    xs = sorted(turns[w.engine], key=lambda x: x["foreign"])[:max(3, ok)]
                v = sorted(y for x in xs for y in x["t"])
                out[w.engine] = {"min": v[0], "med": v[len(v) // 2], "p90": v[int(len(v) * 0.9)], "n": len(v),
                                 "cpus": sum(x["cpu"] for x in xs) / len(xs), "quiet_turns": ok, "turns": len(turns[w.engine]),
                                 "foreign": sum(x["foreign"] for x in xs) / len(xs), "avx512": avx512}
            merge(a.work, "time", {f"{m}/{t}": out})
            print(f"{m:20s} {t}T " + "  ".join(f"{e} {o['min'] * 1e3:.3f}/{o['med'] * 1e3:.3f} cpu {o['cpus']:.2f} q {o['quiet_turns']}/{o['turns']}"
                                               for e, o in out.items()), flush=True)


# ---------------------------------------------------------------- report

def size_of(paths):
    total = 0
    for p in paths:
        files = [os.path.join(p, f) for f in os.listdir(p)] if os.path.isdir(p) else [p]
        total += sum(os.path.getsize(f) for f in files)
    return total


def report(a):
    with open(os.path.join(a.work, "results.json")) as f:
        d = json.load(f)
    es = a.engines
    peak = {int(k): v for k, v in d.get("peak", {}).items()}

    def ms(x):
        x *= 1e3
        return f"{x:.4f}" if x < 0.1 else f"{x:.2f}" if x < 100 else f"{x:.0f}"

    for t in a.threads:
        print(f"\nLatency, {t} thread(s): min / median ms" + (f" (% of {peak[t]:.0f} GFLOP/s at min)" if t in peak else "") + "\n")
        print("| model | GFLOP | " + " | ".join(es) + " | best |\n|---" * 1 + "|---" * (len(es) + 2) + "|")
        for m in a.models:
            row = d["time"].get(f"{m}/{t}", {})
            if not row:
                continue
            g = 2e-9 * d["meta"][m]["macs"]
            cells = []
            for e in es:
                r = row.get(e)
                cells.append(f"{ms(r['min'])} / {ms(r['med'])}" + (f" ({100 * g / r['min'] / peak[t]:.0f}%)" if t in peak else "")
                             if r else "-")
            best = min(row, key=lambda e: row[e]["min"])
            print(f"| {m} | {g:.3g} | " + " | ".join(cells) + f" | {best} |")
    print("\nLoad (+compile) s, 1 thread / peak RSS MB of a fresh process (python+numpy baseline included)\n")
    print("| model | " + " | ".join(es) + " |" + "\n|---" + "|---" * len(es) + "|")
    for m in a.models:
        p = d.get("probe", {}).get(m, {})
        cell = lambda r: "-" if not r else "error" if "error" in r else f"{r['load']:.3f} / {r['peak_kb'] / 1024:.0f}"
        print(f"| {m} | " + " | ".join(cell(p.get(e)) for e in es) + " |")
    print("\nNative libraries, MB: " + ", ".join(f"{e} {size_of(ENGINES[e][3]) / 1e6:.1f}" for e in es))
    print("\nAgreement with unoptimised onnxruntime: max abs diff / max|ref|\n")
    print("| model | " + " | ".join(es) + " |" + "\n|---" + "|---" * len(es) + "|")
    for m in a.models:
        c = d.get("check", {}).get(m, {})
        cells = []
        for e in es:
            rs = [v for k, v in c.items() if k.startswith(e + "/")]
            bad = next((r for r in rs if "error" in r or "bad" in r), None)
            cells.append("-" if not rs else "error" if bad else f"{max(r['rel_to_max'] for r in rs):.1e}")
        print(f"| {m} | " + " | ".join(cells) + " |")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("cmd", choices=["prepare", "check", "probe", "time", "report", "worker"])
    ap.add_argument("--work", default=os.path.join(HERE, "work"))
    ap.add_argument("--models")
    ap.add_argument("--engines")
    ap.add_argument("--threads", default="1,2")
    ap.add_argument("--batch", type=int, default=1, help="what prepare fixes the models to")
    ap.add_argument("--rounds", type=int, default=6)
    ap.add_argument("--quiet", type=float, default=0.1, help="foreign load, in cores, that a turn may see")
    ap.add_argument("--cpu-time", action="store_true",
                    help="for machines that are never quiet: with one thread, the process's time instead of the clock's")
    ap.add_argument("--limit", type=float, default=45, help="seconds per (model, threads)")
    ap.add_argument("--engine")
    ap.add_argument("--model")
    a = ap.parse_args()
    if a.cmd == "worker":
        a.threads = int(a.threads)
        return worker(a)
    a.threads = [int(x) for x in a.threads.split(",")]
    a.engines = a.engines.split(",") if a.engines else DEFAULT
    if a.models:
        a.models = a.models.split(",")
    else:
        sys.path.insert(0, HERE)
        import models
        a.models = list(models.MODELS) + [m + "_int8" for m in models.INT8]
    {"prepare": prepare, "check": check, "probe": probe, "time": timing, "report": report}[a.cmd](a)


if __name__ == "__main__":
    main()

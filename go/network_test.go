package lite_test

// What the scenario does not say: how this package in particular behaves.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	lite "github.com/lite-engine/lite/go"
)

func open(t testing.TB, model string, options ...lite.OpenOption) *lite.Network {
	t.Helper()
	net, err := lite.Open(filepath.Join(scenario, "models", model+".onnx"), options...)
	must(t, err)
	t.Cleanup(func() { must(t, net.Close()) })
	return net
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("%v is not of the kind %v", err, target.(*lite.Error).Code)
	}
}

func input(t testing.TB, net *lite.Network, name string) *lite.Tensor {
	t.Helper()
	tensor, err := net.Input(name)
	must(t, err)
	return tensor
}

func output(t testing.TB, net *lite.Network, name string) *lite.Tensor {
	t.Helper()
	tensor, err := net.Output(name)
	must(t, err)
	return tensor
}

// counting is a network that runs for hours.
func counting(t *testing.T) *lite.Network {
	net := open(t, "count")
	must(t, lite.Set(input(t, net, "times"), nil, []int64{1e12}))
	must(t, lite.Set(input(t, net, "start"), nil, []float32{0}))
	return net
}

func TestBoundMemoryIsReadByEachRun(t *testing.T) {
	net := open(t, "scalar")
	x, y := input(t, net, "x"), output(t, net, "y")
	data := []float32{2}
	must(t, lite.Bind(x, nil, data))
	for _, want := range []float32{4, 9, 16} {
		runtime.GC() // moves nothing, but would free what is not kept
		must(t, net.Run(context.Background()))
		got, err := lite.Get[float32](y)
		must(t, err)
		if got[0] != want {
			t.Fatalf("%v is not %v", got, want)
		}
		data[0]++
	}
	// What is set is copied, and does not go into memory that was bound.
	must(t, lite.Set(x, nil, []float32{7}))
	if data[0] != 5 {
		t.Fatal("bound memory was written to")
	}
	must(t, net.Run(context.Background()))
	if n, err := lite.CopyTo(y, data); n != 1 || err != nil || data[0] != 49 {
		t.Fatal(n, err, data)
	}
	_, err := lite.CopyTo(y, data[:0])
	is(t, err, &lite.Error{Code: lite.BufferTooSmall})
}

func TestViewsEnd(t *testing.T) {
	net := open(t, "scalar")
	must(t, lite.Set(input(t, net, "x"), nil, []float32{3}))
	must(t, net.Run(context.Background()))
	view, err := lite.ViewOf[float32](output(t, net, "y"))
	must(t, err)
	must(t, view.Look(func(data []float32) {
		if data[0] != 9 {
			t.Errorf("%v is not 9", data)
		}
		// What would take the memory away is refused meanwhile.
		is(t, net.Run(context.Background()), lite.ErrBusy)
		is(t, net.Close(), lite.ErrBusy)
	}))
	must(t, net.Run(context.Background()))
	is(t, view.Look(func([]float32) { t.Error("it is shown") }), lite.ErrStale)
	view, err = lite.ViewOf[float32](output(t, net, "y"))
	must(t, err)
	must(t, net.Close())
	is(t, view.Look(func([]float32) { t.Error("it is shown") }), lite.ErrClosed)
	is(t, lite.View[float32]{}.Look(nil), lite.ErrInvalidArgument)
}

func TestClosed(t *testing.T) {
	net := open(t, "scalar")
	x, y := input(t, net, "x"), output(t, net, "y")
	must(t, net.Close())
	must(t, net.Close())
	calls := map[string]func() error{
		"Run":          func() error { return net.Run(context.Background()) },
		"Start":        func() error { return <-net.Start(context.Background()) },
		"Cancel":       net.Cancel,
		"Trim":         net.Trim,
		"SetTimeout":   func() error { return net.SetTimeout(1) },
		"SetOption":    func() error { return net.SetOption("threads", "1") },
		"SetProfiling": func() error { return net.SetProfiling(true) },
		"Set":          func() error { return lite.Set(x, nil, []float32{1}) },
		"Bind":         func() error { return lite.Bind(x, nil, []float32{1}) },
		"GetOption":    func() error { _, err := net.GetOption("threads"); return err },
		"Statistics":   func() error { _, err := net.Statistics(); return err },
		"Profile":      func() error { _, err := net.Profile("table"); return err },
		"Graph":        func() error { _, err := net.Graph("imported", "text"); return err },
		"Share":        func() error { _, err := net.Share(); return err },
		"Get":          func() error { _, err := lite.Get[float32](y); return err },
		"ViewOf":       func() error { _, err := lite.ViewOf[float32](y); return err },
		"Shape":        func() error { _, err := y.Shape(); return err },
		"Dtype":        func() error { _, err := y.Dtype(); return err },
		"Bytes":        func() error { _, err := y.Bytes(); return err },
		"Strings":      func() error { _, err := y.Strings(); return err },
	}
	for name, f := range calls {
		if err := f(); !errors.Is(err, lite.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMistakes(t *testing.T) {
	net := open(t, "classifier")
	x, label := input(t, net, "x"), output(t, net, "label")
	says := func(err error, target error, text string) {
		t.Helper()
		is(t, err, target)
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%q does not say %q", err, text)
		}
	}
	_, err := net.Input("nobody")
	says(err, lite.ErrNotFound, "there is no input 'nobody'; there are 'x'")
	_, err = net.Output("nobody")
	says(err, lite.ErrNotFound, "there are 'label', 'prob'")
	says(lite.Set(x, []int{1, 4}, make([]float32, 3)), lite.ErrShapeMismatch, "3 elements are given, a shape of [1 4] has 4")
	says(lite.Bind(x, []int{1, 4}, make([]float32, 3)), lite.ErrShapeMismatch, "3 elements")
	says(lite.Set(x, []int{-1}, []float32{}), lite.ErrShapeMismatch, "[-1] is no shape")
	says(lite.Set(x, []int{1 << 40, 1 << 40}, []float32{}), lite.ErrShapeMismatch, "is no shape")
	says(lite.Set(x, make([]int, 65), []float32{}), lite.ErrShapeMismatch, "64 are the most")
	_, err = lite.Open("a\x00b")
	says(err, lite.ErrInvalidArgument, "has a NUL in it")
	says(net.SetOption("threads", "1\x00"), lite.ErrInvalidArgument, "has a NUL in it")
	_, err = lite.Open("/nowhere")
	if _, ok := err.(*lite.Error); !ok {
		t.Errorf("%T", err)
	}
	says(lite.Set(label, []int{1}, []int64{1}), lite.ErrInvalidArgument, "output 'label' cannot be set")
	says(x.SetBytes(lite.Int4, []int{3}, []byte{0}), lite.ErrShapeMismatch, "a tensor int4[3] has 2")
	says(x.SetStrings([]int{1}, nil), lite.ErrShapeMismatch, "0 strings are given")
	must(t, lite.Set(x, []int{1, 4}, make([]float32, 4)))
	must(t, net.Run(context.Background()))
	_, err = lite.Get[float32](label)
	says(err, lite.ErrShapeMismatch, "'label' is of int64, not of float32")
	_, err = label.Strings()
	says(err, lite.ErrShapeMismatch, "not of string")
	says(net.SetTimeout(-1), lite.ErrInvalidArgument, "a time limit of -1ns")
}

func TestContexts(t *testing.T) {
	net := counting(t)
	cause := errors.New("the client has gone")
	ctx, cancel := context.WithCancelCause(context.Background())
	result := net.Start(ctx)
	is(t, net.Run(context.Background()), lite.ErrBusy)
	is(t, lite.Set(input(t, net, "times"), nil, []int64{1}), lite.ErrBusy)
	cancel(cause)
	err := <-result
	is(t, err, lite.ErrCancelled)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) || !strings.Contains(err.Error(), "client") {
		t.Fatal(err)
	}
	// One that has ended already.
	if err := net.Run(ctx); !errors.Is(err, cause) || !errors.Is(err, lite.ErrCancelled) {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer stop()
	err = net.Run(ctx)
	is(t, err, lite.ErrTimedOut)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	// The library's own limit.
	must(t, net.SetTimeout(10*time.Millisecond))
	is(t, net.Run(context.Background()), lite.ErrTimedOut)
	must(t, net.SetTimeout(0))
	// Without a context.
	result = net.Start(context.Background())
	for err = nil; err == nil; {
		must(t, net.Cancel())
		select {
		case err = <-result:
		default:
			runtime.Gosched()
		}
	}
	is(t, err, lite.ErrCancelled)
	must(t, lite.Set(input(t, net, "times"), nil, []int64{3}))
	must(t, net.Run(context.Background()))
}

// A context that ends just when a run does must not stop the next one.
func TestContextsEndWithTheirRun(t *testing.T) {
	net := open(t, "scalar")
	must(t, lite.Set(input(t, net, "x"), nil, []float32{3}))
	for i := 0; i < 500; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		go cancel()
		if err := net.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		must(t, net.Run(context.Background()))
	}
}

func TestCloseStopsARun(t *testing.T) {
	net := counting(t)
	result := net.Start(context.Background())
	must(t, net.Close())
	is(t, <-result, lite.ErrCancelled)
	is(t, <-net.Start(context.Background()), lite.ErrClosed)
}

func TestGoroutinesShareWeights(t *testing.T) {
	net := open(t, "classifier")
	var wg sync.WaitGroup
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			own, err := net.Share()
			if err != nil {
				t.Error(err)
				return
			}
			defer own.Close()
			data := make([]float32, 4)
			if err := lite.Bind(input(t, own, "x"), []int{1, 4}, data); err != nil {
				t.Error(err)
			}
			for k := 0; k < 50; k++ {
				data[0] = float32(k)
				if err := own.Run(context.Background()); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wg.Wait()
}

// Networks that nobody closes, with memory that is used in place, are freed: handles would run out otherwise, and memory.
func TestForgotten(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(scenario, "models", "scalar.onnx"))
	must(t, err)
	cycles := 3000
	if text := os.Getenv("LITE_CYCLES"); text != "" {
		cycles, err = strconv.Atoi(text)
		must(t, err)
	}
	var most uint64
	for i := 0; i < cycles; i++ {
		net, err := lite.OpenBytes(data)
		must(t, err)
		must(t, lite.Bind(input(t, net, "x"), nil, []float32{float32(i)}))
		must(t, net.Run(context.Background()))
		if i%1000 == 999 {
			resident := residentBytes(t)
			if most == 0 {
				most = resident + 64<<20
			}
			if resident > most {
				t.Fatalf("after %d networks %d MB are resident", i, resident>>20)
			}
		}
	}
}

func residentBytes(t *testing.T) uint64 {
	var total, resident uint64
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip(err)
	}
	if _, err := fmt.Sscan(string(text), &total, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * uint64(os.Getpagesize())
}

func TestExternalDataIsFreedWhetherLoadingSucceedsOrNot(t *testing.T) {
	net := open(t, "classifier", lite.ExternalData("weights.bin", make([]byte, 64)), lite.ExternalData("empty.bin", nil),
		lite.BaseDirectory("."), lite.Format("onnx"), lite.Limits(1<<20, 100), lite.OnDevice(lite.CPU, -1))
	must(t, net.Close())
	_, err := lite.OpenBytes([]byte("nothing"), lite.ExternalData("weights.bin", make([]byte, 64)))
	is(t, err, lite.ErrInvalidModel)
	_, err = lite.OpenBytes(nil)
	is(t, err, lite.ErrInvalidModel)
	_, err = lite.Open(filepath.Join(scenario, "models", "classifier.onnx"), lite.Limits(0, 1))
	is(t, err, lite.ErrLimitExceeded)
}

func TestUnsupportedNodes(t *testing.T) {
	nodes, err := lite.UnsupportedNodes(filepath.Join(scenario, "models", "not_an_operator.onnx"))
	must(t, err)
	if len(nodes) != 1 || nodes[0].OpType != "Frobnicate" || nodes[0].Name != "f" || nodes[0].Reason == "" {
		t.Fatal(nodes)
	}
	nodes, err = lite.UnsupportedNodes(filepath.Join(scenario, "models", "classifier.onnx"))
	if len(nodes) != 0 || err != nil {
		t.Fatal(nodes, err)
	}
	data, err := os.ReadFile(filepath.Join(scenario, "models", "not_an_operator.onnx"))
	must(t, err)
	if nodes, err = lite.UnsupportedNodesBytes(data); len(nodes) != 1 || err != nil {
		t.Fatal(nodes, err)
	}
	_, err = lite.UnsupportedNodes("missing.onnx")
	is(t, err, lite.ErrNotFound)
}

func TestTheProcess(t *testing.T) {
	major, minor, _, err := lite.Version()
	if major != 1 || minor != 0 || err != nil {
		t.Fatal(major, minor, err)
	}
	path, err := lite.LibraryPath()
	if path == "" || err != nil {
		t.Fatal(path, err)
	}
	must(t, lite.Load(""))
	is(t, lite.Load("/another/liblite.so"), lite.ErrAlreadyLoaded)
	info, err := lite.BuildInfo()
	if !strings.Contains(info, "version") || err != nil {
		t.Fatal(info, err)
	}
	operators, err := lite.Operators()
	must(t, err)
	if kernelsOf(operators, "Conv") == 0 {
		t.Fatal("Conv has no kernels")
	}
	options, err := lite.Options()
	must(t, err)
	if len(options) < 10 || options[0].Key != "threads" || options[0].Process || options[0].Type != "int" {
		t.Fatal(options)
	}
	must(t, lite.SetOption("spin_us", "40"))
	if value, err := lite.GetOption("spin_us"); value != "40" || err != nil {
		t.Fatal(value, err)
	}
	is(t, lite.SetOption("colour", "red"), lite.ErrInvalidArgument)
	if n, err := lite.NumThreads(); n < 1 || err != nil {
		t.Fatal(n, err)
	}
	is(t, lite.SetNumThreads(-1), lite.ErrInvalidArgument)
	if n, err := lite.CPU.Count(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	must(t, lite.ReleaseMemory())
	_, err = lite.ProcessStatistics()
	must(t, err)
	if text := lite.BFloat16.String(); text != "bfloat16" || lite.Int4.Bits() != 4 || lite.Dtype(999).Bits() != 0 {
		t.Fatal(text)
	}
}

func kernelsOf(operators []lite.OperatorInfo, name string) int {
	for _, o := range operators {
		if o.Name == name && o.Domain == "" {
			return len(o.Kernels)
		}
	}
	return 0
}

func TestDecryptionKey(t *testing.T) {
	const method = "AES_256_GCM"
	locked := filepath.Join(scenario, "models", "locked.lite")
	key := make([]byte, 32)
	for i := range key {
		key[i] = byte(i)
	}
	must(t, lite.SetDecryptionKey(method, key))
	net, err := lite.Open(locked)
	must(t, err)
	must(t, net.Close())
	must(t, lite.SetDecryptionKey(method, make([]byte, 32)))
	_, err = lite.Open(locked)
	is(t, err, lite.ErrInvalidModel)
	net, err = lite.Open(locked, lite.Key(key))
	must(t, err)
	defer net.Close()
	second, err := net.Share()
	must(t, err)
	must(t, second.Close())
	is(t, lite.SetDecryptionKey(method, nil), lite.ErrInvalidArgument)
	is(t, lite.SetDecryptionKey(method, key[1:]), lite.ErrInvalidArgument)
	is(t, lite.SetDecryptionKey("ROT13", key), lite.ErrNotFound)
}

// From the output of one network to the input of another, without a copy.
func TestDLPack(t *testing.T) {
	first, second := open(t, "identity"), open(t, "identity")
	run := func(net *lite.Network) []float32 {
		must(t, net.Run(context.Background()))
		got, err := lite.Get[float32](output(t, net, "y"))
		must(t, err)
		return got
	}
	must(t, lite.Set(input(t, first, "x"), []int{2}, []float32{1, 2}))
	run(first)
	managed, err := output(t, first, "y").DLPack()
	must(t, err)
	must(t, input(t, second, "x").BindDLPack(managed))
	if got := run(second); !reflect.DeepEqual(got, []float32{1, 2}) {
		t.Fatal(got)
	}
	// By copy again: the memory that was lent is written to no more.
	must(t, lite.Set(input(t, second, "x"), []int{2}, []float32{3, 4}))
	if got := run(second); !reflect.DeepEqual(got, []float32{3, 4}) {
		t.Fatal(got)
	}
	if got, err := lite.Get[float32](output(t, first, "y")); err != nil || !reflect.DeepEqual(got, []float32{1, 2}) {
		t.Fatal(got, err)
	}
	managed, err = output(t, first, "y").DLPack()
	must(t, err)
	is(t, output(t, second, "y").BindDLPack(managed), lite.ErrInvalidArgument)
	must(t, first.Close())
	must(t, input(t, second, "x").BindDLPack(managed)) // the memory outlives its network
	if got := run(second); !reflect.DeepEqual(got, []float32{1, 2}) {
		t.Fatal(got)
	}
	is(t, input(t, second, "x").BindDLPack(nil), lite.ErrInvalidArgument)
	_, err = output(t, first, "y").DLPack()
	is(t, err, lite.ErrClosed)
}

func TestGraph(t *testing.T) {
	net := open(t, "classifier")
	if text, err := net.Graph("imported", "text"); !strings.Contains(text, "Gemm") || err != nil {
		t.Fatal(text, err)
	}
	if text := net.String(); text != "x: float32[batch,4] -> prob: float32[batch,3], label: int64[batch]" {
		t.Fatal(text)
	}
	must(t, net.Trim())
}

func TestLogger(t *testing.T) {
	var mutex sync.Mutex
	var seen []string
	must(t, lite.SetLogger(slog.LevelInfo, func(level slog.Level, message string) {
		mutex.Lock()
		defer mutex.Unlock()
		seen = append(seen, level.String()+" "+message)
	}))
	open(t, "classifier")
	must(t, lite.SetLogger(slog.LevelError, nil))
	open(t, "classifier")
	mutex.Lock()
	defer mutex.Unlock()
	if len(seen) != 1 || !strings.HasPrefix(seen[0], "INFO a model is loaded: ") {
		t.Fatal(seen)
	}
}

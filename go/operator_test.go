package lite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	lite "github.com/lite-engine/lite/go"
)

const domain = "scenario.test"

// register registers an operator for the test's time.
func register(t *testing.T, op lite.Operator) {
	t.Helper()
	op.Domain, op.Name = domain, "Shift"
	must(t, lite.RegisterOperator(op))
	t.Cleanup(func() { must(t, lite.UnregisterOperator(domain, "Shift", 1)) })
}

func shiftInputs(t *testing.T, net *lite.Network) error {
	t.Helper()
	must(t, lite.Set(input(t, net, "x"), []int{3}, []float32{1, 2, 3}))
	return net.Run(context.Background())
}

// shift adds the state to input 0.
func shift(state any, node *lite.Node, y []float32) error {
	x, err := node.Input(0)
	if err != nil {
		return err
	}
	data, err := lite.Data[float32](x)
	if err != nil {
		return err
	}
	return node.Parallel(len(data), func(i int) error {
		y[i] = data[i] + state.(float32)
		return nil
	})
}

func TestOperator(t *testing.T) {
	var created atomic.Int32
	register(t, lite.Operator{
		Pure: true, SameAsInput: true,
		Create: func(node *lite.Node) (any, error) {
			created.Add(1)
			return node.Float("by", 1)
		},
		Run: func(state any, node *lite.Node) error {
			y, err := node.Output(0)
			if err != nil {
				return err
			}
			data, err := lite.Data[float32](y)
			if err != nil {
				return err
			}
			return shift(state, node, data)
		},
	})
	is(t, lite.RegisterOperator(lite.Operator{Domain: domain, Name: "Shift", Run: func(any, *lite.Node) error { return nil }}),
		lite.ErrInvalidArgument)
	net := open(t, "custom")
	second, err := net.Share()
	must(t, err)
	defer second.Close()
	for _, n := range []*lite.Network{net, second} {
		must(t, shiftInputs(t, n))
		if got, err := lite.Get[float32](output(t, n, "y")); err != nil || !reflect.DeepEqual(got, []float32{3.5, 4.5, 5.5}) {
			t.Fatal(got, err)
		}
	}
	if created.Load() != 1 {
		t.Fatalf("created %d times", created.Load())
	}
}

func TestOperatorThatInfersAndAllocates(t *testing.T) {
	for _, infers := range []bool{true, false} {
		op := lite.Operator{
			Run: func(_ any, node *lite.Node) error {
				x, err := node.Input(0)
				if err != nil {
					return err
				}
				y, err := node.Output(0)
				if err == nil && !infers {
					y, err = node.Allocate(0, lite.Float32, x.Shape)
				}
				if err != nil {
					return err
				}
				data, err := lite.Data[float32](y)
				if err != nil {
					return err
				}
				return shift(float32(1), node, data)
			},
		}
		if infers {
			op.Infer = func(node *lite.Node) error {
				x, err := node.Input(0)
				if err != nil {
					return err
				}
				return node.SetOutput(0, x.Dtype, x.Shape)
			}
		}
		t.Run(fmt.Sprint(infers), func(t *testing.T) {
			register(t, op)
			net := open(t, "custom")
			must(t, shiftInputs(t, net))
			if got, err := lite.Get[float32](output(t, net, "y")); err != nil || !reflect.DeepEqual(got, []float32{2, 3, 4}) {
				t.Fatal(got, err)
			}
		})
	}
}

func TestOperatorsSeeTheirNode(t *testing.T) {
	register(t, lite.Operator{SameAsInput: true, Run: func(_ any, node *lite.Node) error {
		name, err := node.Name()
		must(t, err)
		inputs, err := node.NumInputs()
		must(t, err)
		outputs, err := node.NumOutputs()
		must(t, err)
		names, err := node.Attributes()
		must(t, err)
		if name != "shift" || inputs != 1 || outputs != 1 || len(names) != 4 {
			t.Error(name, inputs, outputs, names)
		}
		order, err := node.Ints("order")
		must(t, err)
		label, err := node.Text("label", "")
		must(t, err)
		texts, err := node.Texts("names")
		must(t, err)
		if !reflect.DeepEqual(order, []int64{1, 0, 2}) || label != "up" || !reflect.DeepEqual(texts, []string{"a", "b"}) {
			t.Error(order, label, texts)
		}
		if n, err := node.Int("missing", 7); n != 7 || err != nil {
			t.Error(n, err)
		}
		if x, err := node.Floats("missing"); x != nil || err != nil {
			t.Error(x, err)
		}
		if text, err := node.Text("missing", "otherwise"); text != "otherwise" || err != nil {
			t.Error(text, err)
		}
		if o, err := node.Tensor("missing"); o.Present || err != nil {
			t.Error(o, err)
		}
		_, err = node.Int("label", 0)
		is(t, err, lite.ErrInvalidArgument)
		_, err = node.Tensor("label")
		is(t, err, lite.ErrInvalidArgument)
		if threads, err := node.NumThreads(); threads != 1 || err != nil || node.Stop() != nil {
			t.Error(threads, err)
		}
		x, err := node.Input(0)
		must(t, err)
		_, err = lite.Data[int64](x)
		is(t, err, lite.ErrShapeMismatch)
		y, err := node.Output(0)
		must(t, err)
		data, err := lite.Data[float32](y)
		must(t, err)
		return shift(float32(0), node, data)
	}})
	must(t, shiftInputs(t, open(t, "custom")))
}

func TestOperatorsThatFail(t *testing.T) {
	inTask := errors.New("the third does not work")
	for name, c := range map[string]struct {
		run  func(node *lite.Node) error
		code lite.Code
		text string
	}{
		"an error":        {func(*lite.Node) error { return errors.New("it does not like this") }, lite.Unknown, "it does not like this"},
		"one with a code": {func(*lite.Node) error { return &lite.Error{Code: lite.ShapeMismatch, Message: "too long"} }, lite.ShapeMismatch, "too long"},
		"a panic":         {func(*lite.Node) error { panic("oh") }, lite.Unknown, "panic: oh"},
		"no output":       {func(*lite.Node) error { return nil }, lite.Unknown, ""},
		"an error in tasks": {func(n *lite.Node) error {
			return n.Parallel(5, func(i int) error { return map[int]error{2: inTask}[i] })
		}, lite.Unknown, inTask.Error()},
		"a panic in tasks": {func(n *lite.Node) error { return n.Parallel(2, func(int) error { panic("oh") }) }, lite.Unknown, "panic: oh"},
	} {
		t.Run(name, func(t *testing.T) {
			register(t, lite.Operator{Run: func(_ any, node *lite.Node) error { return c.run(node) }})
			err := shiftInputs(t, open(t, "custom"))
			var e *lite.Error
			if !errors.As(err, &e) || !strings.Contains(e.Message, c.text) || !strings.Contains(e.Message, "shift") {
				t.Fatal(err)
			}
			if name != "no output" && e.Code != c.code {
				t.Fatal(e.Code, err)
			}
		})
	}
	_, err := lite.Open(filepath.Join(scenario, "models", "custom.onnx"))
	is(t, err, lite.ErrUnsupported)
	is(t, lite.RegisterOperator(lite.Operator{Domain: domain, Name: "Shift"}), lite.ErrInvalidArgument)
	is(t, lite.UnregisterOperator(domain, "Nothing", 1), lite.ErrNotFound)
	is(t, lite.LoadOperatorLibrary("/nothing.so"), lite.ErrNotFound)
	register(t, lite.Operator{Run: func(any, *lite.Node) error { return nil }, Create: func(*lite.Node) (any, error) { return nil, errors.New("not today") }})
	if _, err := lite.Open(filepath.Join(scenario, "models", "custom.onnx")); err == nil || !strings.Contains(err.Error(), "not today") {
		t.Fatal(err)
	}
}

// A run that is cancelled waits for its operator, which learns of it.
func TestOperatorsAreToldToStop(t *testing.T) {
	begun := make(chan struct{})
	register(t, lite.Operator{SameAsInput: true, Run: func(_ any, node *lite.Node) error {
		close(begun)
		for {
			if err := node.Stop(); err != nil {
				return err
			}
		}
	}})
	net := open(t, "custom")
	must(t, lite.Set(input(t, net, "x"), []int{1}, []float32{0}))
	ctx, cancel := context.WithCancel(context.Background())
	result := net.Start(ctx)
	<-begun
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

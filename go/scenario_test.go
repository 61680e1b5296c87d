package lite_test

// tests/conformance/scenario, which every language's package executes.

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	lite "github.com/lite-engine/lite/go"
)

const scenario = "../tests/conformance/scenario"

type wantedError struct {
	Code int    `json:"code"`
	Name string `json:"name"`
	Text string `json:"text"`
}

type tensor struct {
	Dtype string            `json:"dtype"`
	Shape []int             `json:"shape"`
	Data  []json.RawMessage `json:"data"`
	Atol  float64           `json:"atol"`
}

// A value is a tensor or, with one of the members besides, something else.
type value struct {
	tensor
	Sequence []value         `json:"sequence"`
	Optional json.RawMessage `json:"optional"`
	Keys     *value          `json:"keys"`
	Values   *value          `json:"values"`
}

type port struct {
	Name  string `json:"name"`
	Dtype string `json:"dtype"`
	Shape []any  `json:"shape"`
}

type step struct {
	Do       string            `json:"do"`
	Error    *wantedError      `json:"error"`
	Inputs   json.RawMessage   `json:"inputs"`
	Outputs  json.RawMessage   `json:"outputs"`
	Metadata map[string]string `json:"metadata"`

	Asynchronous  bool `json:"asynchronous"`
	TimeoutMS     int  `json:"timeout_ms"`
	CancelAfterMS int  `json:"cancel_after_ms"`

	Key   string  `json:"key"`
	Value string  `json:"value"`
	Read  *string `json:"read"`

	Exactly map[string]uint64 `json:"exactly"`
	AtLeast map[string]uint64 `json:"at_least"`
	Text    string            `json:"text"`
}

type scenarioCase struct {
	Name    string            `json:"name"`
	Model   string            `json:"model"`
	From    string            `json:"from"`
	Key     string            `json:"key"`
	Options map[string]string `json:"options"`
	Error   *wantedError      `json:"error"`
	Steps   []step            `json:"steps"`
}

// decode fails on what it does not know, so that nothing is skipped silently.
func decode(t *testing.T, text []byte, to any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		t.Fatal(err)
	}
}

func TestScenario(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(scenario, "scenario.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Cases []scenarioCase `json:"cases"`
	}
	decode(t, text, &all)
	for _, given := range []string{"copied", "in place"} {
		for _, c := range all.Cases {
			given, c := given, c
			t.Run(c.Name+", "+given, func(t *testing.T) { c.run(t, given == "in place") })
		}
	}
}

func (c *scenarioCase) open() (*lite.Network, error) {
	var options []lite.OpenOption
	for key, value := range c.Options {
		options = append(options, lite.Option(key, value))
	}
	key, err := hex.DecodeString(c.Key)
	if err != nil {
		return nil, err
	}
	options = append(options, lite.Key(key))
	path := filepath.Join(scenario, c.Model)
	if c.From == "" {
		return lite.Open(path, options...)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return lite.OpenBytes(data, options...)
}

func (c *scenarioCase) run(t *testing.T, inPlace bool) {
	net, err := c.open()
	if c.Error != nil {
		fails(t, c.Error, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	for i := range c.Steps {
		s := &c.Steps[i]
		switch s.Do {
		case "info":
			s.info(t, net)
		case "run":
			s.run(t, net, inPlace)
		case "option":
			s.option(t, net)
		case "share":
			second, err := net.Share()
			if err != nil {
				t.Fatal(err)
			}
			defer second.Close()
			net = second
		case "statistics":
			s.statistics(t, net)
		case "profile":
			s.profile(t, net)
		case "close":
			if err := net.Close(); err != nil {
				t.Fatal(err)
			}
		default:
			t.Fatalf("a step that this reader does not know: %s", s.Do)
		}
	}
}

func fails(t *testing.T, wanted *wantedError, err error) {
	t.Helper()
	var e *lite.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not %s", err, wanted.Name)
	}
	if int(e.Code) != wanted.Code || e.Code.String() != wanted.Name || !strings.Contains(err.Error(), wanted.Text) {
		t.Fatalf("%v (%v) is not %s with %q", err, e.Code, wanted.Name, wanted.Text)
	}
}

func (s *step) info(t *testing.T, net *lite.Network) {
	describe := func(infos []lite.Info) []port {
		ports := make([]port, len(infos))
		for i, info := range infos {
			ports[i] = port{info.Name, info.Dtype.String(), []any{}}
			for _, d := range info.Shape {
				var dim any = float64(d.Size)
				if d.Size < 0 {
					dim = d.Name
				}
				ports[i].Shape = append(ports[i].Shape, dim)
			}
		}
		return ports
	}
	var inputs, outputs []port
	decode(t, s.Inputs, &inputs)
	decode(t, s.Outputs, &outputs)
	if got := describe(net.Inputs()); !reflect.DeepEqual(got, inputs) {
		t.Fatalf("inputs are %v", got)
	}
	if got := describe(net.Outputs()); !reflect.DeepEqual(got, outputs) {
		t.Fatalf("outputs are %v", got)
	}
	for key, value := range s.Metadata {
		if net.Metadata()[key] != value {
			t.Fatalf("metadata %s is %q", key, net.Metadata()[key])
		}
	}
}

func (s *step) run(t *testing.T, net *lite.Network, inPlace bool) {
	var inputs map[string]*value
	decode(t, s.Inputs, &inputs)
	err := s.execute(t, net, inputs, inPlace)
	if s.Error != nil {
		fails(t, s.Error, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	var outputs map[string]*value
	decode(t, s.Outputs, &outputs)
	if len(outputs) != len(net.Outputs()) {
		t.Fatalf("%d outputs", len(net.Outputs()))
	}
	for name, wanted := range outputs {
		if !wanted.isTensor() {
			got, err := net.Value(name)
			if err != nil || !reflect.DeepEqual(normal(got), normal(wanted.value(t))) {
				t.Fatalf("%s is %v, %v", name, got, err)
			}
			continue
		}
		output, err := net.Output(name)
		if err != nil {
			t.Fatal(err)
		}
		wanted.is(t, output)
	}
}

func (s *step) execute(t *testing.T, net *lite.Network, inputs map[string]*value, inPlace bool) error {
	for name, value := range inputs {
		input, err := net.Input(name)
		if err == nil && value.isTensor() {
			err = value.give(t, input, inPlace)
		} else {
			err = net.SetValue(name, value.value(t))
		}
		if err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if s.TimeoutMS > 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(s.TimeoutMS)*time.Millisecond)
		defer cancel()
	}
	if s.CancelAfterMS > 0 {
		time.AfterFunc(time.Duration(s.CancelAfterMS)*time.Millisecond, cancel)
	}
	if s.Asynchronous {
		return <-net.Start(ctx)
	}
	return net.Run(ctx)
}

func (v *value) isTensor() bool { return v.Sequence == nil && v.Optional == nil && v.Keys == nil }

// value is a sequence, optional or map, or a tensor of one of the types that the scenario has in them.
func (v *value) value(t *testing.T) lite.Value {
	dtype := map[string]lite.Dtype{"float32": lite.Float32, "string": lite.String}[v.Dtype]
	switch {
	case v.Sequence != nil:
		s := lite.Sequence{Dtype: dtype}
		for i := range v.Sequence {
			s.Elements = append(s.Elements, v.Sequence[i].value(t))
		}
		return s
	case v.Optional != nil:
		o := lite.Optional{Dtype: dtype}
		var element *value
		decode(t, v.Optional, &element)
		if element != nil {
			o.Element = element.value(t)
		}
		return o
	case v.Keys != nil:
		return lite.Map{Keys: v.Keys.value(t).(lite.Array), Values: v.Values.value(t)}
	}
	if v.Dtype == "string" {
		return lite.Array{Dtype: lite.String, Shape: v.Shape, Strings: numbers[string](t, v.Data)}
	}
	a, err := lite.ArrayOf(v.Shape, numbers[float32](t, v.Data))
	if err != nil || v.Dtype != "float32" {
		t.Fatal(v.Dtype, err)
	}
	return a
}

func (s *step) option(t *testing.T, net *lite.Network) {
	err := net.SetOption(s.Key, s.Value)
	if s.Error != nil {
		fails(t, s.Error, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	wanted := s.Value
	if s.Read != nil {
		wanted = *s.Read
	}
	if got, err := net.GetOption(s.Key); err != nil || got != wanted {
		t.Fatalf("%s reads as %q, %v", s.Key, got, err)
	}
}

func (s *step) statistics(t *testing.T, net *lite.Network) {
	got, err := net.Statistics()
	if err != nil {
		t.Fatal(err)
	}
	counters := map[string]uint64{
		"programs": got.Programs, "program_hits": got.ProgramHits, "runs": got.Runs, "weight_bytes": got.WeightBytes,
	}
	value := func(name string) uint64 {
		v, ok := counters[name]
		if !ok {
			t.Fatalf("a counter that this reader does not know: %s", name)
		}
		return v
	}
	for name, wanted := range s.Exactly {
		if value(name) != wanted {
			t.Errorf("%s is %d", name, value(name))
		}
	}
	for name, least := range s.AtLeast {
		if value(name) < least {
			t.Errorf("%s is %d", name, value(name))
		}
	}
}

func (s *step) profile(t *testing.T, net *lite.Network) {
	if s.Text == "" {
		if err := net.SetProfiling(true); err != nil {
			t.Fatal(err)
		}
	} else if text, err := net.Profile("table"); err != nil || !strings.Contains(text, s.Text) {
		t.Fatalf("the profile is %q, %v", text, err)
	}
}

func numbers[T any](t *testing.T, data []json.RawMessage) []T {
	values := make([]T, len(data))
	for i, text := range data {
		decode(t, text, &values[i])
	}
	return values
}

func give[T lite.Element](t *testing.T, v *tensor, input *lite.Tensor, inPlace bool) error {
	if inPlace {
		return lite.Bind(input, v.Shape, numbers[T](t, v.Data))
	}
	return lite.Set(input, v.Shape, numbers[T](t, v.Data))
}

func same[T lite.Element](t *testing.T, v *tensor, output *lite.Tensor) {
	got, err := lite.Get[T](output)
	if err != nil {
		t.Fatal(err)
	}
	view, err := lite.ViewOf[T](output)
	if err == nil {
		err = view.Look(func(data []T) {
			if len(data) != len(got) || (len(got) > 0 && !reflect.DeepEqual(data, got)) {
				t.Errorf("the view shows %v", data)
			}
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	wanted := numbers[T](t, v.Data)
	if v.Atol == 0 {
		if len(got) != len(wanted) || (len(got) > 0 && !reflect.DeepEqual(got, wanted)) {
			t.Fatalf("%s is %v, not %v", output.Name(), got, wanted)
		}
		return
	}
	for i := range wanted {
		g, w := any(got[i]).(float32), any(wanted[i]).(float32)
		if math.Abs(float64(g-w)) > v.Atol {
			t.Fatalf("%s is %v, not %v", output.Name(), got, wanted)
		}
	}
}

func (v *tensor) give(t *testing.T, input *lite.Tensor, inPlace bool) error {
	switch v.Dtype {
	case "float32":
		return give[float32](t, v, input, inPlace)
	case "float64":
		return give[float64](t, v, input, inPlace)
	case "float16":
		return give[lite.Half](t, v, input, inPlace)
	case "bfloat16":
		return give[lite.BFloat](t, v, input, inPlace)
	case "int8":
		return give[int8](t, v, input, inPlace)
	case "int16":
		return give[int16](t, v, input, inPlace)
	case "int32":
		return give[int32](t, v, input, inPlace)
	case "int64":
		return give[int64](t, v, input, inPlace)
	case "uint8":
		return give[uint8](t, v, input, inPlace)
	case "uint16":
		return give[uint16](t, v, input, inPlace)
	case "uint32":
		return give[uint32](t, v, input, inPlace)
	case "uint64":
		return give[uint64](t, v, input, inPlace)
	case "bool":
		return give[bool](t, v, input, inPlace)
	case "string":
		return input.SetStrings(v.Shape, numbers[string](t, v.Data))
	}
	t.Fatalf("an element type that this reader does not know: %s", v.Dtype)
	return nil
}

func (v *tensor) is(t *testing.T, output *lite.Tensor) {
	dtype, err := output.Dtype()
	if err != nil || dtype.String() != v.Dtype {
		t.Fatalf("%s is of %v, %v", output.Name(), dtype, err)
	}
	shape, err := output.Shape()
	if err != nil || !reflect.DeepEqual(shape, v.Shape) {
		t.Fatalf("%s has the shape %v, %v", output.Name(), shape, err)
	}
	switch v.Dtype {
	case "float32":
		same[float32](t, v, output)
	case "float64":
		same[float64](t, v, output)
	case "float16":
		same[lite.Half](t, v, output)
	case "bfloat16":
		same[lite.BFloat](t, v, output)
	case "int8":
		same[int8](t, v, output)
	case "int16":
		same[int16](t, v, output)
	case "int32":
		same[int32](t, v, output)
	case "int64":
		same[int64](t, v, output)
		// The same as bytes.
		bytes, err := output.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		for i, wanted := range numbers[int64](t, v.Data) {
			if got := int64(binary.NativeEndian.Uint64(bytes[8*i:])); got != wanted {
				t.Fatalf("%s has the bytes of %d", output.Name(), got)
			}
		}
	case "uint8":
		same[uint8](t, v, output)
	case "uint16":
		same[uint16](t, v, output)
	case "uint32":
		same[uint32](t, v, output)
	case "uint64":
		same[uint64](t, v, output)
	case "bool":
		same[bool](t, v, output)
	case "string":
		got, err := output.Strings()
		if wanted := numbers[string](t, v.Data); err != nil || len(got) != len(wanted) || (len(got) > 0 && !reflect.DeepEqual(got, wanted)) {
			t.Fatalf("%s is %q, %v", output.Name(), got, err)
		}
	default:
		t.Fatalf("an element type that this reader does not know: %s", v.Dtype)
	}
}

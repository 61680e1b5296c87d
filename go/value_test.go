package lite_test

import (
	"context"
	"reflect"
	"testing"

	lite "github.com/lite-engine/lite/go"
)

func array[T lite.Element](t *testing.T, shape []int, data ...T) lite.Array {
	t.Helper()
	a, err := lite.ArrayOf(shape, data)
	must(t, err)
	return a
}

func TestValues(t *testing.T) {
	net := open(t, "values")
	if info := net.Inputs()[0]; info.Kind != lite.SequenceKind || info.String() != "frames: seq(tensor(float))" {
		t.Fatal(info)
	}
	_, err := net.Input("frames")
	is(t, err, lite.ErrInvalidArgument)
	frames := lite.Sequence{Dtype: lite.Float32, Elements: []lite.Value{
		array(t, []int{2}, float32(1), 2), array(t, []int{1, 3}, float32(3), 4, 5), array[float32](t, []int{0}),
	}}
	names := lite.Array{Dtype: lite.String, Shape: []int{2}, Strings: []string{"low", "Zoë"}}
	scores := lite.Map{Keys: names, Values: array(t, []int{2}, float32(0.25), 0.75)}
	for _, maybe := range []lite.Value{nil, array(t, nil, float32(7))} {
		given := map[string]lite.Value{
			"frames": frames, "maybe": lite.Optional{Dtype: lite.Float32, Element: maybe}, "scores": scores, "names": names,
		}
		for name, value := range given {
			must(t, net.SetValue(name, value))
		}
		must(t, net.Run(context.Background()))
		for name, want := range given {
			got, err := net.Value(name + "_out")
			must(t, err)
			if !reflect.DeepEqual(normal(got), normal(want)) {
				t.Fatalf("%s is %v, not %v", name, got, want)
			}
		}
	}
	numbers, err := lite.Elements[float32](frames.Elements[1].(lite.Array))
	if err != nil || !reflect.DeepEqual(numbers, []float32{3, 4, 5}) {
		t.Fatal(numbers, err)
	}
	_, err = lite.Elements[int64](frames.Elements[1].(lite.Array))
	is(t, err, lite.ErrShapeMismatch)
	is(t, net.SetValue("nobody", names), lite.ErrNotFound)
	is(t, net.SetValue("names", nil), lite.ErrInvalidArgument)
	is(t, net.SetValue("scores", lite.Map{Keys: names}), lite.ErrInvalidArgument)
	is(t, net.SetValue("frames", lite.Sequence{Dtype: lite.Float32, Elements: []lite.Value{names}}), lite.ErrInvalidArgument)
	is(t, net.SetValue("names", lite.Array{Dtype: lite.String, Shape: []int{3}}), lite.ErrShapeMismatch)
	is(t, net.SetValue("maybe", lite.Array{Dtype: lite.Float32, Shape: []int{3}, Data: make([]byte, 11)}), lite.ErrShapeMismatch)
	_, err = net.Value("nobody")
	is(t, err, lite.ErrNotFound)
}

// normal has no difference between nil and empty.
func normal(v lite.Value) lite.Value {
	switch v := v.(type) {
	case lite.Array:
		return lite.Array{Dtype: v.Dtype, Shape: append([]int{}, v.Shape...), Data: append([]byte{}, v.Data...), Strings: v.Strings}
	case lite.Sequence:
		elements := make([]lite.Value, len(v.Elements))
		for i, e := range v.Elements {
			elements[i] = normal(e)
		}
		return lite.Sequence{Dtype: v.Dtype, Elements: elements}
	case lite.Optional:
		if v.Element != nil {
			v.Element = normal(v.Element)
		}
		return v
	case lite.Map:
		return lite.Map{Keys: normal(v.Keys).(lite.Array), Values: normal(v.Values)}
	}
	return v
}

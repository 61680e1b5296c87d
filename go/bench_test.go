package lite_test

import (
	"context"
	"testing"

	lite "github.com/lite-engine/lite/go"
)

// What a call costs: a network of three numbers' work. bench/bindings compares it with C.

func benchmark(b *testing.B, ctx context.Context) {
	net := open(b, "classifier")
	data := make([]float32, 4)
	must(b, lite.Bind(input(b, net, "x"), []int{1, 4}, data))
	must(b, net.Run(ctx))
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if err := net.Run(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRun(b *testing.B) { benchmark(b, context.Background()) }

func BenchmarkRunWithContext(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	benchmark(b, ctx)
}

func BenchmarkSet(b *testing.B) {
	net := open(b, "classifier")
	x, data, shape := input(b, net, "x"), make([]float32, 4), []int{1, 4}
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		if err := lite.Set(x, shape, data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	net := open(b, "classifier")
	must(b, lite.Set(input(b, net, "x"), []int{1, 4}, make([]float32, 4)))
	must(b, net.Run(context.Background()))
	prob, to := output(b, net, "prob"), make([]float32, 3)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if _, err := lite.CopyTo(prob, to); err != nil {
			b.Fatal(err)
		}
	}
}

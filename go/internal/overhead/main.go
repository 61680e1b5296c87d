// Overhead measures what a run of a small network costs from Go: write the input, run, read the output. See bench/bindings.
//
// usage: overhead MODEL RUNS, prints nanoseconds per run
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	lite "github.com/lite-engine/lite/go"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: overhead MODEL RUNS")
	}
	if err := measure(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func measure(model, times string) error {
	runs, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	net, err := lite.Open(model)
	if err != nil {
		return err
	}
	defer net.Close()
	input, err := net.Input("x")
	if err != nil {
		return err
	}
	output, err := net.Output("prob")
	if err != nil {
		return err
	}
	x, prob, sum := make([]float32, 4), make([]float32, 3), float32(0)
	if err := lite.Bind(input, []int{1, 4}, x); err != nil {
		return err
	}
	run := func(runs int) error {
		for i := 0; i < runs; i++ {
			x[0] = float32(i & 7)
			if err := net.Run(context.Background()); err != nil {
				return err
			}
			if _, err := lite.CopyTo(output, prob); err != nil {
				return err
			}
			sum += prob[0]
		}
		return nil
	}
	if err := run(runs / 10); err != nil {
		return err
	}
	begin := time.Now()
	if err := run(runs); err != nil {
		return err
	}
	fmt.Printf("%.1f\n", float64(time.Since(begin).Nanoseconds())/float64(runs))
	if !(sum > 0) {
		return fmt.Errorf("nothing came out")
	}
	return nil
}

package lite_test

import (
	"context"
	"fmt"
	"log"
	"time"

	lite "github.com/lite-engine/lite/go"
)

const digits = "../examples/data/digits.onnx"

// zeros is a network with a blank scan as its input.
func zeros() *lite.Network {
	net, err := lite.Open(digits)
	if err != nil {
		log.Fatal(err)
	}
	data, err := net.Input("data")
	if err != nil {
		log.Fatal(err)
	}
	if err := lite.Set(data, []int{1, 1, 8, 8}, make([]float32, 64)); err != nil {
		log.Fatal(err)
	}
	return net
}

func Example() {
	net, err := lite.Open(digits)
	if err != nil {
		log.Fatal(err)
	}
	defer net.Close()
	data, err := net.Input("data")
	if err != nil {
		log.Fatal(err)
	}
	if err := lite.Set(data, []int{1, 1, 8, 8}, make([]float32, 64)); err != nil {
		log.Fatal(err)
	}
	if err := net.Run(context.Background()); err != nil {
		log.Fatal(err)
	}
	output, err := net.Output("prob")
	if err != nil {
		log.Fatal(err)
	}
	prob, err := lite.Get[float32](output)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(prob), "classes")
	// Output: 10 classes
}

func ExampleOpen() {
	net, err := lite.Open(digits, lite.Threads(2), lite.Option("program_cache", "16M"))
	if err != nil {
		log.Fatal(err)
	}
	defer net.Close()
	fmt.Println(net)
	// Output: data: float32[batch,1,8,8] -> prob: float32[batch,10]
}

func ExampleBind() {
	net := zeros()
	defer net.Close()
	data, _ := net.Input("data")
	scan := make([]float32, 64)
	if err := lite.Bind(data, []int{1, 1, 8, 8}, scan); err != nil {
		log.Fatal(err)
	}
	for row := 0; row < 8; row++ {
		scan[8*row+4] = 1 // read by the next run
		if err := net.Run(context.Background()); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("eight runs, nothing copied")
	// Output: eight runs, nothing copied
}

func ExampleNetwork_Run() {
	net := zeros()
	defer net.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	fmt.Println(net.Run(ctx))
	// Output: <nil>
}

func ExampleNetwork_Share() {
	first := zeros()
	defer first.Close()
	done := make(chan error)
	for i := 0; i < 2; i++ {
		go func() {
			net, err := first.Share() // the weights exist once
			if err != nil {
				done <- err
				return
			}
			defer net.Close()
			data, err := net.Input("data")
			if err == nil {
				err = lite.Set(data, []int{1, 1, 8, 8}, make([]float32, 64))
			}
			if err == nil {
				err = net.Run(context.Background())
			}
			done <- err
		}()
	}
	fmt.Println(<-done, <-done)
	// Output: <nil> <nil>
}

func ExampleView() {
	net := zeros()
	defer net.Close()
	if err := net.Run(context.Background()); err != nil {
		log.Fatal(err)
	}
	prob, _ := net.Output("prob")
	view, err := lite.ViewOf[float32](prob)
	if err != nil {
		log.Fatal(err)
	}
	if err := view.Look(func(data []float32) { fmt.Println(len(data), "classes") }); err != nil {
		log.Fatal(err)
	}
	if err := net.Run(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(view.Look(func([]float32) {}))
	// Output:
	// 10 classes
	// lite: the network has run again since the view of 'prob' was made
}

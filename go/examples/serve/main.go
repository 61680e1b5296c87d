// Serve classifies scans of handwritten digits over HTTP.
//
//	serve -model digits.onnx -listen localhost:8080
//	curl --data-binary @scan.png localhost:8080/classify
//	{"digit":7,"probability":0.9998}
//
// A client that goes away, or a run that takes too long, stops the run. SIGTERM and SIGINT let requests that are being
// answered end, and then the program.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	_ "image/png"
	"log"
	"net"
	"net/http"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	lite "github.com/lite-engine/lite/go"
)

const (
	side     = 8
	maxBytes = 1 << 20 // of a request
	maxTime  = 2 * time.Second
)

// A classifier is a network with its input's memory.
type classifier struct {
	network *lite.Network
	pixels  []float32
	prob    *lite.Tensor
	scores  []float32
}

func newClassifier(network *lite.Network) (*classifier, error) {
	c := &classifier{network: network, pixels: make([]float32, side*side), scores: make([]float32, 10)}
	data, err := network.Input("data")
	if err != nil {
		return nil, err
	}
	if err := lite.Bind(data, []int{1, 1, side, side}, c.pixels); err != nil {
		return nil, err
	}
	c.prob, err = network.Output("prob")
	return c, err
}

type answer struct {
	Digit       int     `json:"digit"`
	Probability float32 `json:"probability"`
}

func (c *classifier) classify(ctx context.Context, scan image.Image) (answer, error) {
	at := scan.Bounds().Min
	for i := range c.pixels {
		c.pixels[i] = float32(color.GrayModel.Convert(scan.At(at.X+i%side, at.Y+i/side)).(color.Gray).Y) / 255
	}
	if err := c.network.Run(ctx); err != nil {
		return answer{}, err
	}
	if _, err := lite.CopyTo(c.prob, c.scores); err != nil {
		return answer{}, err
	}
	var best answer
	for digit, p := range c.scores {
		if p > best.Probability {
			best = answer{digit, p}
		}
	}
	return best, nil
}

// A service has as many classifiers as can work at a time, over the same weights.
type service struct {
	first *lite.Network
	idle  chan *classifier
}

func newService(model string, size int) (*service, error) {
	first, err := lite.Open(model)
	if err != nil {
		return nil, err
	}
	s := &service{first, make(chan *classifier, size)}
	for i := 0; i < size; i++ {
		network, err := first.Share()
		if err != nil {
			return nil, err
		}
		c, err := newClassifier(network)
		if err != nil {
			return nil, err
		}
		s.idle <- c
	}
	return s, nil
}

// close waits for the classifiers that work.
func (s *service) close() {
	for i := 0; i < cap(s.idle); i++ {
		(<-s.idle).network.Close()
	}
	s.first.Close()
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	scan, format, err := image.Decode(http.MaxBytesReader(w, r.Body, maxBytes))
	if err != nil || scan.Bounds().Size() != image.Pt(side, side) {
		http.Error(w, fmt.Sprintf("a PNG of %d x %d is wanted (%s: %v)", side, side, format, err), http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), maxTime)
	defer cancel()
	select {
	case c := <-s.idle:
		defer func() { s.idle <- c }()
		result, err := c.classify(ctx, scan)
		if err != nil {
			status := http.StatusInternalServerError
			if errors.Is(err, context.DeadlineExceeded) {
				status = http.StatusServiceUnavailable
			}
			http.Error(w, err.Error(), status)
			return
		}
		var body bytes.Buffer
		_ = json.NewEncoder(&body).Encode(result) // numbers
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body.Bytes())
	case <-ctx.Done():
		http.Error(w, "all networks are busy", http.StatusServiceUnavailable)
	}
}

func run(ctx context.Context, listener net.Listener, model string) error {
	s, err := newService(model, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	defer s.close()
	mux := http.NewServeMux()
	mux.Handle("/classify", s)
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(grace)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func main() {
	model := flag.String("model", "digits.onnx", "the model")
	listen := flag.String("listen", "localhost:8080", "address")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %s", listener.Addr())
	if err := run(ctx, listener, *model); err != nil {
		log.Fatal(err)
	}
	log.Print("stopped")
}

// Package lite runs trained models (ONNX, MegEngine) fast, on the CPU, inside your process.
//
// A [Network] is a loaded model and what running it needs. [Network.Run] takes a context, whose end stops the run.
// Inputs are copied with [Set] or used in place with [Bind]; outputs are copied with [Get] or seen in place through a
// [View]. Networks of one model made with [Network.Share] have its weights in common; one goroutine at a time runs a
// network, several run several.
//
//	net, err := lite.Open("digits.onnx", lite.Threads(2))
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer net.Close()
//
// # The library
//
// The package is a layer over the C library liblite. By default it opens it at run time, so that nothing needs to be
// installed to build or vet a program. It is looked for, in this order: the path given to [Load]; what the environment
// variable LITE_LIBRARY names; beside the program, or in ../lib from there; where the system's loader looks. A path that
// is given is the only one tried. The version is checked when it is opened.
//
// With the build tag lite_link the library is linked, as pkg-config says; with lite_static the static one is, from the
// folder that CGO_LDFLAGS names with -L.
//
// # Errors
//
// Errors of the library are [*Error], with a [Code] and the library's own words: errors.Is(err, lite.ErrNotFound). A run
// that its context has stopped is also what the context says: errors.Is(err, context.DeadlineExceeded).
package lite

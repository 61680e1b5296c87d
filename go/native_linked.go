//go:build lite_link || lite_static

package lite

/*
#cgo CFLAGS: -I${SRCDIR}/include
#cgo lite_link,!lite_static pkg-config: lite
// As meson installs them; CGO_LDFLAGS=-L... says where.
#cgo lite_static LDFLAGS: -l:liblite.a -l:liblite_onednn.a -l:libmbedcrypto.a -lstdc++ -lm -lpthread -ldl
*/
import "C"

func open(path string) (string, error) {
	if path != "" {
		return "", &Error{InvalidArgument, "the library is linked; " + path + " cannot be loaded"}
	}
	return "(linked)", checkVersion()
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const data = "../../../examples/data"

func TestServe(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- run(ctx, listener, filepath.Join(data, "digits.onnx")) }()
	url := "http://" + listener.Addr().String()

	var wg sync.WaitGroup
	for digit := 0; digit < 10; digit++ {
		digit := digit
		wg.Add(1)
		go func() {
			defer wg.Done()
			scan, err := os.ReadFile(filepath.Join(data, "scans", fmt.Sprintf("%d.png", digit)))
			if err != nil {
				t.Error(err)
				return
			}
			var got answer
			status, body := post(t, url+"/classify", scan)
			if err := json.Unmarshal([]byte(body), &got); status != http.StatusOK || err != nil || got.Digit != digit || got.Probability < 0.5 {
				t.Errorf("%d: %d %s", digit, status, body)
			}
		}()
	}
	wg.Wait()
	if status, body := post(t, url+"/classify", []byte("no picture")); status != http.StatusBadRequest || !strings.Contains(body, "8 x 8") {
		t.Errorf("%d %s", status, body)
	}
	http.DefaultClient.CloseIdleConnections()
	stop()
	if err := <-result; err != nil {
		t.Error(err)
	}
	if _, err := http.Get(url + "/healthz"); err == nil {
		t.Error("it still listens")
	}
}

func TestNoModel(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if err := run(context.Background(), listener, "missing.onnx"); err == nil || !strings.Contains(err.Error(), "missing.onnx") {
		t.Error(err)
	}
}

func post(t *testing.T, url string, body []byte) (int, string) {
	response, err := http.Post(url, "image/png", bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response.StatusCode, string(text)
}

module github.com/lite-engine/lite/go

go 1.21

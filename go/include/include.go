// Package include holds the C headers, so that vendoring takes them along.
package include

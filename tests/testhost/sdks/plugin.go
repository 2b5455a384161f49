// A plugin as the Go SDK lays one out: a reactor for WASI whose `_initialize` starts Go's run-time, and whose
// memory the host takes by `proxy_on_memory_allocate`.

package main

import (
	"fmt"
	"os"
	"time"
	"unsafe"
)

//go:wasmimport env proxy_log
func proxyLog(level uint32, message unsafe.Pointer, size uint32) uint32

//go:wasmimport env proxy_get_buffer_bytes
func proxyGetBufferBytes(kind, start, length uint32, data, size unsafe.Pointer) uint32

//go:wasmimport env proxy_get_header_map_value
func proxyGetHeaderMapValue(kind uint32, name unsafe.Pointer, nameSize uint32, value, size unsafe.Pointer) uint32

//go:wasmimport env proxy_add_header_map_value
func proxyAddHeaderMapValue(kind uint32, name unsafe.Pointer, nameSize uint32, value unsafe.Pointer, size uint32) uint32

//go:wasmimport env proxy_define_metric
func proxyDefineMetric(kind uint32, name unsafe.Pointer, size uint32, id unsafe.Pointer) uint32

//go:wasmimport env proxy_increment_metric
func proxyIncrementMetric(id uint32, offset int64) uint32

//go:wasmimport env proxy_set_tick_period_milliseconds
func proxySetTickPeriodMilliseconds(period uint32) uint32

var (
	greeting = "constructed"
	requests uint32
	held     = map[uint32][]byte{}
	// The host writes into these; the collector must not take them meanwhile.
	allocated = map[uint32][]byte{}
)

func main() {}

func text(value string) (unsafe.Pointer, uint32) {
	return unsafe.Pointer(unsafe.StringData(value)), uint32(len(value))
}

func taken(address, size uint32) string {
	data := allocated[address]
	delete(allocated, address)
	return string(data[:min(int(size), len(data))])
}

func requestHeader(header string) string {
	var address, size uint32
	name, nameSize := text(header)
	status := proxyGetHeaderMapValue(0, name, nameSize, unsafe.Pointer(&address), unsafe.Pointer(&size))
	if status != 0 {
		return ""
	}
	return taken(address, size)
}

func addResponseHeader(header, content string) {
	name, nameSize := text(header)
	value, size := text(content)
	proxyAddHeaderMapValue(2, name, nameSize, value, size)
}

//go:wasmexport proxy_abi_version_0_2_1
func proxyABIVersion021() {}

//go:wasmexport proxy_on_memory_allocate
func proxyOnMemoryAllocate(size uint32) unsafe.Pointer {
	data := make([]byte, size)
	address := unsafe.Pointer(unsafe.SliceData(data))
	allocated[uint32(uintptr(address))] = data
	return address
}

//go:wasmexport proxy_on_context_create
func proxyOnContextCreate(context, root uint32) {}

//go:wasmexport proxy_on_vm_start
func proxyOnVMStart(context, size uint32) uint32 {
	fmt.Printf("started with %s\n", greeting)
	return 1
}

//go:wasmexport proxy_on_configure
func proxyOnConfigure(context, size uint32) uint32 {
	var address, length uint32
	if proxyGetBufferBytes(7, 0, size, unsafe.Pointer(&address), unsafe.Pointer(&length)) != 0 {
		return 0
	}
	greeting = taken(address, length)
	name, nameSize := text("sdk_requests_total")
	proxyDefineMetric(0, name, nameSize, unsafe.Pointer(&requests))
	proxySetTickPeriodMilliseconds(20)
	if greeting == "refuse" {
		return 0
	}
	return 1
}

//go:wasmexport proxy_on_tick
func proxyOnTick(context uint32) {
	proxySetTickPeriodMilliseconds(0)
	fmt.Fprintln(os.Stderr, "ticked")
}

//go:wasmexport proxy_on_request_headers
func proxyOnRequestHeaders(context, count, end uint32) uint32 {
	path := requestHeader(":path")
	if path == "/trap" {
		panic("asked to")
	}
	if path == "/grow" {
		held[context] = make([]byte, 8<<20)
	}
	proxyIncrementMetric(requests, 1)
	message, size := text("path " + path + " of " + requestHeader("x-tenant"))
	proxyLog(2, message, size)
	return 0
}

//go:wasmexport proxy_on_response_headers
func proxyOnResponseHeaders(context, count, end uint32) uint32 {
	addResponseHeader("x-greeting", greeting)
	later := "no"
	if time.Now().Year() > 2000 {
		later = "yes"
	}
	addResponseHeader("x-year-is-later-than-2000", later)
	return 0
}

//go:wasmexport proxy_on_delete
func proxyOnDelete(context uint32) {
	delete(held, context)
}

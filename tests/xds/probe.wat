;; An HTTP filter that shows in the response which module and which configuration it is:
;; `x-module: NAME`, `x-config: <configuration>`. It refuses the configuration "bad", and traps on a
;; request with the header `x-trap`.
;; NAME is put in before assembling; it has four bytes.
(module
  (import "env" "proxy_get_buffer_bytes" (func $buffer (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 1024) "x-module")
  (data (i32.const 1040) "NAME")
  (data (i32.const 1056) "x-config")
  (data (i32.const 1072) "x-trap")
  (global $heap (mut i32) (i32.const 65536))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param $size i32) (result i32)
    (local $start i32)
    (local.set $start (global.get $heap))
    (global.set $heap (i32.add (global.get $heap) (local.get $size)))
    (local.get $start))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func (export "proxy_on_vm_start") (param i32 i32) (result i32) (i32.const 1))
  ;; Where the configuration is goes to 16, its size to 20.
  (func (export "proxy_on_configure") (param i32) (param $size i32) (result i32)
    (drop (call $buffer (i32.const 7) (i32.const 0) (local.get $size) (i32.const 16) (i32.const 20)))
    (if (i32.ne (i32.load (i32.const 20)) (i32.const 3)) (then (return (i32.const 1))))
    ;; "bad" is 0x646162 in little endian
    (i32.ne (i32.and (i32.load (i32.load (i32.const 16))) (i32.const 0xffffff)) (i32.const 0x646162)))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (if (i32.eqz (call $get (i32.const 0) (i32.const 1072) (i32.const 6) (i32.const 24) (i32.const 28)))
      (then unreachable))
    (i32.const 0))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (drop (call $add (i32.const 2) (i32.const 1024) (i32.const 8) (i32.const 1040) (i32.const 4)))
    (drop (call $add (i32.const 2) (i32.const 1056) (i32.const 8)
      (i32.load (i32.const 16)) (i32.load (i32.const 20))))
    (i32.const 0)))

//! A plugin as the Rust SDK lays one out: a `cdylib` for WASI whose `_initialize` runs constructors and main's
//! code, and whose memory the host takes by `proxy_on_memory_allocate`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

#[link(wasm_import_module = "env")]
extern "C" {
    fn proxy_log(level: u32, message: *const u8, size: usize) -> u32;
    fn proxy_get_buffer_bytes(kind: u32, start: usize, length: usize, data: *mut *mut u8, size: *mut usize) -> u32;
    fn proxy_get_header_map_value(map: u32, name: *const u8, name_size: usize, value: *mut *mut u8, size: *mut usize) -> u32;
    fn proxy_add_header_map_value(map: u32, name: *const u8, name_size: usize, value: *const u8, size: usize) -> u32;
    fn proxy_define_metric(kind: u32, name: *const u8, size: usize, id: *mut u32) -> u32;
    fn proxy_increment_metric(id: u32, offset: i64) -> u32;
    fn proxy_set_tick_period_milliseconds(period: u32) -> u32;
}

#[derive(Default)]
struct Plugin {
    greeting: String,
    requests: u32,
    held: HashMap<u32, Vec<u8>>,
}

thread_local! {
    static PLUGIN: RefCell<Plugin> = RefCell::default();
}

fn with<T>(act: impl FnOnce(&mut Plugin) -> T) -> T {
    PLUGIN.with(|plugin| act(&mut plugin.borrow_mut()))
}

unsafe fn taken(data: *mut u8, size: usize) -> String {
    if data.is_null() {
        return String::new();
    }
    String::from_utf8_lossy(&Vec::from_raw_parts(data, size, size)).into_owned()
}

fn request_header(name: &str) -> String {
    let mut value = std::ptr::null_mut();
    let mut size = 0;
    unsafe {
        match proxy_get_header_map_value(0, name.as_ptr(), name.len(), &mut value, &mut size) {
            0 => taken(value, size),
            _ => String::new(),
        }
    }
}

fn add_response_header(name: &str, value: &str) {
    unsafe { proxy_add_header_map_value(2, name.as_ptr(), name.len(), value.as_ptr(), value.len()) };
}

extern "C" {
    fn __wasm_call_ctors();
}

#[no_mangle]
pub extern "C" fn _initialize() {
    unsafe { __wasm_call_ctors() };
    with(|plugin| plugin.greeting = "constructed".to_owned());
}

#[no_mangle]
pub extern "C" fn proxy_abi_version_0_2_1() {}

#[no_mangle]
pub extern "C" fn proxy_on_memory_allocate(size: usize) -> *mut u8 {
    let mut data = Vec::with_capacity(size);
    let address = data.as_mut_ptr();
    std::mem::forget(data);
    address
}

#[no_mangle]
pub extern "C" fn proxy_on_context_create(_context: u32, _root: u32) {}

#[no_mangle]
pub extern "C" fn proxy_on_vm_start(_context: u32, _size: u32) -> bool {
    with(|plugin| println!("started with {}", plugin.greeting));
    true
}

#[no_mangle]
pub extern "C" fn proxy_on_configure(_context: u32, size: usize) -> bool {
    let mut data = std::ptr::null_mut();
    let mut length = 0;
    let greeting = unsafe {
        if proxy_get_buffer_bytes(7, 0, size, &mut data, &mut length) != 0 {
            return false;
        }
        taken(data, length)
    };
    let name = "sdk_requests_total";
    let mut requests = 0;
    unsafe {
        proxy_define_metric(0, name.as_ptr(), name.len(), &mut requests);
        proxy_set_tick_period_milliseconds(20);
    }
    let accepted = greeting != "refuse";
    with(|plugin| (plugin.greeting, plugin.requests) = (greeting, requests));
    accepted
}

#[no_mangle]
pub extern "C" fn proxy_on_tick(_context: u32) {
    unsafe { proxy_set_tick_period_milliseconds(0) };
    eprintln!("ticked");
}

#[no_mangle]
pub extern "C" fn proxy_on_request_headers(context: u32, _count: u32, _end: bool) -> u32 {
    let path = request_header(":path");
    if path == "/trap" {
        panic!("asked to");
    }
    if path == "/grow" {
        with(|plugin| plugin.held.insert(context, vec![b'x'; 8 << 20]));
    }
    let message = format!("path {} of {}", path, request_header("x-tenant"));
    unsafe {
        proxy_increment_metric(with(|plugin| plugin.requests), 1);
        proxy_log(2, message.as_ptr(), message.len());
    }
    0
}

#[no_mangle]
pub extern "C" fn proxy_on_response_headers(_context: u32, _count: u32, _end: bool) -> u32 {
    let greeting = with(|plugin| plugin.greeting.clone());
    add_response_header("x-greeting", &greeting);
    let hours = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() / 3600);
    add_response_header("x-year-is-later-than-2000", if hours > 24 * 365 * 30 { "yes" } else { "no" });
    0
}

#[no_mangle]
pub extern "C" fn proxy_on_delete(context: u32) {
    with(|plugin| plugin.held.remove(&context));
}

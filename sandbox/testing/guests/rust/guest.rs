//! Guests for tests, without a standard library and with the canonical ABI by hand, so that a bare rustc (1.63 and
//! later) builds them. `--cfg tool_0_4_1`, `--cfg tool_0_3_0` or `--cfg channel_0_3_1` chooses the world. What a tool
//! does is the first word of its params; the rest of them is its argument.
#![no_std]
#![no_main]
#![allow(unexpected_cfgs)]

use core::arch::wasm32;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    wasm32::unreachable()
}

const PAGE: usize = 65536;
static mut TOP: usize = 0;

/// A bump allocator above the memory that the linker laid out. Nothing is freed: an instance lives for one call.
#[no_mangle]
pub unsafe extern "C" fn cabi_realloc(old: *mut u8, old_size: usize, align: usize, size: usize) -> *mut u8 {
    if TOP == 0 {
        TOP = wasm32::memory_size(0) * PAGE;
    }
    let at = (TOP + align - 1) & !(align - 1);
    TOP = at + size;
    while TOP > wasm32::memory_size(0) * PAGE {
        if wasm32::memory_grow(0, 1) == usize::MAX {
            wasm32::unreachable();
        }
    }
    let new = at as *mut u8;
    if old_size > 0 {
        core::ptr::copy_nonoverlapping(old, new, if old_size < size { old_size } else { size });
    }
    new
}

unsafe fn allocate(size: usize) -> *mut u8 {
    cabi_realloc(core::ptr::null_mut(), 0, 8, size)
}

/// A text that grows at the end of the heap.
struct Text {
    at: *mut u8,
    size: usize,
    room: usize,
}

impl Text {
    unsafe fn new() -> Text {
        Text { at: allocate(1024), size: 0, room: 1024 }
    }

    unsafe fn add(&mut self, bytes: &[u8]) {
        while self.size + bytes.len() > self.room {
            self.at = cabi_realloc(self.at, self.size, 8, self.room * 2);
            self.room *= 2;
        }
        core::ptr::copy_nonoverlapping(bytes.as_ptr(), self.at.add(self.size), bytes.len());
        self.size += bytes.len();
    }

    unsafe fn add_number(&mut self, number: usize) {
        if number >= 10 {
            self.add_number(number / 10);
        }
        self.add(&[b'0' + (number % 10) as u8]);
    }

    unsafe fn bytes(&self) -> &'static [u8] {
        core::slice::from_raw_parts(self.at, self.size)
    }
}

unsafe fn slice(at: *const u8, size: usize) -> &'static [u8] {
    if size == 0 {
        return b"";
    }
    core::slice::from_raw_parts(at, size)
}

/// The text in front of the first space and what comes after it.
fn split(text: &[u8]) -> (&[u8], &[u8]) {
    match text.iter().position(|byte| *byte == b' ') {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, b""),
    }
}

static mut RESULT: [usize; 16] = [0; 16];

unsafe fn set(words: &[usize]) -> *const usize {
    RESULT[..words.len()].copy_from_slice(words);
    core::ptr::addr_of!(RESULT) as *const usize
}

unsafe fn text(bytes: &[u8]) -> *const usize {
    set(&[bytes.as_ptr() as usize, bytes.len()])
}

#[cfg(any(tool_0_4_1, tool_0_3_0))]
mod tool {
    use super::*;

    #[cfg_attr(tool_0_4_1, link(wasm_import_module = "near:agent/host@0.4.1"))]
    #[cfg_attr(tool_0_3_0, link(wasm_import_module = "near:agent/host@0.3.0"))]
    extern "C" {
        fn log(level: i32, message: *const u8, size: usize);
        #[link_name = "now-millis"]
        fn now_millis() -> i64;
        #[link_name = "workspace-read"]
        fn workspace_read(path: *const u8, size: usize, result: *mut usize);
        #[link_name = "http-request"]
        fn http_request(
            method: *const u8,
            method_size: usize,
            url: *const u8,
            url_size: usize,
            headers: *const u8,
            headers_size: usize,
            has_body: i32,
            body: *const u8,
            body_size: usize,
            has_timeout: i32,
            timeout: i32,
            result: *mut usize,
        );
        #[link_name = "tool-invoke"]
        fn tool_invoke(alias: *const u8, alias_size: usize, params: *const u8, params_size: usize, result: *mut usize);
        #[link_name = "secret-exists"]
        fn secret_exists(name: *const u8, size: usize) -> i32;
    }

    #[cfg(tool_0_4_1)]
    unsafe fn success(bytes: &[u8]) -> *const usize {
        set(&[0, bytes.as_ptr() as usize, bytes.len()])
    }

    /// kind executor, no code, a message
    #[cfg(tool_0_4_1)]
    unsafe fn failure(message: &[u8]) -> *const usize {
        set(&[1, 3, 0, 0, 0, 1, message.as_ptr() as usize, message.len()])
    }

    #[cfg(tool_0_3_0)]
    unsafe fn success(bytes: &[u8]) -> *const usize {
        set(&[1, bytes.as_ptr() as usize, bytes.len(), 0, 0, 0])
    }

    #[cfg(tool_0_3_0)]
    unsafe fn failure(message: &[u8]) -> *const usize {
        set(&[0, 0, 0, 1, message.as_ptr() as usize, message.len()])
    }

    /// `http URL`: the status, a space, the body.
    unsafe fn http(url: &[u8]) -> *const usize {
        let mut answer = [0usize; 16];
        http_request(
            b"GET".as_ptr(), 3, url.as_ptr(), url.len(), b"{}".as_ptr(), 2, 0, core::ptr::null(), 0, 0, 0,
            answer.as_mut_ptr(),
        );
        if answer[0] & 0xff != 0 {
            return http_failed(&answer);
        }
        let mut out = Text::new();
        out.add_number(answer[1] & 0xffff);
        out.add(b" ");
        out.add(slice(answer[4] as *const u8, answer[5]));
        success(out.bytes())
    }

    /// The kind as a number, whether it was sent, the message.
    #[cfg(tool_0_4_1)]
    unsafe fn http_failed(answer: &[usize; 16]) -> *const usize {
        let mut out = Text::new();
        out.add(b"kind ");
        out.add_number(answer[1] & 0xff);
        out.add(if answer[8] & 0xff != 0 { b" sent " } else { b" unsent " });
        if answer[5] & 0xff != 0 {
            out.add(slice(answer[6] as *const u8, answer[7]));
        }
        failure(out.bytes())
    }

    #[cfg(tool_0_3_0)]
    unsafe fn http_failed(answer: &[usize; 16]) -> *const usize {
        failure(slice(answer[1] as *const u8, answer[2]))
    }

    /// `secret NAME`: yes or no.
    unsafe fn secret(name: &[u8]) -> *const usize {
        let there = secret_exists(name.as_ptr(), name.len()) != 0;
        success(if there { b"yes" } else { b"no" })
    }

    /// `invoke ALIAS PARAMS`: what the other tool says.
    unsafe fn invoke(argument: &[u8]) -> *const usize {
        let (alias, params) = split(argument);
        let mut answer = [0usize; 3];
        tool_invoke(alias.as_ptr(), alias.len(), params.as_ptr(), params.len(), answer.as_mut_ptr());
        let said = slice(answer[1] as *const u8, answer[2]);
        if answer[0] & 0xff == 0 { success(said) } else { failure(said) }
    }

    /// `read PATH`: the file.
    unsafe fn read(path: &[u8]) -> *const usize {
        let mut answer = [0usize; 3];
        workspace_read(path.as_ptr(), path.len(), answer.as_mut_ptr());
        if answer[0] & 0xff == 0 {
            return failure(b"no such file");
        }
        success(slice(answer[1] as *const u8, answer[2]))
    }

    /// `log N`: as many lines; `log` alone never ends.
    unsafe fn flood(argument: &[u8]) -> *const usize {
        let most = number(argument);
        let mut count = 0;
        while most == 0 || count < most {
            log(2, b"line".as_ptr(), 4);
            count += 1;
        }
        success(b"logged")
    }

    fn number(digits: &[u8]) -> usize {
        digits.iter().fold(0, |sum, digit| sum * 10 + (*digit - b'0') as usize)
    }

    #[inline(never)]
    unsafe fn recurse(depth: usize) -> usize {
        let frame = [depth; 64];
        let below = recurse(core::ptr::read_volatile(&depth) + 1);
        below + core::ptr::read_volatile(frame.as_ptr())
    }

    /// `grow`: takes memory until there is none; the number of pages.
    unsafe fn grow() -> *const usize {
        let mut out = Text::new();
        while wasm32::memory_grow(0, 1) != usize::MAX {}
        out.add_number(wasm32::memory_size(0));
        success(out.bytes())
    }

    /// `big`: an answer as large as the memory that can be had, less a page for the canonical ABI.
    unsafe fn big() -> *const usize {
        let start = wasm32::memory_size(0) * PAGE;
        while wasm32::memory_grow(0, 1) != usize::MAX {}
        let size = (wasm32::memory_size(0) - 1) * PAGE - start;
        core::ptr::write_bytes(start as *mut u8, b'x', size);
        success(slice(start as *const u8, size))
    }

    unsafe fn spin() -> ! {
        let mut count = 0u32;
        loop {
            core::ptr::write_volatile(&mut count, count.wrapping_add(1));
        }
    }

    unsafe fn now() -> *const usize {
        let mut out = Text::new();
        out.add_number((now_millis() / 1000) as usize);
        success(out.bytes())
    }

    #[cfg_attr(tool_0_4_1, export_name = "near:agent/tool@0.4.1#execute")]
    #[cfg_attr(tool_0_3_0, export_name = "near:agent/tool@0.3.0#execute")]
    pub unsafe extern "C" fn execute(
        params: *const u8,
        size: usize,
        has_context: i32,
        context: *const u8,
        context_size: usize,
    ) -> *const usize {
        let given = slice(params, size);
        let words = match given.strip_prefix(b"{\"do\":\"") {
            Some(rest) => rest.strip_suffix(b"\"}").unwrap_or(rest),
            None => given,
        };
        let (operation, argument) = split(words);
        match operation {
            b"echo" => success(argument),
            b"context" if has_context != 0 => success(slice(context, context_size)),
            b"http" => http(argument),
            b"secret" => secret(argument),
            b"invoke" => invoke(argument),
            b"read" => read(argument),
            b"now" => now(),
            b"log" => flood(argument),
            b"fail" => failure(argument),
            b"trap" => wasm32::unreachable(),
            b"loop" => spin(),
            b"recurse" => {
                let mut out = Text::new();
                out.add_number(recurse(0));
                success(out.bytes())
            }
            b"grow" => grow(),
            b"big" => big(),
            _ => failure(b"unknown operation"),
        }
    }

    #[cfg_attr(tool_0_4_1, export_name = "near:agent/tool@0.4.1#schema")]
    #[cfg_attr(tool_0_3_0, export_name = "near:agent/tool@0.3.0#schema")]
    pub unsafe extern "C" fn schema() -> *const usize {
        text(b"{\"type\":\"object\",\"properties\":{}}")
    }

    #[cfg_attr(tool_0_4_1, export_name = "near:agent/tool@0.4.1#description")]
    #[cfg_attr(tool_0_3_0, export_name = "near:agent/tool@0.3.0#description")]
    pub unsafe extern "C" fn description() -> *const usize {
        text(b"A guest for tests.")
    }
}

#[cfg(channel_0_3_1)]
mod channel {
    use super::*;

    #[link(wasm_import_module = "near:agent/channel-host@0.3.1")]
    extern "C" {
        fn log(level: i32, message: *const u8, size: usize);
        #[link_name = "emit-message"]
        fn emit_message(
            user: *const u8,
            user_size: usize,
            has_name: i32,
            name: *const u8,
            name_size: usize,
            content: *const u8,
            content_size: usize,
            has_thread: i32,
            thread: *const u8,
            thread_size: usize,
            metadata: *const u8,
            metadata_size: usize,
            attachments: *const u8,
            attachments_count: usize,
        );
        #[link_name = "workspace-write"]
        fn workspace_write(path: *const u8, path_size: usize, content: *const u8, size: usize, result: *mut usize);
    }

    unsafe fn emit(content: &[u8]) {
        let nothing = core::ptr::null();
        emit_message(
            b"somebody".as_ptr(), 8, 0, nothing, 0, content.as_ptr(), content.len(), 0, nothing, 0, b"{}".as_ptr(), 2,
            nothing, 0,
        );
    }

    static ENDPOINT: &[u8] = b"/webhook/guest";
    static METHOD: &[u8] = b"POST";

    /// One endpoint and no polling. The display name is the configuration.
    #[export_name = "near:agent/channel@0.3.1#on-start"]
    pub unsafe extern "C" fn on_start(config: *const u8, size: usize) -> *const usize {
        let methods = allocate(8) as *mut usize;
        *methods = METHOD.as_ptr() as usize;
        *methods.add(1) = METHOD.len();
        let endpoint = allocate(20) as *mut usize;
        *endpoint = ENDPOINT.as_ptr() as usize;
        *endpoint.add(1) = ENDPOINT.len();
        *endpoint.add(2) = methods as usize;
        *endpoint.add(3) = 1;
        *endpoint.add(4) = 0;
        set(&[0, config as usize, size, endpoint as usize, 1, 0, 0, 0])
    }

    /// The body of the request becomes a message, and the answer.
    #[export_name = "near:agent/channel@0.3.1#on-http-request"]
    pub unsafe extern "C" fn on_http_request(
        _method: *const u8,
        _method_size: usize,
        _path: *const u8,
        _path_size: usize,
        _headers: *const u8,
        _headers_size: usize,
        _query: *const u8,
        _query_size: usize,
        body: *const u8,
        body_size: usize,
        _secret_validated: i32,
    ) -> *const usize {
        emit(slice(body, body_size));
        set(&[200, b"{}".as_ptr() as usize, 2, body as usize, body_size])
    }

    #[export_name = "near:agent/channel@0.3.1#on-poll"]
    pub unsafe extern "C" fn on_poll() {
        emit(b"polled");
    }

    unsafe fn write(content: *const u8, size: usize) -> *const usize {
        let mut answer = [0usize; 3];
        workspace_write(b"last".as_ptr(), 4, content, size, answer.as_mut_ptr());
        set(&answer)
    }

    /// What the assistant says is written to the file `last`.
    #[export_name = "near:agent/channel@0.3.1#on-respond"]
    pub unsafe extern "C" fn on_respond(
        _id: *const u8,
        _id_size: usize,
        content: *const u8,
        content_size: usize,
        _has_thread: i32,
        _thread: *const u8,
        _thread_size: usize,
        _metadata: *const u8,
        _metadata_size: usize,
        _attachments: *const u8,
        _attachments_count: usize,
    ) -> *const usize {
        write(content, content_size)
    }

    #[export_name = "near:agent/channel@0.3.1#on-status"]
    pub unsafe extern "C" fn on_status(
        _status: i32,
        message: *const u8,
        size: usize,
        _metadata: *const u8,
        _metadata_size: usize,
    ) {
        log(2, message, size);
    }

    #[export_name = "near:agent/channel@0.3.1#on-broadcast"]
    pub unsafe extern "C" fn on_broadcast(
        _user: *const u8,
        _user_size: usize,
        _id: *const u8,
        _id_size: usize,
        content: *const u8,
        content_size: usize,
        _has_thread: i32,
        _thread: *const u8,
        _thread_size: usize,
        _metadata: *const u8,
        _metadata_size: usize,
        _attachments: *const u8,
        _attachments_count: usize,
    ) -> *const usize {
        write(content, content_size)
    }

    #[export_name = "near:agent/channel@0.3.1#on-shutdown"]
    pub unsafe extern "C" fn on_shutdown() {
        log(2, b"bye".as_ptr(), 3);
    }
}

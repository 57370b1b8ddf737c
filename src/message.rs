//! How the page and its worker talk: one byte array for each message, its buffer transferred.
//!
//! A message is a header of six bytes (version, kind, the request's number in little endian) and a payload.
//! Which kinds there are beside those of the link itself is up to the page and the worker's handler.

/// Both sides come from one build, so this can only differ when a cache mixes two builds.
pub const VERSION: u8 = 1;

/// Worker to page, once: the worker takes requests now.
pub const READY: u8 = 0;
/// Worker to page: the engine failed and is of no use any more; the payload says why, in UTF-8.
pub const FAILED: u8 = 255;

const HEADER: usize = 6;

/// A request of the page, or the worker's answer, which carries the number of its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub kind: u8,
    pub request: u32,
    pub payload: Vec<u8>,
}

/// The first bytes of a message.
pub fn header(kind: u8, request: u32) -> [u8; HEADER] {
    let [a, b, c, d] = request.to_le_bytes();
    [VERSION, kind, a, b, c, d]
}

/// The kind and the request's number of a header, or why it is none.
pub fn parse(header: &[u8]) -> Result<(u8, u32), String> {
    match *header {
        [VERSION, kind, a, b, c, d] => Ok((kind, u32::from_le_bytes([a, b, c, d]))),
        [version, _, _, _, _, _] => Err(format!(
            "the worker speaks version {version}, not {VERSION}: reload the page"
        )),
        _ => Err("a message is shorter than its header".to_owned()),
    }
}

#[cfg(target_arch = "wasm32")]
mod js {
    use super::{HEADER, Message, header, parse};
    use js_sys::{Array, Uint8Array};
    use wasm_bindgen::{JsCast, JsValue};

    /// A message on the JavaScript side, to be posted together with what it transfers.
    pub fn pack(kind: u8, request: u32, payload: &[u8]) -> (Uint8Array, Array) {
        let size = HEADER + payload.len();
        let bytes = Uint8Array::new_with_length(size as u32);
        bytes
            .subarray(0, HEADER as u32)
            .copy_from(&header(kind, request));
        bytes
            .subarray(HEADER as u32, size as u32)
            .copy_from(payload);
        let transferred = Array::of1(&bytes.buffer());
        (bytes, transferred)
    }

    /// The message that arrived as an event's `data`.
    pub fn unpack(data: JsValue) -> Result<Message, String> {
        let bytes: Uint8Array = data
            .dyn_into()
            .map_err(|_| "a message is no byte array".to_owned())?;
        let length = bytes.length();
        let (kind, request) = parse(&bytes.subarray(0, length.min(HEADER as u32)).to_vec())?;
        let payload = bytes.subarray(HEADER as u32, length).to_vec();
        Ok(Message {
            kind,
            request,
            payload,
        })
    }
}
#[cfg(target_arch = "wasm32")]
pub use js::{pack, unpack};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back() {
        assert_eq!(parse(&header(7, 0x0403_0201)), Ok((7, 0x0403_0201)));
        assert_eq!(header(7, 0x0403_0201), [VERSION, 7, 1, 2, 3, 4]);
    }

    #[test]
    fn another_version_is_refused() {
        let mut strange = header(7, 1);
        strange[0] = VERSION + 1;
        assert!(parse(&strange).unwrap_err().contains("reload"));
        assert!(parse(&strange[..5]).is_err());
    }
}

//! Packs finished bodies. Only what is worth it: text, from a size where the packed form is smaller by more than the
//! work is dear. Pictures and streams never come here.

use std::io::Write;

use bytes::Bytes;
use poem::Response;
use poem::http::{HeaderMap, HeaderValue, header};

use super::negotiate::Coding;

/// Below this, headers and a packet's padding eat what packing saves.
pub const WORTH_IT_BYTES: usize = 1_024;

/// Brotli quality for bodies made on request: near gzip's speed, a tenth smaller.
const QUICK_BROTLI: u32 = 4;

/// Brotli quality for files packed once and kept.
const GOOD_BROTLI: u32 = 9;

/// `body` packed.
pub fn pack(body: &[u8], coding: Coding, is_kept: bool) -> Option<Bytes> {
    let packed = match coding {
        Coding::Identity => return None,
        Coding::Brotli => {
            let quality = if is_kept { GOOD_BROTLI } else { QUICK_BROTLI };
            let mut writer = brotli::CompressorWriter::new(Vec::with_capacity(body.len() / 4), 16 << 10, quality, 20);
            writer.write_all(body).ok()?;
            writer.flush().ok()?;
            writer.into_inner()
        }
        Coding::Gzip => {
            let level = if is_kept { flate2::Compression::best() } else { flate2::Compression::fast() };
            let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(body.len() / 3), level);
            writer.write_all(body).ok()?;
            writer.finish().ok()?
        }
    };
    Some(packed.into())
}

/// Puts `body` into `response`, packed if the client likes and it is worth it.
pub fn fill(response: &mut Response, body: Bytes, request: &HeaderMap) {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let coding = if body.len() < WORTH_IT_BYTES { Coding::Identity } else { Coding::negotiate(request) };
    match (pack(&body, coding, false), coding.token()) {
        (Some(packed), Some(token)) => {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
            response.set_body(packed);
        }
        _ => response.set_body(body),
    }
}

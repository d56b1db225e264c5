//! A small HTTP/1.1 client (RFC 9112): one request on one connection, nothing hidden. Tests that break the rules write
//! their bytes themselves and read the answer with [`read`].

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than any test waits on purpose.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer, with its body put together from its chunks.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The header `name` (lower case), the first if there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Every entry of a header that is a list, in lower case.
    pub fn list(&self, name: &str) -> Vec<String> {
        let values = self.headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str());
        values.flat_map(|v| v.split(',')).map(|v| v.trim().to_ascii_lowercase()).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("bodies are UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {}", String::from_utf8_lossy(&self.body)))
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Sends one request and reads its answer.
pub async fn send(address: SocketAddr, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut head = format!("{method} {target} HTTP/1.1\r\n");
    let names: Vec<String> = headers.iter().map(|(n, _)| n.to_ascii_lowercase()).collect();
    if !names.iter().any(|n| n == "host") {
        head += &format!("host: {address}\r\n");
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() && !names.iter().any(|n| n == "transfer-encoding" || n == "content-length") {
        head += &format!("content-length: {}\r\n", body.len());
    }
    head += "connection: close\r\n\r\n";
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    raw(address, &bytes, method == "HEAD").await
}

/// Sends bytes and reads one answer, while it is still sending: a refusal may come before the body has gone out.
pub async fn raw(address: SocketAddr, bytes: &[u8], is_head: bool) -> Answer {
    let (mut reader, mut writer) = connect(address).await.into_split();
    let sending = async {
        // A server that refuses may hang up in the middle.
        drop(writer.write_all(bytes).await);
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = read(&mut reader, is_head) => answer.expect("the server answers"),
        () = sending => unreachable!("it waits for ever"),
    }
}

/// An open connection.
pub async fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).await.expect("the server listens");
    stream.set_nodelay(true).expect("a TCP socket");
    stream
}

/// Reads one answer; nothing if the server hangs up first.
pub async fn read(stream: &mut (impl AsyncReadExt + Unpin), is_head: bool) -> Option<Answer> {
    tokio::time::timeout(PATIENCE, read_answer(stream, is_head)).await.expect("the server answers in time")
}

async fn read_answer(stream: &mut (impl AsyncReadExt + Unpin), is_head: bool) -> Option<Answer> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        if !more(stream, &mut bytes).await {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).expect("heads are text");
    let mut rest = bytes.split_off(end + 4);
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok()).expect("a status line");
    let field = |line: &str| line.split_once(':').map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_owned()));
    let headers: Vec<(String, String)> = lines.filter_map(field).collect();
    let mut answer = Answer { status, headers, body: Vec::new() };
    if is_head || matches!(status, 100..=199 | 204 | 304) {
        return Some(answer);
    }
    if answer.header("transfer-encoding") == Some("chunked") {
        answer.body = chunks(stream, &mut rest).await;
    } else {
        let length = answer.header("content-length").map(|l| l.parse::<usize>().expect("a number"));
        while length.is_none_or(|length| rest.len() < length) && more(stream, &mut rest).await {}
        assert!(length.is_none_or(|length| rest.len() == length), "the body is as long as its head says");
        answer.body = rest;
    }
    Some(answer)
}

async fn chunks(stream: &mut (impl AsyncReadExt + Unpin), rest: &mut Vec<u8>) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = loop {
            if let Some(at) = rest.windows(2).position(|w| w == b"\r\n") {
                break at;
            }
            assert!(more(stream, rest).await, "the body has an end");
        };
        let size = std::str::from_utf8(&rest[..line]).ok().and_then(|s| usize::from_str_radix(s.trim(), 16).ok());
        let size = size.expect("a chunk begins with its size");
        rest.drain(..line + 2);
        while rest.len() < size + 2 {
            assert!(more(stream, rest).await, "a chunk is whole");
        }
        if size == 0 {
            return body;
        }
        body.extend(rest.drain(..size));
        rest.drain(..2);
    }
}

async fn more(stream: &mut (impl AsyncReadExt + Unpin), bytes: &mut Vec<u8>) -> bool {
    stream.read_buf(bytes).await.is_ok_and(|count| count > 0)
}

/// `text` for a query string (RFC 3986 §2.1).
pub fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

//! An HTTP client that costs as little as possible, because it runs on the cores that are measured: requests are bytes
//! made beforehand, answers are read into one buffer, and only status and length are looked at.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One kept connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What is looked at.
pub struct Glance {
    /// Status code.
    pub status: u16,
    /// Length of the body.
    pub length: usize,
}

impl Wire {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { stream, buffer: vec![0; 256 << 10] })
    }

    /// Sends a request and reads its answer to the end.
    pub fn ask(&mut self, request: &[u8]) -> Result<Glance> {
        self.stream.write_all(request)?;
        let (mut filled, mut end) = (0, None);
        loop {
            let read = self.stream.read(&mut self.buffer[filled..])?;
            if read == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            filled += read;
            if end.is_none() {
                end = head(&self.buffer[..filled])?;
            }
            if let Some((status, head, length)) = end {
                if head + length > self.buffer.len() {
                    self.buffer.resize(head + length, 0);
                }
                if filled >= head + length {
                    return Ok(Glance { status, length });
                }
            }
        }
    }
}

/// Status, length of the head and of the body, once the head is complete.
fn head(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text =
        std::str::from_utf8(&bytes[..at]).map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
    let status = text.get(9..12).and_then(|code| code.parse().ok());
    let length = text.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    match (status, length) {
        (Some(status), Some(length)) => Ok(Some((status, at + 4, length))),
        _ => Err(Error::new(ErrorKind::InvalidData, "an answer without status or length")),
    }
}

/// A GET with the token of somebody of the demo.
pub fn get(token: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n").into_bytes()
}

/// A GET of a page with the cookie of somebody who is signed in.
pub fn page(cookie: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\n\r\n").into_bytes()
}

/// A POST of FHIR JSON with the token of the demo's backend client.
pub fn post(path: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer demo-system\r\nContent-Type: application/fhir+json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

//! A small HTTP/1.1 client: one kept connection, bodies by length or chunks (RFC 9112).

use std::io::{BufRead, BufReader, Error, ErrorKind, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One answer.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body, undecoded.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A connection to one server. Headers given once are sent with every request.
pub struct Client {
    address: SocketAddr,
    headers: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    /// A client that connects at its first request.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, headers: String::new(), stream: None }
    }

    /// Adds a header to every request.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Sends `Authorization: Bearer …` with every request.
    pub fn bearer(self, token: &str) -> Self {
        self.with("Authorization", &format!("Bearer {token}"))
    }

    /// GET.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, &[], b"")
    }

    /// POST of FHIR JSON.
    pub fn post_fhir(&mut self, path: &str, body: &[u8]) -> Result<Answer> {
        self.send("POST", path, &[("Content-Type", "application/fhir+json")], body)
    }

    /// PUT of FHIR JSON.
    pub fn put_fhir(&mut self, path: &str, body: &[u8]) -> Result<Answer> {
        self.send("PUT", path, &[("Content-Type", "application/fhir+json")], body)
    }

    /// Any request.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{}", self.address, self.headers);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || matches!(method, "POST" | "PUT") {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body);
        let kept = self.stream.is_some();
        match self.exchange(&bytes, method) {
            // A server may close a kept connection between requests; a safe request is sent once more.
            Err(_) if kept && method == "GET" => {
                self.stream = None;
                self.exchange(&bytes, method)
            }
            other => other,
        }
    }

    fn exchange(&mut self, request: &[u8], method: &str) -> Result<Answer> {
        let result = self.try_exchange(request, method);
        if !matches!(&result, Ok(answer) if answer.header("connection") != Some("close")) {
            self.stream = None;
        }
        result
    }

    fn try_exchange(&mut self, request: &[u8], method: &str) -> Result<Answer> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(Duration::from_secs(60)))?;
            self.stream = Some(BufReader::with_capacity(64 << 10, stream));
        }
        let stream = self.stream.as_mut().ok_or(ErrorKind::NotConnected)?;
        stream.get_mut().write_all(request)?;
        let status = status(&line(stream)?)?;
        let headers = headers(stream)?;
        let mut answer = Answer { status, headers, body: Vec::new() };
        if method != "HEAD" && !matches!(status, 204 | 304) {
            answer.body = body(stream, &answer)?;
        }
        Ok(answer)
    }
}

fn line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    line.truncate(line.trim_end().len());
    Ok(line)
}

fn status(line: &str) -> Result<u16> {
    let code = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    code.ok_or_else(|| Error::new(ErrorKind::InvalidData, format!("not a status line: {line}")))
}

fn headers(stream: &mut impl BufRead) -> Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = line(stream)?;
        let Some((name, value)) = line.split_once(':') else { return Ok(headers) };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn body(stream: &mut impl BufRead, answer: &Answer) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    if answer.header("transfer-encoding") == Some("chunked") {
        loop {
            let size = line(stream)?;
            let size = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16)
                .map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
            let from = body.len();
            body.resize(from + size, 0);
            stream.read_exact(&mut body[from..])?;
            line(stream)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    match answer.header("content-length").and_then(|length| length.parse().ok()) {
        Some(length) => {
            body.resize(length, 0);
            stream.read_exact(&mut body)?;
        }
        None => {
            stream.read_to_end(&mut body)?;
        }
    }
    Ok(body)
}

//! As much of a browser as the pages need: one kept connection, cookies, gzip. It opens pages and nothing else; style and
//! script are in its cache.

use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Error, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One person's browser.
pub struct Browser {
    reader: BufReader<TcpStream>,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Page {
    /// Status code.
    pub status: u16,
    /// Where it leads, for a redirect.
    pub location: Option<String>,
    /// Its HTML.
    pub html: String,
}

impl Browser {
    /// Opens a connection.
    pub fn open(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { reader: BufReader::with_capacity(64 << 10, stream), cookies: BTreeMap::new() })
    }

    /// Opens a page.
    pub fn get(&mut self, path: &str) -> Result<Page> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\nCookie: {}\r\n\r\n",
            cookies.join("; ")
        );
        self.reader.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?.get(9..12).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| Error::other("no status"))?;
        let (mut location, mut length, mut chunked, mut zipped) = (None, 0, false, false);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "location" => location = Some(value.to_owned()),
                "content-length" => length = value.parse().map_err(Error::other)?,
                "transfer-encoding" => chunked = value == "chunked",
                "content-encoding" => zipped = value == "gzip",
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        let body = if chunked { self.chunks()? } else { self.exactly(length)? };
        let mut html = String::new();
        if zipped {
            GzDecoder::new(body.as_slice()).read_to_string(&mut html)?;
        } else {
            html = String::from_utf8_lossy(&body).into_owned();
        }
        Ok(Page { status, location, html })
    }

    fn keep(&mut self, line: &str) {
        let pair = line.split(';').next().and_then(|pair| pair.split_once('='));
        if let Some((name, value)) = pair {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(Error::other("the connection was closed"));
        }
        Ok(line.trim_end().to_owned())
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        Ok(body)
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line()?, 16).map_err(Error::other)?;
            body.extend(self.exactly(length)?);
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
}

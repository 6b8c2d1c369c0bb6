//! An MLLP sender: one message out, one acknowledgement back.

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A connection to one listener.
pub struct Sender(BufReader<TcpStream>);

impl Sender {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends one message and waits for its acknowledgement, frame removed.
    pub fn send(&mut self, message: &[u8]) -> Result<Vec<u8>> {
        self.write(message)?;
        self.receive()
    }

    /// Sends one message and does not wait.
    pub fn write(&mut self, message: &[u8]) -> Result<()> {
        let mut frame = Vec::with_capacity(message.len() + 3);
        frame.push(0x0B);
        frame.extend_from_slice(message);
        frame.extend_from_slice(&[0x1C, 0x0D]);
        self.0.get_mut().write_all(&frame)
    }

    /// Waits for one acknowledgement.
    pub fn receive(&mut self) -> Result<Vec<u8>> {
        let mut frame = Vec::new();
        self.0.read_until(0x1C, &mut frame)?;
        // The carriage return of the frame before may be all that is left when the other side is gone.
        if frame.last() != Some(&0x1C) {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        frame.retain(|byte| !matches!(byte, 0x0B | 0x1C));
        if frame.first() == Some(&b'\r') {
            frame.remove(0);
        }
        Ok(frame)
    }
}

/// The acknowledgement code: `AA`, `CA`, `AE`, …
pub fn code(acknowledgement: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(acknowledgement);
    let msa = text.split(['\r', '\n']).find(|segment| segment.starts_with("MSA"))?;
    msa.split('|').nth(1).map(str::to_owned)
}

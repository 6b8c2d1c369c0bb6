//! Sending DICOM files to a peer: an association that offers storage, C-STORE for each file, release. The caller opens the
//! connection and limits how long it may be silent; what a peer sends is limited in size here.
//! PS3.8 §9.3 (upper layer), PS3.7 §9.1.1 (C-STORE): <https://www.dicomstandard.org/current>.

use super::command::{StoreStatus, read_status, store_request};
use super::file::FileParts;
use super::pdu::{Accepted, Pdu, PduKind, associate_request, data_pdus, read_accepted, read_pdu, value_of};
use std::io::{Read, Write};
use thiserror::Error;

/// Most pieces that an answer may come in, empty ones counted.
const MOST_FRAGMENTS: usize = 1000;

/// Why a peer did not take what was sent.
#[derive(Debug, Error)]
pub enum SendError {
    /// The peer or the network.
    #[error("the connection broke: {0}")]
    Connection(#[from] std::io::Error),
    /// The peer wants no association, with the standard's result, source and reason.
    #[error("the peer refused the association (result {0}, source {1}, reason {2})")]
    Rejected(u8, u8, u8),
    /// The peer ended the association.
    #[error("the peer aborted (source {0}, reason {1})")]
    Aborted(u8, u8),
    /// The peer does not take this kind of image in this encoding.
    #[error("the peer does not take images of class {0}")]
    NotAccepted(String),
    /// The peer took the request and failed.
    #[error("the peer failed to store {instance}: status {status:04X}")]
    Failed {
        /// SOP instance.
        instance: String,
        /// PS3.7 annex C.
        status: u16,
    },
    /// The peer does not speak the protocol.
    #[error("the peer sent {0}")]
    Protocol(&'static str),
    /// What should be sent is no DICOM file.
    #[error("not sent: {0}")]
    File(&'static str),
}

/// Names of both sides, at most 16 characters each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titles {
    /// The peer's.
    pub called: String,
    /// Ours.
    pub calling: String,
}

/// An open association over a connection.
pub struct Association<C: Read + Write> {
    connection: C,
    accepted: Accepted,
    message: u16,
}

impl<C: Read + Write> Association<C> {
    /// Offers storage of the given classes, each in explicit little endian.
    pub fn open(mut connection: C, titles: &Titles, classes: &[&str]) -> Result<Self, SendError> {
        connection.write_all(&associate_request(titles, classes))?;
        connection.flush()?;
        let answer = read_pdu(&mut connection)?;
        match answer.kind {
            PduKind::AssociateAccept => {
                Ok(Self { connection, accepted: read_accepted(&answer, classes)?, message: 0 })
            }
            PduKind::AssociateReject => {
                let at = |place: usize| answer.body.get(place).copied().unwrap_or_default();
                Err(SendError::Rejected(at(1), at(2), at(3)))
            }
            _ => Err(unexpected(&answer)),
        }
    }

    /// Sends one file; a warning of the peer (coerced, elements dropped) counts as taken.
    pub fn store(&mut self, file: &[u8]) -> Result<(), SendError> {
        let parts = FileParts::of(file).map_err(SendError::File)?;
        let context = self.accepted.context(parts.class);
        let context = context.ok_or_else(|| SendError::NotAccepted(parts.class.to_owned()))?;
        self.message = self.message.wrapping_add(1).max(1);
        let request = store_request(self.message, parts.class, parts.instance);
        let limit = self.accepted.longest;
        for pdu in
            data_pdus(context, true, &request, limit).chain(data_pdus(context, false, parts.data, limit))
        {
            self.connection.write_all(&pdu)?;
        }
        self.connection.flush()?;
        match read_status(&self.response()?, self.message)? {
            StoreStatus::Stored => Ok(()),
            StoreStatus::Failed(status) => {
                Err(SendError::Failed { instance: parts.instance.to_owned(), status })
            }
        }
    }

    /// The command that answers, put together from its fragments.
    fn response(&mut self) -> Result<Vec<u8>, SendError> {
        let mut command = Vec::new();
        for _ in 0..MOST_FRAGMENTS {
            let pdu = read_pdu(&mut self.connection)?;
            if pdu.kind != PduKind::Data {
                return Err(unexpected(&pdu));
            }
            let (value, last) = value_of(&pdu)?;
            command.extend_from_slice(value);
            if last {
                return Ok(command);
            }
            if command.len() > 1 << 16 {
                break;
            }
        }
        Err(SendError::Protocol("an answer without end"))
    }

    /// Ends the association as agreed; without it the peer sees a broken connection.
    pub fn release(mut self) -> Result<(), SendError> {
        self.connection.write_all(&[5, 0, 0, 0, 0, 4, 0, 0, 0, 0])?;
        self.connection.flush()?;
        let answer = read_pdu(&mut self.connection)?;
        if answer.kind == PduKind::ReleaseResponse { Ok(()) } else { Err(unexpected(&answer)) }
    }
}

fn unexpected(pdu: &Pdu) -> SendError {
    let at = |place: usize| pdu.body.get(place).copied().unwrap_or_default();
    match pdu.kind {
        PduKind::Abort => SendError::Aborted(at(2), at(3)),
        _ => SendError::Protocol("something other than an answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    /// A peer that gives its answers whatever it is sent.
    #[derive(Default)]
    struct Deaf {
        answers: VecDeque<u8>,
        heard: Vec<u8>,
    }

    impl Read for Deaf {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            self.answers.read(to)
        }
    }

    impl Write for Deaf {
        fn write(&mut self, from: &[u8]) -> std::io::Result<usize> {
            self.heard.extend_from_slice(from);
            Ok(from.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn titles() -> Titles {
        Titles { called: "PACS".into(), calling: "BEVAN".into() }
    }

    fn told(answers: &[u8]) -> Result<Association<Deaf>, SendError> {
        let peer = Deaf { answers: answers.iter().copied().collect(), heard: Vec::new() };
        Association::open(peer, &titles(), &["1.2.3"])
    }

    #[test]
    fn refusals_aborts_and_nonsense_are_named() {
        let says = |answers: &[u8]| told(answers).err().map(|error| error.to_string()).unwrap();
        assert!(says(&[3, 0, 0, 0, 0, 4, 0, 1, 1, 7]).contains("result 1, source 1, reason 7"));
        assert!(says(&[7, 0, 0, 0, 0, 4, 0, 0, 2, 1]).contains("aborted (source 2, reason 1)"));
        assert!(says(&[9, 0, 0, 0, 0, 0]).contains("kind"));
        assert!(says(&[2, 0, 255, 255, 255, 255]).contains("too long"));
        assert!(says(&[2, 0, 0, 0, 0, 9, 1]).contains("broke"));
        assert!(says(b"HTTP/1.1 400 Bad Request").contains("kind"));
    }

    /// An accepted association for the one class, with a longest unit.
    fn accept() -> Vec<u8> {
        let context = [0x21, 0, 0, 8, 1, 0, 0, 0, 0x40, 0, 0, 0];
        let user = [0x50, 0, 0, 8, 0x51, 0, 0, 4, 0, 0, 0x40, 0];
        let mut accept = vec![2, 0, 0, 0, 0, (68 + context.len() + user.len()) as u8, 0, 1];
        accept.extend([0; 66]);
        accept.extend(context);
        accept.extend(user);
        accept
    }

    #[test]
    fn an_answer_in_empty_pieces_without_end_is_given_up() {
        let empty = [4, 0, 0, 0, 0, 6, 0, 0, 0, 2, 1, 1];
        let mut association = told(&[accept(), empty.repeat(2000)].concat()).unwrap();
        assert!(association.response().unwrap_err().to_string().contains("without end"));
        assert!(!association.connection.answers.is_empty(), "it stopped reading");
    }

    #[test]
    fn an_answer_is_read_and_names_are_padded() {
        let mut accept = accept();
        let association = told(&accept).unwrap();
        assert_eq!(association.accepted.longest, 0x4000);
        assert_eq!(association.accepted.context("1.2.3"), Some(1));
        assert_eq!(&association.connection.heard[10..42], b"PACS            BEVAN           ");
        // The same with the context refused: sending is not tried.
        accept[6 + 68 + 6] = 3;
        let mut refused = told(&accept).unwrap();
        assert!(matches!(refused.store(b"no file"), Err(SendError::File(_))));
        assert_eq!(refused.accepted.context("1.2.3"), None);
    }
}

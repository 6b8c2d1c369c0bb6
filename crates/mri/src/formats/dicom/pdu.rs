//! Protocol data units of the upper layer, big endian: what a sender writes and what it must understand. PS3.8 §9.3.

use super::association::{SendError, Titles};
use std::io::Read;

/// Longest unit taken from a peer, bytes; answers are a few hundred.
const LONGEST: u32 = 1 << 20;
/// Longest unit sent, whatever the peer allows.
const LONGEST_SENT: usize = 1 << 17;
const APPLICATION: &str = "1.2.840.10008.3.1.1.1";
const EXPLICIT_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2.1";

/// Kinds that a peer may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PduKind {
    /// A-ASSOCIATE-AC.
    AssociateAccept,
    /// A-ASSOCIATE-RJ.
    AssociateReject,
    /// P-DATA-TF.
    Data,
    /// A-RELEASE-RP.
    ReleaseResponse,
    /// A-ABORT.
    Abort,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdu {
    /// Its kind.
    pub kind: PduKind,
    /// What follows its length.
    pub body: Vec<u8>,
}

/// Reads the next unit.
pub fn read_pdu(from: &mut dyn Read) -> Result<Pdu, SendError> {
    let mut head = [0; 6];
    from.read_exact(&mut head)?;
    let [kind, _, a, b, c, d] = head;
    let kind = match kind {
        2 => PduKind::AssociateAccept,
        3 => PduKind::AssociateReject,
        4 => PduKind::Data,
        6 => PduKind::ReleaseResponse,
        7 => PduKind::Abort,
        _ => return Err(SendError::Protocol("a unit of a kind that is no answer")),
    };
    let length = u32::from_be_bytes([a, b, c, d]);
    if length > LONGEST {
        return Err(SendError::Protocol("a unit that is too long"));
    }
    let mut body = vec![0; length as usize];
    from.read_exact(&mut body)?;
    Ok(Pdu { kind, body })
}

/// A-ASSOCIATE-RQ: one presentation context for each class, numbered 1, 3, 5, …
pub fn associate_request(titles: &Titles, classes: &[&str]) -> Vec<u8> {
    let mut body = vec![0, 1, 0, 0];
    body.extend(padded(&titles.called));
    body.extend(padded(&titles.calling));
    body.extend([0; 32]);
    body.extend(item(0x10, APPLICATION.as_bytes()));
    for (number, class) in classes.iter().enumerate() {
        let mut context = vec![number_of(number), 0, 0, 0];
        context.extend(item(0x30, class.as_bytes()));
        context.extend(item(0x40, EXPLICIT_LITTLE_ENDIAN.as_bytes()));
        body.extend(item(0x20, &context));
    }
    let mut user = item(0x51, &LONGEST.to_be_bytes());
    user.extend(item(0x52, super::image::IMPLEMENTATION.as_bytes()));
    user.extend(item(0x55, b"BEVAN"));
    body.extend(item(0x50, &user));
    let mut pdu = vec![1, 0];
    pdu.extend((body.len() as u32).to_be_bytes());
    pdu.extend(body);
    pdu
}

fn number_of(index: usize) -> u8 {
    u8::try_from(2 * index + 1).unwrap_or(u8::MAX)
}

fn padded(title: &str) -> [u8; 16] {
    let mut out = [b' '; 16];
    let plain = title.bytes().filter(|b| (b' '..=b'~').contains(b) && *b != b'\\');
    out.iter_mut().zip(plain).for_each(|(to, from)| *to = from);
    out
}

fn item(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind, 0];
    out.extend((body.len() as u16).to_be_bytes());
    out.extend_from_slice(body);
    out
}

/// What a peer agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    contexts: Vec<(String, u8)>,
    /// Longest unit that it takes.
    pub longest: usize,
}

impl Accepted {
    /// The presentation context of a class, where it was accepted.
    pub fn context(&self, class: &str) -> Option<u8> {
        self.contexts.iter().find(|(known, _)| known == class).map(|(_, number)| *number)
    }
}

/// Reads an A-ASSOCIATE-AC.
pub fn read_accepted(pdu: &Pdu, classes: &[&str]) -> Result<Accepted, SendError> {
    let mut accepted = Accepted { contexts: Vec::new(), longest: LONGEST_SENT };
    let mut rest = pdu.body.get(68..).ok_or(SendError::Protocol("an answer that ends early"))?;
    while let Some((kind, body, after)) = next_item(rest) {
        rest = after;
        match (kind, body) {
            // The third byte is the result: 0 accepts.
            (0x21, [number, _, 0, ..]) => {
                let class = classes.iter().enumerate().find(|(index, _)| number_of(*index) == *number);
                accepted.contexts.extend(class.map(|(_, class)| ((*class).to_owned(), *number)));
            }
            (0x50, user) => accepted.longest = longest(user).min(LONGEST_SENT),
            _ => {}
        }
    }
    Ok(accepted)
}

/// The peer's longest unit; 0 means any.
fn longest(mut user: &[u8]) -> usize {
    while let Some((kind, body, after)) = next_item(user) {
        user = after;
        if let (0x51, [a, b, c, d]) = (kind, body) {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            return if length == 0 { LONGEST_SENT } else { length.max(64) };
        }
    }
    LONGEST_SENT
}

fn next_item(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<4>()?;
    let [kind, _, high, low] = *head;
    let (body, after) = rest.split_at_checked(usize::from(u16::from_be_bytes([high, low])))?;
    Some((kind, body, after))
}

/// P-DATA-TF units that carry `bytes`, none longer than the peer takes.
pub fn data_pdus(context: u8, command: bool, bytes: &[u8], longest: usize) -> impl Iterator<Item = Vec<u8>> {
    // Length, context and control of the value are six bytes.
    let most = longest.saturating_sub(6).max(2) & !1;
    let count = bytes.len().div_ceil(most).max(1);
    (0..count).map(move |number| {
        let start = number * most;
        let piece = bytes.get(start..(start + most).min(bytes.len())).unwrap_or_default();
        let length = piece.len() as u32;
        let mut pdu = vec![4, 0];
        pdu.extend((length + 6).to_be_bytes());
        pdu.extend((length + 2).to_be_bytes());
        pdu.extend([context, u8::from(command) | u8::from(number + 1 == count) << 1]);
        pdu.extend_from_slice(piece);
        pdu
    })
}

/// The first value of a P-DATA-TF, and whether it ends the command.
pub fn value_of(pdu: &Pdu) -> Result<(&[u8], bool), SendError> {
    let short = SendError::Protocol("a value that ends early");
    let Some((head, rest)) = pdu.body.split_first_chunk::<4>() else { return Err(short) };
    let length = u32::from_be_bytes(*head) as usize;
    match rest.get(..length) {
        Some([_, control, value @ ..]) if control & 1 == 1 => Ok((value, control & 2 == 2)),
        Some([_, _, ..]) => Err(SendError::Protocol("data in place of an answer")),
        _ => Err(short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_even_no_longer_than_allowed_and_the_last_one_says_so() {
        let bytes: Vec<u8> = (0..250).collect();
        let pdus: Vec<Vec<u8>> = data_pdus(3, false, &bytes, 107).collect();
        assert_eq!(pdus.iter().map(Vec::len).collect::<Vec<_>>(), [112, 112, 62]);
        let mut together: Vec<u8> = Vec::new();
        for (number, pdu) in pdus.iter().enumerate() {
            assert_eq!((pdu[10], pdu[11]), (3, if number == 2 { 2 } else { 0 }));
            assert!(pdu.len() - 6 <= 107);
            together.extend(&pdu[12..]);
        }
        assert_eq!(together, bytes);
    }

    #[test]
    fn a_value_is_read_back_and_a_cut_one_is_named() {
        let bytes = data_pdus(1, true, b"command!", 4096).next().unwrap();
        let pdu = read_pdu(&mut &bytes[..]).unwrap();
        assert_eq!(value_of(&pdu).unwrap(), (&b"command!"[..], true));
        let cut = Pdu { kind: PduKind::Data, body: pdu.body[..7].to_vec() };
        assert!(value_of(&cut).is_err());
    }
}

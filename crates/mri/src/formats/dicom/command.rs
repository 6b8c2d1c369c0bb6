//! The C-STORE command and its answer: implicit little endian. PS3.7 §9.3.1.

use super::association::SendError;

/// How a peer answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreStatus {
    /// Stored, perhaps with a warning.
    Stored,
    /// Not stored, with the status.
    Failed(u16),
}

/// C-STORE-RQ with a dataset to follow.
pub fn store_request(message: u16, class: &str, instance: &str) -> Vec<u8> {
    let uid = |text: &str| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    };
    let short = |value: u16| value.to_le_bytes().to_vec();
    let elements = [
        (0x0002, uid(class)),
        (0x0100, short(0x0001)),
        (0x0110, short(message)),
        (0x0700, short(0)),
        (0x0800, short(0x0102)),
        (0x1000, uid(instance)),
    ];
    let body: Vec<u8> = elements.iter().flat_map(|(element, value)| group_0(*element, value)).collect();
    let mut out = group_0(0, &(body.len() as u32).to_le_bytes());
    out.extend(body);
    out
}

fn group_0(element: u16, value: &[u8]) -> Vec<u8> {
    let mut out = vec![0, 0];
    out.extend(element.to_le_bytes());
    out.extend((value.len() as u32).to_le_bytes());
    out.extend_from_slice(value);
    out
}

/// The status of a C-STORE-RSP to `message`.
pub fn read_status(command: &[u8], message: u16) -> Result<StoreStatus, SendError> {
    if short(command, 0x0100) != Some(0x8001) || short(command, 0x0120) != Some(message) {
        return Err(SendError::Protocol("an answer to something else"));
    }
    match short(command, 0x0900).ok_or(SendError::Protocol("an answer without a status"))? {
        // Success, and the warnings of storage: coerced, does not match, elements dropped.
        0 | 0xb000 | 0xb006 | 0xb007 => Ok(StoreStatus::Stored),
        status => Ok(StoreStatus::Failed(status)),
    }
}

fn short(mut command: &[u8], wanted: u16) -> Option<u16> {
    while let Some((head, rest)) = command.split_first_chunk::<8>() {
        let [_, _, low, high, a, b, c, d] = *head;
        let (value, after) = rest.split_at_checked(u32::from_le_bytes([a, b, c, d]) as usize)?;
        if u16::from_le_bytes([low, high]) == wanted {
            return value.try_into().ok().map(u16::from_le_bytes);
        }
        command = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(message: u16, status: u16) -> Vec<u8> {
        let shorts = [(0x0100, 0x8001), (0x0120, message), (0x0800, 0x0101), (0x0900, status)];
        shorts
            .iter()
            .flat_map(|(element, value): &(u16, u16)| group_0(*element, &value.to_le_bytes()))
            .collect()
    }

    #[test]
    fn a_request_says_its_length_and_pads_identifiers() {
        let request = store_request(7, "1.2.3", "2.25.12");
        let length = u32::from_le_bytes(request[8..12].try_into().unwrap()) as usize;
        assert_eq!(length, request.len() - 12);
        assert_eq!(short(&request, 0x0110), Some(7));
        assert!(request.windows(6).any(|w| w == b"1.2.3\0"));
    }

    #[test]
    fn warnings_are_stored_failures_are_not_and_strangers_are_errors() {
        assert_eq!(read_status(&answer(3, 0), 3).unwrap(), StoreStatus::Stored);
        assert_eq!(read_status(&answer(3, 0xb000), 3).unwrap(), StoreStatus::Stored);
        assert_eq!(read_status(&answer(3, 0xa700), 3).unwrap(), StoreStatus::Failed(0xa700));
        assert!(read_status(&answer(4, 0), 3).is_err());
        let whole = answer(3, 0);
        for cut in 0..whole.len() {
            assert!(read_status(&whole[..cut], 3).is_err(), "{cut}");
        }
    }
}

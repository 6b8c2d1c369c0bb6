//! Which messages may be worked off side by side: one lane per patient, in the order of arrival, and a message about more
//! than one patient (merge, move, swap) alone between two waves. Pure.

use hl7v2::Message;
use std::collections::HashMap;

/// Messages that may be worked off side by side: lanes at once, each lane in its order.
pub type Wave<T> = Vec<Vec<T>>;

/// Cuts a queue into waves. A message that cannot be read gets a wave of its own.
pub fn waves<T>(queue: Vec<T>, raw: impl Fn(&T) -> &[u8]) -> Vec<Wave<T>> {
    let mut waves = Vec::new();
    let mut open: Wave<T> = Vec::new();
    let mut lanes: HashMap<Vec<u8>, usize> = HashMap::new();
    for message in queue {
        match lane_key(raw(&message)) {
            Some(key) => {
                let number = *lanes.entry(key).or_insert_with(|| {
                    open.push(Vec::new());
                    open.len() - 1
                });
                if let Some(lane) = open.get_mut(number) {
                    lane.push(message);
                }
            }
            None => {
                lanes.clear();
                if !open.is_empty() {
                    waves.push(std::mem::take(&mut open));
                }
                waves.push(vec![vec![message]]);
            }
        }
    }
    if !open.is_empty() {
        waves.push(open);
    }
    waves
}

/// Sending facility and first patient identifier; `None` for a message that concerns more than one patient, or none that can
/// be named.
fn lane_key(raw: &[u8]) -> Option<Vec<u8>> {
    let message = Message::parse(raw).ok()?.message;
    let alone = message.segment(b"MRG").is_some() || message.segments_named(b"PID").count() != 1;
    let identifier = message.segment(b"PID")?.field(3).repetition(1).component(1);
    if alone || identifier.is_empty() {
        return None;
    }
    let facility = message.header(4).component(1);
    Some([facility.raw(), identifier.raw()].join(&0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(patient: &str, number: usize) -> (usize, Vec<u8>) {
        (number, format!("MSH|^~\\&|PAS|RX1\rPID|1||{patient}^^^X\r").into_bytes())
    }

    fn cut(queue: Vec<(usize, Vec<u8>)>) -> Vec<Vec<Vec<usize>>> {
        let numbers = |lane: Vec<(usize, Vec<u8>)>| lane.into_iter().map(|(number, _)| number).collect();
        let cut = waves(queue, |(_, raw)| raw);
        cut.into_iter().map(|wave| wave.into_iter().map(numbers).collect()).collect()
    }

    #[test]
    fn a_patient_keeps_the_order_and_a_merge_stands_alone() {
        let mut merge = about("A", 4);
        merge.1.extend_from_slice(b"MRG|B\r");
        let unreadable = (7, b"nonsense".to_vec());
        let queue = vec![
            about("A", 1),
            about("B", 2),
            about("A", 3),
            merge,
            about("B", 5),
            about("A", 6),
            unreadable,
            about("A", 8),
        ];
        let wanted: Vec<Vec<Vec<usize>>> = vec![
            vec![vec![1, 3], vec![2]],
            vec![vec![4]],
            vec![vec![5], vec![6]],
            vec![vec![7]],
            vec![vec![8]],
        ];
        assert_eq!(cut(queue), wanted);
    }

    #[test]
    fn two_facilities_may_use_one_number() {
        let mut other = about("A", 2);
        other.1 = String::from_utf8(other.1).unwrap().replace("RX1", "RX2").into_bytes();
        assert_eq!(cut(vec![about("A", 1), other]), [vec![vec![1], vec![2]]]);
    }
}

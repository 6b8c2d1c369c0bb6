//! The second oracle: every answer is searched for canaries of what the reader may not see, also inside base64 and
//! hexadecimal. What the request itself said is no news to whoever sent it.

use super::door::{Answer, Call};
use super::expect::Who;
use super::records::Record;
use super::world::Known;
use std::collections::{HashMap, HashSet};

/// Searches answers of one world.
pub struct Scanner<'w> {
    pub known: &'w Known,
    by_address: HashMap<String, &'w Record>,
}

impl<'w> Scanner<'w> {
    pub fn new(known: &'w Known) -> Self {
        let by_address = known.records.iter().map(|r| (format!("{}/{}", r.type_, r.id()), r)).collect();
        Self { known, by_address }
    }

    /// What an answer gives away.
    pub fn leaks(&self, who: Who, call: &Call, answer: &Answer) -> Vec<String> {
        let asked = canaries(&call.text());
        let text = answer.text();
        let mut leaks: Vec<String> = canaries(&text)
            .into_iter()
            .filter(|number| !asked.contains(number) && !self.known.may_see(who, *number))
            .map(|number| format!("canary of {}", self.owner(number)))
            .collect();
        // A full address in an answer says that there is something.
        let request = call.text();
        for at in text.match_indices("/fhir/").map(|(at, found)| at + found.len()) {
            let end = text[at..].find(|c: char| !c.is_ascii_alphanumeric() && !"/-._".contains(c));
            let address: Vec<&str> = text[at..][..end.unwrap_or(0)].split('/').take(2).collect();
            let address = address.join("/");
            let hidden = self.by_address.get(&address).filter(|r| !self.known.may_see(who, r.number));
            if hidden.is_some_and(|record| !request.contains(&record.id())) {
                leaks.push(format!("address of {address}"));
            }
        }
        leaks.sort();
        leaks.dedup();
        leaks
    }

    /// What of somebody else's a page names: the id of a resource that its reader may not see is as good as its address.
    pub fn ids(&self, who: Who, call: &Call, answer: &Answer) -> Vec<String> {
        let (text, asked) = (answer.text(), call.text());
        let hidden = self.known.records.iter().filter(|record| !self.known.may_see(who, record.number));
        hidden
            .map(Record::id)
            .filter(|id| text.contains(id) && !asked.contains(id))
            .map(|id| format!("id {id}"))
            .collect()
    }

    fn owner(&self, number: u32) -> String {
        match self.known.canaries.get(&number) {
            Some(Some(at)) => {
                let record = &self.known.records[*at];
                format!("{} {} of {:?}", record.type_, record.id(), record.owners)
            }
            _ => format!("an earlier owner's version ({number})"),
        }
    }
}

/// The canaries in a text, in any case and behind base64 or hexadecimal.
pub fn canaries(text: &str) -> HashSet<u32> {
    let mut found = HashSet::new();
    plain(text, &mut found);
    for run in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '/') {
        if run.len() >= 16 {
            plain(&String::from_utf8_lossy(&base64(run)), &mut found);
        }
    }
    for run in text.split(|c: char| !c.is_ascii_hexdigit()) {
        if run.len() >= 32 {
            plain(&String::from_utf8_lossy(&hexadecimal(run)), &mut found);
        }
    }
    found
}

fn plain(text: &str, found: &mut HashSet<u32>) {
    let lower = text.to_ascii_lowercase();
    for (at, _) in lower.match_indices("zkx") {
        let number: Option<u32> = lower.get(at + 3..at + 7).and_then(|digits| digits.parse().ok());
        if lower.get(at + 7..at + 8) == Some("q") {
            found.extend(number);
        }
    }
}

fn base64(run: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(run.len());
    let (mut word, mut bits) = (0u32, 0);
    for byte in run.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        word = (word << 6 | u32::from(six)) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
        }
    }
    bytes
}

fn hexadecimal(run: &str) -> Vec<u8> {
    let pairs = run.as_bytes().chunks_exact(2);
    pairs.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[test]
fn canaries_are_found_wherever_they_hide() {
    assert_eq!(canaries("a Zkx0042Q b zkx0007q"), HashSet::from([42, 7]));
    // "name=Zkx0042Q&_sort=x" as base64, and as hexadecimal inside a cursor.
    assert_eq!(canaries("bmFtZT1aa3gwMDQyUSZfc29ydD14"), HashSet::from([42]));
    assert_eq!(canaries("00ff5a6b78303034325100000000000000000000000000"), HashSet::from([42]));
    assert!(canaries("Zkx004Q Zkx0042").is_empty());
}

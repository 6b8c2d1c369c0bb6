//! Any bytes as what a peer answers to an association, two images and a release: taken, or refused by name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mri::formats::dicom::{Association, FileParts, Titles};
use std::io::{Read, Write};

/// A peer that gives its answers whatever it is sent.
struct Deaf<'a>(&'a [u8]);

impl Read for Deaf<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(to)
    }
}

impl Write for Deaf<'_> {
    fn write(&mut self, from: &[u8]) -> std::io::Result<usize> {
        Ok(from.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const CLASS: &str = "1.2.840.10008.5.1.4.1.1.4";

/// A file of that class with 300 bytes of data.
fn file() -> Vec<u8> {
    let element = |number: u8, text: &str| {
        let mut text = text.as_bytes().to_vec();
        text.resize(text.len().next_multiple_of(2), 0);
        [&[2, 0, number, 0, b'U', b'I', text.len() as u8, 0], &text[..]].concat()
    };
    let meta = [element(2, CLASS), element(3, "2.25.7"), element(16, "1.2.840.10008.1.2.1")].concat();
    let head = [&[0; 128][..], b"DICM", &[2, 0, 0, 0, b'U', b'L', 4, 0], &(meta.len() as u32).to_le_bytes()].concat();
    [head, meta, vec![7; 300]].concat()
}

fuzz_target!(|bytes: &[u8]| {
    // As a file, too: what is sent on is read from a folder.
    let _ = FileParts::of(bytes);
    let titles = Titles { called: "PACS".into(), calling: "BEVAN".into() };
    let Ok(mut association) = Association::open(Deaf(bytes), &titles, &[CLASS]) else { return };
    let file = file();
    assert!(FileParts::of(&file).is_ok());
    if association.store(&file).is_ok() {
        let _ = association.store(&file);
    }
    let _ = association.release();
});

//! Real documents: the official examples of R4, Synthea's bundles, and published examples of national services. Each is
//! read, judged by structural validation and written back equal. What is at fault in them stands in `expected.tsv`,
//! finding by finding; anything more or less fails.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod corpus;
mod findings;
mod identifiers;

use corpus::Corpus;

/// The 5,307 files of npm `hl7.fhir.r4.examples` 4.0.1 but its `package.json`.
const EXAMPLES: usize = 5306;

#[test]
fn official_examples_are_sound_and_round_trip() {
    let Some(corpus) = Corpus::examples("official_examples_are_sound_and_round_trip") else { return };
    let files = corpus.json_files();
    assert_eq!(files.len(), EXAMPLES);
    findings::compare("examples", &files);
}

#[test]
fn synthea_bundles_are_sound_and_round_trip() {
    let Some(corpus) = Corpus::shared("synthea", "synthea_bundles_are_sound_and_round_trip") else { return };
    let files = corpus.json_files();
    assert_eq!(files.len(), 30);
    findings::compare("synthea", &files);
}

#[test]
fn prescription_examples_hold_what_is_expected() {
    let Some(corpus) = Corpus::shared("eps", "prescription_examples_hold_what_is_expected") else { return };
    findings::compare("eps", &corpus.json_files());
}

#[test]
fn booking_and_referral_examples_hold_what_is_expected() {
    let Some(corpus) = Corpus::shared("bars", "booking_and_referral_examples_hold_what_is_expected") else {
        return;
    };
    findings::compare("bars", &corpus.json_files());
}

#[test]
fn demographics_examples_hold_what_is_expected() {
    let Some(corpus) = Corpus::shared("pds", "demographics_examples_hold_what_is_expected") else { return };
    findings::compare("pds", &corpus.json_files());
}

#[test]
fn uk_core_package_holds_what_is_expected() {
    let Some(corpus) = Corpus::shared("packages", "uk_core_package_holds_what_is_expected") else { return };
    let files = corpus.packaged("fhir.r4.ukcore.stu2-2.0.2.tgz");
    assert_eq!(files.len(), 343);
    findings::compare("ukcore", &files);
}

#[test]
fn prescription_ids_are_judged_right() {
    let Some(corpus) = Corpus::shared("eps", "prescription_ids_are_judged_right") else { return };
    identifiers::judge_prescription_ids(&corpus.json_files());
}

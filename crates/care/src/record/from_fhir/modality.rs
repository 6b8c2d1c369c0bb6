//! What people call the scans that DICOM knows by two letters
//! (<https://dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_29.html>).

use crate::record::Modality;
use catalogue::say;
use fhir::views::Coding;

/// Codes and the messages that say them. Others are shown as they are recorded.
const KINDS: &[(&str, &str)] = &[
    ("MR", "scan-kind-mri"),
    ("CT", "scan-kind-ct"),
    ("CR", "scan-kind-x-ray"),
    ("DX", "scan-kind-x-ray"),
    ("RG", "scan-kind-x-ray"),
    ("XA", "scan-kind-x-ray-vessels"),
    ("RF", "scan-kind-x-ray-moving"),
    ("US", "scan-kind-ultrasound"),
    ("IVUS", "scan-kind-ultrasound-vessel"),
    ("MG", "scan-kind-mammogram"),
    ("NM", "scan-kind-nuclear"),
    ("PT", "scan-kind-pet"),
    ("BMD", "scan-kind-bone"),
    ("IO", "scan-kind-teeth"),
    ("PX", "scan-kind-teeth"),
    ("DG", "scan-kind-heat"),
    ("TG", "scan-kind-heat"),
    ("OP", "scan-kind-eye-photograph"),
    ("OPT", "scan-kind-eye"),
    ("ES", "scan-kind-camera"),
    ("XC", "scan-kind-photograph"),
    ("GM", "scan-kind-microscope"),
    ("SM", "scan-kind-microscope"),
    ("ECG", "scan-kind-heart-tracing"),
    ("SC", "scan-kind-copy"),
    ("SR", "scan-kind-report"),
    ("DOC", "scan-kind-document"),
    ("RTIMAGE", "scan-kind-radiotherapy"),
];

/// A modality; `None` where nothing of it is recorded.
pub fn modality(coding: Coding<'_>) -> Option<Modality> {
    let code = coding.code().or_else(|| coding.display())?;
    let known = KINDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, words)| say(words));
    let words = known.or_else(|| coding.display()).unwrap_or(code);
    Some(Modality { code: code.to_owned(), words: words.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn words(text: &str) -> Option<(String, String)> {
        modality(Coding(&read(text))).map(|one| (one.code, one.words))
    }

    #[test]
    fn usual_codes_are_said_plainly_and_unknown_ones_as_they_are() {
        let said = |code: &str, words: &str| Some((code.to_owned(), words.to_owned()));
        assert_eq!(words(r#"{"code":"MR","display":"Magnetic Resonance"}"#), said("MR", "MRI scan"));
        assert_eq!(words(r#"{"code":"dx"}"#), said("dx", "X-ray"));
        assert_eq!(words(r#"{"code":"QQ","display":"Quite queer"}"#), said("QQ", "Quite queer"));
        assert_eq!(words(r#"{"code":"QQ"}"#), said("QQ", "QQ"));
        assert_eq!(words(r#"{"display":"By hand"}"#), said("By hand", "By hand"));
        assert_eq!(words("{}"), None);
    }
}

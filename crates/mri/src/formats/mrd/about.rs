//! The parts of the XML header that only an image file's own header needs: who was scanned, in which study, how.
//!
//! Everything is optional and passed on as written; nothing here takes part in a reconstruction.

use super::header::child;
use roxmltree::{Document, Node};

/// What a header says beside sizes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct About {
    /// Who was scanned.
    pub subject: Subject,
    /// The study the scan belongs to.
    pub study: Study,
    /// The scan.
    pub measurement: Measurement,
    /// The scanner.
    pub system: System,
    /// How it was measured.
    pub sequence: Sequence,
}

/// `subjectInformation`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subject {
    /// As the scanner wrote it.
    pub name: Option<String>,
    /// As the scanner wrote it.
    pub id: Option<String>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// `M`, `F` or `O`.
    pub sex: Option<String>,
    /// Kilograms.
    pub weight_kg: Option<f64>,
}

/// `studyInformation`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Study {
    /// `YYYY-MM-DD`.
    pub date: Option<String>,
    /// `hh:mm:ss`.
    pub time: Option<String>,
    /// The study's short id.
    pub id: Option<String>,
    /// The order's number.
    pub accession_number: Option<String>,
    /// Who asked for it.
    pub referring_physician: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// The study's unique id.
    pub uid: Option<String>,
    /// Part of the body.
    pub body_part: Option<String>,
}

/// `measurementInformation`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measurement {
    /// `HFS`, `FFP`, …
    pub patient_position: Option<String>,
    /// The protocol's name.
    pub protocol: Option<String>,
    /// The series' name at the scanner.
    pub description: Option<String>,
    /// What positions are relative to.
    pub frame_of_reference_uid: Option<String>,
    /// Identifiers of images that the scan was planned on.
    pub referenced_images: Vec<String>,
}

/// `acquisitionSystemInformation`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct System {
    /// Maker.
    pub vendor: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Where it stands.
    pub institution: Option<String>,
    /// Its name there.
    pub station: Option<String>,
    /// Tesla.
    pub field_strength_t: Option<f64>,
}

/// `sequenceParameters`: one value for each contrast where there are several.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sequence {
    /// Repetition times, ms.
    pub repetition_ms: Vec<f64>,
    /// Echo times, ms.
    pub echo_ms: Vec<f64>,
    /// Inversion times, ms.
    pub inversion_ms: Vec<f64>,
    /// Flip angles, degrees.
    pub flip_deg: Vec<f64>,
    /// The sequence's name.
    pub kind: Option<String>,
}

impl About {
    /// Reads what is there; a text that is no XML says nothing.
    pub fn read(text: &str) -> Self {
        let Ok(document) = Document::parse(text) else { return Self::default() };
        let part = |name| Part(child(document.root_element(), name));
        let (subject, study) = (part("subjectInformation"), part("studyInformation"));
        let (measurement, system) = (part("measurementInformation"), part("acquisitionSystemInformation"));
        let sequence = part("sequenceParameters");
        Self {
            subject: Subject {
                name: subject.text("patientName"),
                id: subject.text("patientID"),
                birth_date: subject.text("patientBirthdate"),
                sex: subject.text("patientGender").filter(|sex| matches!(sex.as_str(), "M" | "F" | "O")),
                weight_kg: subject.numbers("patientWeight_kg").first().copied(),
            },
            study: Study {
                date: study.text("studyDate"),
                time: study.text("studyTime"),
                id: study.text("studyID"),
                accession_number: study.text("accessionNumber"),
                referring_physician: study.text("referringPhysicianName"),
                description: study.text("studyDescription"),
                uid: study.text("studyInstanceUID"),
                body_part: study.text("bodyPartExamined"),
            },
            measurement: Measurement {
                patient_position: measurement.text("patientPosition"),
                protocol: measurement.text("protocolName"),
                description: measurement.text("seriesDescription"),
                frame_of_reference_uid: measurement.text("frameOfReferenceUID"),
                referenced_images: measurement
                    .part("referencedImageSequence")
                    .texts("referencedSOPInstanceUID")
                    .take(MOST_REFERENCED)
                    .collect(),
            },
            system: System {
                vendor: system.text("systemVendor"),
                model: system.text("systemModel"),
                institution: system.text("institutionName"),
                station: system.text("stationName"),
                field_strength_t: system.numbers("systemFieldStrength_T").first().copied(),
            },
            sequence: Sequence {
                repetition_ms: sequence.numbers("TR"),
                echo_ms: sequence.numbers("TE"),
                inversion_ms: sequence.numbers("TI"),
                flip_deg: sequence.numbers("flipAngle_deg"),
                kind: sequence.text("sequence_type"),
            },
        }
    }
}

/// Most images that a scan may refer to.
const MOST_REFERENCED: usize = 64;

struct Part<'a, 'input>(Option<Node<'a, 'input>>);

impl Part<'_, '_> {
    fn text(&self, name: &str) -> Option<String> {
        let text = child(self.0?, name)?.text()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn part(&self, name: &str) -> Self {
        Self(self.0.and_then(|node| child(node, name)))
    }

    fn texts(&self, name: &str) -> impl Iterator<Item = String> {
        let nodes = self.0.into_iter().flat_map(|node| node.children());
        let named = nodes.filter(move |node| node.tag_name().name() == name);
        named.filter_map(|node| Some(node.text()?.trim().to_owned())).filter(|text| !text.is_empty())
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        let nodes = self.0.into_iter().flat_map(|node| node.children());
        let named = nodes.filter(|node| node.tag_name().name() == name);
        let values = named.filter_map(|node| node.text()?.trim().parse().ok());
        values.filter(|value: &f64| value.is_finite()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there_and_nothing_else() {
        let about = About::read(
            "<ismrmrdHeader xmlns='http://www.ismrm.org/ISMRMRD'><subjectInformation><patientName>Phantom^A</patientName>\
             <patientGender>X</patientGender></subjectInformation><studyInformation><studyInstanceUID> 1.2.3 </studyInstanceUID>\
             </studyInformation><measurementInformation><referencedImageSequence><referencedSOPInstanceUID>1.2.4</referencedSOPInstanceUID>\
             <referencedSOPInstanceUID> 1.2.5 </referencedSOPInstanceUID><other>1.2.6</other></referencedImageSequence>\
             </measurementInformation><sequenceParameters><TE>3.1</TE><TE>6.2</TE><TR>nan</TR></sequenceParameters></ismrmrdHeader>",
        );
        assert_eq!(about.subject, Subject { name: Some("Phantom^A".into()), ..Subject::default() });
        assert_eq!(about.study.uid.as_deref(), Some("1.2.3"));
        assert_eq!(about.measurement.referenced_images, ["1.2.4", "1.2.5"]);
        assert_eq!((about.sequence.echo_ms, about.sequence.repetition_ms), (vec![3.1, 6.2], vec![]));
        assert_eq!(About::read("no xml"), About::default());
    }
}

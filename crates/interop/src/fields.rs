//! Reading HL7 data types (CWE, XCN, PL) out of fields, blanks trimmed.

use care::patient_flow::{Clinician, Coded, Field};
use hl7v2::{Message, Part, Segment, Slot};

/// The text of a part without blanks around it; `None` when nothing is left.
pub fn trimmed(part: &Part<'_>) -> Option<String> {
    let text = part.text()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The text of a part, empty when there is none.
pub fn plain(part: &Part<'_>) -> String {
    trimmed(part).unwrap_or_default()
}

/// The message code, MSH-9.1, in capitals.
pub fn code(message: &Message<'_>) -> String {
    message.code().unwrap_or_default().trim().to_ascii_uppercase()
}

/// A field's value as [`Field`]: silence, deletion or what `read` makes of it.
pub fn field<T>(part: &Part<'_>, read: impl FnOnce(&Part<'_>) -> Option<T>) -> Field<T> {
    match part.slot() {
        Slot::Null => Field::Delete,
        _ if part.is_empty() => Field::Absent,
        _ => read(part).into(),
    }
}

/// CE, CNE, CWE: code, display, system; original text (component 9) when nothing else is there.
pub fn coded(part: &Part<'_>) -> Coded {
    let component = |number| plain(&part.component(number));
    let mut coded = Coded { code: component(1), display: component(2), system: component(3) };
    if coded.display.is_empty() {
        coded.display = component(9);
    }
    coded
}

/// [`coded`], when there is a code or a text.
pub fn some_coded(part: &Part<'_>) -> Option<Coded> {
    Some(coded(part)).filter(|coded| !coded.code.is_empty() || !coded.display.is_empty())
}

/// XCN: code, family, given; the name as one line.
pub fn clinician(part: &Part<'_>) -> Option<Clinician> {
    let component = |number| plain(&part.component(number));
    let name = [component(6), component(3), component(2)];
    let name: Vec<String> = name.into_iter().filter(|word| !word.is_empty()).collect();
    let clinician = Clinician { code: component(1), name: name.join(" ") };
    (!clinician.code.is_empty() || !clinician.name.is_empty()).then_some(clinician)
}

/// The text of NTE-3, its repetitions as lines.
pub fn note(segment: &Segment<'_>) -> Option<String> {
    let lines: Vec<String> =
        segment.field(3).repetitions().map(|line| line.verbatim().trim().to_owned()).collect();
    Some(lines.join("\n")).filter(|note| !note.trim().is_empty())
}

//! The table of common tests: which codes mean the same test. The words for each stand in the catalogue of the pages, so that
//! they can be translated; a test without a row is shown by its recorded name, and the page says that it knows no plain words
//! for it.

/// What a common test is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Sodium in the blood.
    Sodium,
    /// Potassium in the blood.
    Potassium,
    /// Urea in the blood.
    Urea,
    /// Creatinine in the blood.
    Creatinine,
    /// Estimated glomerular filtration rate.
    KidneyFiltration,
    /// Haemoglobin in the blood.
    Haemoglobin,
    /// White blood cells.
    WhiteCells,
    /// Platelets.
    Platelets,
    /// Mean volume of red blood cells.
    CellVolume,
    /// C-reactive protein.
    Inflammation,
    /// Glycated haemoglobin, HbA1c.
    BloodSugarAverage,
    /// Glucose in the blood.
    Glucose,
    /// Total cholesterol.
    Cholesterol,
    /// HDL cholesterol.
    HdlCholesterol,
    /// LDL cholesterol.
    LdlCholesterol,
    /// Triglycerides.
    Triglycerides,
    /// Thyroid stimulating hormone.
    Thyroid,
    /// Patient health questionnaire, PHQ-9.
    Mood,
    /// Generalised anxiety questionnaire, GAD-7.
    Anxiety,
}

/// Each topic with its LOINC codes.
const CODES: &[(Topic, &[&str])] = &[
    (Topic::Sodium, &["2951-2", "2947-0"]),
    (Topic::Potassium, &["2823-3", "6298-4"]),
    (Topic::Urea, &["22664-7", "3091-6", "3094-0", "6299-2"]),
    (Topic::Creatinine, &["14682-9", "2160-0", "38483-4"]),
    (Topic::KidneyFiltration, &["33914-3", "62238-1", "98979-8"]),
    (Topic::Haemoglobin, &["718-7"]),
    (Topic::WhiteCells, &["6690-2", "26464-8"]),
    (Topic::Platelets, &["777-3", "26515-7"]),
    (Topic::CellVolume, &["787-2"]),
    (Topic::Inflammation, &["1988-5"]),
    (Topic::BloodSugarAverage, &["59261-8", "4548-4"]),
    (Topic::Glucose, &["2339-0", "2345-7", "14749-6"]),
    (Topic::Cholesterol, &["14647-2", "2093-3"]),
    (Topic::HdlCholesterol, &["14646-4", "2085-9"]),
    (Topic::LdlCholesterol, &["18262-6", "13457-7"]),
    (Topic::Triglycerides, &["14927-8", "2571-8"]),
    (Topic::Thyroid, &["3016-3"]),
    (Topic::Mood, &["44261-6"]),
    (Topic::Anxiety, &["70274-6"]),
];

impl Topic {
    /// The topic of a code.
    pub fn of(code: &str) -> Option<Self> {
        CODES.iter().find(|(_, codes)| codes.contains(&code)).map(|(topic, _)| *topic)
    }

    /// Every topic, for those who keep words for each.
    pub fn all() -> impl Iterator<Item = Self> {
        CODES.iter().map(|(topic, _)| *topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check digit of a LOINC number: mod 10, as for credit cards
    /// (<https://loinc.org/kb/users-guide/loinc-database-structure/>).
    fn is_sound(code: &str) -> bool {
        let Some((number, check)) = code.split_once('-') else { return false };
        let sum: u32 = number
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                let digit = u32::from(digit - b'0');
                let digit = if place % 2 == 0 { digit * 2 } else { digit };
                digit / 10 + digit % 10
            })
            .sum();
        (10 - sum % 10) % 10 == check.parse().unwrap_or(10)
    }

    #[test]
    fn every_code_is_a_loinc_number_and_stands_once() {
        let mut seen = std::collections::HashSet::new();
        for (topic, codes) in CODES {
            for code in *codes {
                assert!(is_sound(code), "{topic:?}: {code}");
                assert!(seen.insert(*code), "{code} stands twice");
                assert_eq!(Topic::of(code), Some(*topic));
            }
        }
        assert_eq!(Topic::all().count(), CODES.len());
        assert_eq!(Topic::of("0000-0"), None);
    }
}

//! Plain English for common clinical words. A lexicon of ours, matched on whole words of the recorded name; where it
//! knows nothing, the recorded name stands alone. It explains and never interprets a result.

/// Fragments of a recorded name, in lower case, and what a person would say. The first match wins, so longer and more
/// specific fragments stand first.
const LEXICON: &[(&str, &str)] = &[
    ("essential hypertension", "high blood pressure"),
    ("hypertension", "high blood pressure"),
    ("hyperlipidaemia", "raised cholesterol or fats in the blood"),
    ("hyperlipidemia", "raised cholesterol or fats in the blood"),
    ("hypercholesterolaemia", "raised cholesterol"),
    ("myocardial infarction", "heart attack"),
    ("atrial fibrillation", "an irregular heartbeat"),
    ("heart failure", "the heart pumping less well than it should"),
    ("ischaemic heart disease", "narrowed arteries to the heart"),
    ("coronary heart disease", "narrowed arteries to the heart"),
    ("angina", "chest pain from narrowed heart arteries"),
    ("cerebrovascular accident", "stroke"),
    ("transient ischaemic attack", "a short stroke-like episode"),
    ("type 2 diabetes", "diabetes that often starts in adults"),
    ("diabetes mellitus type 2", "diabetes that often starts in adults"),
    ("type 1 diabetes", "diabetes where the body makes no insulin"),
    ("prediabetes", "blood sugar above normal, below diabetes"),
    ("chronic kidney disease", "kidneys working less well than they should"),
    ("chronic obstructive pulmonary disease", "long-term lung disease (COPD)"),
    ("asthma", "a condition that narrows the airways"),
    ("pneumonia", "a chest infection in the lung"),
    ("osteoarthritis", "wear and tear of the joints"),
    ("osteoporosis", "weakened bones"),
    ("rheumatoid arthritis", "joints inflamed by the immune system"),
    ("hypothyroidism", "an underactive thyroid"),
    ("hyperthyroidism", "an overactive thyroid"),
    ("gastro-oesophageal reflux", "acid coming up from the stomach"),
    ("anaemia", "too few red blood cells"),
    ("depressive disorder", "depression"),
    ("generalised anxiety", "long-lasting worry and anxiety"),
    ("dementia", "a condition that affects memory and thinking"),
    ("epilepsy", "a condition that causes seizures"),
    ("migraine", "severe recurring headaches"),
    ("urinary tract infection", "an infection of the bladder or urine"),
    ("viral sinusitis", "a blocked, infected nose"),
    ("acute bronchitis", "a chest infection of the airways"),
    ("pharyngitis", "a sore throat"),
    ("otitis media", "an ear infection"),
    ("eczema", "dry, itchy, inflamed skin"),
    ("fracture", "a broken bone"),
    ("cholecystectomy", "removal of the gallbladder"),
    ("warfarin", "blood thinner (anticoagulant)"),
    ("apixaban", "blood thinner (anticoagulant)"),
    ("rivaroxaban", "blood thinner (anticoagulant)"),
    ("edoxaban", "blood thinner (anticoagulant)"),
    ("clopidogrel", "helps to prevent blood clots"),
    ("aspirin", "pain relief, or helps to prevent blood clots"),
    ("ramipril", "for blood pressure or the heart"),
    ("lisinopril", "for blood pressure or the heart"),
    ("losartan", "for blood pressure"),
    ("amlodipine", "for blood pressure"),
    ("bisoprolol", "slows and steadies the heart"),
    ("furosemide", "removes extra water (a water tablet)"),
    ("bendroflumethiazide", "removes extra water (a water tablet)"),
    ("atorvastatin", "lowers cholesterol (a statin)"),
    ("simvastatin", "lowers cholesterol (a statin)"),
    ("metformin", "for diabetes"),
    ("gliclazide", "for diabetes"),
    ("insulin", "for diabetes"),
    ("salbutamol", "opens the airways"),
    ("beclometasone", "an inhaler that prevents asthma symptoms"),
    ("levothyroxine", "replaces thyroid hormone"),
    ("omeprazole", "reduces stomach acid"),
    ("lansoprazole", "reduces stomach acid"),
    ("paracetamol", "pain relief"),
    ("ibuprofen", "pain relief and less swelling"),
    ("codeine", "strong pain relief"),
    ("morphine", "strong pain relief"),
    ("amoxicillin", "an antibiotic"),
    ("flucloxacillin", "an antibiotic"),
    ("sertraline", "for depression or anxiety"),
    ("citalopram", "for depression or anxiety"),
    ("urea and electrolytes", "how the kidneys are working, and salts in the blood"),
    ("full blood count", "the cells in the blood"),
    ("liver function", "how the liver is working"),
    ("lipid", "fats in the blood, such as cholesterol"),
    ("hba1c", "average blood sugar over 2 to 3 months"),
    ("haemoglobin a1c", "average blood sugar over 2 to 3 months"),
    ("hemoglobin a1c", "average blood sugar over 2 to 3 months"),
    ("haemoglobin", "carries oxygen in the blood"),
    ("c-reactive protein", "a sign of inflammation or infection"),
    ("creatinine", "shows how well the kidneys work"),
    ("egfr", "how well the kidneys filter"),
    ("glomerular filtration", "how well the kidneys filter"),
    ("potassium", "a salt in the blood that the heart and muscles need"),
    ("sodium", "a salt in the blood that balances water"),
    ("platelet", "cells that help blood to clot"),
    ("white cell", "cells that fight infection"),
    ("leukocyte", "cells that fight infection"),
    ("thyroid stimulating", "shows how the thyroid is working"),
    ("cholesterol", "a fat in the blood"),
    ("triglyceride", "a fat in the blood"),
    ("oxygen saturation", "how much oxygen the blood carries"),
    ("respiratory rate", "breaths a minute"),
    ("heart rate", "heartbeats a minute"),
    ("body mass index", "weight for height"),
    ("blood pressure", "how hard blood pushes on the arteries"),
];

/// What the recorded name means in plain words, where the lexicon knows it.
pub fn plain(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    LEXICON.iter().find(|(fragment, _)| stands_in(&name, fragment)).map(|(_, words)| *words)
}

/// Whether the fragment stands in the name as whole words: "insulin" is not found in "insulinoma". A plural `s` may follow.
fn stands_in(name: &str, fragment: &str) -> bool {
    name.match_indices(fragment).any(|(at, _)| {
        let before = name.get(..at).and_then(|text| text.chars().next_back());
        let mut after = name.get(at + fragment.len()..).unwrap_or_default().chars();
        let next = match after.next() {
            Some('s') => after.next(),
            other => other,
        };
        !before.is_some_and(char::is_alphanumeric) && !next.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explains_whole_words_only() {
        assert_eq!(plain("Essential hypertension (disorder)"), Some("high blood pressure"));
        assert_eq!(plain("Apixaban 5mg tablets"), Some("blood thinner (anticoagulant)"));
        assert_eq!(plain("Insulinoma"), None);
        assert_eq!(plain("Platelets"), Some("cells that help blood to clot"));
        assert_eq!(plain("Something rare"), None);
    }

    #[test]
    fn specific_fragments_stand_before_general_ones() {
        for (at, (fragment, _)) in LEXICON.iter().enumerate() {
            let earlier = LEXICON.iter().take(at).find(|(known, _)| stands_in(fragment, known));
            assert!(earlier.is_none(), "{fragment} is hidden by {:?}", earlier);
        }
    }
}

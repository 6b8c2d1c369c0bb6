//! Plain English for common clinical words. A lexicon of ours, matched on whole words of the recorded name; where it
//! knows nothing, the recorded name stands alone. It explains and never interprets a result.

use catalogue::say;

/// Fragments of a recorded name, in lower case, and the message that says what a person would say. The first match wins, so longer
/// and more specific fragments stand first.
const LEXICON: &[(&str, &str)] = &[
    ("essential hypertension", "plain-high-blood-pressure"),
    ("hypertension", "plain-high-blood-pressure"),
    ("hyperlipidaemia", "plain-raised-cholesterol-fats-blood"),
    ("hyperlipidemia", "plain-raised-cholesterol-fats-blood"),
    ("hypercholesterolaemia", "plain-raised-cholesterol"),
    ("myocardial infarction", "plain-heart-attack"),
    ("atrial fibrillation", "plain-irregular-heartbeat"),
    ("heart failure", "plain-heart-pumping-less-well-should"),
    ("ischaemic heart disease", "plain-narrowed-arteries-heart"),
    ("coronary heart disease", "plain-narrowed-arteries-heart"),
    ("angina", "plain-chest-pain-from-narrowed-heart-arteries"),
    ("cerebrovascular accident", "plain-stroke"),
    ("transient ischaemic attack", "plain-short-stroke-like-episode"),
    ("type 2 diabetes", "plain-diabetes-often-starts-adults"),
    ("diabetes mellitus type 2", "plain-diabetes-often-starts-adults"),
    ("type 1 diabetes", "plain-diabetes-where-body-makes-no-insulin"),
    ("prediabetes", "plain-blood-sugar-above-normal-below-diabetes"),
    ("chronic kidney disease", "plain-kidneys-working-less-well-they-should"),
    ("chronic obstructive pulmonary disease", "plain-long-term-lung-disease"),
    ("asthma", "plain-condition-narrows-airways"),
    ("pneumonia", "plain-chest-infection-lung"),
    ("osteoarthritis", "plain-wear-tear-joints"),
    ("osteoporosis", "plain-weakened-bones"),
    ("rheumatoid arthritis", "plain-joints-inflamed-by-immune-system"),
    ("hypothyroidism", "plain-underactive-thyroid"),
    ("hyperthyroidism", "plain-overactive-thyroid"),
    ("gastro-oesophageal reflux", "plain-acid-coming-up-from-stomach"),
    ("anaemia", "plain-too-few-red-blood-cells"),
    ("depressive disorder", "plain-depression"),
    ("generalised anxiety", "plain-long-lasting-worry-anxiety"),
    ("dementia", "plain-condition-affects-memory-thinking"),
    ("epilepsy", "plain-condition-causes-seizures"),
    ("migraine", "plain-severe-recurring-headaches"),
    ("urinary tract infection", "plain-infection-bladder-urine"),
    ("viral sinusitis", "plain-blocked-infected-nose"),
    ("acute bronchitis", "plain-chest-infection-airways"),
    ("pharyngitis", "plain-sore-throat"),
    ("otitis media", "plain-ear-infection"),
    ("eczema", "plain-dry-itchy-inflamed-skin"),
    ("fracture", "plain-broken-bone"),
    ("cholecystectomy", "plain-removal-gallbladder"),
    ("warfarin", "plain-blood-thinner"),
    ("apixaban", "plain-blood-thinner"),
    ("rivaroxaban", "plain-blood-thinner"),
    ("edoxaban", "plain-blood-thinner"),
    ("clopidogrel", "plain-helps-prevent-blood-clots"),
    ("aspirin", "plain-pain-relief-helps-prevent-blood-clots"),
    ("ramipril", "plain-for-blood-pressure-heart"),
    ("lisinopril", "plain-for-blood-pressure-heart"),
    ("losartan", "plain-for-blood-pressure"),
    ("amlodipine", "plain-for-blood-pressure"),
    ("bisoprolol", "plain-slows-steadies-heart"),
    ("furosemide", "plain-removes-extra-water"),
    ("bendroflumethiazide", "plain-removes-extra-water"),
    ("atorvastatin", "plain-lowers-cholesterol"),
    ("simvastatin", "plain-lowers-cholesterol"),
    ("metformin", "plain-for-diabetes"),
    ("gliclazide", "plain-for-diabetes"),
    ("insulin", "plain-for-diabetes"),
    ("salbutamol", "plain-opens-airways"),
    ("beclometasone", "plain-inhaler-prevents-asthma-symptoms"),
    ("levothyroxine", "plain-replaces-thyroid-hormone"),
    ("omeprazole", "plain-reduces-stomach-acid"),
    ("lansoprazole", "plain-reduces-stomach-acid"),
    ("paracetamol", "plain-pain-relief"),
    ("ibuprofen", "plain-pain-relief-less-swelling"),
    ("codeine", "plain-strong-pain-relief"),
    ("morphine", "plain-strong-pain-relief"),
    ("amoxicillin", "plain-antibiotic"),
    ("flucloxacillin", "plain-antibiotic"),
    ("sertraline", "plain-for-depression-anxiety"),
    ("citalopram", "plain-for-depression-anxiety"),
    ("urea and electrolytes", "plain-how-kidneys-are-working-salts-blood"),
    ("full blood count", "plain-cells-blood"),
    ("liver function", "plain-how-liver-is-working"),
    ("lipid", "plain-fats-blood-such-as-cholesterol"),
    ("hba1c", "plain-average-blood-sugar-over-2-3-months"),
    ("haemoglobin a1c", "plain-average-blood-sugar-over-2-3-months"),
    ("hemoglobin a1c", "plain-average-blood-sugar-over-2-3-months"),
    ("haemoglobin", "plain-carries-oxygen-blood"),
    ("c-reactive protein", "plain-sign-inflammation-infection"),
    ("creatinine", "plain-shows-how-well-kidneys-work"),
    ("egfr", "plain-how-well-kidneys-filter"),
    ("glomerular filtration", "plain-how-well-kidneys-filter"),
    ("potassium", "plain-salt-blood-heart-muscles-need"),
    ("sodium", "plain-salt-blood-balances-water"),
    ("platelet", "plain-cells-help-blood-clot"),
    ("white cell", "plain-cells-fight-infection"),
    ("leukocyte", "plain-cells-fight-infection"),
    ("thyroid stimulating", "plain-shows-how-thyroid-is-working"),
    ("cholesterol", "plain-fat-blood"),
    ("triglyceride", "plain-fat-blood"),
    ("oxygen saturation", "plain-how-much-oxygen-blood-carries"),
    ("respiratory rate", "plain-breaths-minute"),
    ("heart rate", "plain-heartbeats-minute"),
    ("body mass index", "plain-weight-for-height"),
    ("blood pressure", "plain-how-hard-blood-pushes-on-arteries"),
];

/// What the recorded name means in plain words, where the lexicon knows it.
pub fn plain(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    LEXICON.iter().find(|(fragment, _)| stands_in(&name, fragment)).map(|(_, words)| say(words))
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

//! Which services there are: those of the world's organisations, and dentists, opticians, clinics and neighbourhood health
//! centres of the county's towns.

use super::Listed;
use super::opening::Opening;
use crate::place::{self, TOWNS};
use crate::rng::Rng;
use crate::world::{Organisation, OrganisationKind, World};

type Offer = (&'static str, &'static str, &'static str, Opening, bool);

const PHARMACY: Offer = (
    "pharmacy",
    "Pharmacy",
    "Medicines, advice, and treatment for some problems without a GP. A private room is there.",
    Opening::Shop,
    false,
);
const GP: Offer =
    ("gp", "GP surgery", "Doctors, nurses and others. New patients can register.", Opening::Surgery, true);
const EMERGENCY: Offer = (
    "emergency-department",
    "A&E",
    "For danger to life and serious injuries, at any hour and for any age.",
    Opening::Always,
    false,
);
const MATERNITY: Offer = (
    "midwife",
    "Midwives and maternity unit",
    "For everybody who is pregnant or has just given birth. Call at any hour.",
    Opening::Always,
    false,
);
const CRISIS: Offer = (
    "mental-health-crisis",
    "Mental health crisis team",
    "Help at any hour when you cannot cope, for you or somebody you care about.",
    Opening::Always,
    false,
);
const URGENT: Offer = (
    "urgent-treatment-centre",
    "Urgent treatment centre",
    "Cuts, sprains, burns, broken bones and illness that cannot wait. X-ray until 9pm.",
    Opening::LongDays,
    false,
);
const DENTIST: Offer = (
    "dentist",
    "Dentist",
    "Check-ups and treatment. Some urgent appointments each day.",
    Opening::Office,
    true,
);
const OPTICIAN: Offer =
    ("optician", "Optician", "Eye tests, glasses and urgent eye problems.", Opening::Shop, false);
const SEXUAL: Offer = (
    "sexual-health",
    "Sexual health clinic",
    "Contraception, tests and treatment. Free and private, for every age.",
    Opening::Evenings,
    false,
);
const CENTRE: Offer = (
    "neighbourhood-health-centre",
    "Neighbourhood health centre",
    "Several services under one roof. Ask at reception, with or without an appointment.",
    Opening::LongDays,
    false,
);

/// What stands under the roof of a neighbourhood health centre.
const UNDER_ONE_ROOF: &[Offer] = &[
    (
        "blood-tests",
        "Blood tests",
        "Bring the form, or the message from your surgery.",
        Opening::Mornings,
        false,
    ),
    (
        "physiotherapy",
        "Physiotherapy",
        "For back, neck and joint pain. You need no letter from a GP.",
        Opening::Office,
        true,
    ),
    (
        "talking-therapies",
        "Talking therapies",
        "For low mood, worry and stress. You need no letter from a GP.",
        Opening::Silent,
        true,
    ),
    (
        "social-support",
        "Help with everyday life",
        "Money, housing, work, loneliness, caring for others.",
        Opening::Office,
        false,
    ),
    ("midwife", "Midwife clinic", "Appointments in pregnancy, near home.", Opening::Mornings, true),
    ("pharmacy", "Pharmacy", "Medicines and advice inside the centre.", Opening::Office, false),
];

const DENTISTS: &[&str] = &["Bobbin Lane Dental Practice", "Kestrel Dental Care", "Two Rivers Dentists"];
const OPTICIANS: &[&str] = &["Clearwater Opticians", "Observatory Eye Care", "Larch & Heron Opticians"];

/// Towns with an urgent treatment centre, a neighbourhood health centre, a sexual health clinic.
const URGENT_TOWNS: &[usize] = &[0, 3, 4];
const CENTRE_TOWNS: &[usize] = &[0, 2, 5, 7];
const SEXUAL_TOWNS: &[usize] = &[0, 1];

pub(super) fn all(world: &World) -> Vec<Listed> {
    let mut out: Vec<Listed> =
        world.organisations().iter().enumerate().flat_map(|(at, one)| of_organisation(one, at)).collect();
    let seed = world.plan().seed;
    for (at, town) in TOWNS.iter().enumerate() {
        let name = town.name;
        let pick = |names: &[&'static str]| {
            format!("{}, {name}", names.get(at % names.len()).copied().unwrap_or_default())
        };
        out.push(of_town(seed, at, DENTIST, pick(DENTISTS)));
        if at != 6 {
            out.push(of_town(seed, at, OPTICIAN, pick(OPTICIANS)));
        }
        if URGENT_TOWNS.contains(&at) {
            out.push(of_town(seed, at, URGENT, format!("{name} Urgent Treatment Centre")));
        }
        if SEXUAL_TOWNS.contains(&at) {
            out.push(of_town(seed, at, SEXUAL, format!("{name} Sexual Health Clinic")));
        }
        if CENTRE_TOWNS.contains(&at) {
            out.extend(centre(seed, at, name));
        }
    }
    out
}

fn of_organisation(organisation: &Organisation, at: usize) -> Vec<Listed> {
    let town = organisation.address.town;
    let list = |offer: Offer, name: String, key: &str| Listed {
        organisation: Some(at),
        address: organisation.address.clone(),
        telephone: organisation.telephone.clone(),
        ..listed(offer, name, format!("{} {key}", organisation.ods))
    };
    match organisation.kind {
        OrganisationKind::Practice => vec![list(GP, organisation.name.clone(), "surgery")],
        OrganisationKind::Pharmacy => {
            let (kind, called, about, _, appointment) = PHARMACY;
            let opening = match at % 5 {
                0 => Opening::Supermarket,
                1 => Opening::Rota,
                2 => Opening::Silent,
                _ => Opening::Shop,
            };
            vec![list((kind, called, about, opening, appointment), organisation.name.clone(), "shop")]
        }
        OrganisationKind::AcuteTrust => vec![
            list(EMERGENCY, format!("{town} Hospital A&E"), "emergency"),
            list(MATERNITY, format!("{town} Hospital maternity unit"), "maternity"),
        ],
        OrganisationKind::MentalHealthTrust => {
            vec![list(CRISIS, format!("{} crisis team", place::COUNTY), "crisis")]
        }
        OrganisationKind::Board | OrganisationKind::CareHome => Vec::new(),
    }
}

fn of_town(seed: u64, town: usize, offer: Offer, name: String) -> Listed {
    let key = format!("{} {}", TOWNS.get(town).map_or("", |town| town.name), offer.0);
    let mut rng = Rng::keyed(seed, &format!("directory {}", offer.0), town as u64);
    let address = TOWNS.get(town).map(|town| place::address(*town, &mut rng)).unwrap_or_default();
    Listed { address, telephone: place::landline(&mut rng), ..listed(offer, name, key) }
}

/// A neighbourhood health centre and what stands under its roof.
fn centre(seed: u64, town: usize, name: &str) -> Vec<Listed> {
    let reception = of_town(seed, town, CENTRE, format!("{name} Neighbourhood Health Centre"));
    let under = UNDER_ONE_ROOF.iter().map(|offer| Listed {
        place: reception.place.clone(),
        has_own_place: false,
        address: reception.address.clone(),
        telephone: reception.telephone.clone(),
        ..listed(*offer, format!("{}, {}", offer.1, reception.name), format!("{} {}", reception.key, offer.0))
    });
    let under: Vec<Listed> = under.collect();
    std::iter::once(reception).chain(under).collect()
}

fn listed((kind, called, about, opening, appointment): Offer, name: String, key: String) -> Listed {
    Listed {
        kind,
        called,
        place: key.clone(),
        key,
        name,
        about,
        has_own_place: true,
        address: place::Address::default(),
        telephone: String::new(),
        opening,
        appointment,
        organisation: None,
    }
}

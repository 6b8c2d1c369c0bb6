//! Which orders of prescriptions are taken: rules of the Electronic Prescription Service that a receiver can check.
//! Pure. A signature must be there but is not verified: that takes the national root of trust.

use super::event::Order;
use fhir::prescription_id::PrescriptionId;
use fhir::views::{CodeableConcept, MedicationEntry};

/// Items on one prescription at most.
pub const ITEMS_MAX: usize = 4;

/// Why a message about a prescription is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageRefusal {
    /// The prescription's id fails its check.
    #[error("the prescription id is not valid: its form or its check character is wrong")]
    OrderNumber,
    /// There is nothing on it.
    #[error("a prescription has at least one item")]
    NoItems,
    /// There is too much on it.
    #[error("a prescription has at most four items")]
    TooManyItems,
    /// Two items have one number.
    #[error("two items of the prescription have the same item number")]
    ItemTwice,
    /// It is a plan or a wish, not an order.
    #[error("the intent of a prescribed item is order, original-order, reflex-order or instance-order")]
    Intent,
    /// Repeat dispensing stands with something else.
    #[error("repeat dispensing may not be mixed with another course of therapy on one prescription")]
    MixedTherapy,
    /// It has no medicine that a reader could name.
    #[error("an item names no medicine")]
    NoMedicine,
    /// Nobody signed it: it is a draft.
    #[error("the prescription is not signed")]
    Unsigned,
    /// The prescription is known, and says something else.
    #[error("a prescription with this id is known and has other content")]
    Differs,
    /// The id of the message was used before, for something else.
    #[error("this message id was used before with other content")]
    MessageReused,
    /// Nobody with that NHS number is known here.
    #[error("no patient with this NHS number is known here")]
    PatientUnknown,
    /// The NHS number belongs to somebody with another birth date or name.
    #[error("date of birth or name do not agree with the patient who has this NHS number")]
    PatientDiffers,
    /// No such prescription.
    #[error("no such prescription is known here")]
    NotFound,
    /// Another pharmacy has it.
    #[error("the prescription is with another dispenser")]
    AnotherDispenser,
    /// It cannot be taken: it is cancelled or over.
    #[error("the prescription has no item that can still be dispensed")]
    Over,
}

/// What can be told from the order alone.
pub fn check(order: &Order) -> Result<(), MessageRefusal> {
    if !PrescriptionId::is_valid(&order.order_number) {
        return Err(MessageRefusal::OrderNumber);
    }
    match order.items.len() {
        0 => return Err(MessageRefusal::NoItems),
        1..=ITEMS_MAX => {}
        _ => return Err(MessageRefusal::TooManyItems),
    }
    let mut numbers: Vec<&str> = order.items.iter().map(|(number, _)| number.as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.len() < order.items.len() {
        return Err(MessageRefusal::ItemTwice);
    }
    let requests = || order.items.iter().map(|(_, request)| MedicationEntry(request));
    let is_order = |request: MedicationEntry<'_>| {
        matches!(request.intent(), Some("order" | "original-order" | "reflex-order" | "instance-order"))
    };
    if !requests().all(is_order) {
        return Err(MessageRefusal::Intent);
    }
    if !requests().all(|request| request.medication_name().is_some()) {
        return Err(MessageRefusal::NoMedicine);
    }
    let dispensing =
        requests().filter(|request| request.course_of_therapy().is_some_and(is_repeat_dispensing));
    if !matches!(dispensing.count(), 0)
        && !requests().all(|one| one.course_of_therapy().is_some_and(is_repeat_dispensing))
    {
        return Err(MessageRefusal::MixedTherapy);
    }
    if order.signed { Ok(()) } else { Err(MessageRefusal::Unsigned) }
}

/// Whether the pharmacy issues it again by itself. Producers give the code in either of two systems.
pub fn is_repeat_dispensing(course: CodeableConcept<'_>) -> bool {
    course.has_code("continuous-repeat-dispensing")
}

/// Whether the course is a long one.
pub fn is_continuous(course: CodeableConcept<'_>) -> bool {
    course.has_code("continuous") || is_repeat_dispensing(course)
}

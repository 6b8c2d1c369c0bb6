//! ServiceRequest or MedicationRequest from a folded order.

use super::super::clinical::{Asked, Order};
use super::super::moment::Moment;
use super::super::reports::About;
use super::patient::patient_id;
use super::report::{in_stay, order_numbers, unknown};
use super::{Draft, clinician, concept, list, notes, reference};
use fhir::identity;
use fhir::json::Value;

/// The request.
#[must_use]
pub fn order(about: &About<Order>) -> Value {
    let order = &about.content;
    let facility = &order.key.facility;
    let id = identity::resource_id("order", facility, &[&order.key.number]);
    let (name, profile, what) = match order.asked {
        Asked::Service => ("ServiceRequest", "UKCore-ServiceRequest", "code"),
        Asked::Medicine => ("MedicationRequest", "UKCore-MedicationRequest", "medicationCodeableConcept"),
    };
    let status = match (order.asked, order.status.as_str()) {
        (Asked::Medicine, "revoked") => "cancelled",
        (_, status) => status,
    };
    let mut request = Draft::resource(name, &id, Some(profile));
    request
        .maybe("identifier", Some(order_numbers(facility, &order.placer, &order.filler)))
        .set("status", status)
        .set("intent", "order")
        .maybe("priority", Some(order.priority.as_str()))
        .set(what, concept(&order.code).unwrap_or_else(unknown))
        .set("subject", reference("Patient", &patient_id(&about.patient)))
        .maybe("encounter", about.stay.as_ref().map(in_stay));
    if order.asked == Asked::Service {
        request.maybe("occurrenceDateTime", order.wanted_at.as_ref().map(Moment::to_fhir));
    }
    request
        .maybe("authoredOn", order.authored_at.as_ref().map(Moment::to_fhir))
        .maybe("requester", clinician(&order.requester, facility))
        .maybe("reasonCode", concept(&order.reason).map(|reason| list([reason])))
        .maybe("note", notes(&order.notes));
    request.done()
}

#[cfg(test)]
mod tests {
    use super::super::super::scenarios::{an_order, patient};
    use super::*;

    #[test]
    fn a_withdrawn_medicine_is_cancelled_and_a_withdrawn_service_revoked() {
        let mut order = an_order();
        let status = |order: &Order| {
            let about = About { content: order.clone(), patient: patient("1").key, stay: None };
            super::order(&about).text_at(&["status"]).map(str::to_owned)
        };
        order.status = "revoked".into();
        assert_eq!(status(&order).as_deref(), Some("revoked"));
        order.asked = Asked::Medicine;
        assert_eq!(status(&order).as_deref(), Some("cancelled"));
    }
}

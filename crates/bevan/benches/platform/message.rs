//! What is sent to the doors.

/// One heart rate of a patient, different each time.
pub fn observation(patient: &str, client: usize, number: u64) -> String {
    format!(
        "{{\"resourceType\":\"Observation\",\"status\":\"final\",\"identifier\":[{{\"system\":\"urn:bench\",\"value\":\"{client}-{number}\"}}],\
         \"category\":[{{\"coding\":[{{\"system\":\"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":\"vital-signs\"}}]}}],\
         \"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"8867-4\",\"display\":\"Heart rate\"}}]}},\
         \"subject\":{{\"reference\":\"Patient/{patient}\"}},\
         \"effectiveDateTime\":\"2026-11-22T09:00:00Z\",\"valueQuantity\":{{\"value\":{},\"unit\":\"beats/minute\",\
         \"system\":\"http://unitsofmeasure.org\",\"code\":\"/min\"}}}}",
        50 + number % 100
    )
}

/// An A08 of a person of its own for each client.
pub fn update(client: usize, number: u64) -> String {
    format!(
        "MSH|^~\\&|BENCH|XEX{client:02}|BEVAN|BEVAN|20261122090000||ADT^A08|B{client}-{number}|P|2.4\r\
         EVN||20261122090000\rPID|1||{client}^^^BENCH||EXAMPLE{client}^ALEX||19700101|M\rPV1|1|I|W1^B1^{client}||||||||||||||||V{client}\r"
    )
}

/// Where somebody lies.
pub struct Bed<'a> {
    /// Code of the ward, the bay, the bed; ODS code of the trust.
    pub place: [&'a str; 4],
}

/// An admission (`A01`) to a bed, or the discharge (`A03`) from it, of one visit.
pub fn visit(event: &str, bed: &Bed<'_>, family: &str, number: u64, at: jiff::Timestamp) -> String {
    let [ward, bay, code, ods] = bed.place;
    let stamp = at.strftime("%Y%m%d%H%M%S+0000");
    let gone = if event == "A03" { format!("|{stamp}") } else { String::new() };
    format!(
        "MSH|^~\\&|BENCH|{ods}|BEVAN|BEVAN|{stamp}||ADT^{event}|{event}-{number}|P|2.4\rEVN|{event}|{stamp}\r\
         PID|1||BB{number}^^^{ods}^MR||{family}^ALEX||19700101|M\r\
         PV1|1|I|{ward}^{bay}^{code}^{ods}|E|||||||||||||||VV{number}^^^{ods}^VN|||||||||||||||||||||||||{stamp}{gone}\r"
    )
}

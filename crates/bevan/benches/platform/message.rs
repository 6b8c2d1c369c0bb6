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

/// The first messages of the demo world's hospitals, from a day ago on: admissions, moves, discharges, results, late,
/// double and corrected ones, in order of sending.
pub fn stream(count: usize) -> Vec<Vec<u8>> {
    let day_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
    let world = demo_world(day_ago);
    let stream = synth::Stream::new(&world, DEMO_SEED, day_ago);
    stream.take(count).map(|message| message.bytes).collect()
}

/// Seed and size of the world that demo mode makes.
const DEMO_SEED: u64 = 7;
const DEMO_PEOPLE: u64 = 2_000;

/// The hospitals of demo mode.
pub fn demo_world(start: jiff::Timestamp) -> synth::World {
    synth::World::new(synth::Plan { seed: DEMO_SEED, people: DEMO_PEOPLE, start })
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

//! Messages from outside with a patient in them: one that could not be applied and one that waits. Whoever runs the
//! platform sees that they are there, and nothing of what they say.

use super::records::canary;
use store::inbox::{Arrival, Settlement, receive_blocking};
use store::{Actor, Store};

/// Canary of the patient in the message that could not be applied.
pub const DEAD: u32 = 9801;
/// Canary of the patient in the message that waits.
pub const WAITING: u32 = 9802;
/// Number of the message that could not be applied.
pub const LETTER: i64 = 1;

/// Lets them arrive.
pub fn arrive(store: &Store) {
    for number in [DEAD, WAITING] {
        let arrival = Arrival {
            source: "mllp PAS@XHA01".into(),
            application: "PAS".into(),
            facility: "XHA01".into(),
            control_id: format!("C{number}").as_str().into(),
            raw: message(number, "XHA01").into_bytes(),
        };
        receive_blocking(store, Actor::system("seed"), arrival).expect("durable");
    }
    let reason = String::from("the message names no visit");
    let dead = Settlement::Dead { reason, mapper: String::from("1") };
    store.write_blocking(Actor::system("seed"), move |t| t.settle_inbox(LETTER, &dead)).expect("settled");
}

/// A message about a patient that cannot be applied: it names no visit. The canary stands in every field
/// that says something about the patient.
pub fn message(number: u32, facility: &str) -> String {
    let c = canary(number);
    format!(
        "MSH|^~\\&|PAS|{facility}|BEVAN|HUB|20261122100000||ADT^A02^ADT_A02|C{number}|P|2.4\r\
         EVN|A02|20261122100000\r\
         PID|1||{c}^^^{facility}^MR||{c}^{c}||19500101|F|||{c}^^{c}||{c}\r\
         NTE|1||{c}\r"
    )
}

//! ORM, OML and OMG to orders: each ORC with the OBR, ODS or RXO that follows it.

use crate::adt::{person, stay, time};
use crate::fields::{clinician, coded, note, plain, some_coded};
use crate::mapping::{Frame, Unmappable, frame, key_only, mentions};
use care::patient_flow::{Asked, Coded, Event, Kind, Order, OrderKey};
use hl7v2::{Message, Segment};

/// The events of an order message.
///
/// # Errors
/// [`Unmappable`] with a reason.
pub fn events(message: &Message<'_>) -> Result<Vec<Event>, Unmappable> {
    let frame = frame(message);
    let subject = person::subject(message, &frame)?;
    let orders = orders(message, &frame);
    if orders.is_empty() {
        return Err(Unmappable::Empty);
    }
    let mut events = mentions(&frame, message, &subject);
    let stay = stay::key(message, &frame, &subject)
        .filter(|_| events.iter().any(|event| matches!(event.kind, Kind::Flow(_))));
    events.extend(
        orders
            .into_iter()
            .map(|order| frame.event(key_only(&subject), Kind::Order(Box::new(order), stay.clone()))),
    );
    Ok(events)
}

fn orders(message: &Message<'_>, frame: &Frame) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::new();
    let mut detailed = false;
    for segment in message.segments() {
        match segment.name() {
            b"ORC" => {
                let position = orders.len() + 1;
                orders.push(controlled(&segment, frame, position));
                detailed = false;
            }
            b"OBR" | b"ODS" | b"RXO" => {
                if detailed || orders.is_empty() {
                    let position = orders.len() + 1;
                    orders.push(empty(frame, position));
                }
                detailed = true;
                if let Some(order) = orders.last_mut() {
                    detail(order, &segment, frame);
                }
            }
            b"NTE" => {
                if let (Some(order), Some(note)) = (orders.last_mut(), note(&segment)) {
                    order.notes.push(note);
                }
            }
            b"DG1" => {
                if let Some(order) = orders.last_mut() {
                    order.reason = coded(&segment.field(3));
                }
            }
            _ => {}
        }
    }
    orders
}

fn empty(frame: &Frame, position: usize) -> Order {
    Order {
        key: OrderKey {
            facility: frame.source.facility.clone(),
            number: format!("message {} {} {position}", frame.message.control_id, frame.message.sha256),
        },
        placer: String::new(),
        filler: String::new(),
        asked: Asked::Service,
        code: Coded::default(),
        status: "active".into(),
        priority: String::new(),
        requester: Default::default(),
        authored_at: None,
        wanted_at: None,
        reason: Coded::default(),
        notes: Vec::new(),
    }
}

/// ORC: control code (1), numbers (2, 3), status (5), time of the order (9), who orders (12), when wanted (7.4, 15).
fn controlled(segment: &Segment<'_>, frame: &Frame, position: usize) -> Order {
    let when = |number: usize| time::moment(&segment.field(number), &mut Vec::new());
    let status = match plain(&segment.field(5)).as_str() {
        "CA" | "DC" | "RP" => Some("revoked"),
        "CM" | "A" => Some("completed"),
        "ER" => Some("entered-in-error"),
        "HD" => Some("on-hold"),
        "IP" | "SC" => Some("active"),
        _ => None,
    };
    let control = match plain(&segment.field(1)).as_str() {
        "CA" | "OC" | "CR" | "DC" | "OD" | "DR" | "UA" => "revoked",
        "HD" | "OH" | "HR" => "on-hold",
        _ => "active",
    };
    let revoked = control == "revoked";
    let mut order = Order {
        placer: plain(&segment.field(2).component(1)),
        filler: plain(&segment.field(3).component(1)),
        status: status.filter(|_| !revoked).unwrap_or(control).into(),
        priority: priority(&plain(&segment.field(7).component(6))),
        requester: clinician(&segment.field(12)).unwrap_or_default(),
        authored_at: when(9),
        wanted_at: time::moment(&segment.field(7).component(4), &mut Vec::new()),
        ..empty(frame, position)
    };
    key(&mut order, frame);
    order
}

/// The placer's number is the order's own; the filler's only where there is none.
fn key(order: &mut Order, frame: &Frame) {
    let number = [&order.placer, &order.filler].into_iter().find(|number| !number.is_empty());
    if let Some(number) = number {
        let number = match order.code.code.as_str() {
            "" => number.clone(),
            code => format!("{number}/{code}"),
        };
        order.key = OrderKey { facility: frame.source.facility.clone(), number };
    }
}

fn detail(order: &mut Order, segment: &Segment<'_>, frame: &Frame) {
    match segment.name() {
        b"OBR" => {
            let or = |known: &str, number: usize| {
                if known.is_empty() { plain(&segment.field(number).component(1)) } else { known.to_owned() }
            };
            (order.placer, order.filler) = (or(&order.placer, 2), or(&order.filler, 3));
            order.code = coded(&segment.field(4));
            if order.requester == Default::default() {
                order.requester = clinician(&segment.field(16)).unwrap_or_default();
            }
            let stated = priority(&plain(&segment.field(5)));
            let timed = priority(&plain(&segment.field(27).component(6)));
            for priority in [stated, timed] {
                if order.priority.is_empty() {
                    order.priority = priority;
                }
            }
            let wanted = time::moment(&segment.field(27).component(4), &mut Vec::new());
            order.wanted_at = order.wanted_at.take().or(wanted);
            if let Some(reason) = some_coded(&segment.field(31)) {
                order.reason = reason;
            }
        }
        b"ODS" => order.code = coded(&segment.field(3)),
        _ => {
            order.asked = Asked::Medicine;
            order.code = coded(&segment.field(1));
        }
    }
    key(order, frame);
}

/// Priority of TQ or OBR-5, table 0027.
fn priority(text: &str) -> String {
    let priority = match text.split(['^', '&']).next().unwrap_or_default() {
        "S" | "STAT" => "stat",
        "A" | "ASAP" => "asap",
        "R" | "ROUTINE" => "routine",
        "U" | "P" | "T" | "URGENT" => "urgent",
        _ => "",
    };
    priority.into()
}

//! Tree navigation (<https://hl7.org/fhirpath/N1/#tree-navigation>).

use super::super::error::Error;
use super::super::eval::Evaluator;
use super::super::item::{Collection, Item};
use super::{Call, Function};

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    let mut out = Vec::new();
    children(&call.input, &mut out);
    evaluator.spend(out.len())?;
    if call.function == Function::Descendants {
        let mut at = 0;
        while at < out.len() {
            let mut below = Vec::new();
            children(out.get(at..=at).unwrap_or_default(), &mut below);
            evaluator.spend(below.len())?;
            out.append(&mut below);
            at += 1;
        }
    }
    Ok(out)
}

fn children<'a>(items: &[Item<'a>], out: &mut Collection<'a>) {
    for item in items {
        if let Item::Node(node) = item {
            node.children(out);
        }
    }
}

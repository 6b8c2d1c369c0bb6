//! What the feed says laid over what the record holds. The feed owns what its messages stated and nothing else: of each
//! resource the fold is rendered as it was before an event and as it is after it, and only the difference goes in.
//!
//! It must never drop a member, an identifier, an extension or a link that no message stated, and never bring back what a
//! person changed unless the source says something new. The rules in words: `docs/patient-flow.md`.

use super::super::person::UNTRACED;
use super::concern;
use fhir::json::{Object, Value, canonical};
use fhir::systems;

/// A resource as the fold renders it before and after an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Before; `None` when nothing was known.
    pub before: Option<Value>,
    /// After.
    pub after: Value,
    /// Members, and URLs of extensions, that the source has now deleted.
    pub withdrawn: Vec<&'static str>,
}

/// Lists that are kept item by item; every other member is one statement.
const ITEM_BY_ITEM: [&str; 12] = [
    "identifier",
    "extension",
    "modifierExtension",
    "link",
    "communication",
    "participant",
    "reasonCode",
    "category",
    "note",
    "diagnosis",
    "result",
    "basedOn",
];

/// Members that exclude each other.
const CHOICES: [(&str, &str); 5] = [
    ("deceased", "deceased"),
    ("value", "value"),
    ("dataAbsentReason", "value"),
    ("effective", "effective"),
    ("onset", "onset"),
];

impl Change {
    /// The type and id of the resource.
    #[must_use]
    pub fn key(&self) -> (&str, &str) {
        let text = |name| self.after.text_at(&[name]).unwrap_or_default();
        (text("resourceType"), text("id"))
    }

    /// The resource to write where `present` stands. Versions and times of the store are left out.
    #[must_use]
    pub fn over(&self, present: Option<&Value>) -> Value {
        let Some(present) = present.and_then(Value::as_object) else { return self.after.clone() };
        if self.key().0 == "DetectedIssue" {
            return concern::over(&self.after, self.before.as_ref(), present);
        }
        let mut laid = Laid { before: self.before.as_ref(), present, out: Object::new(), replaced: false };
        for (name, said) in self.after.as_object().into_iter().flat_map(Object::iter) {
            laid.say(name, said, &self.withdrawn);
        }
        for (name, known) in present.iter() {
            laid.keep(name, known, &self.withdrawn);
        }
        let Laid { mut out, replaced, .. } = laid;
        let generated = out.get("text").and_then(|text| text.text_at(&["status"])) == Some("generated");
        if replaced && generated {
            // A narrative made from what no longer stands would contradict it.
            out.remove("text");
        }
        Value::Object(out)
    }
}

struct Laid<'a> {
    before: Option<&'a Value>,
    present: &'a Object,
    out: Object,
    replaced: bool,
}

impl Laid<'_> {
    /// A member that the feed states.
    fn say(&mut self, name: &str, said: &Value, withdrawn: &[&str]) {
        let before = self.before.and_then(|before| before.get(name));
        if let Some(known) = self.present.get(name).and_then(Value::as_array).filter(|_| by_item(name)) {
            let before = before.and_then(Value::as_array).unwrap_or_default();
            let items = items(name, (before, said.as_array().unwrap_or_default(), known), withdrawn);
            self.out.insert(name, Value::Array(items));
            return;
        }
        if name == "meta" {
            // A record that others made makes its own claims about itself.
            return;
        }
        let news = before != Some(said);
        let group = choice(name);
        let rivals: Vec<(&str, &Value)> = self
            .present
            .iter()
            .filter(|(other, _)| *other == name || (group.is_some() && choice(other) == group))
            .collect();
        if news || rivals.is_empty() {
            self.replaced |= !rivals.is_empty() && rivals.first() != Some(&(name, said));
            self.out.insert(name, said.clone());
        } else {
            for (rival, value) in rivals {
                self.out.insert(rival, value.clone());
            }
        }
    }

    /// A member of the record, unless the feed stated it, or withdrew what it had stated.
    fn keep(&mut self, name: &str, known: &Value, withdrawn: &[&str]) {
        if self.out.get(name).is_some() {
            return;
        }
        let before = self.before.and_then(|before| before.get(name));
        let decided =
            choice(name).is_some_and(|group| self.out.iter().any(|(said, _)| choice(said) == Some(group)));
        let stale = name.strip_prefix('_').is_some_and(|of| self.out.get(of) != self.present.get(of));
        if decided || stale || withdrawn.contains(&name) {
            return;
        }
        if name == "meta" {
            let mut meta = known.as_object().cloned().unwrap_or_default();
            for ours in ["versionId", "lastUpdated"] {
                meta.remove(ours);
            }
            if !meta.is_empty() {
                self.out.insert(name, Value::Object(meta));
            }
            return;
        }
        if let Some(items_known) = known.as_array().filter(|_| by_item(name)) {
            let before = before.and_then(Value::as_array).unwrap_or_default();
            let items = items(name, (before, &[], items_known), withdrawn);
            if !items.is_empty() {
                self.out.insert(name, Value::Array(items));
            }
        } else if before != Some(known) {
            self.out.insert(name, known.clone());
        }
    }
}

fn by_item(name: &str) -> bool {
    ITEM_BY_ITEM.contains(&name)
}

fn choice(name: &str) -> Option<&'static str> {
    let belongs = |stem: &str| {
        name.strip_prefix(stem)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    CHOICES.iter().find(|(stem, _)| belongs(stem)).map(|(_, group)| *group)
}

/// The items of a list: those the feed states, each over the known item of its key, then the known ones that are not the
/// feed's own former words.
fn items(
    list: &str,
    (before, said, known): (&[Value], &[Value], &[Value]),
    withdrawn: &[&str],
) -> Vec<Value> {
    let mut taken = vec![false; known.len()];
    let mut out: Vec<Value> = Vec::with_capacity(said.len() + known.len());
    for item in said {
        let same = |(at, other): &(usize, &Value)| {
            taken.get(*at) == Some(&false) && key(list, other) == key(list, item)
        };
        let Some((at, known)) = known.iter().enumerate().find(same) else {
            out.push(item.clone());
            continue;
        };
        if let Some(flag) = taken.get_mut(at) {
            *flag = true;
        }
        let former = before.iter().find(|one| key(list, one) == key(list, item));
        out.push(blend(former, item, known));
    }
    for (one, taken) in known.iter().zip(taken) {
        let gone = withdrawn.iter().any(|url| one.text_at(&["url"]) == Some(*url));
        if !taken && !gone && !before.contains(one) {
            out.push(one.clone());
        }
    }
    out
}

/// What makes two items of a list the same.
fn key(list: &str, item: &Value) -> Vec<u8> {
    let texts =
        |paths: [&[&str]; 2]| paths.map(|path| item.text_at(path).unwrap_or_default()).join("|").into_bytes();
    match list {
        "identifier" if item.get("value").is_some() => texts([&["system"], &["value"]]),
        "extension" | "modifierExtension" => texts([&["url"], &[]]),
        "link" => texts([&["other", "reference"], &["type"]]),
        "communication" => {
            let language = item.get("language");
            let code =
                language.and_then(|one| one.items("coding").iter().find_map(|one| one.text_at(&["code"])));
            code.map_or_else(|| canonical(language.unwrap_or(item)), |code| code.as_bytes().to_vec())
        }
        _ => canonical(item),
    }
}

/// One item over the known item of the same key. A number that is only remembered as old, and a status that only says
/// that nobody has traced the number, leave the known item as it is.
fn blend(former: Option<&Value>, said: &Value, known: &Value) -> Value {
    let remembered = said.text_at(&["use"]) == Some("old");
    if former == Some(said) || remembered {
        return known.clone();
    }
    let (Some(members), Some(held)) = (said.as_object(), known.as_object()) else { return said.clone() };
    let mut blended = held.clone();
    for (name, value) in members.iter() {
        let own = former.and_then(|former| former.get(name));
        match (name, known.get(name)) {
            (_, Some(held)) if own == Some(value) => {
                blended.insert(name, held.clone());
            }
            ("extension", Some(Value::Array(held))) => {
                let own = own.and_then(Value::as_array).unwrap_or_default();
                let said = value.as_array().unwrap_or_default();
                let told: Vec<Value> = said
                    .iter()
                    .filter(|one| !(untraced(one) && overrules(one, own, held)))
                    .cloned()
                    .collect();
                let laid = items("extension", (own, &told, held), &[]);
                blended.insert(name, Value::Array(laid));
            }
            _ => {
                blended.insert(name, value.clone());
            }
        }
    }
    Value::Object(blended)
}

fn untraced(extension: &Value) -> bool {
    extension.text_at(&["url"]) == Some(systems::NHS_NUMBER_VERIFICATION)
        && extension
            .get("valueCodeableConcept")
            .and_then(|concept| concept.items("coding").iter().find_map(|coding| coding.text_at(&["code"])))
            .is_some_and(|code| UNTRACED.contains(&code))
}

/// Whether the extension would take the place of one that is not the feed's own.
fn overrules(extension: &Value, own: &[Value], held: &[Value]) -> bool {
    let url = extension.text_at(&["url"]);
    held.iter().any(|one| one.text_at(&["url"]) == url && !own.contains(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_codes_stays_a_list_of_codes() {
        let category = || Value::object([("category", Value::Array(vec![Value::from("medication")]))]);
        let change = Change { before: None, after: category(), withdrawn: Vec::new() };
        assert_eq!(change.over(Some(&category())), category());
    }
}

//! What a transaction bundle will do: every id chosen, every reference rewritten, every resource made ready. Made on a
//! snapshot, away from the writer.

use super::entry::{Entry, Target, Verb, parameters};
use super::late::{self, LATE_MAX, Late, Resolved};
use super::references::{Known, base, conditional, dangling, rewrite};
use crate::condition::MEANT;
use crate::{Condition, Error, IfMatch, Prepared, Snapshot};
use fhir::issue::{Issue, IssueCode};
use fhir::json::{Text, Value};
use std::collections::{HashMap, HashSet};

/// One thing to do.
#[derive(Debug)]
pub(super) enum Step {
    /// Create under this id.
    Create(Prepared, Text),
    /// Leave alone what the condition of a create found.
    Keep(Text, Text),
    /// Update, or create under the client's id.
    Update(Prepared, IfMatch),
    /// Delete; nothing when the condition found nothing.
    Delete(Text, Option<Text>, IfMatch),
    /// Read one.
    Read(Text, Text),
    /// Read one version.
    Version(Text, Text, u64),
    /// Search.
    Search(Condition),
}

impl Step {
    /// Whether it changes nothing. What a transaction reads, it reads after everything that it writes.
    pub fn reads(&self) -> bool {
        matches!(self, Self::Read(..) | Self::Version(..) | Self::Search(_))
    }
}

/// A resource that can be written, or one that waits for what the transaction writes before it.
enum Ready {
    Now(Prepared),
    Late(Value, Vec<(Text, Condition)>),
}

/// Everything to do, and what must still hold when it is done.
#[derive(Debug)]
pub(super) struct Plan {
    /// Entry number and step, in the order in which they are done.
    pub steps: Vec<(usize, Step)>,
    /// Conditions of creates, updates and deletes with the ids they matched: they are of the record before.
    pub conditions: Vec<(Condition, Vec<Text>)>,
    /// What waits for the other steps.
    pub late: Vec<Late>,
    /// Conditional references with the ids they named: they are of the record after.
    pub resolved: Vec<Resolved>,
    /// Ids of the Binaries that it writes.
    pub files: Vec<Text>,
}

impl Plan {
    /// Plans a bundle. A reference to what the transaction updates is taken to go on naming it; `wary` waits for the update.
    pub fn new(snapshot: &Snapshot, bundle: &Value, wary: bool) -> Result<Self, Error> {
        let entries: Vec<Entry> = super::entries(bundle, "transaction")?
            .iter()
            .enumerate()
            .map(|(at, entry)| Entry::of(at, entry))
            .collect::<Result<_, _>>()?;
        let mut planner = Planner {
            snapshot,
            answers: HashMap::new(),
            known: Known::new(),
            named: HashMap::new(),
            writes: HashSet::new(),
            updated: HashSet::new(),
            deleted: HashSet::new(),
            wary,
            late: Vec::new(),
            resolved: Vec::new(),
        };
        let mut chosen = Vec::with_capacity(entries.len());
        let (mut written, mut planned) = (HashSet::new(), HashSet::new());
        let mut files = Vec::new();
        for entry in &entries {
            let choice = planner.choose(entry)?;
            if let (Some(id), true) = (&choice.id, entry.verb != Verb::Get)
                && !written.insert((choice.type_.clone(), id.clone()))
                && !choice.exists
            {
                let text = "another entry of the transaction writes the same resource";
                return Err(refusal(entry.at, IssueCode::Invalid, text));
            }
            if matches!(entry.verb, Verb::Post | Verb::Put) {
                planner.writes.insert(choice.type_.clone());
                files.extend(choice.id.clone().filter(|_| choice.type_ == "Binary" && !choice.exists));
            }
            match (entry.verb, choice.id.clone().map(|id| (choice.type_.clone(), id))) {
                (Verb::Put, Some(one)) => drop(planner.updated.insert(one)),
                (Verb::Delete, Some(one)) => drop(planner.deleted.insert(one)),
                _ => {}
            }
            if let (Some(condition), false) = (&entry.if_none_exist, choice.exists)
                && !planned.insert(condition.clone())
            {
                let text = "another entry of the transaction creates under the same condition";
                return Err(refusal(entry.at, IssueCode::Invalid, text));
            }
            if let (Some(url), Some(id)) = (&entry.full_url, &choice.id) {
                let to = reference(&choice.type_, id);
                if planner.known.insert(url.clone(), to.clone()).is_some_and(|other| other != to) {
                    let text = "another entry of the transaction has the same full URL";
                    return Err(refusal(entry.at, IssueCode::Invalid, text));
                }
            }
            chosen.push(choice);
        }
        let mut steps = Vec::with_capacity(entries.len());
        for (entry, choice) in entries.into_iter().zip(chosen) {
            let (at, verb) = (entry.at, entry.verb);
            if let Some(step) = planner.step(entry, choice)? {
                steps.push((verb, at, step));
            }
        }
        steps.sort_by_key(|(verb, at, _)| (*verb, *at));
        let steps = steps.into_iter().map(|(_, at, step)| (at, step)).collect();
        let Planner { answers, late, resolved, .. } = planner;
        Ok(Self { steps, conditions: answers.into_iter().collect(), late, resolved, files })
    }
}

/// The resource an entry is about.
struct Choice {
    type_: Text,
    /// `None` when a conditional delete matched nothing, or for a search.
    id: Option<Text>,
    /// A conditional create found it.
    exists: bool,
}

/// What a conditional reference names.
#[derive(Clone)]
enum Named {
    /// One resource, which stays.
    One(Text),
    /// Nothing that is there.
    Nothing,
    /// What is there, and is changed or taken away by the transaction.
    Passing,
}

struct Planner<'s> {
    snapshot: &'s Snapshot,
    /// What conditions of entries match.
    answers: HashMap<Condition, Vec<Text>>,
    /// What references become.
    known: Known,
    /// What conditional references name in the record as it is.
    named: HashMap<Text, (Condition, Named)>,
    /// Types of which the transaction writes something.
    writes: HashSet<Text>,
    /// Types and ids of what it updates and what it deletes.
    updated: HashSet<(Text, Text)>,
    deleted: HashSet<(Text, Text)>,
    /// Whether a reference to what it updates has turned out to name another resource then.
    wary: bool,
    late: Vec<Late>,
    resolved: Vec<Resolved>,
}

impl Planner<'_> {
    /// What a condition matches, asked once.
    fn ask(&mut self, condition: &Condition) -> Result<Option<Text>, Error> {
        if !self.answers.contains_key(condition) {
            let matched = self.snapshot.matches(condition, 2)?;
            self.answers.insert(condition.clone(), matched);
        }
        match self.answers.get(condition).map(Vec::as_slice) {
            Some([one]) => Ok(Some(one.clone())),
            Some([_, _, ..]) => Err(Error::Multiple),
            _ => Ok(None),
        }
    }

    fn fresh(&self) -> Text {
        self.snapshot.shared.environment.resource_id()
    }

    fn choose(&mut self, entry: &Entry) -> Result<Choice, Error> {
        let (type_, id, exists) = match (&entry.target, entry.verb) {
            (Target::Instance(type_, id) | Target::Version(type_, id, _), _) => {
                (type_, Some(id.clone()), false)
            }
            (Target::Type(type_), Verb::Post) => {
                let found = match &entry.if_none_exist {
                    Some(condition) => self.ask(condition)?,
                    None => None,
                };
                let exists = found.is_some();
                (type_, Some(found.unwrap_or_else(|| self.fresh())), exists)
            }
            (Target::Type(type_), _) => (type_, None, false),
            (Target::Query(condition), Verb::Get) => (&condition.resource_type, None, false),
            (Target::Query(condition), Verb::Put) => {
                let given = entry.resource.as_ref().and_then(|r| r.text_at(&["id"])).map(Text::from);
                let found = self.ask(condition)?;
                if found.is_some() && given.is_some() && found != given {
                    let text = "the id of the resource is not that of the match";
                    return Err(refusal(entry.at, IssueCode::Value, text));
                }
                let id = found.or(given).unwrap_or_else(|| self.fresh());
                (&condition.resource_type, Some(id), false)
            }
            (Target::Query(condition), _) => (&condition.resource_type, self.ask(condition)?, false),
        };
        Ok(Choice { type_: type_.clone(), id, exists })
    }

    /// What to do for an entry; `None` when it waits for other entries.
    fn step(&mut self, entry: Entry, choice: Choice) -> Result<Option<Step>, Error> {
        let Choice { type_, id, exists } = choice;
        let base = entry.full_url.as_deref().and_then(base);
        let step = match (entry.verb, entry.resource, id, entry.target) {
            (Verb::Post, _, Some(id), _) if exists => Step::Keep(type_, id),
            (Verb::Post, Some(resource), Some(id), _) => match self.ready(entry.at, resource, &id, base)? {
                Ready::Now(ready) => Step::Create(ready, id),
                Ready::Late(resource, waits_for) => {
                    return self.later(Late {
                        at: entry.at,
                        resource,
                        waits_for,
                        write: late::Write::Create(id),
                    });
                }
            },
            (Verb::Put, Some(resource), Some(id), _) => match self.ready(entry.at, resource, &id, base)? {
                Ready::Now(ready) => Step::Update(ready, entry.if_match),
                Ready::Late(resource, waits_for) => {
                    let write = late::Write::Update(entry.if_match);
                    return self.later(Late { at: entry.at, resource, waits_for, write });
                }
            },
            (Verb::Delete, _, id, _) => Step::Delete(type_, id, entry.if_match),
            (Verb::Get, _, _, Target::Version(type_, id, version)) => Step::Version(type_, id, version),
            (Verb::Get, _, Some(id), _) => Step::Read(type_, id),
            (Verb::Get, _, None, Target::Query(condition)) => Step::Search(condition),
            (Verb::Get, _, None, _) => {
                Step::Search(Condition { resource_type: type_, parameters: Vec::new() })
            }
            _ => return Err(refusal(entry.at, IssueCode::Invalid, "the entry cannot be understood")),
        };
        Ok(Some(step))
    }

    fn later(&mut self, late: Late) -> Result<Option<Step>, Error> {
        if self.late.len() == LATE_MAX {
            return Err(Error::TooCostly("too many entries wait for others by conditional references"));
        }
        self.late.push(late);
        Ok(None)
    }

    /// What a conditional reference names in the record as it is, asked once.
    fn name(&mut self, text: &Text) -> Result<(Condition, Named), Error> {
        if let Some(known) = self.named.get(text) {
            return Ok(known.clone());
        }
        let (name, query) = text.split_once('?').unwrap_or((text, ""));
        let condition = Condition { resource_type: Text::from(name), parameters: parameters(query) };
        let found = self.snapshot.matches(&condition, MEANT)?;
        let among = |set: &HashSet<(Text, Text)>| {
            found.iter().any(|id| set.contains(&(condition.resource_type.clone(), id.clone())))
        };
        let (updates, deletes) = (among(&self.updated), among(&self.deleted));
        let named = match self.snapshot.survivor(&condition, found)?.as_slice() {
            [] => Named::Nothing,
            [_] if deletes || updates && self.wary => Named::Passing,
            [one] => Named::One(one.clone()),
            // Of several that match, all but one would have to go, so that one of any two does.
            _ if deletes || updates => Named::Passing,
            _ => return Err(Error::Multiple),
        };
        self.named.insert(text.clone(), (condition.clone(), named.clone()));
        Ok((condition, named))
    }

    /// The resource with its id and its references rewritten, validated and taken apart; or as far as it can be, when it
    /// waits for others.
    fn ready(
        &mut self,
        at: usize,
        mut resource: Value,
        id: &Text,
        base: Option<&str>,
    ) -> Result<Ready, Error> {
        let mut waits_for = Vec::new();
        for text in conditional(&resource) {
            if self.known.contains_key(&text) {
                continue;
            }
            match self.name(&text)? {
                (condition, Named::One(id)) => {
                    self.known.insert(text, reference(&condition.resource_type, &id));
                    self.resolved.push(Resolved { at, condition, id });
                }
                (condition, Named::Passing) => waits_for.push((text, condition)),
                (condition, Named::Nothing) if self.writes.contains(&condition.resource_type) => {
                    waits_for.push((text, condition));
                }
                _ => return Err(late::matches_nothing(at)),
            }
        }
        rewrite(&mut resource, &self.known, base);
        // A bundle is kept as it is: what its own entries say of each other holds inside it.
        let is_bundle = resource.text_at(&["resourceType"]) == Some("Bundle");
        if let Some(place) = dangling(&resource).filter(|_| !is_bundle) {
            let issue = Issue::error(IssueCode::NotFound, "no entry of the transaction has this full URL");
            return Err(Error::unprocessable(issue.at(format!("Bundle.entry[{at}].resource.{place}"))));
        }
        if let Some(members) = resource.as_object_mut() {
            members.insert("id", Value::from(id.clone()));
        }
        if !waits_for.is_empty() {
            return Ok(Ready::Late(resource, waits_for));
        }
        prepare(at, resource).map(Ready::Now)
    }
}

/// A resource of an entry made ready. What is wrong with it has its place inside the bundle.
pub(super) fn prepare(at: usize, resource: Value) -> Result<Prepared, Error> {
    let ready = Prepared::new(resource).map_err(|issues| Error::Invalid(placed(at, issues)))?;
    ready.whole().map_err(|issue| Error::Unprocessable(placed(at, vec![issue])))?;
    Ok(ready)
}

/// The issues with their places inside the bundle.
fn placed(at: usize, issues: Vec<Issue>) -> Vec<Issue> {
    let entry = format!("Bundle.entry[{at}].resource");
    issues
        .into_iter()
        .map(|issue| {
            let inner = issue.expression.as_deref().and_then(|place| place.split_once('.'));
            let place = inner.map_or_else(|| entry.clone(), |(_, inner)| format!("{entry}.{inner}"));
            issue.at(place)
        })
        .collect()
}

pub(super) fn reference(type_: &str, id: &str) -> Text {
    let mut text = Text::with_capacity(type_.len() + id.len() + 1);
    text.push_str(type_);
    text.push('/');
    text.push_str(id);
    text
}

fn refusal(at: usize, code: IssueCode, text: &str) -> Error {
    Error::invalid(Issue::error(code, text).at(format!("Bundle.entry[{at}]")))
}

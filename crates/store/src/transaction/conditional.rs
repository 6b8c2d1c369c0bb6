//! Conditional create, update and delete: the condition and the write are one step, so of two parallel conditional
//! creates one makes the resource and the other finds it.

use super::Transaction;
use crate::audit::{Action, Draft};
use crate::{Condition, Deleted, Error, IfMatch, Interaction, Prepared, Resource, Saved};

/// What a conditional create did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionalCreate {
    /// Nothing matched: it was created.
    Created(Saved),
    /// One matched: it stays as it is.
    Exists(Resource),
}

impl Transaction {
    /// Creates the resource unless the condition matches one (`If-None-Exist`).
    ///
    /// # Errors
    /// [`Error::Multiple`] when several match; otherwise as [`Transaction::create`].
    pub fn create_unless(
        &mut self,
        resource: &Prepared,
        condition: &Condition,
    ) -> Result<ConditionalCreate, Error> {
        self.may(Interaction::Create, &resource.type_)?;
        match self.matches(condition, 2)?.as_slice() {
            [] => Ok(ConditionalCreate::Created(self.create(resource)?)),
            [id] => {
                let id = id.clone();
                Ok(ConditionalCreate::Exists(self.read(&condition.resource_type, &id)?.present()?))
            }
            _ => Err(Error::Multiple),
        }
    }

    /// Updates the resource the condition matches, or creates it when none does.
    ///
    /// # Errors
    /// [`Error::Multiple`] when several match, [`Error::Invalid`] when the document has another id than the match;
    /// otherwise as [`Transaction::update`].
    pub fn update_where(
        &mut self,
        resource: &Prepared,
        condition: &Condition,
        precondition: IfMatch,
    ) -> Result<Saved, Error> {
        self.may(Interaction::Update, &resource.type_)?;
        match self.matches(condition, 2)?.as_slice() {
            [] if precondition != IfMatch::Any && precondition != IfMatch::NoneExists => {
                Err(Error::PreconditionFailed("nothing matches"))
            }
            [] if resource.id.is_some() => self.update(resource, IfMatch::NoneExists),
            [] => self.create(resource),
            [id] if resource.id.as_ref().is_some_and(|given| given != id) => {
                let issue = fhir::issue::Issue::error(
                    fhir::issue::IssueCode::Value,
                    "the id of the resource is not that of the match",
                );
                Err(Error::invalid(issue.at(format!("{}.id", resource.type_))))
            }
            [id] => {
                let resource = Prepared { id: Some(id.clone()), ..resource.clone() };
                self.update(&resource, precondition)
            }
            _ => Err(Error::Multiple),
        }
    }

    /// Deletes the resource the condition matches; none is no error.
    ///
    /// # Errors
    /// [`Error::Multiple`] when several match; otherwise as [`Transaction::delete`].
    pub fn delete_where(&mut self, condition: &Condition) -> Result<Deleted, Error> {
        self.may(Interaction::Delete, &condition.resource_type)?;
        match self.matches(condition, 2)?.as_slice() {
            [] => {
                self.record(
                    Draft::query("delete", Some(&condition.resource_type), condition.query())
                        .doing(Action::Delete),
                );
                Ok(Deleted { version: None })
            }
            [id] => {
                let id = id.clone();
                self.delete(&condition.resource_type, &id, IfMatch::Any)
            }
            _ => Err(Error::Multiple),
        }
    }
}

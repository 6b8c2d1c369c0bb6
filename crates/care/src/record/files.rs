//! Files that lie in Binaries beside a document, put in their place in it: what reads an attachment then reads all of them alike.
//! Which of them a reader may have is the store's to say; one that is not open is left out, as if the document had none.

use crate::planted::{Bug, planted};
use fhir::json::Value;
use fhir::views::{Attachment, Resource};
use store::{Error, Found, Snapshot};

/// So many are read for one page; of more, each is read when it is opened.
const READ: usize = 10;

/// A document with its files in place: all of them, or the one of a number (from 1).
pub(super) fn with_files(
    snapshot: &mut Snapshot,
    mut document: Value,
    number: Option<usize>,
) -> Result<Value, Error> {
    let id = document.id().unwrap_or_default().to_owned();
    let mut left = READ;
    let content = document.as_object_mut().and_then(|members| members.get_mut("content"));
    let Some(Value::Array(content)) = content else { return Ok(document) };
    let attachments = content.iter_mut().filter_map(|one| one.as_object_mut()?.get_mut("attachment"));
    for (at, attachment) in attachments.enumerate() {
        let view = Attachment(attachment);
        let Some(binary) = view.binary().filter(|_| view.inline().is_none()).map(str::to_owned) else {
            continue;
        };
        if number.is_some_and(|number| number != at + 1) || left == 0 {
            continue;
        }
        left -= 1;
        let found = match planted(Bug::File) {
            true => snapshot.for_the_house(|house| house.read("Binary", &binary))?,
            false => snapshot.file(&id, &binary)?,
        };
        let Some(members) = attachment.as_object_mut() else { continue };
        members.remove("url");
        if let Found::Present(found) = found {
            let file = snapshot.document(&found)?;
            for (name, of) in [("data", "data"), ("contentType", "contentType")] {
                if let Some(value) = file.get(of).filter(|_| members.get(name).is_none()) {
                    members.insert(name, value.clone());
                }
            }
        }
    }
    Ok(document)
}

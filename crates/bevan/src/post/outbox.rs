//! Text messages, letters and, without a mail server, emails as files: one file an item in a folder of its kind, complete
//! and on the disk before it has its name, under the same name each time. A printing house or a gateway takes them from
//! there, or a configured command is run for each: exit 0 means taken, 65 to 68 (`sysexits.h`) never, anything else later.

use super::{Failure, Outcome};
use crate::config::Messages;
use care::messages::Parcel;
use fhir::json::{Value, to_string};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// A command is waited for this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// The folder, and the commands that are run for each file.
pub struct Outbox {
    folder: PathBuf,
    sms: Vec<String>,
    letter: Vec<String>,
}

impl Outbox {
    /// A folder and the commands of a configuration.
    pub fn new(folder: PathBuf, config: &Messages) -> Self {
        Self { folder, sms: config.sms_command.clone(), letter: config.letter_command.clone() }
    }

    /// A text message: its number and its words as JSON.
    pub async fn sms(&self, parcel: &Parcel, text: &str) -> Outcome {
        let item = item(&[("id", &parcel.message), ("to", &parcel.address), ("text", text)]);
        let path = self.put("sms", (&parcel.message, "json"), item.clone().into_bytes()).await?;
        command(&self.sms, &path, item.as_bytes()).await
    }

    /// An email, where no mail server is configured.
    pub async fn email(&self, parcel: &Parcel, subject: &str, text: &str) -> Outcome {
        let item =
            [("id", parcel.message.as_str()), ("to", &parcel.address), ("subject", subject), ("text", text)];
        self.put("email", (&parcel.message, "json"), self::item(&item).into_bytes()).await.map(|_| ())
    }

    /// A letter as a page for A4.
    pub async fn letter(&self, parcel: &Parcel, page: String) -> Outcome {
        let path = self.put("letters", (&parcel.message, "html"), page.into_bytes()).await?;
        command(&self.letter, &path, b"").await
    }

    async fn put(&self, kind: &str, (id, ending): (&str, &str), bytes: Vec<u8>) -> Result<PathBuf, Failure> {
        let folder = self.folder.join(kind);
        let path = folder.join(format!("{id}.{ending}"));
        let at = path.clone();
        let put = tokio::task::spawn_blocking(move || write(&folder, &at, &bytes)).await;
        match put {
            Ok(Ok(())) => Ok(path),
            Ok(Err(error)) => Err(Failure::Later(format!("the outbox cannot be written: {}", error.kind()))),
            Err(_) => Err(Failure::Later(String::from("the outbox cannot be written"))),
        }
    }
}

fn item(members: &[(&str, &str)]) -> String {
    let members = members.iter().map(|(name, value)| (*name, Value::from(*value)));
    to_string(&fhir::views::build::object(members.map(|(name, value)| (name, Some(value)))))
}

fn write(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = path.with_extension("unfinished");
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    std::fs::File::open(folder)?.sync_all()
}

async fn command(command: &[String], path: &Path, input: &[u8]) -> Outcome {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let later = |words: &str| Err(Failure::Later(words.to_owned()));
    let mut run = tokio::process::Command::new(program);
    run.args(arguments).arg(path).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = run.kill_on_drop(true).spawn() else { return later("the command cannot be run") };
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read its input has the file.
        let _ = stdin.write_all(input).await;
    }
    match tokio::time::timeout(PATIENCE, child.wait()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => match status.code() {
            Some(code @ 65..=68) => Err(Failure::Never(format!("the command refused it (exit {code})"))),
            Some(code) => later(&format!("the command failed (exit {code})")),
            None => later("the command was stopped"),
        },
        Ok(Err(_)) => later("the command cannot be waited for"),
        Err(_) => later("the command took too long"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(String::from).to_vec()
    }

    #[tokio::test]
    async fn a_command_says_taken_later_or_never() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        assert_eq!(command(&[], &path, b"").await, Ok(()));
        assert_eq!(command(&shell("exit 0"), &path, b"").await, Ok(()));
        assert!(matches!(command(&shell("exit 67"), &path, b"").await, Err(Failure::Never(_))));
        assert!(matches!(command(&shell("exit 75"), &path, b"").await, Err(Failure::Later(_))));
        assert!(matches!(
            command(&[String::from("/no/such/program")], &path, b"").await,
            Err(Failure::Later(_))
        ));
        let into = format!("cat > {}", folder.path().join("read").display());
        assert_eq!(command(&shell(&into), &path, b"words").await, Ok(()));
        assert_eq!(std::fs::read(folder.path().join("read")).unwrap(), b"words");
    }

    #[test]
    fn a_file_is_whole_and_has_one_name() {
        let folder = tempfile::tempdir().unwrap();
        let (kind, path) = (folder.path().join("sms"), folder.path().join("sms").join("m.json"));
        write(&kind, &path, b"one").unwrap();
        write(&kind, &path, b"two").unwrap();
        let names: Vec<_> = std::fs::read_dir(&kind).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert_eq!((names.len(), std::fs::read(&path).unwrap()), (1, b"two".to_vec()));
    }
}
